package dkim

import (
	"bytes"

	"todoku/sender/mail"
)

// Canon is a canonicalization (RFC 6376 §3.4).
type Canon uint8

// The two of RFC 6376.
const (
	Simple Canon = iota
	Relaxed
)

// String is the word that stands in c=.
func (c Canon) String() string {
	if c == Relaxed {
		return "relaxed"
	}
	return "simple"
}

// AppendField appends a header field in its canonical form, CRLF at its end included (RFC 6376 §3.4.1, §3.4.2). A line end
// of LF alone counts as CRLF.
func AppendField(dst []byte, c Canon, f mail.RawField) []byte {
	return append(appendField(dst, c, f.Bytes), '\r', '\n')
}

// appendField is AppendField without the CRLF at the end.
func appendField(dst []byte, c Canon, field []byte) []byte {
	if c == Simple {
		return appendCRLF(dst, field)
	}
	name, value, ok := bytes.Cut(field, []byte(":"))
	for _, c := range bytes.TrimRight(name, " \t\r\n") {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	if !ok {
		return dst
	}
	dst = append(dst, ':')
	start, blank := len(dst), false
	for i := 0; i < len(value); {
		switch c := value[i]; {
		case isSpace(c):
			blank = true
			i++
		case c == '\n':
			i++
		case c == '\r' && i+1 < len(value) && value[i+1] == '\n':
			i += 2
		default:
			if blank && len(dst) > start {
				dst = append(dst, ' ')
			}
			n := i + cleanRun(value[i:])
			dst, blank = append(dst, value[i:n]...), false
			i = n
		}
	}
	return dst
}

// appendCRLF appends a text whose lines end in LF or CRLF with CRLF.
func appendCRLF(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(append(dst, withoutCR(text[:i])...), '\r', '\n')
		text = text[i+1:]
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

func withoutCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
