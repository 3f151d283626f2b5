package dkim

import (
	"strings"
	"unicode/utf8"
)

// Tags is a list of tags in its order (RFC 6376 §3.2), as DKIM-Signature and the fields of ARC have it.
type Tags []Tag

// Tag is one tag=value. Names and values keep their case.
type Tag struct {
	Name, Value string // the value without blanks around it, inner ones and folds kept
	At          int    // of the name, in octets from the start of the text
	ValueAt     int    // of the first octet behind "="
	End         int    // of the semicolon behind the value, or the end of the text
}

const (
	maxTags     = 64
	maxTagsText = 256 << 10 // octets of a field that are read
)

// ParseTags reads what stands behind the colon of a field, folded or not, and tells the faults in their order: EmptyTag,
// NoEquals, BadName, Duplicate, BadCharacter, TooLong. Any of them makes a list that verifiers must not use. The list has what
// can be read; of a tag that is there twice it has both. Values may hold UTF-8 (RFC 8616).
func ParseTags(text string) (Tags, []Fault) {
	var p parser // for its faults
	tags := make(Tags, 0, 16)
	whole := text
	text = text[:min(len(text), maxTagsText)]
	for start, last := 0, false; !last; {
		end := strings.IndexByte(text[start:], ';')
		if last = end < 0; last {
			end = len(text)
		} else {
			end += start
		}
		t := Tag{At: start, End: end}
		for t.At < end && isBlank(text[t.At]) {
			t.At++
		}
		if t.At == end {
			if !last || start == 0 {
				p.fault(EmptyTag, start, "", ";", "tag=value")
			}
			start = end + 1
			continue
		}
		start = end + 1
		if len(tags) == maxTags {
			p.fault(TooLong, t.At, "", text[t.At:end], "")
			break
		}
		if !p.split(&t, text, tags) {
			continue
		}
		tags = append(tags, t)
	}
	if len(text) < len(whole) {
		p.fault(TooLong, len(text), "", whole[len(text):], "")
	}
	return tags, p.faults
}

// split reads one tag between t.At and t.End, with the tags before it.
func (p *parser) split(t *Tag, text string, before Tags) bool {
	s := text[t.At:t.End]
	eq := strings.IndexByte(s, '=')
	if eq < 0 {
		p.fault(NoEquals, t.At, "", s, "tag=value")
		return false
	}
	if t.Name = strings.TrimRight(s[:eq], blanks); !isName(t.Name) {
		p.fault(BadName, t.At, "", s, "tag=value")
		return false
	}
	if _, again := before.Get(t.Name); again {
		p.fault(Duplicate, t.At, t.Name, s, "1 × "+t.Name+"=")
	}
	t.ValueAt = t.At + eq + 1
	t.Value = strings.Trim(s[eq+1:], blanks)
	if i := badOctet(t.Value); i >= 0 {
		p.fault(BadCharacter, t.ValueAt+strings.Index(s[eq+1:], t.Value)+i, t.Name, t.Value[i:], "%x20-7E")
	}
	return true
}

// badOctet finds what no value may hold: a control character, or octets that are no UTF-8; -1 for none.
func badOctet(value string) int {
	ascii := true
	for i := range len(value) {
		c := value[i]
		if c < ' ' && !isBlank(c) || c == 0x7f {
			return i
		}
		ascii = ascii && c < 0x80
	}
	if ascii || utf8.ValidString(value) {
		return -1
	}
	for i, r := range value {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(value[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// Get is the value of the first tag with a name.
func (t Tags) Get(name string) (value string, ok bool) {
	for i := range t {
		if t[i].Name == name {
			return t[i].Value, true
		}
	}
	return "", false
}

// Plain is a value of Tags without the blanks and folds in it, as base64 and lists have them.
func Plain(value string) string {
	if !strings.ContainsAny(value, blanks) {
		return value
	}
	b := make([]byte, 0, len(value))
	for i := range len(value) {
		if !isBlank(value[i]) {
			b = append(b, value[i])
		}
	}
	return string(b)
}
