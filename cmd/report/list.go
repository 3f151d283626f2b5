package report

import "todoku/cmd/report/page"

// List is a list of what todoku knows or has: codes, rules, the domains of the lab, its own version. In JSON it is what
// it is itself.
type List interface {
	Lines(w *page.Out, o Options) string // for people, laid out
}

func listText(w *page.Out, o Options, l List) error { return w.Lines(l.Lines(w, o)) }
