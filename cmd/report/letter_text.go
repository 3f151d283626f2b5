package report

import (
	"fmt"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// letterWidth is how long the lines of a letter are, whatever the terminal is like: 35 characters of full width in
// Japanese, as usual in mails.
func letterWidth(l codes.Lang) int {
	if l == codes.Japanese {
		return 70
	}
	return 72
}

// letterText prints a letter.
func letterText(w *page.Out, o Options, l guide.Letter) error { return w.Lines(letterBody(o, l, true)) }

// letterBody is the letter; with head, the recipient and the subject stand above it.
func letterBody(o Options, l guide.Letter, head bool) string {
	o.Width = letterWidth(o.Lang)
	t := letterPage{makeText(nil, o)}
	c := compose(l, o.Lang)
	if head {
		if to := addressed(l); to != "" {
			t.item(t.tr("To: ", "宛先: "), []string{to})
		}
		t.item(t.tr("Subject: ", "件名: "), []string{c.subject})
		t.line("")
	}
	t.paragraph(c.head)
	for _, p := range c.opening {
		t.paragraph(p)
	}
	for _, s := range c.sections {
		t.section(s)
	}
	for _, p := range c.closing {
		t.paragraph(p)
	}
	for _, s := range c.signature {
		t.line(shown(s))
	}
	return strings.TrimRight(t.page.String(), "\n") + "\n"
}

// letterPage writes the parts of a letter.
type letterPage struct{ *text }

func (t letterPage) paragraph(lines []string) {
	for _, line := range lines {
		if line == "" {
			return
		}
		t.para("", 0, shown(line))
	}
	t.line("")
}

func (t letterPage) section(s letterSection) {
	t.line("■ " + s.title)
	for i, item := range s.items {
		head := t.tr("- ", "・")
		if s.numbered {
			head = fmt.Sprintf("%d. ", i+1)
		}
		if item.label != "" {
			head += item.label + ": "
		}
		t.item(head, item.lines)
	}
	for _, line := range s.after {
		t.para("", 0, line)
	}
	t.line("")
}

// item prints lines behind a head, below one another.
func (t letterPage) item(head string, lines []string) {
	column := t.page.StringWidth(head)
	for _, line := range lines {
		t.para(head, column, shown(line))
		head = strings.Repeat(" ", column)
	}
}
