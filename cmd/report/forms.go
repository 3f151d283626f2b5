package report

import (
	"todoku/cmd/report/page"
	"todoku/sender/history"
)

// each makes a printer of a function that writes one document. Between two of them is an empty line.
func each[T any](write func(*page.Out, Options, T) error) func(*page.Out, Options) page.Printer[T] {
	return func(w *page.Out, o Options) page.Printer[T] { return &single[T]{write: write, w: w, o: o.WithWidth()} }
}

type single[T any] struct {
	write   func(*page.Out, Options, T) error
	w       *page.Out
	o       Options
	written bool
}

func (p *single[T]) Put(v T) error {
	if p.written && !p.o.Many {
		if err := p.w.Lines("\n"); err != nil {
			return err
		}
	}
	p.written = true
	return p.write(p.w, p.o, v)
}

func (p *single[T]) Close() error { return nil }

// asJSON makes a printer of the function that gives a document's JSON: one object, or an array where many may come.
func asJSON[T, V any](value func(T, Options) V) func(*page.Out, Options) page.Printer[T] {
	return func(w *page.Out, o Options) page.Printer[T] {
		return values[T, V]{page.NewStream(w, page.JSON, o.Many), o, value}
	}
}

// asLines is asJSON with one document a line.
func asLines[T, V any](value func(T, Options) V) func(*page.Out, Options) page.Printer[T] {
	return func(w *page.Out, o Options) page.Printer[T] {
		return values[T, V]{page.NewStream(w, page.NDJSON, o.Many), o, value}
	}
}

type values[T, V any] struct {
	stream *page.Stream
	o      Options
	value  func(T, Options) V
}

func (p values[T, V]) Put(v T) error { return p.stream.Put(p.value(v, p.o)) }

func (p values[T, V]) Close() error { return p.stream.Close() }

// identity returns v: for documents whose type is their JSON.
func identity[T any](v T, _ Options) T { return v }

// asRows makes a printer of many short documents: an array with one a line, or one a line.
func asRows[T any](f page.Format) func(*page.Out, Options) page.Printer[T] {
	return func(w *page.Out, _ Options) page.Printer[T] { return rows[T]{page.Rows(w, f)} }
}

type rows[T any] struct{ *page.Stream }

func (p rows[T]) Put(v T) error { return p.Stream.Put(v) }

// asCSV makes a printer of rows for a spreadsheet.
func asCSV[T history.Row](w *page.Out, o Options) page.Printer[T] {
	var names T
	return csvRows[T]{page.NewTable(w, o.ByteOrderMark, names.Columns())}
}

type csvRows[T history.Row] struct{ *page.Table }

func (p csvRows[T]) Put(v T) error { return p.Table.Put(v.Cells()) }
