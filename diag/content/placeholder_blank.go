package content

import (
	"strings"
	"sync"
	"unicode"
)

// blanks are the signs that people in Japan write for a name or a number that is still to come.
const blanks = "〇○◯●△▲□■◇×*_X"

// blank looks for a name or a date made of such signs at a rune: "〇〇様", "●月●日". It tells how many runes it has; 0 for none.
func (l *scan) blank(at int) int {
	sign := l.folded[at]
	if !strings.ContainsRune(blanks, sign) || at > 0 && (l.folded[at-1] == sign || sign == 'X' && unicode.IsLetter(l.folded[at-1])) {
		return 0
	}
	n := l.runOf(at, sign)
	if m := l.dateOf(at+n, sign); m > 0 {
		l.found("date_blank", at, at+n+m, false)
		return n + m
	}
	if n < 2 || n > 8 || !l.honoured(at+n) {
		return 0
	}
	to := at + n + l.honorific(at+n)
	if l.quoted(at, to) || l.quoted(at, at+n) {
		return n
	}
	before := strings.TrimSpace(string(l.folded[:at]))
	after := strings.Trim(string(l.folded[min(to, len(l.folded)):]), " 、,。.!")
	opens := before == "" || strings.HasSuffix(before, "株式会社") && strings.TrimSuffix(before, "株式会社") == ""
	l.found("name_blank", at, min(to, len(l.was)), l.early && opens && after == "")
	return n
}

// runOf is how many times a sign stands one after the other.
func (l *scan) runOf(at int, sign rune) int {
	n := 0
	for at+n < len(l.folded) && l.folded[at+n] == sign {
		n++
	}
	return n
}

// dateOf is how many runes of "月●日" follow; 0 for none.
func (l *scan) dateOf(at int, sign rune) int {
	if at >= len(l.folded) || l.folded[at] != '月' {
		return 0
	}
	n := l.runOf(at+1, sign)
	if n == 0 || n > 2 || at+1+n >= len(l.folded) || l.folded[at+1+n] != '日' {
		return 0
	}
	return n + 2
}

// salutation looks for the address of a reader without a name: " 様", "Dear ,".
func (l *scan) salutation() {
	line := strings.TrimSpace(string(l.folded))
	if line == "" || !l.early {
		return
	}
	missing := func(certain bool) { l.found("name_missing", 0, len(l.was), certain) }
	rest, ok := cutHonorific(line)
	switch {
	case l.bare(line):
		l.found("name_word", 0, len(l.was), true)
	case ok && l.place == "subject", ok && strings.Trim(rest, " 、,。.!:") == "", ok && strings.HasPrefix(rest, "、"):
		missing(true)
	case l.place == "subject" && (strings.Contains(line, "】様") || strings.Contains(line, "】 様")):
		missing(true)
	default:
		l.greeting(strings.ToLower(line), missing)
	}
}

// bare reports the address of a reader by the name of a field alone: "氏名 様", "会社名 お名前 様".
func (l *scan) bare(line string) bool {
	words, ok := strings.CutSuffix(strings.TrimRight(line, "、,"), "様")
	if !ok {
		return false
	}
	all := strings.Fields(words)
	for _, w := range all {
		if !bareNames()[w] {
			return false
		}
	}
	return len(all) > 0
}

// bareNames are names of fields that are nobody's name and no ordinary form of address.
var bareNames = sync.OnceValue(func() map[string]bool {
	return set("氏名 お名前 名前 姓名 宛名 会社名 御社名 貴社名 顧客名 お客様名 会員名 担当者名 " +
		"fname lname firstname lastname fullname username customername yourname")
})

// cutHonorific is what follows a form of address that a line begins with.
func cutHonorific(line string) (rest string, ok bool) {
	for _, h := range [...]string{"様", "さま", "御中", "さん"} {
		if rest, ok := strings.CutPrefix(line, h); ok {
			r := []rune(rest)
			return rest, len(r) == 0 || strings.ContainsRune(" 、,。.!:へ", r[0])
		}
	}
	return "", false
}

// greeting looks for a greeting in English that nobody follows.
func (l *scan) greeting(line string, missing func(certain bool)) {
	for _, g := range [...]string{"dear mr.", "dear mr", "dear mrs.", "dear mrs", "dear ms.", "dear ms", "dear", "hi", "hello", "hey"} {
		rest, ok := strings.CutPrefix(line, g)
		if !ok {
			continue
		}
		trimmed := strings.TrimLeft(rest, " ")
		titled := strings.HasPrefix(g, "dear ")
		switch {
		case strings.HasPrefix(trimmed, ",") && (len(trimmed) < len(rest) || titled):
			missing(true)
		case g == "dear" && (rest == "," || rest == ""), titled && trimmed == "":
			missing(false)
		default:
			if word := strings.TrimSpace(strings.TrimRight(trimmed, ",!:. ")); len(trimmed) < len(rest) &&
				bareNames()[strings.NewReplacer(" ", "", "_", "", "-", "").Replace(word)] {
				l.found("name_word", 0, len(l.was), true)
			}
		}
		return
	}
}

// program looks for what programs print where they have no value, and for texts that fill a template.
func (l *scan) program() {
	line := strings.ToLower(string(l.folded))
	runesBefore := func(i int) int { return len([]rune(line[:i])) }
	for _, word := range [...]string{"[object object]", "undefined", "null", "(null)", "nan", "none", "invalid date", "lorem ipsum"} {
		for from := 0; ; {
			i := strings.Index(line[from:], word)
			if i < 0 {
				break
			}
			i += from
			from = i + len(word)
			if !wordAt(line, i, from) {
				continue
			}
			at := runesBefore(i)
			to := at + len([]rune(word))
			if to > len(l.was) || l.quoted(at, to) {
				continue
			}
			if found, certain := l.valueless(word, line[:i], line[from:], at, to); found {
				l.found("program_value", at, to, certain)
			}
		}
	}
	for _, verb := range [...]string{"%s", "%1$s", "%@", "@model."} {
		i := strings.Index(line, verb)
		if i < 0 {
			continue
		}
		at, to := runesBefore(i), runesBefore(i)+len([]rune(verb))
		if certain := verb == "@model." || l.honoured(to) || l.greeted(at); certain && !l.quoted(at, to) {
			l.found("program_value", at, to, true)
		}
	}
	for _, filler := range [...]string{"ダミーテキスト", "ここに本文", "ここにテキスト", "ここにタイトル",
		"ここに件名", "ここに文章"} {
		if before, _, ok := strings.Cut(string(l.was), filler); ok {
			at := len([]rune(before))
			l.found("filler", at, at+len([]rune(filler)), false)
		}
	}
}

// wordAt reports whether a word stands by itself.
func wordAt(line string, from, to int) bool {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' }
	return (from == 0 || !letter(line[from-1]) || !letter(line[from])) && (to >= len(line) || !letter(line[to]) || !letter(line[to-1]))
}

// valueless judges a word of a program by what stands around it.
func (l *scan) valueless(word, before, after string, at, to int) (found, certain bool) {
	money := strings.HasSuffix(before, "¥") || strings.HasSuffix(before, "$") || strings.HasPrefix(after,
		"円") || strings.HasSuffix(before, "€")
	switch {
	case word == "[object object]", word == "lorem ipsum":
		return true, true
	case l.honoured(to), l.greeted(at), money && word != "none":
		return true, true
	case word == "invalid date":
		return true, false
	case word == "none", word == "nan":
		return false, false
	}
	alone := strings.TrimSpace(before) == "" && strings.TrimSpace(after) == ""
	labelled := strings.HasSuffix(strings.TrimSpace(before), ":") && strings.TrimSpace(after) == ""
	return alone || labelled, false
}
