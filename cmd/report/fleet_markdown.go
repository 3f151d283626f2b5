package report

import (
	"strings"

	"todoku/cmd/report/page"
)

// fleetMarkdown writes an overview for a ticket or a wiki.
func fleetMarkdown(w *page.Out, o Options, f *Fleet) error {
	t, m := makeWatchPage(w, o), page.NewMarkdown(w)
	m.Put("**%s**\n", page.Escaped(t.fleetAnswer(f)))
	for _, p := range t.fleetParts(f) {
		m.Put("\n### %s\n\n", page.Escaped(p.Head))
		for _, l := range p.Lines {
			m.Put("- %s\n", page.Escaped(strings.TrimSpace(l.Mark+" "+l.Text)))
		}
	}
	for _, c := range t.fleetNext(f) {
		m.Put("\n%s %s\n", page.Escaped(t.say(wNext)), page.Code(page.Command(c)))
	}
	return m.Flush()
}
