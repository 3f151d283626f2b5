package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/guide/explain"
)

// explainMarkdown prints an explanation for an issue tracker or a wiki.
func explainMarkdown(w *page.Out, o Options, e explain.Explanation) error {
	words := newWording(o.Lang)
	m := sheetMarkdown{page.NewMarkdown(w), words}
	sheets := words.sheets(e)
	for i, s := range sheets {
		if i > 0 {
			m.Put("\n")
		}
		m.sheet(s)
	}
	if places := words.places(sheets); places != "" {
		m.Put("\n(%s: %s)\n", m.label(lPlaces), page.Said(places))
	}
	return m.Flush()
}

// sheetMarkdown writes sheets.
type sheetMarkdown struct {
	*page.Markdown
	words wording
}

func (m sheetMarkdown) label(l label) page.MD { return page.Said(m.words.say(l)) }

func (m sheetMarkdown) sheet(s sheet) {
	title := page.Code(s.id)
	if s.id != "" && s.title != "" {
		title += " "
	}
	m.Put("## %s%s\n\n*%s*\n\n", title, page.Said(s.title), page.Said(strings.Join(s.tags, " · ")))
	for _, r := range s.rows {
		m.row("", r)
	}
	switch {
	case s.heading != "" && len(s.steps) == 0:
		m.Put("\n%s\n", page.Said(s.heading))
	case s.heading != "":
		m.Put("\n### %s\n\n", page.Said(s.heading))
	}
	for i, step := range s.steps {
		number, margin := page.Item(i + 1)
		m.Put("%s%s\n", number, page.Said(step.text))
		for _, r := range step.rows {
			m.row(margin, r)
		}
	}
	if !s.next.IsZero() {
		m.Put("\n%s: %s\n", page.Said(s.nextLabel), page.Code(page.Command(s.next)))
	}
}

func (m sheetMarkdown) row(indent page.MD, r sheetRow) {
	m.Put("%s- ", indent)
	if r.label != "" {
		m.Put("**%s** ", page.Said(r.label))
	}
	m.Put("%s", page.Said(r.text))
	switch {
	case !r.command.IsZero() && r.text == "":
		m.Put("%s", page.Code(page.Command(r.command)))
	case !r.command.IsZero():
		m.Put(" (%s: %s)", m.label(lCheck), page.Code(page.Command(r.command)))
	}
	m.Put("\n")
}
