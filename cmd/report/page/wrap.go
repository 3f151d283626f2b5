package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Ruler measures columns. The condition is explicit: the default one follows
// the locale, and the same report would break its lines differently.
type Ruler struct{ runewidth.Condition }

func NewRuler() Ruler {
	return Ruler{runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}}
}

// Pad fills a text up to a width.
func (r Ruler) Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-r.StringWidth(s)))
}

// Characters that must not begin, or end, a line of Japanese (JIS X 4051).
const (
	notFirst = "、。,.・:;?!)]}」』】〉》〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々,.)]:;!?%°…"
	notLast  = "([{「『【〈《〔([{"
	closes   = ")]}」』】〉》〕)]"
	// A phrase ends behind these.
	phraseEnds = "、。・:;?!)]}」』】〉》〕,)]:;!?"
)

// wholes are the labels of the manual, and words that people look for: a line does not end within one.
var wholes = [...]string{
	"宛先E-mailアドレス", "送信者E-mailアドレス", "メールを送信した日時", "宛先メールサーバー",
	"宛先メールクライアント", "個別メール送信履歴", "エラー時返信先", "メール配信コード",
	"迷惑メール", "応答コード",
}

// Wrap breaks a text into lines of a width: at blanks, and between the wide
// characters of Japanese, there where a phrase begins if one does near the end
// of the line. What has no place to break may be longer.
func (r Ruler) Wrap(s string, width int) []string {
	if one := strings.TrimRight(s, " "); r.StringWidth(one) <= width {
		return []string{one}
	}
	var lines []string
	var line []string // pieces
	used := 0
	for _, piece := range r.pieces(s, width) {
		for used > 0 && used+r.StringWidth(strings.TrimRight(piece, " ")) > width {
			cut := r.cut(append(line, piece), width)
			lines = append(lines, strings.TrimRight(strings.Join(line[:cut], ""), " "))
			line = line[cut:]
			used = r.StringWidth(strings.Join(line, ""))
		}
		line = append(line, piece)
		used += r.StringWidth(piece)
	}
	if len(line) > 0 || len(lines) == 0 {
		lines = append(lines, strings.TrimRight(strings.Join(line, ""), " "))
	}
	return lines
}

// cut is how many of the pieces make a line; the last of them is too much. It
// takes the last place of the best kind in the last quarter of the line, and
// looks farther back rather than break a word.
func (r Ruler) cut(pieces []string, width int) int {
	best, bestQuality := len(pieces)-1, -1
	used := r.StringWidth(strings.Join(pieces[:best], ""))
	for n := best; n > 0 && (bestQuality < 0 || 4*used >= 3*width || bestQuality < wordBegins && 3*used >= width); n-- {
		before, _ := utf8.DecodeLastRuneInString(pieces[n-1])
		after, _ := utf8.DecodeRuneInString(pieces[n])
		k := breakQuality(before, after)
		if k == withinWord && unicode.Is(unicode.Hiragana, before) && politeEnd(pieces[n:]) {
			k = compound
		}
		if k > bestQuality {
			best, bestQuality = n, k
		}
		used -= r.StringWidth(pieces[n-1])
	}
	return best
}

// How well a line breaks between two characters.
const (
	withinWord   = iota
	compound     // between the parts of a long word: 迷惑 and メール
	wordBegins   //
	phraseBegins //
)

// breakQuality tells how well a line breaks between two characters. Japanese words begin with kanji, katakana or letters
// and end in hiragana; what stands in brackets or in letters has its particle behind it: 「正常」のまま.
func breakQuality(before, after rune) int {
	particle := unicode.Is(unicode.Hiragana, after)
	switch {
	case particle && (before == ' ' || strings.ContainsRune(closes, before)):
		return withinWord
	case before == ' ' && script(after) != unicode.Latin: // between a letter and Japanese
		return wordBegins
	case before == ' ' || strings.ContainsRune(phraseEnds, before):
		return phraseBegins
	case before == 'て' && (after == 'く' || after == 'い'): // して ください, して います
		return wordBegins
	case particle || unicode.IsDigit(before):
		return withinWord
	case strings.ContainsRune("おごきけみり", before): // often within a word: お客様, 受け取る
		return withinWord
	case unicode.Is(unicode.Hiragana, before):
		return phraseBegins
	case before < unicode.MaxASCII && script(after) == unicode.Katakana: // E-mailアドレス, SPFレコード
		return withinWord
	case script(before) == unicode.Katakana && unicode.IsDigit(after): // 応答コード553
		return withinWord
	case script(before) != script(after):
		return compound
	}
	return withinWord
}

// politeEnd reports whether the polite end of a verb begins here: なり and ました.
func politeEnd(pieces []string) bool {
	rest := strings.Join(pieces[:min(len(pieces), 2)], "")
	begins := func(end string) bool { return strings.HasPrefix(rest, end) }
	return slices.ContainsFunc([]string{"ます", "まし", "ませ", "です", "でし"}, begins)
}

func script(c rune) *unicode.RangeTable {
	if c == 'ー' {
		return unicode.Katakana
	}
	for _, t := range [...]*unicode.RangeTable{unicode.Katakana, unicode.Han} {
		if unicode.Is(t, c) {
			return t
		}
	}
	return unicode.Latin
}

// pieces are what must stay together, each with the blanks that follow it.
func (r Ruler) pieces(s string, width int) []string {
	out := make([]string, 0, len(s)/6+1) // about the length of a word
	start, last := 0, rune(0)
	end := 0 // of one of wholes
	for i, c := range s {
		if i > start && i >= end && r.mayBreak(last, c) {
			out = append(out, s[start:i])
			start = i
		}
		if i >= end {
			end = i + r.whole(s[i:], width)
		}
		last = c
	}
	return append(out, s[start:])
}

// whole is how many octets at the beginning are one of wholes for which, with its marks, a line has room; else 0.
func (r Ruler) whole(s string, width int) int {
	for _, w := range wholes {
		if strings.HasPrefix(s, w) && r.StringWidth(w)+4 <= width {
			return len(w)
		}
	}
	return 0
}

func (r Ruler) mayBreak(before, after rune) bool {
	switch {
	case after == ' ' || after == '·' || strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	case before == ' ':
		return true
	}
	return r.RuneWidth(before) == 2 || r.RuneWidth(after) == 2
}

// Lines breaks a text into lines of a width, in columns, that begin and end as Japanese demands.
func Lines(s string, width int) []string { return NewRuler().Wrap(Clean(s), width) }

// Columns is how wide a text is on a terminal.
func Columns(s string) int { r := NewRuler(); return r.StringWidth(s) }
