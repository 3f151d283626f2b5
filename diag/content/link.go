package content

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Link is something that a mail lets its reader open.
type Link struct {
	URL    string   `json:"url"`
	Scheme string   `json:"scheme"` // "https", "mailto" …, in lower case
	Host   string   `json:"host"`   // as DNS knows it; "" for others than web links
	Domain string   `json:"domain"` // the registered domain of the host
	Text   string   `json:"text"`   // what the reader sees, "" in a plain text
	Shows  string   `json:"shows"`  // the host that the text names, where it names one
	Places []string `json:"places"` // "text", "html"
	Marks  []Mark   `json:"marks"`
}

// Mark is something about a link that filters or readers notice.
type Mark string

// The marks of links.
const (
	Unencrypted Mark = "http"      // http and not https
	Elsewhere   Mark = "elsewhere" // the text shows another domain than the target has
	Tracked     Mark = "tracked"   // so, but the target is a counter of clicks
	Short       Mark = "short"     // a service that hides the target
	Number      Mark = "ip"        // an IP address in the place of a name
	Lookalike   Mark = "lookalike" // letters of other scripts that look like Latin ones
	UserInfo    Mark = "userinfo"  // a name before the host: https://bank.example@evil.test/
	Program     Mark = "program"   // javascript: or data:
	Broken      Mark = "broken"    // no URL that a program can read
	Empty       Mark = "empty"     // the text is a link that leads nowhere
	Local       Mark = "local"     // only the writer's own network or machine has it
)

// Has reports whether a link has a mark.
func (l *Link) Has(m Mark) bool {
	for _, have := range l.Marks {
		if have == m {
			return true
		}
	}
	return false
}

const (
	maxLinks = 300
	maxURL   = 2000 // octets of a target that are kept
)

// links collects the links of a mail, each target with each text once.
type links struct {
	list []Link
	more int
	at   map[string]int
	own  string // the registered domain of the sender
}

// add keeps a link of a place.
func (c *links) add(place, target, text string) {
	target = strings.TrimSpace(target)
	text = strings.Join(strings.Fields(text), " ")
	nowhere := target == "" || target == "#"
	if nowhere && (text == "" || place != "html") || !nowhere && strings.HasPrefix(target, "#") {
		return
	}
	key := target + "\x00" + text
	if i, ok := c.at[key]; ok {
		if p := c.list[i].Places; p[len(p)-1] != place {
			c.list[i].Places = append(p, place)
		}
		return
	}
	if len(c.list) == maxLinks {
		c.more++
		return
	}
	l := Link{URL: cut(target, maxURL), Text: cut(text, 200), Places: []string{place}, Marks: []Mark{}}
	if nowhere {
		l.Marks = append(l.Marks, Empty)
	}
	l.read(target)
	l.compare(c.own)
	if c.at == nil {
		c.at = map[string]int{}
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, l)
}

// read takes the target apart (RFC 3986).
func (l *Link) read(target string) {
	scheme, rest, ok := strings.Cut(target, ":")
	if !ok || strings.ContainsAny(scheme, "/?#.{[%* ") {
		return // relative, or a placeholder
	}
	l.Scheme = strings.ToLower(scheme)
	switch l.Scheme {
	case "javascript", "vbscript", "data":
		l.Marks = append(l.Marks, Program)
		return
	case "http", "https":
	case "file":
		l.Marks = append(l.Marks, Local)
		return
	default:
		return
	}
	authority := strings.TrimLeft(rest, "/") // browsers take any octets behind it
	if end := strings.IndexAny(authority, "/?#\\"); end >= 0 {
		authority = authority[:end]
	}
	u, err := url.Parse(l.Scheme + "://" + authority)
	if err != nil || u.Host == "" {
		if !strings.ContainsAny(authority, "{}%*|$") {
			l.Marks = append(l.Marks, Broken)
		}
		return
	}
	if l.Scheme == "http" {
		l.Marks = append(l.Marks, Unencrypted)
	}
	if u.User != nil {
		l.Marks = append(l.Marks, UserInfo)
	}
	l.Host, l.Domain = hostOf(u.Hostname())
	if ip, err := netip.ParseAddr(l.Host); err == nil {
		l.Marks = append(l.Marks, Number)
		if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			l.Marks = append(l.Marks, Local)
		}
		return
	}
	if isLocal(l.Host) {
		l.Marks = append(l.Marks, Local)
		return
	}
	if shorteners()[l.Domain] || shorteners()[l.Host] {
		l.Marks = append(l.Marks, Short)
	}
	if looksAlike(l.Host) {
		l.Marks = append(l.Marks, Lookalike)
	}
}

// isLocal reports a host that the internet does not have (RFC 6761, RFC 6762, RFC 8375).
func isLocal(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == "localhost" || last == "local" || last == "internal" || last == "lan" || last == "localdomain" ||
		strings.HasSuffix(host, ".home.arpa") || !strings.Contains(host, ".")
}

// hostOf gives a host as DNS knows it, and its registered domain.
func hostOf(host string) (ascii, domain string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		host = a
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return host, domain
	}
	return host, host
}

// compare holds the target against the host that its text shows. own is the registered domain of the sender.
func (l *Link) compare(own string) {
	if l.Host == "" || l.Text == "" {
		return
	}
	shown := shownHost(l.Text)
	if shown == "" {
		return
	}
	var domain string
	l.Shows, domain = hostOf(shown)
	switch {
	case domain == l.Domain:
	case trackers()[l.Domain], own != "" && l.Domain == own, own != "" && domain == own && tracksClicks(l.URL):
		l.Marks = append(l.Marks, Tracked)
	default:
		l.Marks = append(l.Marks, Elsewhere)
	}
}

// shownHost is the host of a text that is an address of the web, or nothing but the name of a host; "" for other texts.
func shownHost(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "<>()[]「」【】→▶・")
	if i := strings.Index(text, "://"); i >= 0 {
		text = text[i+3:]
	} else if strings.ContainsFunc(text, unicode.IsSpace) || strings.Contains(text, "@") {
		return ""
	}
	end := strings.IndexFunc(text, func(r rune) bool { return r == '/' || r == '?' || r == '#' || r == ':' || unicode.IsSpace(r) })
	rest := ""
	if end >= 0 {
		text, rest = text[:end], text[end:]
	}
	if !strings.Contains(text, ".") || strings.HasPrefix(text, ".") || strings.HasSuffix(text, ".") || strings.ContainsAny(text,
		"、。…,!") {
		return ""
	}
	suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(text))
	if !icann && !strings.Contains(suffix, ".") && suffix != "test" && suffix != "example" { // a file name such as "report.xlsx"
		return ""
	}
	if rest == "" && strings.Count(text, ".") == 1 && fileEnds()[suffix] { // "setup.sh", "README.md"
		return ""
	}
	return text
}

// cut is the beginning of a text, of at most so many octets, at a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
