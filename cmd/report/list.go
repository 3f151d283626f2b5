package report

import "todoku/cmd/report/page"

// List is a list of what todoku knows or has: codes, rules, the domains of the lab, its own version. In JSON it is what
// it is itself.
type List interface {
	Lines(w *page.Out, o Options) string // for people, laid out
}

func listText(w *page.Out, o Options, l List) error { return w.Lines(l.Lines(w, o)) }

// entries are lists that are written for programs entry by entry where each line is a document.
type entries interface{ Rows() []any }

// listRows writes a list as NDJSON: one entry a line, or one line for what has no entries.
func listRows(w *page.Out, _ Options) page.Printer[List] {
	return listPrinter{page.NewStream(w, page.NDJSON, false)}
}

type listPrinter struct{ *page.Stream }

func (p listPrinter) Put(l List) error {
	r, ok := l.(entries)
	if !ok {
		return p.Stream.Put(l)
	}
	for _, row := range r.Rows() {
		if err := p.Stream.Put(row); err != nil {
			return err
		}
	}
	return nil
}

// RowsOf are the entries of a list.
func RowsOf[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
