package aggregate

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// The characters of names (XML 1.0 §2.3); those beyond ASCII count as such.
const (
	nameStart = 1 << iota
	nameChar
)

// nameClass says of each octet what it may be in a name.
var nameClass = [256]uint8{
	'-': nameChar, '.': nameChar, '0': nameChar, '1': nameChar, '2': nameChar, '3': nameChar, '4': nameChar, '5': nameChar,
	'6': nameChar, '7': nameChar, '8': nameChar, '9': nameChar,
	'A': 3, 'B': 3, 'C': 3, 'D': 3, 'E': 3, 'F': 3, 'G': 3, 'H': 3, 'I': 3, 'J': 3, 'K': 3, 'L': 3, 'M': 3, 'N': 3, 'O': 3, 'P': 3,
	'Q': 3, 'R': 3, 'S': 3, 'T': 3, 'U': 3, 'V': 3, 'W': 3, 'X': 3, 'Y': 3, 'Z': 3, '_': 3, ':': 3,
	'a': 3, 'b': 3, 'c': 3, 'd': 3, 'e': 3, 'f': 3, 'g': 3, 'h': 3, 'i': 3, 'j': 3, 'k': 3, 'l': 3, 'm': 3, 'n': 3, 'o': 3, 'p': 3,
	'q': 3, 'r': 3, 's': 3, 't': 3, 'u': 3, 'v': 3, 'w': 3, 'x': 3, 'y': 3, 'z': 3,
}

// tag takes the tag at pos. atEnd says that it is none: the "<" is text.
func (s *scanner) tag() tag {
	kind, from := startTag, 1
	if s.buf[s.pos+1] == '/' {
		kind, from = endTag, 2
	}
	// Most tags are a name alone, and in the buffer.
	window := s.buf[s.pos:s.end]
	n, colon := from, from
	for n < min(len(window), maxTag) && nameClass[window[n]] != 0 {
		if window[n] == ':' {
			colon = n + 1
		}
		n++
	}
	length := n
	if n == len(window) || n == from || window[n] != '>' {
		if length = s.tagEnd(from); length < 0 {
			s.noTag()
			return atEnd
		}
		window = s.buf[s.pos:s.end]
		for n = from; nameClass[window[n]] != 0; n++ {
			if window[n] == ':' {
				colon = n + 1
			}
		}
	}
	s.name, s.attrs, s.other = window[colon:n], window[n:length], colon > from
	s.empty = kind == startTag && length > n && window[length-1] == '/'
	s.finish(s.pos)
	s.pos += length + 1
	return kind
}

// tagEnd is where the tag at pos ends with ">", counted from pos; negative where it is no tag.
func (s *scanner) tagEnd(from int) int {
	i, quote := from, byte(0)
	inName := true
	for {
		if !s.has(i + 1) {
			return -1
		}
		for window := s.buf[s.pos:s.end]; i < len(window); i++ {
			c := window[i]
			if i > maxTag {
				return -1
			}
			if inName {
				if nameClass[c] != 0 {
					continue
				}
				if i == from || c != '>' && c != '/' && !isBlank(c) {
					return -1
				}
				inName = false
			}
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return i
			case c == '"' || c == '\'':
				quote = c
			case c == '<':
				return -1
			}
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// unescape appends a text without its references (XML 1.0 §4.1).
func (s *scanner) unescape(out, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		text = text[i:]
		end := bytes.IndexByte(text[:min(len(text), 32)], ';')
		if end < 0 {
			out, text = append(out, '&'), text[1:]
			continue
		}
		if r, ok := reference(text[1:end]); ok {
			out = utf8.AppendRune(out, r)
		} else {
			s.fault(UnknownEntity, text[:end+1], false)
			out = append(out, text[:end+1]...)
		}
		text = text[end+1:]
	}
}

// reference is the character of a reference: of the five entities, or of a number. One that XML does not allow is U+FFFD.
func reference(name []byte) (rune, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := bytes.CutPrefix(name, []byte("#"))
	if !ok || len(digits) == 0 {
		return 0, false
	}
	base := 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil {
		return 0, false
	}
	r := rune(n)
	if n > utf8.MaxRune || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == utf8.MaxRune || !utf8.ValidRune(r) {
		return utf8.RuneError, true
	}
	return r, true
}

// attribute is the value of the first attribute whose name is wanted, or begins with it and a colon; "" for none.
func attribute(attrs []byte, name string) string {
	for {
		i := bytes.IndexByte(attrs, '=')
		if i < 0 {
			return ""
		}
		key := bytes.TrimSpace(attrs[:i])
		rest := bytes.TrimLeft(attrs[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if string(key) == name || bytes.HasPrefix(key, []byte(name+":")) {
			return string(rest[1 : end+1])
		}
		attrs = rest[end+2:]
	}
}
