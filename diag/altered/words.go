package altered

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"todoku/sender/mail"
)

// decodedWords is the value of a field for people.
func decodedWords(value string) string {
	return mail.Open([]byte("Subject: " + value + "\r\n\r\n")).Words("Subject")
}

// wordStyle is a manner in which programs write encoded words (RFC 2047).
type wordStyle struct {
	charset string
	table   encoding.Encoding
	b       bool // the B encoding
	most    int  // length of a word in characters; 0: no bound
	first   int  // less room for the first one
	part    bool // ASCII words at both ends stay as they are
	minimal bool // Q: only what must be encoded is
}

func wordStyles(name string) (list []wordStyle) {
	taken := len(name) + 2
	for _, c := range []struct {
		names []string
		table encoding.Encoding
	}{{[]string{"UTF-8", "utf-8"}, encoding.Nop}, {[]string{"ISO-2022-JP", "iso-2022-jp"}, japanese.ISO2022JP},
		{[]string{"Shift_JIS", "shift_jis"}, japanese.ShiftJIS}} {
		for _, charset := range c.names {
			for _, part := range []bool{false, true} {
				for _, b := range []bool{true, false} {
					for _, most := range [][2]int{{75, 0}, {75, taken}, {76, taken}, {0, 0}, {60, 0}, {64, taken}, {72, taken}, {78, taken}} {
						list = append(list, wordStyle{charset, c.table, b, most[0], most[1], part, false})
						if !b {
							list = append(list, wordStyle{charset, c.table, b, most[0], most[1], part, true})
						}
					}
				}
			}
		}
	}
	return list
}

// encode writes a text; "" where the charset has not all of it.
func (w wordStyle) encode(text string) string {
	if isASCII(text) {
		return text
	}
	before, middle, after := "", text, ""
	if w.part {
		before, middle, after = aroundASCII(text)
		if before+after == "" {
			return ""
		}
	}
	var words []string
	for room := w.most - w.first; middle != ""; room = w.most {
		n, coded := w.word(middle, room)
		if n == 0 {
			return ""
		}
		words = append(words, coded)
		middle = middle[n:]
	}
	return before + strings.Join(words, " ") + after
}

// word writes as many characters as there is room for into one word. n is how many octets of the text they are.
func (w wordStyle) word(text string, room int) (n int, coded string) {
	for n < len(text) {
		_, size := utf8.DecodeRuneInString(text[n:])
		raw, err := w.table.NewEncoder().String(text[:n+size])
		if err != nil {
			return 0, ""
		}
		next := "=?" + w.charset + "?Q?" + quotedWord(raw, w.minimal) + "?="
		if w.b {
			next = "=?" + w.charset + "?B?" + base64.StdEncoding.EncodeToString([]byte(raw)) + "?="
		}
		if w.most > 0 && len(next) > room && n > 0 {
			break
		}
		n, coded = n+size, next
	}
	return n, coded
}

func quotedWord(s string, minimal bool) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c > ' ' && c < 0x7f && c != '=' && c != '?' && c != '_' && (minimal || isAlnum(c) || strings.IndexByte("!*+-/", c) >= 0):
			b.WriteByte(c)
		default:
			b.WriteString("=" + string(digits[c>>4]) + string(digits[c&15]))
		}
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// aroundASCII splits the words that are ASCII off both ends, with the blanks between.
func aroundASCII(text string) (before, middle, after string) {
	words := strings.Split(text, " ")
	first := slices.IndexFunc(words, func(w string) bool { return !isASCII(w) })
	last := len(words)
	for last > first && isASCII(words[last-1]) {
		last--
	}
	before, middle, after = strings.Join(words[:first], " "), strings.Join(words[first:last], " "), strings.Join(words[last:], " ")
	if before != "" {
		before += " "
	}
	if after != "" {
		after = " " + after
	}
	return before, middle, after
}

// maxReworded is the size of a text that is not written anew, in octets.
const maxReworded = 400

// rewordings are the spellings of a text as the value of a field.
func rewordings(name, text string) []string {
	list := []string{text}
	if len(text) > maxReworded {
		return list
	}
	for _, w := range wordStyles(name) {
		if s := w.encode(text); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

var bracketed = sync.OnceValue(compile(`\[[^\]]{1,80}\]|【[^】]{1,80}】|［[^］]{1,80}］|\*{1,5}[^*]{1,60}\*{1,5}|\([^)]{1,60}\)|` +
	`\{[^}]{1,60}\}|<[^>]{1,60}>|〔[^〕]{1,60}〕|≪[^≫]{1,60}≫|《[^》]{1,60}》|\#{2,5}[^#]{1,60}#{2,5}`))

// unprefixed are the texts that a subject may have had before something was put to it, the likeliest first.
func unprefixed(text string) (list []string) {
	add := func(s string) {
		if s != text && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	at := bracketed().FindAllStringIndex(text, 6)
	for _, m := range at {
		before, after := text[:m[0]], text[m[1]:]
		add(before + strings.TrimLeft(after, " :-"))
		add(before + after)
		add(strings.TrimRight(before, " ") + after)
		if before == "" || strings.TrimSpace(after) == "" {
			add(strings.TrimSpace(before + after))
		}
	}
	if len(at) > 1 && at[0][0] == 0 {
		add(strings.TrimLeft(text[at[1][1]:], " "))
	}
	words := strings.SplitAfter(text, " ")
	for n := 1; n < len(words) && n <= 6; n++ {
		add(strings.Join(words[n:], ""))
	}
	for n := len(words) - 1; n > 0 && n >= len(words)-4; n-- {
		add(strings.TrimRight(strings.Join(words[:n], ""), " "))
	}
	for _, colon := range []string{":", "："} {
		if _, rest, ok := strings.Cut(text, colon); ok {
			add(strings.TrimLeft(rest, " "))
			add(rest)
		}
	}
	return list
}
