package report

import "todoku/cmd/report/page"

// watchMarkdown writes a round for a ticket.
func watchMarkdown(w *page.Out, o Options, r *WatchRound) error {
	t, m := makeWatchPage(w, o), page.NewMarkdown(w)
	v, err := t.roundOf(r)
	if err != nil {
		return err
	}
	m.Put("**%s**\n\n", page.Escaped(v.Answer))
	for _, g := range v.Groups {
		m.Put("- %s **%s** — %s", page.Escaped(mark(g.Status).Text), page.Escaped(g.Head), page.Escaped(g.Message))
		if g.Names != "" {
			m.Put(" (%s)", page.Escaped(g.Names))
		}
		m.Put(" · %s\n", page.Escaped(g.When))
	}
	for _, s := range []string{v.More, v.Notes} {
		if s != "" {
			m.Put("\n%s\n", page.Escaped(s))
		}
	}
	for _, c := range v.Next {
		m.Put("\n%s %s\n", page.Escaped(t.say(wNext)), page.Code(page.Command(c)))
	}
	return m.Flush()
}
