package dmarc

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// IsDMARC reports whether a TXT text is a DMARC record at all: it starts with
// the tag v=DMARC1 (RFC 9989 §4.7).
func IsDMARC(txt string) bool {
	s := strings.TrimLeft(txt, blanks)
	if s == "" || s[0]|0x20 != 'v' {
		return false
	}
	s, ok := strings.CutPrefix(strings.TrimLeft(s[1:], blanks), "=")
	if !ok {
		return false
	}
	// RFC 9989 §4.7: the value is case sensitive.
	if s, ok = strings.CutPrefix(strings.TrimLeft(s, blanks), "DMARC1"); !ok {
		return false
	}
	s = strings.TrimLeft(s, blanks)
	return s == "" || s[0] == ';'
}

const blanks = " \t" // WSP of RFC 5234

// Parse reads a record and tells all its faults, in their order. It reads what
// can be read, also of a text that is no DMARC record (then BadVersion is among
// the faults).
func Parse(txt string) (*Record, []Fault) {
	p := parser{txt: txt, rec: &Record{Text: txt, PSD: 'u'}, pAt: -1}
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
	seen   uint32 // bits of known
	pAt    int    // which segment holds p
	pStart int
	vEnd   int
	ruf    bool
	foAt   int
}

// known lists the tags that RFC 9989 defines or removes.
var known = [...]string{"v", "p", "sp", "np", "psd", "t", "adkim", "aspf", "rua", "ruf", "fo", "pct", "rf", "ri"}

const bitV, bitP, bitFO = 1 << 0, 1 << 1, 1 << 10

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
	if n == 0 {
		p.version(start, end)
		return
	}
	if start == end {
		if !last { // a semicolon at the end is allowed
			p.fault(EmptyTag, start, "", ";", "tag=value")
		}
		return
	}
	p.tag(start, end, n)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// version reads the first tag.
func (p *parser) version(start, end int) {
	p.vEnd = end
	if IsDMARC(p.txt) {
		p.seen |= bitV
		if start > 0 {
			p.fault(LeadingSpace, 0, "v", p.txt[:start], "v=DMARC1")
		}
		return
	}
	s := p.txt[start:end]
	p.fault(BadVersion, start, "v", s, "v=DMARC1;")
	name, value, ok := strings.Cut(s, "=")
	if !ok || !strings.EqualFold(strings.TrimRight(name, blanks), "v") {
		if s != "" {
			p.tag(start, end, 0)
		}
		return
	}
	p.seen |= bitV
	// "v=DMARC1 p=none": the semicolon is missing, the rest is a tag.
	if i := strings.IndexAny(strings.TrimLeft(value, blanks), blanks); i >= 0 {
		at := end - len(strings.TrimLeft(value, blanks)) + i
		p.segment(at, end, 1)
	}
}

// tag reads one tag=value.
func (p *parser) tag(start, end, n int) {
	s := p.txt[start:end]
	eq := strings.IndexByte(s, '=')
	if eq < 0 {
		p.fault(NoEquals, start, "", s, "tag=value")
		return
	}
	raw := strings.TrimRight(s[:eq], blanks)
	name := strings.ToLower(raw)
	value := strings.TrimLeft(s[eq+1:], blanks)
	at := end - len(value)
	bit := slices.Index(known[:], name)
	switch {
	case !isName(name):
		p.fault(BadName, start, name, cmp.Or(raw, s), "tag=value")
		return
	case name != raw:
		p.fault(UpperCase, start, name, raw, name)
	}
	if bit >= 0 {
		if p.seen&(1<<bit) != 0 {
			p.fault(Duplicate, start, name, s, "1 × "+name+"=")
			return
		}
		p.seen |= 1 << bit
		if 1<<bit == bitP {
			p.pAt, p.pStart = n, start
		}
	}
	if i := strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		_, size := utf8.DecodeRuneInString(value[i:])
		p.broken(name, BadCharacter, at+i, value[i:i+size], "%x20-7E")
		return
	}
	if value == "" {
		p.broken(name, EmptyValue, at, s, name+"=…")
		return
	}
	if bit < 0 {
		p.fault(UnknownTag, start, name, s, "")
		return
	}
	p.value(name, value, start, at)
}

func isName(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}

// broken notes a value that cannot be read.
func (p *parser) broken(tag string, k Kind, at int, text, expected string) {
	p.fault(k, at, tag, text, expected)
	if tag == "p" || tag == "sp" || tag == "np" {
		p.rec.BadPolicy = true
	}
}

// value takes the value of a known tag. Values are not case sensitive, except
// that of v (RFC 5234 §2.3).
func (p *parser) value(name, value string, start, at int) {
	r := p.rec
	choose := func(words ...string) string {
		for _, w := range words {
			if strings.EqualFold(value, w) {
				return w
			}
		}
		kind, text := BadValue, value
		if strings.EqualFold(value, longDefault(name)) {
			kind, text = DefaultWord, name+"="+value
		}
		p.broken(name, kind, at, text, strings.Join(words, " | "))
		return ""
	}
	switch name {
	case "p":
		r.P = Policy(choose("none", "quarantine", "reject"))
	case "sp":
		r.SP = Policy(choose("none", "quarantine", "reject"))
	case "np":
		r.NP = Policy(choose("none", "quarantine", "reject"))
	case "psd":
		if w := choose("y", "n", "u"); w != "" {
			r.PSD = w[0]
		}
	case "t":
		r.Testing = choose("y", "n") == "y"
	case "adkim":
		r.StrictDKIM = choose("r", "s") == "s"
	case "aspf":
		r.StrictSPF = choose("r", "s") == "s"
	case "rua":
		r.RUA = p.uris(name, value, at)
	case "ruf":
		r.RUF, p.ruf = p.uris(name, value, at), true
	case "fo":
		p.foAt = start
		if isFO(value) {
			r.FO = value
		} else {
			p.fault(BadFO, at, name, name+"="+value, "0 | 1 | d | s (0:d:s)")
		}
	case "pct", "rf", "ri":
		kind := RemovedTag
		if isOldDefault(name, value) {
			kind = DefaultTag
		}
		p.fault(kind, start, name, name+"="+value, "")
	}
}

// longDefault is the word that people write for the default of a tag.
func longDefault(tag string) string {
	switch tag {
	case "adkim", "aspf":
		return "relaxed"
	case "t":
		return "no"
	case "psd":
		return "unknown"
	}
	return ""
}

// isOldDefault reports whether a removed tag asks for what was done without it (RFC 7489 §6.3).
func isOldDefault(name, value string) bool {
	switch name {
	case "pct":
		return strings.TrimLeft(value, "0") == "100"
	case "ri":
		return strings.TrimLeft(value, "0") == "86400"
	}
	return strings.EqualFold(value, "afrf")
}

// isFO checks the list of fo: each word once, and not both 0 and 1.
func isFO(value string) bool {
	var seen [4]bool
	for w := range strings.SplitSeq(value, ":") {
		i := strings.Index("01ds", strings.ToLower(strings.Trim(w, blanks)))
		if len(strings.Trim(w, blanks)) != 1 || i < 0 || seen[i] {
			return false
		}
		seen[i] = true
	}
	return !seen[0] || !seen[1]
}

func (p *parser) finish() {
	switch {
	case p.seen&bitP == 0:
		p.fault(MissingP, p.vEnd, "p", "", "p=none | p=quarantine | p=reject")
	case p.pAt > 1:
		p.fault(LateP, p.pStart, "p", "", "")
	}
	if p.seen&bitFO != 0 && !p.ruf {
		p.fault(FOWithoutRUF, p.foAt, "fo", "", "ruf=mailto:…")
	}
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return a.Offset - b.Offset })
}
