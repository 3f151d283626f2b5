package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes hidden characters visible: \x1b for a control character or an octet that is no UTF-8, \u{202e} for any
// other. What it gives can be shown on a terminal, on one line; a line break or a tab is a control character, too.
func Clean(s string) string { return cleaned(s, "") }

// cleaned is Clean, but leaves the ASCII characters of keep as they are.
func cleaned(s, keep string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	selectable := false // the character before may have a variation selector
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < utf8.RuneSelf && strings.IndexByte(keep, s[i]) >= 0:
			b.WriteByte(s[i])
		case r < 0xa0 && unicode.IsControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case Hidden(r) || unicode.Is(unicode.Variation_Selector, r) && !selectable:
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		selectable = n > 1 && unicode.IsGraphic(r) && !unicode.Is(unicode.Variation_Selector, r)
		i += n
	}
	return b.String()
}

// plain reports whether a text is printable ASCII, which most texts are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Hidden reports whether a character is not seen but does something: it is a control character (C0, DEL, C1), turns
// the writing direction (U+061C, 200E, 200F, 202A–202E, 2066–2069), has no width (U+200B–200D, 2060, FEFF, tags), may
// become a hyphen (U+00AD), annotates (U+FFF9–FFFB), separates lines (U+2028, 2029), or is ignored where it is not
// known (Unicode's Default_Ignorable_Code_Point). A variation selector is not hidden behind a character whose form it
// chooses, as in Japanese names; it is hidden everywhere else. A blank that is not U+0020 looks like one but is another
// character to a program (U+00A0, 1680, 2000–200A, 202F, 205F); the wide blank of Japanese (U+3000) can be told from it.
func Hidden(r rune) bool {
	switch {
	case r < 0x7f:
		return r < 0x20
	case r < 0xa0:
		return true
	case r < 0x300: // most texts are Latin or Japanese: no tables for them
		return r == 0xad || r == 0xa0
	case 0x3000 <= r && r < 0xd800:
		return r == 0x3164
	}
	return unicode.In(r, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}
