package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
)

// parser reads a state as JSON (RFC 8259), in a fifth of the time of encoding/json: a fleet is read in every round. Fields that
// it does not know are skipped. After something that is not as it must be, bad is set and nothing more is read.
type parser struct {
	s     string
	i     int
	depth int
	bad   bool
}

// deepest is how deep values that are skipped may be.
const deepest = 50

// space skips white space and gives the next octet; 0 at the end.
func (p *parser) space() byte {
	for ; !p.bad && p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take takes an octet that must be next.
func (p *parser) take(c byte) {
	if p.space() != c {
		p.bad = true
		return
	}
	p.i++
}

// members reads what is between two brackets and separated by commas.
func (p *parser) members(open, end byte, one func()) {
	p.take(open)
	if p.space() == end {
		p.take(end)
		return
	}
	for !p.bad {
		one()
		if p.space() == ',' {
			p.i++
			continue
		}
		p.take(end)
		return
	}
}

func (p *parser) object(field func(name string)) {
	p.members('{', '}', func() {
		name := p.text()
		p.take(':')
		if !p.bad {
			field(name)
		}
	})
}

// text reads a string. One without escapes is a part of what is read.
func (p *parser) text() string {
	p.take('"')
	from := p.i
	for ; !p.bad && p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return p.s[from : p.i-1]
		case c == '\\':
			return p.escaped(from)
		case c < 0x20:
			p.bad = true
		}
	}
	p.bad = true
	return ""
}

// escaped reads a string with escapes, which encoding/json knows.
func (p *parser) escaped(from int) (out string) {
	for ; p.i < len(p.s) && p.s[p.i] != '"'; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	if p.i >= len(p.s) || json.Unmarshal([]byte(p.s[from-1:p.i+1]), &out) != nil {
		p.bad = true
		return ""
	}
	p.i++
	return out
}

func (p *parser) at() time.Time {
	t, err := time.Parse(time.RFC3339, p.text())
	p.bad = p.bad || err != nil
	return t
}

func (p *parser) number() int {
	p.space()
	from := p.i
	for p.i < len(p.s) && strings.IndexByte("+-0123456789.eE", p.s[p.i]) >= 0 {
		p.i++
	}
	n, err := strconv.Atoi(p.s[from:p.i])
	p.bad = p.bad || err != nil
	return n
}

// skip reads a value that nobody wants.
func (p *parser) skip() {
	if p.depth++; p.depth > deepest {
		p.bad = true
	}
	switch c := p.space(); c {
	case '{':
		p.object(func(string) { p.skip() })
	case '[':
		p.members('[', ']', p.skip)
	case '"':
		p.text()
	default:
		from := p.i
		for p.i < len(p.s) && strings.IndexByte(",]} \t\n\r", p.s[p.i]) < 0 {
			p.i++
		}
		p.bad = p.bad || !json.Valid([]byte(p.s[from:p.i]))
	}
	p.depth--
}

// objects reads a list of objects. null is an empty list.
func objects[T any](p *parser, field func(v *T, name string)) (out []T) {
	if p.space() == 'n' {
		p.skip()
		return nil
	}
	p.members('[', ']', func() {
		var v T
		p.object(func(name string) { field(&v, name) })
		out = append(out, v)
	})
	return out
}

// DecodeState reads a state. An empty text is the state of a domain that was not looked at yet.
func DecodeState(domain, text string) (st watch.State, err error) {
	if text == "" {
		return st, nil
	}
	p := parser{s: text, bad: len(text) > 2*maxState}
	p.object(func(name string) {
		switch name {
		case "findings":
			st.Findings = objects(&p, p.standing)
		case "silent":
			st.Silent = objects(&p, p.silence)
		case "values":
			st.Values = objects(&p, p.value)
		case "expires":
			st.Expires = objects(&p, p.expiry)
		case "checks":
			p.members('[', ']', func() { st.Checks = append(st.Checks, p.text()) })
		case "cut":
			st.Cut = p.number()
		default:
			p.skip()
		}
	})
	if p.space() != 0 || p.bad || p.i < len(text) {
		return watch.State{}, unreadable(domain, p.i)
	}
	return st, nil
}

func (p *parser) standing(s *watch.Standing, name string) {
	switch name {
	case "check":
		s.Check = p.text()
	case "rule":
		s.Rule = p.text()
	case "subject":
		s.Subject = p.text()
	case "data":
		s.Data = p.text()
	case "severity":
		s.Severity = p.text()
	case "first":
		s.First = p.at()
	case "message":
		s.Message = p.message()
	case "culprit":
		s.Culprit = p.text()
	default:
		p.skip()
	}
}

func (p *parser) silence(q *watch.Silence, name string) {
	switch name {
	case "check":
		q.Check = p.text()
	case "kind":
		q.Kind = p.text()
	case "message":
		q.Message = p.message()
	case "culprit":
		q.Culprit = p.text()
	case "since":
		q.Since = p.at()
	case "last":
		q.Last = p.at()
	default:
		p.skip()
	}
}

func (p *parser) value(v *watch.Value, name string) {
	switch name {
	case "name":
		v.Name = p.text()
	case "type":
		v.Type = p.text()
	case "values":
		if p.space() == 'n' {
			p.skip()
			return
		}
		p.members('[', ']', func() { v.Values = append(v.Values, p.text()) })
	case "first":
		v.First = p.at()
	case "seen":
		v.Seen = p.at()
	default:
		p.skip()
	}
}

func (p *parser) expiry(e *watch.Expiry, name string) {
	switch name {
	case "host":
		e.Host = p.text()
	case "use":
		e.Use = p.text()
	case "at":
		e.At = p.at()
	default:
		p.skip()
	}
}

func (p *parser) message() (t codes.Text) {
	p.object(func(name string) {
		switch name {
		case "EN":
			t.EN = p.text()
		case "JA":
			t.JA = p.text()
		default:
			p.skip()
		}
	})
	return t
}
