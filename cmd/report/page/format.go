package page

import (
	"errors"
	"fmt"
	"iter"
)

// Format is a form of output, as --format names it.
type Format string

// The formats that more than one place knows. Others are named in the table of documents alone.
const (
	TextFormat Format = "text"
	Markup     Format = "markdown"
	JSON       Format = "json"
	NDJSON     Format = "ndjson"
	CSV        Format = "csv"
	Mail       Format = "eml"
	JUnit      Format = "junit"
	SARIF      Format = "sarif"
	GitHub     Format = "github"
)

// ForPrograms reports whether programs read the format, not people.
func (f Format) ForPrograms() bool { return f != TextFormat && f != Markup && f != Mail }

// Printer writes documents of one type as they come.
type Printer[T any] interface {
	Put(T) error
	Close() error // after the last document; not where something failed: what was cut off must not look whole
}

// Form is one format of a document.
type Form[T any] struct {
	Format Format
	Open   func(*Out, Options) Printer[T]
	Stream bool // one document a line, each as it is ready, in any order
}

// Document is a kind of output with the formats that it has, the default first.
type Document[T any] struct {
	Name  string
	Forms []Form[T]
}

// Formats lists the formats, the default first.
func (d Document[T]) Formats() []Format {
	out := make([]Format, len(d.Forms))
	for i, f := range d.Forms {
		out[i] = f.Format
	}
	return out
}

// Form finds a format. The error names those that there are.
func (d Document[T]) Form(f Format) (Form[T], error) {
	for _, form := range d.Forms {
		if form.Format == f {
			return form, nil
		}
	}
	return Form[T]{}, fmt.Errorf("format %q is none of %v", f, d.Formats())
}

// Open makes a printer of a format. The error names the formats that there are.
func (d Document[T]) Open(f Format, w *Out, o Options) (Printer[T], error) {
	form, err := d.Form(f)
	if err != nil {
		return nil, err
	}
	return form.Open(w, o), nil
}

// PutAll writes documents as they come, and ends the output where all went well. What came before an error is written.
func PutAll[T any](p Printer[T], documents iter.Seq2[T, error]) error {
	for d, err := range documents {
		if err == nil {
			err = p.Put(d)
		}
		if err != nil {
			return errors.Join(err, flush(p))
		}
	}
	return p.Close()
}

// flush writes what a printer has collected, where it collects.
func flush[T any](p Printer[T]) error {
	if f, ok := p.(interface{ Flush() error }); ok {
		return f.Flush()
	}
	return nil
}
