package dmarc

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"todoku/diag/resolve"
)

// URI is a place where reports go.
type URI struct {
	Text   string // without the obsolete size
	Domain string // of a mailto: address, as DNS knows it; "" for other schemes
	Size   string // "10m", or ""
}

// uris reads a list of URIs; those that are not valid are left out.
func (p *parser) uris(tag, value string, at int) []URI {
	var out []URI
	for more := true; more; {
		var item string
		item, value, more = strings.Cut(value, ",")
		indent := len(item) - len(strings.TrimLeft(item, blanks))
		if u, ok := p.uri(tag, strings.Trim(item, blanks), at+indent); ok {
			out = append(out, u)
		}
		at += len(item) + 1
	}
	return out
}

func (p *parser) uri(tag, text string, at int) (URI, bool) {
	u := URI{Text: text}
	// RFC 9989 §4.8: "!10m" is obsolete; any other "!" must be encoded.
	if i := strings.LastIndexByte(text, '!'); i >= 0 {
		u.Text, u.Size = text[:i], text[i+1:]
		switch {
		case strings.Contains(u.Text, "!") || u.Size == "" || !isDigit(u.Size[0]):
			p.fault(BadURI, at+i, tag, text, "%21")
			return u, false
		case !isSize(u.Size):
			p.fault(BadSize, at+i, tag, text[i:], "!10k | !10m | !10g | !10t")
			return u, false
		}
		p.fault(SizeSuffix, at+i, tag, text[i:], u.Text)
	}
	name, rest, ok := strings.Cut(u.Text, ":")
	if !ok || !isScheme(name) || rest == "" || strings.ContainsAny(rest, " \t<>\"\\^`{|}") {
		p.fault(BadURI, at, tag, text, "mailto:…")
		return u, false
	}
	if !strings.EqualFold(name, "mailto") {
		p.fault(OtherScheme, at, tag, text, "mailto:…")
		return u, true
	}
	address, _, _ := strings.Cut(rest, "?")
	if bad := strings.IndexAny(address, mustEscape); bad >= 0 {
		p.fault(BadURI, at+len(name)+1+bad, tag, text, fmt.Sprintf("%%%02X", address[bad]))
		return u, false
	}
	if address, err := url.PathUnescape(address); err == nil {
		if u.Domain, ok = mailDomain(address); ok {
			return u, true
		}
	}
	p.fault(BadURI, at, tag, text, "mailto:…@…")
	return u, false
}

// mustEscape lists what stands in an address of a mailto URI only as %XX (RFC 6068 §2).
const mustEscape = "/?#[]&;=:\"\\<>^`{|} !,"

// mailDomain is the domain of an address (addr-spec of RFC 5322 §3.4.1 without comments): one @, atoms or a quoted string
// before it, a domain behind it.
func mailDomain(address string) (string, bool) {
	i := strings.LastIndexByte(address, '@')
	if i <= 0 || !isDotAtom(address[:i]) && !isQuoted(address[:i]) {
		return "", false
	}
	return hostName(address[i+1:])
}

// isDotAtom checks for dot-atom-text (RFC 5322 §3.2.3); what is not ASCII is allowed (RFC 6532 §3.2).
func isDotAtom(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`()<>[]:;@\,"`, c) >= 0 {
			return false
		}
	}
	return s != "" && s[0] != '.' && s[len(s)-1] != '.' && !strings.Contains(s, "..")
}

// isQuoted checks for quoted-string (RFC 5322 §3.2.4) without what has to be escaped in it.
func isQuoted(s string) bool {
	return len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' && !strings.ContainsAny(s[1:len(s)-1], "\"\\\r\n\x00")
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || i > 0 && (isDigit(s[i]) || s[i] == '+' || s[i] == '-' || s[i] == '.')) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSize(s string) bool {
	if s == "" || !isDigit(s[0]) {
		return false
	}
	rest := strings.TrimLeft(s, "0123456789")
	return rest == "" || len(rest) == 1 && strings.Contains("kmgt", strings.ToLower(rest))
}

// hostName is a mail domain as DNS knows it. IP literals are none.
func hostName(s string) (string, bool) {
	s, err := resolve.ToASCII(strings.TrimSpace(s))
	if err != nil || s == "." {
		return "", false
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return "", false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || isDigit(c) || c == '-' || c == '.' || c == '_') {
			return "", false
		}
	}
	return s, true
}
