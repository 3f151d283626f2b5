package report

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// factLine is one line about what a check saw, indented by some columns.
type factLine struct {
	text   string
	indent int
}

// facts returns what a check saw as lines, at least one.
func (t *reportPage) facts(res diag.Result) []factLine {
	var out []factLine
	if res.Facts != nil {
		for _, l := range res.Facts.Lines() {
			out = append(out, t.factLine(l, res.Err != nil))
		}
	}
	switch {
	case len(out) > 0:
	case res.Err != nil:
		out = []factLine{{text: t.say(wFailed)}}
	default:
		out = []factLine{{text: t.say(wNothing)}}
	}
	return out
}

// factLine puts a line into words. If a question failed, a line that says that something is absent becomes "could not
// look": its absence is not certain.
func (t *reportPage) factLine(l diag.Line, failed bool) factLine {
	if l.Absent && failed {
		return factLine{text: t.say(wFailed), indent: l.Indent}
	}
	words := func(s codes.Text) string { return shown(fill(s, l.Data, t.o.Lang)) }
	line := words(l.Says)
	if !l.Total.IsZero() {
		line = t.total(line, words(l.Total), l.Indent)
	}
	if !l.Note.IsZero() {
		line += "  " + words(l.Note)
	}
	return factLine{line, l.Indent}
}

// total puts a number, or the head of a column of numbers, behind a line, at its place on the right.
func (t *reportPage) total(line, number string, indent int) string {
	const digits = 4 // of the column, with a blank before it
	width := max(t.page.Width-textColumn-indent-20, 24)
	room := max(0, width-t.page.StringWidth(line)) + digits - t.page.StringWidth(number)
	return line + strings.Repeat(" ", max(0, room)) + number
}
