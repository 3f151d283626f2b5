package bimi

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/diag/resolve"
)

const (
	version = "v=BIMI1"
	blanks  = " \t" // WSP of RFC 5234
)

// IsBIMI reports whether a TXT text is an assertion record at all: it begins with the tag v=BIMI1, exactly so (section
// "Assertion Record Discovery", step 4).
func IsBIMI(txt string) bool {
	name, value, ok := strings.Cut(txt, "=")
	if !ok || strings.TrimRight(name, blanks) != "v" {
		return false
	}
	value, _, _ = strings.Cut(value, ";")
	return strings.Trim(value, blanks) == "BIMI1"
}

// Meant reports whether a text is no assertion record and meant as one: another case, a missing semicolon, blanks before it.
func Meant(txt string) bool {
	if IsBIMI(txt) {
		return false
	}
	s := strings.ToLower(strings.TrimLeft(strings.TrimLeft(txt, blanks), "\"'"))
	name, value, ok := strings.Cut(s, "=")
	return ok && strings.TrimRight(name, blanks) == "v" && strings.HasPrefix(strings.TrimLeft(value, blanks), "bimi")
}

// Parse reads a record and tells all its faults, in their order. It reads what can be read, also of a text that is no
// assertion record (then BadVersion is among the faults).
func Parse(txt string) (*Record, []Fault) {
	p := parser{txt: txt, rec: &Record{Text: txt, Avatar: Brand}, values: map[string]string{}}
	for start, n := 0, 0; start <= len(txt); n++ {
		end := strings.IndexByte(txt[start:], ';')
		if end < 0 {
			end = len(txt)
		} else {
			end += start
		}
		p.segment(start, end, n)
		start = end + 1
	}
	p.finish()
	return p.rec, p.faults
}

type parser struct {
	txt    string
	rec    *Record
	faults []Fault
	values map[string]string // the tags seen
	broken [2]bool           // l= and a= have a value that is no URI
}

func (p *parser) fault(k Kind, at int, tag, text, expected string) {
	p.faults = append(p.faults, Fault{Kind: k, Offset: at, Tag: tag, Text: text, Expected: expected})
}

// segment reads what stands between two semicolons.
func (p *parser) segment(start, end, n int) {
	last := end == len(p.txt)
	for start < end && isBlank(p.txt[start]) {
		start++
	}
	for end > start && isBlank(p.txt[end-1]) {
		end--
	}
	switch {
	case n == 0:
		p.version(start, end)
	case start < end:
		p.tag(start, end)
	case !last: // a semicolon at the end is allowed
		p.fault(EmptyTag, start, "", ";", "tag=value")
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// version reads the first tag.
func (p *parser) version(start, end int) {
	if IsBIMI(p.txt[start:end]) {
		p.values["v"] = "BIMI1"
		if start > 0 {
			p.fault(LeadingSpace, 0, "v", p.txt[:start], version)
		}
		return
	}
	s := p.txt[start:end]
	name, value, ok := strings.Cut(s, "=")
	if !ok || !strings.EqualFold(strings.TrimRight(name, blanks), "v") {
		p.fault(BadVersion, start, "v", s, version+";")
		if s != "" {
			p.tag(start, end)
		}
		return
	}
	p.values["v"] = strings.Trim(value, blanks)
	// "v=BIMI1 l=https://…": the semicolon is missing, the rest is a tag.
	value = strings.TrimLeft(value, blanks)
	if i := strings.IndexAny(value, blanks); i >= 0 && strings.Contains(value[i:], "=") {
		at := end - len(value) + i
		p.fault(BadVersion, start, "v", p.txt[start:at], version+";")
		p.segment(at, end, 1)
		return
	}
	p.fault(BadVersion, start, "v", s, version+";")
}

// tag reads one tag=value.
func (p *parser) tag(start, end int) {
	s := p.txt[start:end]
	raw, value, ok := strings.Cut(s, "=")
	if !ok {
		p.fault(NoEquals, start, "", s, "tag=value")
		return
	}
	raw, value = strings.TrimRight(raw, blanks), strings.TrimLeft(value, blanks)
	name, at := strings.ToLower(raw), end-len(value)
	if !isName(name) {
		p.fault(BadName, start, "", raw, "tag=value")
		return
	}
	known := slices.Contains([]string{"v", "l", "a", "avp", "lps"}, name)
	if known && name != raw {
		p.fault(TagCase, start, name, raw+"=", name+"=")
	}
	if before, twice := p.values[name]; twice {
		p.fault(Duplicate, start, name, s, "1 × "+name+"=")
		p.faults[len(p.faults)-1].same = before == value
		return
	}
	p.values[name] = value
	if i := strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		_, size := utf8.DecodeRuneInString(value[i:])
		p.fault(BadCharacter, at+i, name, value[i:i+size], "%x20-7E")
		p.spoil(name)
		return
	}
	if !known {
		p.fault(UnknownTag, start, name, s, "")
		p.rec.others = append(p.rec.others, raw+"="+value)
		return
	}
	p.value(name, value, at)
}

// isName: tag names of DKIM (RFC 6376 §3.2) are a letter, then letters, digits and underscores.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z') && (i == 0 || !('0' <= c && c <= '9') && c != '_') {
			return false
		}
	}
	return s != ""
}

// spoil notes that a tag is there and says nothing.
func (p *parser) spoil(name string) {
	switch name {
	case "l":
		p.rec.hasLocation, p.broken[0] = true, true
	case "a":
		p.rec.hasAuthority, p.broken[1] = true, true
	}
}

// value takes the value of a known tag.
func (p *parser) value(name, value string, at int) {
	switch name {
	case "l":
		p.rec.hasLocation = true
		p.rec.Location, p.broken[0] = p.uri(name, value, at)
	case "a":
		p.rec.hasAuthority = true
		p.rec.Authority, p.broken[1] = p.uri(name, value, at)
	case "avp":
		switch lower := Preference(strings.ToLower(value)); {
		case lower != Brand && lower != Personal:
			p.fault(BadAvatar, at, name, value, "brand | personal")
		case string(lower) != value:
			p.fault(AvatarCase, at, name, value, string(lower))
			p.rec.Avatar = lower
		default:
			p.rec.Avatar = lower
		}
	case "lps":
		p.rec.ByLocal = true
		p.prefixes(value, at)
	case "v": // somewhere else than at the start
		p.fault(BadVersion, at, name, value, version+";")
	}
}

// prefixes reads the list of lps: ALPHA, DIGIT and "-", 63 octets at most each (section "Local-part Selectors").
func (p *parser) prefixes(value string, at int) {
	if value == "" {
		return
	}
	for part := range strings.SplitSeq(value, ",") {
		word := strings.Trim(part, blanks)
		if word == "" || len(word) > 63 || strings.IndexFunc(word, func(r rune) bool { return !isAlnum(r) && r != '-' }) >= 0 {
			p.fault(BadLocalParts, at, "lps", word, "A-Z a-z 0-9 -")
		} else {
			p.rec.LPS = append(p.rec.LPS, word)
		}
		at += len(part) + 1
	}
}

func isAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// uri reads the value of l or a: empty or one URI with the scheme https and a full host name.
func (p *parser) uri(tag, value string, at int) (uri string, broken bool) {
	if value == "" {
		return "", false
	}
	example := "https://…/logo.svg"
	if tag == "a" {
		example = "https://…/cert.pem"
	}
	kind := judgeURI(value)
	switch {
	case kind != "":
		p.fault(kind, at, tag, value, example)
		return "", true
	case tag == "l" && !svgSuffix(value):
		p.fault(BadSuffix, at, tag, value, ".svg | .svgz")
		return "", true
	case tag == "a" && !strings.HasSuffix(strings.ToLower(pathOf(value)), ".pem"):
		p.fault(AuthoritySuffix, at, tag, value, ".pem")
	}
	return value, false
}

func judgeURI(value string) Kind {
	if strings.Contains(value, ",") {
		return BadComma
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || strings.ContainsAny(value, blanks) || u.Scheme == "":
		return BadURI
	case u.Scheme != "https":
		return BadScheme
	}
	host := u.Hostname()
	ascii, err := resolve.ToASCII(host)
	if _, ip := netip.ParseAddr(host); ip == nil || err != nil || !strings.Contains(strings.Trim(ascii, "."), ".") {
		return BadHost
	}
	if u.User != nil {
		return BadURI
	}
	return ""
}

// pathOf is the path of a URI that judgeURI has found in order.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Path
}

// svgSuffix reports whether l= may name this file: a name that ends in the suffix of another format is a permanent error
// (section "Supported Image Formats for l= tag"); one without a suffix says nothing.
func svgSuffix(uri string) bool {
	file := pathOf(uri)
	file = strings.ToLower(file[strings.LastIndexByte(file, '/')+1:])
	dot := strings.LastIndexByte(file, '.')
	return dot < 0 || file[dot:] == ".svg" || file[dot:] == ".svgz" || !slices.Contains(otherFormats(), file[dot+1:])
}

// otherFormats are suffixes of image formats that are not SVG.
func otherFormats() []string {
	return []string{"png", "jpg", "jpeg", "jpe", "gif", "bmp", "ico", "webp", "avif", "tif", "tiff", "eps", "ai", "pdf", "psd", "heic"}
}

func (p *parser) finish() {
	end := len(strings.TrimRight(p.txt, blanks+";"))
	r := p.rec
	switch {
	case !r.hasLocation:
		p.fault(MissingL, end, "l", "", "l=https://…/logo.svg")
	case r.Location == "" && !p.broken[0] && r.Authority != "":
		p.fault(NoLocation, end, "l", "l=", "l=https://…/logo.svg")
	}
	if !r.hasAuthority {
		p.fault(MissingAuthority, end, "a", "", "a=")
	}
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return a.Offset - b.Offset })
}
