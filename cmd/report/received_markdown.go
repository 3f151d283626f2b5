package report

import (
	"todoku/cmd/report/page"
	"todoku/diag/sources"
)

// receivedMarkdown writes reports for a ticket.
func receivedMarkdown(w *page.Out, o Options, r *sources.Result) error {
	p := newReceived(nil, o, r)
	m := page.NewMarkdown(w)
	m.Put("**%s**\n\n", page.Escaped(receivedAnswer(r).In(o.Lang)))
	for _, s := range p.besides() {
		m.Put("- %s\n", page.Escaped(s))
	}
	for _, part := range p.parts {
		var sign page.MD
		if part.Marks {
			sign = page.Escaped(mark(part.Mark).Text + " ")
		}
		switch part.Level {
		case 1:
			m.Put("\n## %s%s\n\n", sign, page.Escaped(part.Head))
		case 2:
			m.Put("\n### %s%s\n\n", sign, page.Escaped(part.Head))
		default:
			m.Put("\n#### %s%s\n\n", sign, page.Escaped(part.Head))
		}
		for _, l := range part.Lines {
			m.Put("- %s", page.Escaped(l.Text))
			if !l.Command.IsZero() {
				m.Put(" %s", page.Code(page.Command(l.Command)))
			}
			m.Put("\n")
		}
	}
	return m.Flush()
}
