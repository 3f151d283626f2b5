package resolve

import (
	"errors"
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

// Within reports whether a name is the domain or inside it, in any case.
func Within(name, domain string) bool {
	cut := len(name) - len(domain)
	if cut <= 0 {
		return strings.EqualFold(name, domain)
	}
	return name[cut-1] == '.' && strings.EqualFold(name[cut:], domain)
}

// Parent is the name one label up, "" above a single label.
func Parent(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var (
	errEmptyLabel = errors.New("empty label")
	errLongLabel  = errors.New("label longer than 63 octets")
	errLongName   = errors.New("name longer than 253 octets")
)

// canonical lowers a name and drops the final dot; it refuses what has no wire
// form (RFC 1035 §2.3.4). A name that is canonical already is not copied.
func canonical(name string) (string, error) {
	if name == "." {
		return name, nil
	}
	if !strings.HasSuffix(name, `\.`) {
		name = strings.TrimSuffix(name, ".")
	}
	if len(name) > 253 {
		return "", fmt.Errorf("%.40q…: %w", name, errLongName)
	}
	start, upper := 0, false
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '.' {
			upper = upper || 'A' <= name[i] && name[i] <= 'Z'
			continue
		}
		if i < len(name) && i > 0 && name[i-1] == '\\' { // an escaped dot belongs to its label
			continue
		}
		switch n := i - start; {
		case n == 0:
			return "", fmt.Errorf("%q: %w", name, errEmptyLabel)
		case n > 63:
			return "", fmt.Errorf("%q: %w", name, errLongLabel)
		}
		start = i + 1
	}
	if upper {
		name = lower(name)
	}
	return name, nil
}

// lower is strings.ToLower for ASCII only: DNS knows no other case (RFC 4343).
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// fromWire turns a name as the DNS library prints it ("a\032b.test.") into
// ours: raw bytes, lower case, no final dot. Only an escaped dot stays escaped.
func fromWire(s string) string {
	if s != "." {
		s = strings.TrimSuffix(s, ".")
	}
	plain := true
	for i := range len(s) {
		if s[i] == '\\' || 'A' <= s[i] && s[i] <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\' || i+1 == len(s) || s[i+1] == '.':
			b = append(b, s[i])
		case i+3 < len(s) && isDigit(s[i+1]):
			b = append(b, (s[i+1]-'0')*100+(s[i+2]-'0')*10+s[i+3]-'0')
			i += 3
		default:
			i++
			b = append(b, s[i])
		}
	}
	return lower(string(b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
