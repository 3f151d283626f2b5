package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// ruler measures columns. The condition is explicit: the default one follows
// the locale, and the same report would break its lines differently.
type ruler struct{ runewidth.Condition }

func newRuler() ruler {
	return ruler{runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}}
}

// pad fills a text up to a width.
func (r ruler) pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-r.StringWidth(s)))
}

// Characters that must not begin, or end, a line of Japanese (JIS X 4051).
const (
	notFirst = "、。,.・:;?!)]}」』】〉》〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々,.)]:;!?%°…"
	notLast  = "([{「『【〈《〔([{"
)

// wrap breaks a text into lines of a width: at blanks, and between the wide
// characters of Japanese. What has no place to break may be longer.
func (r ruler) wrap(s string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, piece := range r.pieces(s) {
		w := r.StringWidth(piece)
		bare := strings.TrimRight(piece, " ")
		if used > 0 && used+r.StringWidth(bare) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		line += piece
		used += w
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// pieces are what must stay together, each with the blanks that follow it.
func (r ruler) pieces(s string) []string {
	var out []string
	start, last := 0, rune(0)
	for i, c := range s {
		if i > start && r.mayBreak(last, c) {
			out = append(out, s[start:i])
			start = i
		}
		last = c
	}
	return append(out, s[start:])
}

func (r ruler) mayBreak(before, after rune) bool {
	switch {
	case after == ' ' || strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	case before == ' ':
		return true
	}
	return r.RuneWidth(before) == 2 || r.RuneWidth(after) == 2
}
