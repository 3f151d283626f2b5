package guide

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// private reports whether an address is of a private network: RFC 1918, RFC 4193, loopback, link-local, site-local (RFC
// 3879), and the space that carriers share (RFC 6598 §7).
func private(ip netip.Addr) bool {
	ip = ip.Unmap()
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)
	site := netip.PrefixFrom(netip.AddrFrom16([16]byte{0xfe, 0xc0}), 10)
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || shared.Contains(ip) || site.Contains(ip.WithZone(""))
}

// What may be an address in a text, whatever stands beside it: [10.0.0.1]:25, ip-10-0-0-1.internal, a|10.0.0.1->b.
var (
	maybeIPv6 = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(ipv)?[0-9a-f.:]*:[0-9a-f.:]*:[0-9a-f.:]*(%[0-9a-z]{1,16})?`)
	})
	maybeIPv4 = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9]+(?:\.[0-9]+){3,}|[0-9]+(?:-[0-9]+){3,}`) })
)

const reversed = ".in-addr.arpa" // the name of an address in DNS has it backwards (RFC 1035 §3.5)

// withoutPrivate hides the addresses of private networks in a text.
func withoutPrivate(s string) string {
	s = maybeIPv6().ReplaceAllStringFunc(s, hideIPv6)
	var b strings.Builder
	for {
		at := maybeIPv4().FindStringIndex(s)
		if at == nil {
			return b.String() + s
		}
		name := strings.HasPrefix(strings.ToLower(s[at[1]:]), reversed)
		b.WriteString(s[:at[0]])
		b.WriteString(hideIPv4(s[at[0]:at[1]], name))
		s = s[at[1]:]
	}
}

// maxIPv6 is the longest that an address can be, with its zone and what ends a sentence.
const maxIPv6 = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%") + 16 + len(":.")

// hideIPv6 hides the address at the end of a run of its characters; what a word before it left stays.
func hideIPv6(run string) string {
	start := max(0, len(run)-maxIPv6)
	switch {
	case start > 0: // only what follows a colon may begin there
		start += strings.IndexByte(run[start:], ':') + 1
	case strings.HasPrefix(strings.ToLower(run), "ipv6:"): // RFC 5321 §4.1.3
		start = len("ipv6:")
	}
	for start < len(run) {
		for end := len(run); end > max(start, len(run)-len(":.")-1); end-- {
			if ip, err := netip.ParseAddr(run[start:end]); err == nil {
				if private(ip) {
					return run[:start] + hidden + run[end:]
				}
				return run
			}
			if run[end-1] != '.' && run[end-1] != ':' { // only these may end the sentence
				break
			}
		}
		colon := strings.IndexByte(run[start:], ':')
		if colon < 0 {
			break
		}
		start += colon + 1
	}
	return run
}

// hideIPv4 hides the private address in numbers with dots or hyphens between; leading zeros count for nothing.
func hideIPv4(run string, backwards bool) string {
	mark := "."
	if strings.Contains(run, "-") {
		mark = "-"
	}
	parts := strings.Split(run, mark)
	for i := 0; i+4 <= len(parts); i++ {
		four := slices.Clone(parts[i : i+4])
		if backwards {
			slices.Reverse(four)
		}
		if ip, ok := ipv4(four); ok && private(ip) {
			return strings.Join(slices.Concat(parts[:i], []string{hidden}, parts[i+4:]), mark)
		}
	}
	return run
}

func ipv4(parts []string) (netip.Addr, bool) {
	var octets [4]byte
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		octets[i] = byte(n)
	}
	return netip.AddrFrom4(octets), true
}
