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
		if err != nil || word == server || hasPort(text, word) || isReceivers(text, word) {
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

// isReceivers reports whether a text says that an address is that of the server which the mail was for: "connect to
// mx.example[192.0.2.25]", "host mx.example [192.0.2.25] said", "[mx.example 192.0.2.25: timed out]".
func isReceivers(text, ip string) bool {
	at := strings.Index(text, ip)
	if at < 0 {
		return false
	}
	after := lower(strings.TrimLeft(text[at+len(ip):min(len(text), at+len(ip)+40)], ":]) "))
	for _, end := range [...]string{"timed out", "said", "connection refused", "connection timed out", "refused to talk", "socket error"} {
		if strings.HasPrefix(after, end) {
			return true
		}
	}
	words := strings.Fields(lower(strings.TrimRight(text[max(0, at-200):at], " [(")))
	if n := len(words); n > 0 && strings.Contains(words[n-1], ".") { // the name of the server
		words = words[:n-1]
	}
	n := len(words)
	if n == 0 || n > 1 && words[n-2] == "client" {
		return false
	}
	switch words[n-1] {
	case "host", "server", "with":
		return true
	case "to", "by":
		return n > 1 && (strings.HasPrefix(words[n-2], "connect") || words[n-2] == "offered")
	}
	return false
}
