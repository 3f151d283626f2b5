package spf

import (
	"iter"
	"strconv"
	"strings"
)

// Spec is a macro string as written (RFC 7208 §7.1): a domain-spec, the value
// of an unknown modifier, or an explanation.
type Spec string

// Macro is one macro-expand. Letter is lower case; for %%, %_ and %- it is
// that character.
type Macro struct {
	Letter  byte
	Escape  bool // an upper-case letter: URL-escape the value (RFC 7208 §7.3)
	Keep    int  // right-hand parts to keep; 0 keeps all
	Reverse bool
	Delims  string // where to split; empty means "."
}

// Part is a piece of a macro string: a literal, or a macro when Macro.Letter
// is set.
type Part struct {
	Text  string // as written
	Macro Macro
}

// Parts walks the pieces of a macro string. Faulty macros come as literals.
func (s Spec) Parts() iter.Seq[Part] {
	return func(yield func(Part) bool) {
		for i := 0; i < len(s); {
			p, kind := nextPart(string(s[i:]))
			if kind != "" {
				p.Macro = Macro{}
			}
			if !yield(p) {
				return
			}
			i += len(p.Text)
		}
	}
}

// HasMacro reports whether anything in it must be expanded.
func (s Spec) HasMacro() bool { return strings.IndexByte(string(s), '%') >= 0 }

// Letters tells which macro letters occur, in lower case.
func (s Spec) Letters() string {
	var out []byte
	if s.HasMacro() {
		for p := range s.Parts() {
			if l := p.Macro.Letter; l >= 'a' && strings.IndexByte(string(out), l) < 0 {
				out = append(out, l)
			}
		}
	}
	return string(out)
}

// nextPart cuts the first piece off a macro string.
//
//	macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
func nextPart(s string) (p Part, fault FaultKind) {
	if s[0] != '%' {
		if i := strings.IndexByte(s, '%'); i > 0 {
			s = s[:i]
		}
		return Part{Text: s}, ""
	}
	if len(s) > 1 && (s[1] == '%' || s[1] == '_' || s[1] == '-') {
		return Part{Text: s[:2], Macro: Macro{Letter: s[1]}}, ""
	}
	if len(s) < 2 || s[1] != '{' {
		return Part{Text: s[:1]}, FaultMacro
	}
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return Part{Text: s}, FaultMacro
	}
	p = Part{Text: s[:end+1]}
	p.Macro, fault = parseMacro(s[2:end])
	return p, fault
}

func parseMacro(s string) (m Macro, fault FaultKind) {
	if s == "" {
		return m, FaultMacro
	}
	m.Letter = s[0] | 0x20
	m.Escape = 'A' <= s[0] && s[0] <= 'Z'
	if !isAlpha(s[0]) || strings.IndexByte("slodiphcrtv", m.Letter) < 0 {
		return m, FaultMacroLetter
	}
	i := 1
	for ; i < len(s) && isDigit(s[i]); i++ {
		m.Keep = min(m.Keep*10+int(s[i]-'0'), 1<<16)
	}
	// RFC 7208 §7.3: the DIGIT transformer must not be zero.
	if i > 1 && m.Keep == 0 {
		return m, FaultMacro
	}
	if i < len(s) && s[i]|0x20 == 'r' {
		m.Reverse = true
		i++
	}
	for m.Delims = s[i:]; i < len(s); i++ {
		if strings.IndexByte(".-+,/_=", s[i]) < 0 {
			return m, FaultMacro
		}
	}
	return m, ""
}

// transform splits a value, reverses it, keeps the right-hand parts, and joins
// them by dots (RFC 7208 §7.3).
func (m *Macro) transform(b []byte, value string) []byte {
	if m.Keep == 0 && !m.Reverse && m.Delims == "" {
		return m.put(b, value)
	}
	delims := m.Delims
	if delims == "" {
		delims = "."
	}
	var room [40]string
	parts := room[:0]
	for {
		i := strings.IndexAny(value, delims)
		if i < 0 {
			break
		}
		parts = append(parts, value[:i])
		value = value[i+1:]
	}
	parts = append(parts, value)
	if m.Reverse {
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	if m.Keep > 0 && m.Keep < len(parts) {
		parts = parts[len(parts)-m.Keep:]
	}
	for i, p := range parts {
		if i > 0 {
			b = append(b, '.')
		}
		b = m.put(b, p)
	}
	return b
}

// put appends a value, URL-escaped where asked: everything but RFC 3986's
// unreserved characters.
func (m *Macro) put(b []byte, s string) []byte {
	if !m.Escape {
		return append(b, s...)
	}
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; isAlpha(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~' {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return b
}

// values knows what the macro letters stand for; ok is false where it does not.
type values interface {
	value(letter byte) (v string, ok bool)
}

// expand appends the expansion; ok is false when a letter has no value.
func (s Spec) expand(b []byte, v values) (out []byte, ok bool) {
	for i := 0; i < len(s); {
		p, fault := nextPart(string(s[i:]))
		i += len(p.Text)
		switch l := p.Macro.Letter; {
		case fault != "" || l == 0:
			b = append(b, p.Text...)
		case l == '%':
			b = append(b, '%')
		case l == '_':
			b = append(b, ' ')
		case l == '-':
			b = append(b, "%20"...)
		default:
			val, ok := v.value(l)
			if !ok {
				return nil, false
			}
			b = p.Macro.transform(b, val)
		}
	}
	return b, true
}

// target expands a domain-spec to the name to ask for; an empty one stands for
// the domain of the record (RFC 7208 §4.8).
func (s Spec) target(domain string, v values) (name string, ok bool) {
	if s == "" {
		return domain, true
	}
	name = string(s)
	if s.HasMacro() {
		b, ok := s.expand(make([]byte, 0, 128), v)
		if !ok {
			return "", false
		}
		name = string(b)
	}
	name = strings.TrimSuffix(name, ".")
	// RFC 7208 §7.3: a name that is too long loses labels on the left.
	for len(name) > 253 {
		dot := strings.IndexByte(name, '.')
		if dot < 0 {
			break
		}
		name = name[dot+1:]
	}
	return name, true
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// faults finds what is wrong with a macro string (RFC 7208 §7.1). Letters that
// only explanations may use are wrong unless explain is set. last is the text
// after the last macro, and ends whether the string ends in a macro.
func (s Spec) faults(at int, explain bool, out []Fault) (last string, ends bool, faults []Fault) {
	if !s.HasMacro() {
		return string(s), false, out
	}
	for i := 0; i < len(s); {
		p, kind := nextPart(string(s[i:]))
		ends = p.Macro.Letter != 0 || kind != ""
		last = ""
		if !ends {
			last = p.Text
		}
		// RFC 7208 §7.2: c, r and t are for explanations only.
		if l := p.Macro.Letter; kind == "" && !explain && (l == 'c' || l == 'r' || l == 't') {
			kind = FaultMacroLetter
		}
		if kind != "" {
			out = append(out, Fault{Kind: kind, Offset: at + i, Text: p.Text})
		}
		i += len(p.Text)
	}
	return last, ends, out
}

// domainEnd reports whether the literal end of a domain-spec is good.
//
//	domain-end = ( "." toplabel [ "." ] ) / macro-expand
//	toplabel   = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
func domainEnd(s string) bool {
	s = strings.TrimSuffix(s, ".")
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return false
	}
	top := s[dot+1:]
	if top == "" || top[0] == '-' || top[len(top)-1] == '-' {
		return false
	}
	named := false
	for i := range len(top) {
		switch c := top[i]; {
		case isAlpha(c) || c == '-':
			named = true
		case !isDigit(c):
			return false
		}
	}
	return named
}

// dotted is the address as %{i} has it: dotted quad, or nibbles
// with dots (RFC 7208 §7.3).
func dotted(q *Query) string {
	ip := q.IP.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	const hex = "0123456789abcdef"
	a := ip.As16()
	b := make([]byte, 0, 63)
	for i, c := range a {
		if i > 0 {
			b = append(b, '.')
		}
		b = append(b, hex[c>>4], '.', hex[c&15])
	}
	return string(b)
}

// plain is the value of a macro letter that the query alone tells; p is not
// among them. ok is false for what the query leaves open.
func (q *Query) plain(letter byte, local, sender, domain string) (v string, ok bool) {
	switch letter {
	case 's':
		return local + "@" + sender, true
	case 'l':
		return local, true
	case 'o':
		return sender, true
	case 'd':
		return domain, true
	case 'h':
		return q.HELO, true
	case 'i':
		return dotted(q), true
	case 'v':
		if q.IP.Unmap().Is4() {
			return "in-addr", true
		}
		return "ip6", true
	case 'c':
		return q.IP.Unmap().String(), true
	case 'r':
		if q.Receiver == "" {
			return "unknown", true
		}
		return q.Receiver, true
	case 't':
		return strconv.FormatInt(q.Now.Unix(), 10), true
	}
	return "", false
}
