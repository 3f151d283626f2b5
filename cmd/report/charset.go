package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// asText is an input as JSON can hold it: as it came. Where it is no UTF-8 the octets are read in code page 932, if that gives
// Japanese, else in windows-1252, which has a character for each: written in the same code page they are the input again.
func asText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	kana := func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) && r < 0xff00 }
	t, err := japanese.ShiftJIS.NewDecoder().String(s)
	if err == nil && !strings.ContainsRune(t, utf8.RuneError) && strings.ContainsFunc(t, kana) {
		return t
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r > utf8.RuneSelf && r != utf8.RuneError }) {
		return s // UTF-8 with a fault, such as a cut character
	}
	if t, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
		return t
	}
	return s
}
