package paste

import (
	"net/netip"
	"strings"
)

// SendingIP is the first address in a text that is neither a server's nor of this machine; the zero Addr without one.
func SendingIP(text, server string) netip.Addr {
	notOfAddress := func(r rune) bool {
		return !(r == '.' || r == ':' || r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F')
	}
	for word := range strings.FieldsFuncSeq(text, notOfAddress) {
		word = strings.Trim(word, ".")
		if !strings.HasPrefix(word, ":") {
			word = strings.TrimRight(word, ":")
		}
		ip, err := netip.ParseAddr(word)
		if err != nil || word == server || hasPort(text, word) {
			continue
		}
		if !ip.IsLoopback() && !ip.IsUnspecified() {
			return ip
		}
	}
	return netip.Addr{}
}

// hasPort reports whether an address stands with a port, as that of a server
// does: "connect to mx.example[192.0.2.25]:25".
func hasPort(text, ip string) bool {
	_, rest, ok := strings.Cut(text, "["+ip+"]:")
	return ok && rest != "" && '0' <= rest[0] && rest[0] <= '9'
}
