package guide

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// reading is a text as somebody may read it, of which each octet knows the octets of the original that it stands for.
type reading struct {
	text     string
	from, to []int
}

func readingOf(s string) reading {
	r := reading{text: s, from: make([]int, len(s)), to: make([]int, len(s))}
	for i := range len(s) {
		r.from[i], r.to[i] = i, i+1
	}
	return r
}

// through reads a text once more: next gives what its beginning means, and how many octets that takes.
func (r reading) through(next func(string) (string, int)) reading {
	var out reading
	var b strings.Builder
	for i := 0; i < len(r.text); {
		s, n := next(r.text[i:])
		for range len(s) {
			out.from, out.to = append(out.from, r.from[i]), append(out.to, r.to[i+n-1])
		}
		b.WriteString(s)
		i += n
	}
	out.text = b.String()
	return out
}

// folded reads without regard to case, width and composition (Unicode's NFKC).
func folded(s string) (string, int) {
	n := norm.NFKC.NextBoundaryInString(s, true)
	return strings.ToLower(strings.ToUpper(norm.NFKC.String(s[:n]))), n
}

// hexadecimal reads octets that are written as two digits behind a sign: %40 in a link, =40 in quoted-printable text
// (RFC 2045 §6.7).
func hexadecimal(sign byte) func(string) (string, int) {
	return func(s string) (string, int) {
		if len(s) > 2 && s[0] == sign {
			if c, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
				return string([]byte{byte(c)}), 3
			}
		}
		return s[:1], 1
	}
}

// unescaped reads what stands behind backslashes: \" of a quoted string, \u003c of JSON.
func unescaped(s string) (string, int) {
	if s[0] != '\\' || len(s) < 2 {
		return s[:1], 1
	}
	for mark, digits := range map[byte]int{'u': 4, 'x': 2} {
		if s[1] == mark && len(s) >= 2+digits {
			if c, err := strconv.ParseUint(s[2:2+digits], 16, 32); err == nil {
				return string(rune(c)), 2 + digits
			}
		}
	}
	return s[1:2], 2
}

// without hides the secrets in a text, however they are written. With words, a secret is hidden where it is a word of
// its own: "taro" is not hidden in "tarot". One letter is not hidden: masked shows it, too.
func without(s string, secrets []string, words bool) string {
	percent, quoted := hexadecimal('%'), hexadecimal('=')
	plain := readingOf(s)
	found := make([]bool, len(s))
	for _, r := range []reading{plain, plain.through(percent), plain.through(quoted), plain.through(unescaped),
		plain.through(quoted).through(percent).through(unescaped)} {
		r = r.through(folded)
		for _, secret := range secrets {
			if utf8.RuneCountInString(secret) > 1 {
				r.mark(found, readingOf(secret).through(folded).text, words)
			}
		}
	}
	return concealed(s, found)
}

// mark notes the octets of the original at which a secret stands.
func (r reading) mark(found []bool, secret string, words bool) {
	done := 0 // octets of the original
	for i := 0; ; {
		at := strings.Index(r.text[i:], secret)
		if at < 0 {
			return
		}
		at += i
		end := at + len(secret)
		if !words || !oneWord(r.text[:at], secret) && !oneWord(secret, r.text[end:]) {
			for k := max(done, r.from[at]); k < r.to[end-1]; k++ {
				found[k] = true
			}
			done = r.to[end-1]
		}
		_, n := utf8.DecodeRuneInString(secret)
		i = at + n
	}
}

// oneWord reports whether two texts side by side make one word. Where a script writes no blanks between words, two
// words may touch.
func oneWord(left, right string) bool {
	before, _ := utf8.DecodeLastRuneInString(left)
	after, _ := utf8.DecodeRuneInString(right)
	part := func(c rune) bool {
		return (unicode.IsLetter(c) || unicode.IsDigit(c)) && !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana,
			unicode.Hangul, unicode.Thai)
	}
	return left != "" && right != "" && part(before) && part(after)
}

// concealed puts the sign for what is hidden in the place of all that was found.
func concealed(s string, found []bool) string {
	var b strings.Builder
	inside := false
	for i := range len(s) {
		hide := found[i] && s[i] != '\n' // a reply keeps its lines
		if hide && !inside {
			b.WriteString(hidden)
		}
		if !hide {
			b.WriteByte(s[i])
		}
		inside = hide
	}
	return b.String()
}
