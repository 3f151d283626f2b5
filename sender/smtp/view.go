package smtp

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"todoku/codes"
)

// view is another reading of a text: each octet of it, and from where to where
// what it was made of stands in the text.
type view struct {
	text     []byte
	from, to []int
}

// viewOf is the text of a reply itself without the enhanced codes that begin its lines.
func viewOf(text string) view {
	v := view{make([]byte, 0, len(text)), make([]int, 0, len(text)), make([]int, 0, len(text))}
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		word, _, more := strings.Cut(line, " ")
		skip := 0
		if _, ok := codes.ParseEnhanced(word); ok && more {
			skip = len(word)
		}
		for i := at + skip; i < min(at+len(line)+1, len(text)); i++ {
			v.add(text[i], i, i+1)
		}
		at += len(line) + 1
	}
	return v
}

func (v *view) add(c byte, from, to int) {
	v.text, v.from, v.to = append(v.text, c), append(v.from, from), append(v.to, to)
}

// fold makes capitals small, but for those that would change their length.
func (v view) fold() view {
	text := bytes.Clone(v.text)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if small := unicode.ToLower(r); r != utf8.RuneError && utf8.RuneLen(small) == size {
			utf8.EncodeRune(text[i:i+size], small)
		}
		i += size
	}
	v.text = text
	return v
}

// without leaves octets out.
func (v view) without(out func(byte) bool) view {
	var w view
	for i, c := range v.text {
		switch {
		case out(c):
		case v.from == nil:
			w.text = append(w.text, c)
		default:
			w.add(c, v.from[i], v.to[i])
		}
	}
	return w
}

func isBlank(c byte) bool { return c <= ' ' || c == 0x7f }

// isSeparator reports whether an octet is neither a letter, of any script, nor a digit.
func isSeparator(c byte) bool {
	return c < 0x80 && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

// unescaped reads the usual escapes: %2F, =2F and +2F, \x2F, \u002F and \057,
// &#47; and &amp;.
func (v view) unescaped() view {
	var w view
	for i := 0; i < len(v.text); {
		c, n := escape(string(v.text[i:min(i+maxEscape, len(v.text))]))
		w.add(c, v.from[i], v.to[i+n-1])
		i += n
	}
	return w
}

const maxEscape = 10 // octets of the longest, &#x0002F;

// escape reads the octet that a text begins with, and how many octets it takes.
func escape(s string) (c byte, n int) {
	number := func(prefix string, digits, base int) bool {
		end := len(prefix) + digits
		if len(s) < end || s[:len(prefix)] != prefix {
			return false
		}
		x, err := strconv.ParseUint(s[len(prefix):end], base, 16)
		if err != nil || x > 0xff {
			return false
		}
		c, n = byte(x), end
		return true
	}
	switch s[0] {
	case '%', '=', '+':
		if number(s[:1], 2, 16) {
			return c, n
		}
	case '\\':
		if number(`\x`, 2, 16) || number(`\u`, 4, 16) || number(`\`, 3, 8) {
			return c, n
		}
		if len(s) > 1 && isSeparator(s[1]) && s[1] != '\n' {
			return s[1], 2
		}
	case '&':
		if c, n := entity(s); n > 0 {
			return c, n
		}
	}
	return s[0], 1
}

// entity reads "&amp;", "&#47;" or "&#x2f;"; n is 0 where there is none.
func entity(s string) (c byte, n int) {
	name, _, ok := strings.Cut(s[1:], ";")
	if !ok || name == "" {
		return 0, 0
	}
	n = len(name) + 2
	switch name {
	case "amp":
		return '&', n
	case "lt":
		return '<', n
	case "gt":
		return '>', n
	case "quot":
		return '"', n
	case "apos":
		return '\'', n
	}
	digits, numeric := strings.CutPrefix(name, "#")
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "x"); ok {
		digits, base = hex, 16
	}
	x, err := strconv.ParseUint(digits, base, 8)
	if !numeric || err != nil {
		return 0, 0
	}
	return byte(x), n
}
