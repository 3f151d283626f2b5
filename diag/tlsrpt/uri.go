package tlsrpt

import (
	"net/netip"
	"net/url"
	"strings"

	"todoku/diag/resolve"
)

// URI is a place where reports go.
type URI struct {
	Text string // as published
	Mail string // the domain of a mailto: address, as DNS knows it; else ""
	Web  string // the host of an https: address, as DNS knows it; else ""
}

// uris reads a list of URIs; those that are not valid are left out.
func (p *parser) uris(value string, at int) {
	for more := true; more; {
		var item string
		item, value, more = strings.Cut(value, ",")
		indent := len(item) - len(strings.TrimLeft(item, blanks))
		p.uri(strings.Trim(item, blanks), at+indent)
		at += len(item) + 1
	}
}

func (p *parser) uri(text string, at int) {
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok || !isScheme(scheme) || rest == "" {
		p.fault(BadURI, at, "rua", text, "mailto:…@… | https://…")
		return
	}
	// RFC 8460 §3: "," ";" "!" stand in a URI only as %XX; RFC 3986 §2 knows no blank, quote or bracket.
	if bad := strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("!\"<>\\^`{|}", r) }); bad >= 0 {
		p.fault(BadURI, at+bad, "rua", text, "%XX")
		return
	}
	u := URI{Text: text}
	switch strings.ToLower(scheme) {
	case "mailto":
		if u.Mail, ok = mailDomain(rest); !ok {
			p.fault(BadURI, at, "rua", text, "mailto:…@…")
			return
		}
	case "https":
		if u.Web, ok = webHost(text); !ok {
			p.fault(BadURI, at, "rua", text, "https://…")
			return
		}
	default:
		p.fault(OtherScheme, at, "rua", text, "mailto:…@… | https://…")
	}
	p.rec.RUA = append(p.rec.RUA, u)
}

func isScheme(s string) bool {
	for i, r := range s {
		if !isAlnum(r) && !strings.ContainsRune("+-.", r) || i == 0 && r < 'A' {
			return false
		}
	}
	return s != ""
}

// mailDomain is the domain of the one address of a mailto URI (RFC 6068 §2).
func mailDomain(rest string) (string, bool) {
	address, _, _ := strings.Cut(rest, "?")
	if strings.ContainsAny(address, "/#[]&:=") {
		return "", false
	}
	address, err := url.PathUnescape(address)
	local, domain, ok := strings.Cut(address, "@")
	if err != nil || !ok || local == "" || strings.ContainsAny(local, " \"(),:;<>\\[]") || !plainText(local) {
		return "", false
	}
	return hostName(domain)
}

func plainText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// webHost is the host of an https URI.
func webHost(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ip.String(), true
	}
	return hostName(u.Hostname())
}

// hostName is a domain as DNS knows it, of two labels or more.
func hostName(s string) (string, bool) {
	s, err := resolve.ToASCII(s)
	if err != nil || !strings.Contains(s, ".") {
		return "", false
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return "", false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool { return !isAlnum(r) && r != '-' && r != '_' }) {
			return "", false
		}
	}
	return s, true
}

// looseURIs finds destinations in a text with any fault. left: something is there that looks like one and cannot be read.
func looseURIs(txt string) (out []URI, left bool) {
	txt = resolve.Plain(txt[:min(len(txt), maxLoose)])
	for _, word := range strings.FieldsFunc(txt, func(r rune) bool { return strings.ContainsRune(" \t\",;<>'\\|", r) }) {
		lower := strings.ToLower(word)
		if !strings.Contains(lower, "@") && !strings.Contains(lower, "https:") && !strings.Contains(lower, "http:") {
			continue
		}
		if i := strings.LastIndex(lower, "rua="); i >= 0 {
			word = word[i+len("rua="):]
		}
		word, _, _ = strings.Cut(word, "!") // a size, as DMARC had it
		if !strings.Contains(word, ":") {
			word = "mailto:" + word
		}
		p := parser{rec: &Record{}}
		p.uri(word, 0)
		if len(p.faults) > 0 {
			left = true
			continue
		}
		out = append(out, p.rec.RUA...)
	}
	return out, left
}
