package reports

import (
	"context"
	"io"
	"iter"
	"strings"

	"todoku/diag/lab"
	"todoku/sender/mailbox"
)

// labBox is what the lab has to read where nothing else is named: four weeks of reports.
type labBox struct{ mailbox.Box }

// Items gives the reports.
func (labBox) Items(context.Context) iter.Seq2[mailbox.Item, error] {
	return func(yield func(mailbox.Item, error) bool) {
		for _, f := range lab.Received() {
			open := func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(f.Text)), nil }
			if !yield(mailbox.Item{Name: f.Name, ID: f.Name, Open: open}, nil) {
				return
			}
		}
	}
}

// Close has nothing to close.
func (labBox) Close() error { return nil }
