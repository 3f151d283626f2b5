package report

import (
	"errors"
	"io"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/history"
)

// listPage is a page of one table: each document is a row of it, written as it comes.
type listPage[T any] struct {
	title codes.Text
	heads func(webText) []string
	cells func(webText, T) []cellView
}

func (l listPage[T]) open(w *page.Out, o Options) page.Printer[T] {
	return &rowsHTML[T]{HTML: page.NewHTML(w, l.title, o).Collected(), list: l, title: l.title.In(o.Lang)}
}

type rowsHTML[T any] struct {
	*page.HTML
	list  listPage[T]
	title string
	begun bool
}

// Put writes a row, the first one behind the names of the columns.
func (p *rowsHTML[T]) Put(v T) error {
	if !p.begun {
		p.begun = true
		err := errors.Join(page.Part(p.HTML, templates().Lookup("list-title"), func(o Options) string { return p.list.title.In(o.Lang) }),
			page.Once(p.HTML, templates().Lookup("list-begin"), p.title),
			p.Heads(func(o Options) []string { return p.list.heads(makeWebText(o)) }),
			page.Once(p.HTML, templates().Lookup("list-rows"), ""))
		if err != nil {
			return err
		}
	}
	return p.Row(func(o Options) []page.Cell {
		row := p.list.cells(makeWebText(o), v)
		out := make([]page.Cell, len(row))
		for i, c := range row {
			out[i] = page.Cell{Mark: c.Mark, Class: c.Class, Text: c.Text, Code: c.Code}
		}
		return out
	})
}

// Close ends the table and the page.
func (p *rowsHTML[T]) Close() error {
	if p.begun {
		if err := page.Once(p.HTML, templates().Lookup("list-end"), ""); err != nil {
			return err
		}
	}
	return p.HTML.Close()
}

// columnsHTML is a page of the columns that spreadsheets have.
func columnsHTML[T history.Row](title codes.Text) func(*page.Out, Options) page.Printer[T] {
	return listPage[T]{title, func(webText) []string {
		var names T
		return names.Columns()
	}, func(_ webText, v T) []cellView { return cells(v.Cells()...) }}.open
}

// linesView is a list of what todoku knows or has, as its text is laid out.
type linesView struct{ Title, Text string }

func listHTML(l List, o Options) linesView {
	return linesView{listTitle.In(o.Lang), l.Lines(page.To(io.Discard), o.WithWidth())}
}

// listTitle is what a page of a list is called.
var listTitle = codes.Text{EN: "List", JA: "一覧"}

// eventsTitle is what a page of events is called.
var eventsTitle = codes.Text{EN: "Events", JA: "イベント"}
