package resolve

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// profile maps what people type (full-width dots and letters, capitals) as
// UTS 46 asks for look-ups. Underscores stay allowed: _dmarc is no host name.
func profile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false))
}

// ToASCII gives the form of a domain name that DNS knows: A-labels, lower
// case, no final dot (RFC 5891 §5). The error says what is wrong with the name.
func ToASCII(name string) (string, error) {
	if !isASCII(name) {
		mapped, err := profile().ToASCII(name)
		if err != nil {
			return "", fmt.Errorf("%q is not a domain name: %w", name, err)
		}
		name = mapped
	}
	return canonical(name)
}

// ToUnicode gives the form that people read; a name that has none stays.
func ToUnicode(name string) string {
	if !strings.Contains(name, "xn--") {
		return name
	}
	u, err := profile().ToUnicode(name)
	if err != nil {
		return name
	}
	return u
}

// Reverse is the name that holds the PTR of an address (RFC 1035 §3.5,
// RFC 3596 §2.5).
func Reverse(ip netip.Addr) string {
	ip = ip.Unmap()
	b := make([]byte, 0, 73)
	if ip.Is4() {
		a := ip.As4()
		for i := 3; i >= 0; i-- {
			b = append(strconv.AppendInt(b, int64(a[i]), 10), '.')
		}
		return string(append(b, "in-addr.arpa"...))
	}
	const hex = "0123456789abcdef"
	a := ip.As16()
	for i := 15; i >= 0; i-- {
		b = append(b, hex[a[i]&15], '.', hex[a[i]>>4], '.')
	}
	return string(append(b, "ip6.arpa"...))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
