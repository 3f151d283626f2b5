package arc

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// part is one ARC header field, read.
type part struct {
	kind      Kind
	field     mail.RawField
	instance  int    // 1 to 99; 0 where it has none
	numbering Fault  // what is wrong with i=; without a Reason where nothing is
	value     string // of an AAR: what follows "i=N;", on one line
	tags      dkim.Tags
	syntax    []Fault // of the tag list
}

// newPart reads a field as far as it can be read.
func newPart(k Kind, f mail.RawField) *part {
	p := &part{kind: k, field: f}
	if k == AAR {
		p.readResults(f.Value())
		return p
	}
	tags, faults := dkim.ParseTags(string(f.RawValue()))
	p.tags = tags
	for _, tf := range faults {
		p.syntax = append(p.syntax, tagFault(tf))
	}
	i, there := p.tag("i")
	switch n := position(i); {
	case !there:
		p.misnumbered(MissingTag, "")
	case n == 0:
		p.misnumbered(BadInstance, i)
	default:
		p.instance = n
	}
	if slices.ContainsFunc(p.syntax, func(f Fault) bool { return f.Reason == DuplicateTag && f.Tag == "i" }) {
		p.misnumbered(DuplicateTag, i)
	}
	return p
}

// readResults reads the value of an AAR: an instance, a semicolon, and the value of a field Authentication-Results
// (RFC 8617 §4.1.1).
func (p *part) readResults(value string) {
	rest, ok := strings.CutPrefix(skipComments(value), "i")
	if ok {
		rest, ok = strings.CutPrefix(skipComments(rest), "=")
	}
	if !ok {
		p.misnumbered(MissingTag, value)
		return
	}
	rest = skipComments(rest)
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	p.instance = position(rest[:digits])
	rest, ok = strings.CutPrefix(skipComments(rest[digits:]), ";")
	if !ok || p.instance == 0 {
		p.misnumbered(BadInstance, value)
		p.instance = 0
		return
	}
	p.value = strings.TrimSpace(rest)
}

func (p *part) misnumbered(r Reason, text string) {
	p.numbering = Fault{Kind: p.kind, Reason: r, Tag: "i", Text: short(text), step: stepStructure}
}

// tag is the value of a tag without blanks around it.
func (p *part) tag(name string) (value string, there bool) { return p.tags.Get(name) }

// position is the number of a set, 1*2DIGIT (RFC 8617 §4.2.1), also where it is too high; 0 for anything else.
func position(s string) int {
	if s = strings.TrimSpace(s); len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, _ := strconv.Atoi(s)
	return n
}

// skipComments drops blanks and comments at the start (CFWS of RFC 5322 §3.2.2).
func skipComments(s string) string {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '\\' && depth > 0:
			i++
		case depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n':
			return s[i:]
		}
	}
	return ""
}

// maxText bounds what a fault quotes, in octets.
const maxText = 60

// short is the beginning of a text, not cut within a character.
func short(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// seconds reads t=: up to 12 digits (RFC 6376 §3.5).
func seconds(s string) (time.Time, bool) {
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(n, 0).UTC(), err == nil
}
