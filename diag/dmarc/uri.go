package dmarc

import (
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
	if i := strings.IndexByte(text, '!'); i >= 0 {
		u.Text, u.Size = text[:i], text[i+1:]
		if !isSize(u.Size) {
			p.fault(BadURI, at+i, tag, text, "%21")
			return u, false
		}
		p.fault(SizeSuffix, at+i, tag, text[i:], u.Text)
	}
	scheme, rest, ok := strings.Cut(u.Text, ":")
	if !ok || !isScheme(scheme) || rest == "" || strings.ContainsAny(rest, " \t<>\"\\^`{|}") {
		p.fault(BadURI, at, tag, text, "mailto:…")
		return u, false
	}
	if !strings.EqualFold(scheme, "mailto") {
		p.fault(OtherScheme, at, tag, text, "mailto:…")
		return u, true
	}
	address, _, _ := strings.Cut(rest, "?")
	address, err := url.PathUnescape(address)
	i := strings.LastIndexByte(address, '@')
	if err == nil && i > 0 {
		if domain, ok := hostName(address[i+1:]); ok {
			u.Domain = domain
			return u, true
		}
	}
	p.fault(BadURI, at, tag, text, "mailto:…@…")
	return u, false
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
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || isDigit(c) || c == '-' || c == '.' || c == '_') {
			return "", false
		}
	}
	return s, true
}
