package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// letterMarkdown writes a letter for a ticket or a form.
func letterMarkdown(w *page.Out, o Options, l guide.Letter) error {
	m := letterMarked{page.NewMarkdown(w), o.Lang}
	m.letter(l)
	return m.Flush()
}

// letterMarked writes the parts of it.
type letterMarked struct {
	*page.Markdown
	lang codes.Lang
}

func (m letterMarked) letter(l guide.Letter) {
	m.title(subject(l))
	for _, p := range letterOpening(l) {
		m.Put("%s\n\n", page.Escaped(p.In(m.lang)))
	}
	m.title(letterAbout)
	for _, f := range letterFacts(l, m.lang) {
		lines := strings.FieldsFunc(f.label+": "+f.value, func(r rune) bool { return r == '\n' })
		m.Put("- %s\n", escapedLines(lines, "  "))
	}
	m.Put("\n")
	if len(l.Checked) > 0 {
		m.title(letterChecked)
		for _, c := range l.Checked {
			m.Put("- %s\n", escapedLines([]string{c.In(m.lang)}, ""))
		}
		m.Put("\n")
	}
	m.title(letterAsks)
	for i, q := range letterQuestions(l) {
		number, _ := page.Item(i + 1)
		m.Put("%s%s\n", number, page.Escaped(q.In(m.lang)))
	}
	m.Put("\n%s\n", page.Escaped(letterThanks.In(m.lang)))
	if who := letterSignature(l); len(who) > 0 {
		m.Put("\n%s\n", escapedLines(who, ""))
	}
}

// title is bold: in a form, a heading would be too much.
func (m letterMarked) title(t codes.Text) { m.Put("**%s**\n\n", page.Escaped(t.In(m.lang))) }

// escapedLines is a text of several lines, with a margin before all but the first. The line breaks stay.
func escapedLines(lines []string, margin page.MD) page.MD {
	var out page.MD
	for i, line := range lines {
		if i > 0 {
			out += "\\\n" + margin
		}
		out += page.Escaped(strings.TrimSpace(shown(line)))
	}
	return out
}
