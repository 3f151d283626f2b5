package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/guide/explain"
)

// explainMarkdown prints an explanation for an issue tracker or a wiki.
func explainMarkdown(w *page.Out, o Options, e explain.Explanation) error {
	words := newWording(o.Lang)
	m := explanationMarkdown{page.NewMarkdown(w), words}
	pages := words.pages(e)
	for i, s := range pages {
		if i > 0 {
			m.Put("\n")
		}
		m.write(s)
	}
	if places := words.places(pages); places != "" {
		m.Put("\n(%s: %s)\n", m.label(lPlaces), page.Escaped(places))
	}
	return m.Flush()
}

// explanationMarkdown writes the pages of an explanation.
type explanationMarkdown struct {
	*page.Markdown
	words wording
}

func (m explanationMarkdown) label(l label) page.MD { return page.Escaped(m.words.say(l)) }

func (m explanationMarkdown) write(s explanationPage) {
	title := page.Code(s.id)
	if s.id != "" && s.title != "" {
		title += " "
	}
	m.Put("## %s%s\n\n*%s*\n\n", title, page.Escaped(s.title), page.Escaped(strings.Join(s.tags, " · ")))
	for _, r := range s.rows {
		m.row("", r)
	}
	switch {
	case s.heading != "" && len(s.steps) == 0:
		m.Put("\n%s\n", page.Escaped(s.heading))
	case s.heading != "":
		m.Put("\n### %s\n\n", page.Escaped(s.heading))
	}
	for i, step := range s.steps {
		number, margin := page.Item(i + 1)
		m.Put("%s%s\n", number, page.Escaped(step.text))
		for _, r := range step.rows {
			m.row(margin, r)
		}
	}
	if !s.next.IsZero() {
		m.Put("\n%s: %s\n", page.Escaped(s.nextLabel), page.Code(page.Command(s.next)))
	}
}

func (m explanationMarkdown) row(indent page.MD, r explanationRow) {
	m.Put("%s- ", indent)
	if r.label != "" {
		m.Put("**%s** ", page.Escaped(r.label))
	}
	m.Put("%s", page.Escaped(r.text))
	switch {
	case !r.command.IsZero() && r.text == "":
		m.Put("%s", page.Code(page.Command(r.command)))
	case !r.command.IsZero():
		m.Put(" (%s: %s)", m.label(lCheck), page.Code(page.Command(r.command)))
	}
	m.Put("\n")
}
