package ticket

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"todoku/codes"
)

// maxWords bounds the texts in which words are looked for, in octets: what is longer is no ticket.
const maxWords = 8 << 10

// symptomOf understands the words for what happened.
func symptomOf(c *codes.Catalogue, text string) Symptom {
	if len(text) > maxWords {
		return Symptom{}
	}
	text = strings.ToLower(text)
	if s, ok := named(c, text); ok {
		return s
	}
	w := words(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "again later", "again"))
	for _, rule := range rules {
		if rule.fits(w) {
			return Symptom{Patterns: rule.patterns, Cause: rule.cause, Weak: rule.weak, NoResult: rule.ask}
		}
	}
	return titled(c, string(w))
}

var (
	patternName = sync.OnceValue(compile(`(?:パターン|\bpattern)\s*([a-g1-3])(?:[^0-9a-z]|$)`))
	causeName   = sync.OnceValue(compile(`(?:要因|解決方法|cause)\s*([1-3])(?:[^0-9a-z]|$)`))
)

// named reads the name of a pattern, of the guide or of the manual: 「パターンA」, 「パターン1」.
func named(c *codes.Catalogue, text string) (Symptom, bool) {
	list := patternName().FindAllStringSubmatch(text, -1)
	var out Symptom
	for _, m := range list {
		p, ok := c.PatternNamed("pattern" + m[1])
		if ok && !slices.Contains(out.Patterns, p.ID) {
			out.Patterns = append(out.Patterns, p.ID)
		}
	}
	m := causeName().FindStringSubmatch(text)
	if m != nil && len(out.Patterns) == 0 && m[1] != "3" { // the manual numbers the two of its first pattern
		out.Patterns = []string{"A"}
	}
	if m != nil && len(out.Patterns) == 1 {
		if p, _ := c.Pattern(out.Patterns[0]); int(m[1][0]-'0') <= len(p.Causes) {
			out.Cause = int(m[1][0] - '0')
		}
	}
	return out, len(out.Patterns) > 0
}

// titled finds the pattern whose title has the words.
func titled(c *codes.Catalogue, text string) Symptom {
	text = strings.TrimSpace(text)
	var out Symptom
	if len([]rune(text)) < 3 {
		return out
	}
	for _, p := range c.Patterns() {
		for _, title := range []string{p.Title.EN, p.Title.JA} {
			if strings.Contains(strings.ToLower(normal(title)), text) && !slices.Contains(out.Patterns, p.ID) {
				out.Patterns = append(out.Patterns, p.ID)
			}
		}
	}
	return out
}

// words is a text in lower case, its words a blank apart.
type words string

// maxGap is how far two words of a phrase may stand apart, in octets: some ten Japanese letters.
const maxGap = 42

// say reports whether the text has one of the phrases, not denied. In a phrase "…" stands for up to maxGap octets.
func (w words) say(phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return w.says(p, false) })
}

// deny reports whether the text has one of the phrases, and denies it.
func (w words) deny(phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return w.says(p, true) })
}

// says reports whether a phrase is in the text, denied or not.
func (w words) says(phrase string, denied bool) bool {
	stem, negative := strings.CutSuffix(phrase, "-")
	parts := strings.Split(stem, "…")
	for from := 0; ; {
		at := strings.Index(string(w[from:]), parts[0])
		if at < 0 {
			return false
		}
		from += at + len(parts[0])
		if !w.wordAt(from-len(parts[0]), from) {
			continue
		}
		if end, ok := w.follows(from, parts[1:]); ok {
			rest := w.rest(end)
			if negative && ending().MatchString(rest) || !negative && denial().MatchString(rest) == denied {
				return true
			}
		}
	}
}

// wordAt reports whether what stands between two octets begins a word, and is no part of a path, a name or an assignment.
// Japanese words stand side by side.
func (w words) wordAt(start, end int) bool {
	if w[start] >= utf8.RuneSelf {
		return true
	}
	if start > 0 && (isWord(w[start-1]) || strings.IndexByte("/\\=.@-", w[start-1]) >= 0) {
		return false
	}
	for end < len(w) && isWord(w[end]) && isWord(w[end-1]) {
		end++
	}
	return end == len(w) || strings.IndexByte("/\\=@_", w[end]) < 0
}

func isWord(c byte) bool { return 'a' <= c && c <= 'z' || isDigit(c) || c == '_' }

// follows reports whether parts follow one after the other from an octet, and where the last ends.
func (w words) follows(from int, parts []string) (end int, ok bool) {
	for _, p := range parts {
		at := strings.Index(string(w[from:min(len(w), from+maxGap+len(p))]), p)
		if at < 0 || strings.ContainsRune(string(w[from:from+at]), '。') {
			return 0, false
		}
		from += at + len(p)
	}
	return from, true
}

// rest is what stands behind an octet in the same sentence.
func (w words) rest(from int) string {
	rest := string(w[from:min(len(w), from+96)])
	if i := strings.IndexAny(rest, "。、,\n"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// ending is how a verb is denied.
var ending = sync.OnceValue(compile(`^(な|ませ|ず|れな|れませ)`))

// denial is what takes a word back: 「エラーは出ていない」, 「エラーなし」.
var denial = sync.OnceValue(compile(`^["'」』)]?(メール)?(に|は|が|も|で|では|には|とは|など)*(特に|何も|一切)?(` +
	`[: ]*(0|ゼロ)(件|通|で|$` +
	`)|なし|無し|ない|無い|ありません|ございません|出(て(い)?(ない|ません|おりません)|` +
	`ない|ません|ておらず|ず)|` +
	`な(って|っては)(い)?(ない|ません|おりません|おらず)|ならず|` +
	`表示され(ない|ません|て(い)?ない|ていません)|` +
	`来て(い)?(ない|ません)|届いて(い)?(ない|ません)|返って(き|来)て(い)?(ない|ません))`))
