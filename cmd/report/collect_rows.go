package report

import (
	"todoku/cmd/report/page"
	"todoku/sender/collect"
	"todoku/sender/history"
)

// collectCSV writes what is new as rows for a spreadsheet: the events, with the result of their sending before and after.
func collectCSV(w *page.Out, o Options) page.Printer[*collect.Round] {
	columns := append([]string{"before", "after"}, history.Event{}.Columns()...)
	return collectRows{page.NewTable(w, o.ByteOrderMark, columns)}
}

type collectRows struct{ *page.Table }

// Put writes the events of one look.
func (p collectRows) Put(r *collect.Round) error {
	for _, list := range [][]history.Recorded{r.Changes, r.Told} {
		for _, x := range list {
			if err := p.Table.Put(append([]string{x.Before.Code, x.After.Code}, x.Event.Cells()...)); err != nil {
				return err
			}
		}
	}
	for _, e := range r.Others {
		if err := p.Table.Put(append([]string{"", ""}, e.Cells()...)); err != nil {
			return err
		}
	}
	return nil
}
