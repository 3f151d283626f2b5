package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// The data of the templates in html/parts.tmpl, and what makes it. The words come from the functions that the other formats
// use: a page says what the text says.

// markedView is one of several lines, with its mark.
type markedView struct{ Mark, Class, Text string }

// copyView is a line to copy: a record, or a command with its label.
type copyView struct{ Label, Text, Word, Done string }

// rowsView is a label with the lines behind it.
type rowsView struct {
	Label string
	Items []itemView
}

// itemView is a line behind a label, with the command that goes with it.
type itemView struct {
	markedView
	Command copyView
}

// tableView is a table. Its title is for those who do not see it.
type tableView struct {
	Title string
	Stack bool // on a narrow screen the cells of a row go below each other
	Heads []string
	Rows  [][]cellView
}

type cellView struct {
	markedView
	Code bool
}

// foldView is a text of several lines as it is, folded.
type foldView struct{ Title, Text string }

// stepsView are steps in their order.
type stepsView struct {
	Title string
	Deep  bool // the title stands below another one
	Named bool // the steps say their numbers themselves
	Steps []stepView
	After []string
}

type stepView struct {
	Text    string
	Changes []changeView
	Notes   []string
	Rows    []rowsView
	Command copyView
}

// changeView is a record as it is and as it shall be, or in words what to do.
type changeView struct {
	Was  []string
	New  copyView
	Text string
}

// nextView is how to go on.
type nextView struct {
	Title    string
	Commands []copyView
	Legend   string
	Cost     string
}

// webText makes these.
type webText struct{ *text }

func makeWebText(o Options) webText { return webText{makeText(nil, o.WithWidth())} }

// copyable is a line with its button.
func (t webText) copyable(label, s string) copyView {
	if s == "" {
		return copyView{}
	}
	c := t.block(page.Clean(s))
	c.Label = label
	return c
}

// block is a text of several lines, which is clean, with its button.
func (t webText) block(s string) copyView {
	return copyView{Text: s, Word: t.tr("copy", "コピー"), Done: t.tr("copied", "コピーしました")}
}

// command is a command to type in the same world.
func (t webText) command(label string, c codes.Command) copyView {
	return t.copyable(label, page.Command(t.o.SameWorld(c)))
}

// next are commands to go on with.
func (t webText) next(title string, commands []codes.Command) nextView {
	v := nextView{Title: strings.TrimSpace(title)}
	for _, c := range commands {
		if line := t.command("", c); line.Text != "" {
			v.Commands = append(v.Commands, line)
		}
	}
	return v
}

// markedLine is a line with the sign of a status.
func markedLine(s diag.Status, text string) markedView {
	return markedView{Mark: mark(s).Text, Class: s.String(), Text: text}
}

// plainLines are lines without marks.
func plainLines(list []string) []markedView {
	out := make([]markedView, len(list))
	for i, s := range list {
		out[i].Text = s
	}
	return out
}

// cells are those of a row of a table.
func cells(texts ...string) []cellView {
	out := make([]cellView, len(texts))
	for i, s := range texts {
		out[i].Text = s
	}
	return out
}

// labelled puts lines behind a label; a line without a label belongs to the label before it.
func labelled(rows []rowsView, label string, item itemView) []rowsView {
	if n := len(rows); label == "" && n > 0 {
		rows[n-1].Items = append(rows[n-1].Items, item)
		return rows
	}
	return append(rows, rowsView{label, []itemView{item}})
}

// textItem is a line without a mark and a command.
func textItem(s string) itemView { return itemView{markedView: markedView{Text: s}} }
