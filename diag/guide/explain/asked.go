package explain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"todoku/diag/provider"
)

// beforeNames and afterNames are what people type around the name of what they look up, folded: "what is DKIM",
// 「SPFレコードの設定方法」.
var (
	beforeNames = []string{"what is ", "what are ", "what does ", "explain ", "about "}
	afterNames  = []string{"とは何ですか", "とはなんですか", "とは何か", "とは何", "とは",
		"って何ですか", "って何", "ってなに", "の意味", "意味",
		"の設定方法", "設定方法", "の設定", "設定", "について", "の要件", "の制限", "の窓口",
		"の連絡先", "の問い合わせ先", "問い合わせ", "のメール", "メール",
		"宛て", "宛", "の", " meaning", " mean", " mail", " requirements", " contact"}
)

// asked looks up what is left when the words around a name are taken off, one after the other.
func (x Explainer) asked(word string) []Reading {
	for {
		rest := word
		for _, w := range beforeNames {
			rest = strings.TrimPrefix(rest, w)
		}
		for _, w := range afterNames {
			if cut, ok := strings.CutSuffix(rest, w); ok && rest == word {
				rest = cut
			}
		}
		if rest = strings.TrimSpace(rest); rest == word || rest == "" {
			return nil
		}
		if known := x.known(rest); len(known) > 0 {
			slices.SortStableFunc(known, func(a, b Reading) int { return rank(a.Kind) - rank(b.Kind) })
			return known
		}
		word = rest
	}
}

// rank puts the word of the field before the reason of the same name: who asks what SPF is did not get an error.
func rank(k Kind) int {
	if k == KindReason || k == KindClass {
		return 1
	}
	return 0
}

// sameName reports whether a name is meant by a folded word: blanks between Japanese and Latin letters do not count.
func sameName(name, word string) bool {
	name = Fold(name)
	return name == word || tight(name) == tight(word)
}

func tight(s string) string { return strings.ReplaceAll(s, " ", "") }

// named are the providers that a sentence names: 「auに届かない」.
func (x Explainer) named(sentence string) []Reading {
	sentence = Fold(sentence)
	var out []Reading
	for h := range provider.Headings() {
		for _, n := range h.Called {
			if n = Fold(n); holdsName(sentence, n) {
				if p, err := h.Page(); err == nil {
					out = append(out, x.pageReading(p))
				}
				break
			}
		}
	}
	return out
}

// holdsName finds a name in a text. One in Latin letters stands between others than such letters, digits and the signs of
// addresses.
func holdsName(text, name string) bool {
	latin := func(r rune) bool {
		return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".@-_", r))
	}
	for at := 0; ; at++ {
		i := strings.Index(text[at:], name)
		if i < 0 || name == "" {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(name):])
		first, _ := utf8.DecodeRuneInString(name)
		if !latin(first) || !(at > 0 && latin(before)) && !(at+len(name) < len(text) && latin(after)) {
			return true
		}
	}
}
