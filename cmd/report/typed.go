package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
)

// commandLines prints a command to type. Where one line is too short for it, the
// others end in the shell's mark for that: it can be pasted as it stands. A head that leaves no room has a line of its own.
func (t *text) commandLines(head string, column int, c codes.Command) {
	if c.IsZero() {
		return
	}
	begin := max(column, t.page.StringWidth(head))
	lines := page.CommandLines(c, t.page.Room(begin), t.page.StringWidth)
	if begin > column && begin+t.page.StringWidth(lines[0]) > t.page.Width {
		t.line(head)
		head, lines = "", page.CommandLines(c, t.page.Room(column), t.page.StringWidth)
	}
	for i, l := range lines {
		if i > 0 {
			head = ""
		}
		t.line(t.page.Pad(head, column) + l)
	}
}

// commandList prints commands behind a head, each on lines of its own.
func (t *text) commandList(head string, list []codes.Command) {
	column := t.page.StringWidth(head)
	for _, c := range list {
		t.commandLines(head, column, c)
		head = ""
	}
}

// commandAfter prints a command behind a head, on lines of its own where one line is too short for both.
func (t *text) commandAfter(head string, c codes.Command) {
	if line := head + " " + page.Command(c); t.page.StringWidth(line) <= t.page.Width {
		t.line(line)
		return
	}
	t.line(head)
	t.commandLines("", markColumn, c)
}

// withCommand puts a command behind words; fits reports whether both are no
// wider than a room. Text that is wider would be wrapped, and a command that is
// wrapped cannot be pasted.
func (t *text) withCommand(words page.Styled, link string, c codes.Command, room int) (whole page.Styled, fits bool) {
	whole = words.Then(link + page.Command(c))
	return whole, t.page.StringWidth(page.Clean(whole.String())) <= room
}

// labelledCommand prints a paragraph of a sending's block with a command, if
// there is one: on one line, with link between them, where there is room for
// both; else the command has lines of its own.
func (t sendingPage) labelledCommand(label string, words page.Styled, link string, c codes.Command) {
	if t.into != nil {
		t.into.rows = labelled(t.into.rows, label, itemView{styledView(words), webText{t.text}.copyable("", page.Command(c))})
		return
	}
	whole, fits := t.withCommand(words, link, c, t.page.Width-t.column())
	switch {
	case c.IsZero():
		t.labelledStyled(label, words)
	case fits:
		t.labelledStyled(label, whole)
	default:
		t.labelledStyled(label, words)
		t.commandLines("", t.column(), c)
	}
}
