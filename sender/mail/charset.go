package mail

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"todoku/codes"
)

// Charset is the encoding of a mail's text.
type Charset string

// The charsets. ISO-2022-JP (RFC 1468) is what old Japanese clients read best.
const (
	UTF8      Charset = "UTF-8"
	ISO2022JP Charset = "ISO-2022-JP"
)

// ParseCharset reads a charset's name; "" is UTF-8.
func ParseCharset(s string) (Charset, error) {
	switch strings.ToUpper(s) {
	case "", "UTF-8", "UTF8":
		return UTF8, nil
	case "ISO-2022-JP", "ISO2022JP", "JIS":
		return ISO2022JP, nil
	}
	return "", codes.WrongAt("charset", codes.Text{EN: "{value} is neither UTF-8 nor ISO-2022-JP", JA: "{value} には対応していません。UTF-8 または ISO-2022-JP を指定してください"}, codes.QuotedStart("value", s, 40))
}

// encode gives the bytes of s; place names it in errors.
func (c Charset) encode(place, s string) ([]byte, error) {
	if c != ISO2022JP {
		return []byte(s), nil
	}
	return newJIS().encode(place, s)
}

func (e *jis) encode(place, s string) ([]byte, error) {
	out := make([]byte, 0, len(s)+len(s)/4+8)
	row, column := 1, 0
	for i, r := range s {
		column++
		pair, ok := e.pair(r)
		if !ok {
			return nil, unencodable(place, s[i:], r, row, column)
		}
		out = e.append(out, r, pair)
		if r == '\n' {
			row, column = row+1, 0
		}
	}
	return e.end(out), nil
}

func unencodable(place, rest string, r rune, row, column int) error {
	if r == utf8.RuneError && !strings.HasPrefix(rest, "\uFFFD") {
		return codes.WrongAt(place, codes.Text{EN: "line {line}, character {n} is not valid UTF-8", JA: "{line}行目の{n}文字目が正しい UTF-8 ではありません"}, codes.Num("line", row), codes.Num("n", column))
	}
	if 0xff61 <= r && r < 0xffa0 {
		return codes.WrongAt(place, codes.Text{EN: "line {line}, character {n}: ISO-2022-JP has no half-width katakana {character} ({unicode}); write it full-width, or send as UTF-8",
			JA: "{line}行目の{n}文字目: ISO-2022-JP では半角カタカナ {character}({unicode})を使用できません。全角にするか、UTF-8 で送信してください"}, codes.Num("line", row), codes.Num("n", column), codes.Str("character", strconv.QuoteRune(r)), codes.Str("unicode", fmt.Sprintf("%U", r)))
	}
	return codes.WrongAt(place, codes.Text{EN: "line {line}, character {n}: ISO-2022-JP cannot hold {character} ({unicode}); replace it, or send as UTF-8",
		JA: "{line}行目の{n}文字目: {character}({unicode})は ISO-2022-JP で表現できません(機種依存文字など)。別の文字に置き換えるか、UTF-8 で送信してください"}, codes.Num("line", row), codes.Num("n", column), codes.Str("character", strconv.QuoteRune(r)), codes.Str("unicode", fmt.Sprintf("%U", r)))
}

// jis writes JIS X 0208 with the escapes of RFC 1468. x/text has the table but
// also lets through half-width katakana and the vendors' rows.
type jis struct {
	known map[rune][2]byte
	kanji bool // the state: two bytes a character
}

func newJIS() *jis { return &jis{known: map[rune][2]byte{}} }

// pair gives the two bytes of a character; both are 0 for an ASCII one.
func (e *jis) pair(r rune) ([2]byte, bool) {
	if r < utf8.RuneSelf {
		return [2]byte{}, r != 0x1b && r != 0x0e && r != 0x0f
	}
	if p, ok := e.known[r]; ok {
		return p, p[0] != 0
	}
	var p [2]byte
	b, err := japanese.ISO2022JP.NewEncoder().Bytes([]byte(string(tableRune(r))))
	// ESC $ B x y ESC ( B. Row 13 and those from 85 on are a vendor's.
	if err == nil && len(b) >= 5 && string(b[:3]) == "\x1b$B" {
		if row := b[3] - 0x20; row != 13 && row <= 84 {
			p = [2]byte{b[3], b[4]}
		}
	}
	e.known[r] = p
	return p, p[0] != 0
}

// tableRune gives the character that the table has for one of the same look: Unicode
// and the vendors read a few places of JIS X 0208 differently.
func tableRune(r rune) rune {
	switch r {
	case '\u301c': // wave dash
		return '\uff5e'
	case '\u2212': // minus
		return '\uff0d'
	case '\u2016': // double vertical line
		return '\u2225'
	case '\u2014': // em dash
		return '\u2015'
	case '\u00a2', '\u00a3': // cent, pound
		return r - 0xa2 + 0xffe0
	case '\u00ac': // not sign
		return '\uffe2'
	case '\u00a5': // yen
		return '\uffe5'
	case '\u203e': // overline
		return '\uffe3'
	}
	return r
}

func (e *jis) append(out []byte, r rune, pair [2]byte) []byte {
	if r < utf8.RuneSelf {
		return append(e.end(out), byte(r))
	}
	if !e.kanji {
		e.kanji = true
		out = append(out, "\x1b$B"...)
	}
	return append(out, pair[0], pair[1])
}

// end returns to ASCII, as a line and a text must.
func (e *jis) end(out []byte) []byte {
	if e.kanji {
		e.kanji = false
		out = append(out, "\x1b(B"...)
	}
	return out
}

func decoder() *encoding.Decoder { return japanese.ISO2022JP.NewDecoder() }
