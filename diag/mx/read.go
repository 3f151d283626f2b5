package mx

import (
	"net/netip"
	"strconv"
	"strings"

	"todoku/diag/resolve"
)

// Reading is what the letters of an MX host say, whatever DNS knows of it.
type Reading struct {
	Address netip.Addr // valid where an address was written instead of a name
	Local   bool       // a name of the own machine or network, such as localhost
	Bad     bool       // no host name as RFC 5321 §2.3.5 wants it
	Doubled bool       // the domain stands behind a name that ends with it already
	Meant   []Meant    // what may have been meant, likeliest first
}

// Meant is what may have been meant by an MX host that is written wrongly.
type Meant struct {
	Hosts []string // mostly one
	Pref  int      // the preference that stood in the host, or -1
	Added string   // the domain that was added, as the dot at the end was left out, or ""
}

// Read reads the host of an MX record of a domain.
func Read(host, domain string) Reading {
	var r Reading
	r.Bad = !hostName(host)
	r.look(host, domain, "")
	for s := domain; s != "" && (s == domain || strings.Contains(s, ".")); s = resolve.Parent(s) {
		rest, added := strings.CutSuffix(host, "."+s)
		for added {
			r.Doubled = r.Doubled || rest == s || strings.HasSuffix(rest, "."+s)
			r.look(rest, domain, s)
			rest, added = strings.CutSuffix(rest, "."+s)
		}
	}
	if i := strings.LastIndexByte(host, '.'); i > 0 && !r.Address.IsValid() { // a zone file of a top-level domain, or a relay of one
		r.Address = address(host[:i])
		r.Local = r.Local || host[:i] == "localhost"
	}
	return r
}

// look reads a host, or what was written before the domain was added to it.
func (r *Reading) look(text, domain, added string) {
	text = cleaned(text)
	if ip := address(text); ip.IsValid() && !r.Address.IsValid() {
		r.Address = ip
		return
	}
	text = strings.Trim(text, "[]")
	r.Local = r.Local || local(text)
	hosts, pref := names(text)
	r.mean(Meant{hosts, pref, added}, domain)
	if len(hosts) == 1 {
		r.meanSlips(hosts[0], pref, added, domain)
	}
	if strings.Contains(text, ",") {
		r.mean(Meant{[]string{strings.ReplaceAll(text, ",", ".")}, -1, added}, domain)
	}
}

// meanSlips adds what a single name becomes when one slip is taken back.
func (r *Reading) meanSlips(host string, pref int, added, domain string) {
	if glued := strings.TrimLeft(host, "0123456789"); glued != host && pref < 0 {
		if n, err := strconv.Atoi(host[:len(host)-len(glued)]); err == nil && n <= maxPref {
			r.mean(Meant{[]string{strings.TrimLeft(glued, "-_.")}, n, added}, domain)
		}
	}
	if strings.Contains(host, "_") {
		r.mean(Meant{[]string{strings.ReplaceAll(host, "_", "-")}, pref, added}, domain)
		r.mean(Meant{[]string{strings.ReplaceAll(host, "_", "")}, pref, added}, domain)
	}
	for _, word := range []string{"www.", "mailto.", "http.", "https."} {
		if rest, ok := strings.CutPrefix(host, word); ok {
			r.mean(Meant{[]string{rest}, pref, added}, domain)
		}
	}
	if first, _, ok := strings.Cut(host, "."); ok && local(host) && first != "localhost" { // mail.local
		r.mean(Meant{[]string{first + "." + domain}, pref, ""}, domain)
	}
	if !resolve.Within(host, domain) {
		r.mean(Meant{[]string{host + "." + domain}, pref, ""}, domain)
	}
}

// mean adds something that may be meant, if it consists of host names of the internet.
func (r *Reading) mean(m Meant, domain string) {
	for _, h := range m.Hosts {
		if !HostName(h) || strings.HasPrefix(h, "localhost.") || strings.HasSuffix(h, "."+domain+"."+domain) {
			return
		}
	}
	if len(m.Hosts) > 0 {
		r.Meant = append(r.Meant, m)
	}
}

// cleaned takes away what people put around a name: quotes, brackets, a scheme, a port, a path, a mailbox.
func cleaned(text string) string {
	text = strings.Trim(resolve.Plain(strings.ReplaceAll(text, `\`, "")), " \"'<>()")
	if mapped, err := resolve.ToASCII(text); err == nil {
		text = mapped // a name in another script
	}
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	for _, scheme := range []string{"mailto:", "smtp:", "mx:", "http:", "https:", "//"} {
		text = strings.TrimPrefix(text, scheme)
	}
	if i := strings.IndexAny(text, "/?#"); i > 0 {
		text = text[:i]
	}
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		text = text[i+1:]
	}
	return strings.Trim(text, ".,;: ")
}

// names reads the host names of a text, and the preference that stands beside them; words that are no host names are passed
// over where there is one.
func names(text string) (hosts []string, pref int) {
	pref = -1
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t,;|", c) }) {
		word = strings.Trim(withoutPort(word), ".")
		n, err := strconv.Atoi(word)
		switch {
		case err == nil && 0 <= n && n <= maxPref && pref < 0:
			pref = n
		case hostName(word), !strings.ContainsAny(text, " \t,;|"):
			hosts = append(hosts, word)
		}
	}
	return hosts, pref
}

// maxPref is the largest preference (RFC 1035 §3.3.9).
const maxPref = 65535

func withoutPort(host string) string {
	name, port, ok := strings.Cut(host, ":")
	if _, err := strconv.Atoi(port); ok && err == nil {
		return name
	}
	return host
}

// address reads an address, in brackets or with a port too; the zero value for anything else.
func address(text string) netip.Addr {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr()
	}
	text = strings.TrimPrefix(strings.Trim(text, "[]"), "ipv6:")
	ip, _ := netip.ParseAddr(text)
	return ip
}

// local reports a name that means something on one machine or in one network only, or nothing anywhere (RFC 6761 §6.3 and
// §6.4, RFC 6762 §3, RFC 8375).
func local(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "localhost", "localdomain", "local", "lan", "internal", "intranet", "corp", "home", "invalid":
		return true
	}
	return name == "home.arpa" || strings.HasSuffix(name, ".home.arpa")
}

// hostName reports whether a name can be that of a mail server: letters, digits and hyphens in two labels or more (RFC 1123
// §2.1, RFC 5321 §2.3.5), not below arpa, and no address.
func hostName(name string) bool {
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			if c := l[i]; c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && len(name) <= 253 && last != "arpa" && strings.Trim(last, "0123456789") != ""
}

// HostName reports whether a name can be that of a mail server on the internet (RFC 1123 §2.1, RFC 5321 §2.3.5).
func HostName(name string) bool { return hostName(name) && !local(name) }
