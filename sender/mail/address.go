package mail

import (
	netmail "net/mail"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"

	"todoku/codes"
)

// Address is a mailbox, with the name of its owner where one is given. It
// cannot hold a line break. The zero value is the empty sender, <>.
type Address struct {
	name   line
	local  string // as it is written in a command, quoted where it must be
	domain string // ASCII, lower case
}

// ParseAddress reads "user@example.test" or "Name <user@example.test>" (RFC 5322 §3.4). The error is a *codes.UserError
// with the place field.
func ParseAddress(field, s string) (Address, error) {
	l, err := oneLine(field, strings.TrimSpace(s))
	if err != nil {
		return Address{}, err
	}
	if l.text == "" {
		return Address{}, Missing(field)
	}
	var a Address
	parsed, err := netmail.ParseAddress(l.text)
	spec := ""
	switch {
	case err == nil:
		spec = parsed.Address
		if a.name, err = oneLine(field, parsed.Name); err != nil {
			return Address{}, err
		}
	case isUnusualAddress(l.text):
		spec = l.text
	default:
		return Address{}, codes.WrongAt(field, codes.Text{EN: "{value} is no mail address", JA: "{value} はメールアドレスとして読み取れません"}, codes.QuotedStart("value", s, 200))
	}
	at := strings.LastIndexByte(spec, '@')
	if a.local, err = localPart(field, spec[:at]); err != nil {
		return Address{}, err
	}
	if a.domain, err = domainPart(field, spec[at+1:]); err != nil {
		return Address{}, err
	}
	if n := len(a.String()); n > 254 { // RFC 5321 §4.5.3.1.3, without the angle brackets
		return Address{}, codes.WrongAt(field, codes.Text{EN: "the address is {n} bytes long, at most 254 are allowed", JA: "アドレスが {n}バイトあります。上限は 254バイトです"}, codes.Num("n", n))
	}
	return a, nil
}

// isUnusualAddress reports whether this is an address of the old Japanese carriers with
// dots where RFC 5322 has none ("a..b.@docomo.ne.jp"), which works when quoted,
// or one with an IPv6 literal, which net/mail does not know.
func isUnusualAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	_, err := netmail.ParseAddress("x@" + domain)
	return ok && (err == nil || strings.HasPrefix(domain, "[IPv6:")) && local != "" && strings.Trim(local, ".") != "" && isAtomText(local)
}

// isAtomText reports whether s holds nothing but atom characters and dots.
func isAtomText(s string) bool {
	for _, r := range s {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`()<>[]:;@\,"`, r) {
			return false
		}
	}
	return s != ""
}

func dotAtom(s string) bool {
	return isAtomText(s) && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".") && !strings.Contains(s, "..")
}

func localPart(field, s string) (string, error) {
	if _, err := oneLine(field, s); err != nil {
		return "", err // a quoted pair may hide what the whole line did not show
	}
	if dotAtom(s) {
		return s, nil
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`, nil
}

func domainPart(field, s string) (string, error) {
	if literal, ok := strings.CutPrefix(s, "["); ok {
		if ip, ok := parseLiteral(strings.TrimSuffix(literal, "]")); ok {
			return literalDomain(ip), nil
		}
	} else if ascii, err := idna.Lookup.ToASCII(s); err == nil && ascii != "" && len(ascii) <= 253 {
		return strings.ToLower(ascii), nil
	} else if isAtomText(s) && isASCII(s) && len(s) <= 253 { // names with an underscore, and the like
		return strings.ToLower(s), nil
	}
	return "", codes.WrongAt(field, codes.Text{EN: "{value} is no domain", JA: "{value} はドメインとして読み取れません"}, codes.QuotedStart("value", s, 200))
}

// parseLiteral reads what stands in the brackets of an address literal (RFC 5321 §4.1.3).
func parseLiteral(s string) (netip.Addr, bool) {
	s = strings.TrimPrefix(strings.ToLower(s), "ipv6:")
	ip, err := netip.ParseAddr(s)
	return ip, err == nil && ip.Zone() == ""
}

func literalDomain(ip netip.Addr) string {
	if ip.Is6() {
		return "[IPv6:" + ip.String() + "]"
	}
	return "[" + ip.String() + "]"
}

// IsZero reports whether this is the empty sender.
func (a Address) IsZero() bool { return a.local == "" }

// String is the address alone, ready for MAIL FROM and RCPT TO; "" for the empty sender.
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return a.local + "@" + a.domain
}

// Strings are the addresses of a list alone, without names.
func Strings(list []Address) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.String())
	}
	return out
}

// Name is the display name, "" where none was given.
func (a Address) Name() string { return a.name.text }

// Domain is the part after the @ in ASCII and lower case.
func (a Address) Domain() string { return a.domain }

// Literal is the IP address of a mailbox at one, as in user@[192.0.2.1] (RFC 5321 §4.1.3); false where the domain is a name.
func (a Address) Literal() (netip.Addr, bool) {
	literal, ok := strings.CutPrefix(a.domain, "[")
	if !ok {
		return netip.Addr{}, false
	}
	return parseLiteral(strings.TrimSuffix(literal, "]"))
}

// NeedsUTF8 reports whether the address takes a server with SMTPUTF8 (RFC 6531).
func (a Address) NeedsUTF8() bool { return !isASCII(a.local) }
