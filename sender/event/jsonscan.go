package event

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScan looks through a JSON text (RFC 8259) from i on, without copying it. A method that returns false has met the end of
// the text or a fault, and i stands there.
type jsonScan struct {
	b []byte
	i int
	// lines says that b holds line ends. There the scan looks more closely, so that an object that is cut off does not
	// swallow the next one: no string of JSON holds a line end.
	lines bool
}

// blank passes over white space.
func (s *jsonScan) blank() {
	for s.i < len(s.b) && isBlank(s.b[s.i]) {
		s.i++
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// at reports whether c is next.
func (s *jsonScan) at(c byte) bool { return s.i < len(s.b) && s.b[s.i] == c }

// quoted passes over a string and returns what stands between its quotation marks, escapes and all.
func (s *jsonScan) quoted() (raw []byte, ok bool) {
	if !s.at('"') {
		return nil, false
	}
	start := s.i + 1
	for from := start; ; {
		n := bytes.IndexByte(s.b[from:], '"')
		if n < 0 {
			if !s.lines || bytes.IndexByte(s.b[start:], '\n') < 0 {
				s.i = len(s.b)
			}
			return nil, false
		}
		end := from + n
		if !escapedAt(s.b, start, end) {
			raw = s.b[start:end]
			if s.lines && bytes.IndexByte(raw, '\n') >= 0 {
				return nil, false
			}
			s.i = end + 1
			return raw, true
		}
		from = end + 1
	}
}

// escapedAt reports whether an odd number of backslashes stands before i.
func escapedAt(b []byte, start, i int) bool {
	n := 0
	for i-n > start && b[i-n-1] == '\\' {
		n++
	}
	return n&1 == 1
}

// bare passes over a number, true, false or null.
func (s *jsonScan) bare() ([]byte, bool) {
	start := s.i
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
			s.i++
			continue
		}
		break
	}
	return s.b[start:s.i], s.i > start && s.i < len(s.b)
}

// skip passes over one value.
func (s *jsonScan) skip() bool {
	switch {
	case s.at('"'):
		_, ok := s.quoted()
		return ok
	case s.at('{'), s.at('['):
		return s.skipNested()
	}
	_, ok := s.bare()
	return ok
}

// skipNested passes over an object or a list. It looks at quotation marks and brackets alone.
func (s *jsonScan) skipNested() bool {
	depth := 0
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case '"':
			if s.lines && !s.mayBegin("{[,:") {
				return false
			}
			if _, ok := s.quoted(); !ok {
				return false
			}
			continue
		case '{', '[':
			if s.lines && depth > 0 && !s.mayBegin("[,:") {
				return false
			}
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.i++
				return true
			}
		}
		s.i++
	}
	return false
}

// mayBegin reports whether a value or a key may begin here: behind one of the signs.
func (s *jsonScan) mayBegin(signs string) bool {
	i := s.i - 1
	for i >= 0 && isBlank(s.b[i]) {
		i--
	}
	return i >= 0 && strings.IndexByte(signs, s.b[i]) >= 0
}

// appendUnescaped appends what a string of JSON says (RFC 8259 §7).
func appendUnescaped(dst, raw []byte) []byte {
	for {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 || n+1 == len(raw) {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:n]...)
		c := raw[n+1]
		raw = raw[n+2:]
		switch c {
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'u':
			var r rune
			r, raw = unicodeEscape(raw)
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c)
	}
}

// unicodeEscape reads the digits behind \u, and those of the other half of a pair.
func unicodeEscape(raw []byte) (rune, []byte) {
	first, ok := fourDigits(raw)
	if !ok {
		return utf8.RuneError, raw
	}
	raw = raw[4:]
	if utf16.IsSurrogate(first) && bytes.HasPrefix(raw, []byte(`\u`)) {
		if second, ok := fourDigits(raw[2:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, raw[6:]
			}
		}
	}
	return first, raw
}

func fourDigits(raw []byte) (rune, bool) {
	if len(raw) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw[:4]), 16, 32)
	return rune(n), err == nil
}
