// Package report prints reports: for people as text, for programs as JSON. It
// is where data become words, and the only importer of colour.
package report

import (
	"fmt"
	"io"
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// Printer writes reports as they come.
type Printer interface {
	Report(*diag.Report) error
	Close() error // after the last report
}

// Options is how a report should look.
type Options struct {
	Lang    codes.Lang
	Color   bool
	Width   int    // columns; 0 means 80
	Version string // of the tool
	Many    bool   // several targets: JSON becomes an array
	World   string // the flags that say what world was looked at: "--lab"
}

type format struct {
	name string
	make func(io.Writer, Options) Printer
}

// formats is the one table of formats; the first is the default.
func formats() []format {
	return []format{
		{"text", newText},
		{"json", newJSON},
		{"ndjson", newNDJSON},
	}
}

// Formats lists the names that New takes.
func Formats() []string {
	var out []string
	for _, f := range formats() {
		out = append(out, f.name)
	}
	return out
}

// New makes a printer. The error names a format that does not exist.
func New(name string, w io.Writer, o Options) (Printer, error) {
	if o.Width <= 0 {
		o.Width = 80
	}
	for _, f := range formats() {
		if f.name == name {
			return f.make(w, o), nil
		}
	}
	return nil, fmt.Errorf("format %q is none of %s", name, strings.Join(Formats(), ", "))
}
