// Package report prints documents: reports, diagnoses, letters and others. It is where data become words; the writers
// of package page write them.
package report

import (
	"fmt"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// Printer writes reports as they come.
type Printer interface {
	Report(*diag.Report) error
	Close() error // after the last report
}

// Options is how a document should look.
type Options struct {
	Lang    codes.Lang
	Color   bool
	Width   int         // columns; 0 means 80
	Version string      // of the tool
	Many    bool        // several targets: JSON becomes an array
	World   []codes.Arg // the flags that say what world was looked at: --lab
	History []codes.Arg // the flag that says where the history is: --history FILE
}

// wide gives a width to what has none.
func (o Options) wide() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	return o
}

// New makes a printer of reports. The error names a format that reports do not have.
func New(f page.Format, w *page.Out, o Options) (Printer, error) {
	if err := known(page.Report, f); err != nil {
		return nil, err
	}
	if f == page.TextFormat {
		return newText(w, o.wide()), nil
	}
	return jsonPrinter{page.NewStream(w, f, o.Many), o}, nil
}

// known is an error where a document has no such format.
func known(d page.Document, f page.Format) error {
	if d.Has(f) {
		return nil
	}
	return fmt.Errorf("format %q is none of %v", f, page.Formats(d))
}

// jsonPrinter writes reports as JSON.
type jsonPrinter struct {
	stream *page.Stream
	o      Options
}

func (p jsonPrinter) Report(r *diag.Report) error { return p.stream.Put(asJSON(r, p.o)) }

func (p jsonPrinter) Close() error { return p.stream.Close() }

// putJSON writes one document as JSON. The error names a format that it does not have.
func putJSON(w *page.Out, d page.Document, f page.Format, v any) error {
	if err := known(d, f); err != nil {
		return err
	}
	return page.NewStream(w, f, false).Put(v)
}
