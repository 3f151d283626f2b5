package page

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
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
	Web        Format = "html"
	Parquet    Format = "parquet"
)

// ForPrograms reports whether programs read the format, not people.
func (f Format) ForPrograms() bool { return f != TextFormat && f != Markup && f != Mail && f != Web }

// FormatOf is the format that the extension of a file's name stands for.
func FormatOf(name string) (Format, bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt":
		return TextFormat, true
	case ".md":
		return Markup, true
	case ".json":
		return JSON, true
	case ".ndjson", ".jsonl":
		return NDJSON, true
	case ".csv":
		return CSV, true
	case ".html", ".htm":
		return Web, true
	case ".parquet":
		return Parquet, true
	case ".eml":
		return Mail, true
	case ".xml":
		return JUnit, true
	case ".sarif":
		return SARIF, true
	case ".github":
		return GitHub, true
	}
	return "", false
}

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

// Several prints each document with all of some printers.
func Several[T any](printers []Printer[T]) Printer[T] { return several[T](printers) }

type several[T any] []Printer[T]

// Put implements Printer.
func (s several[T]) Put(v T) error {
	for _, p := range s {
		if err := p.Put(v); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Printer.
func (s several[T]) Close() error {
	var errs []error
	for _, p := range s {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// Flush writes what the printers have collected.
func (s several[T]) Flush() error {
	var errs []error
	for _, p := range s {
		errs = append(errs, flush(p))
	}
	return errors.Join(errs...)
}

// First is the printer of the first output, where there are several.
func First[T any](p Printer[T]) Printer[T] {
	if s, ok := p.(several[T]); ok {
		return s[0]
	}
	return p
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
