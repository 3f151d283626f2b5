package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/guide"
)

// letterMarkdown writes a letter for a ticket or a form.
func letterMarkdown(w *page.Out, o Options, l guide.Letter) error {
	m := letterMarked{page.NewMarkdown(w)}
	c := compose(l, o.Lang)
	m.title(c.subject)
	m.paragraph(c.head)
	for _, p := range c.opening {
		m.paragraph(p)
	}
	for _, s := range c.sections {
		m.section(s)
	}
	for _, p := range c.closing {
		m.paragraph(p)
	}
	m.Put("%s\n", escapedLines(c.signature[1:], "")) // without the mark of a mail's signature
	return m.Flush()
}

// letterMarked writes the parts of it.
type letterMarked struct{ *page.Markdown }

func (m letterMarked) section(s letterSection) {
	m.title(s.title)
	for i, item := range s.items {
		var mark, margin page.MD = "- ", "  "
		if s.numbered {
			mark, margin = page.Item(i + 1)
		}
		lines := item.lines
		if item.label != "" {
			lines = append([]string{item.label + ": " + lines[0]}, lines[1:]...)
		}
		m.Put("%s%s\n", mark, escapedLines(lines, margin))
	}
	m.Put("\n")
	m.paragraph(s.after)
}

func (m letterMarked) paragraph(lines []string) {
	if len(lines) > 0 && lines[0] != "" {
		m.Put("%s\n\n", escapedLines(lines, ""))
	}
}

// title is bold: in a form, a heading would be too much.
func (m letterMarked) title(s string) { m.Put("**%s**\n\n", page.Escaped(s)) }

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
