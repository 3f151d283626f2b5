package resolve

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain writes a text as it would have been typed in ASCII: full-width letters and marks, typographic quotes, dashes and
// blanks become plain ones, and what cannot be seen goes away. It serves to tell what a faulty record means; a record is
// never read through it.
func Plain(text string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(plainRune, norm.NFKC.String(strings.Map(plainRune, strings.ToValidUTF8(text, ""))))
}

// isPlain reports whether a text is plain already, as nearly all are.
func isPlain(text string) bool {
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' || b == '`' {
			return false
		}
	}
	return true
}

func plainRune(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '「', '」', '『', '』', '″', '〝', '〟', '＂':
		return '"'
	case '‘', '’', '‚', '‛', '‹', '›', '`', '´', '′', '＇':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	case '。', '．':
		return '.'
	case '、', '，':
		return ','
	}
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf), r == '\u034f', '\ufe00' <= r && r <= '\ufe0f', r == '\u3164':
		return -1
	}
	return r
}
