package mailboxes

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"

	"todoku/sender/mailbox"
)

// Text is an item that todoku itself has, such as those of the lab.
func Text(name, text string, modified time.Time) mailbox.Item {
	return mailbox.Item{Name: name, ID: name, Modified: modified,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// Texts is a box of such items. It is only read.
func Texts(items ...mailbox.Item) mailbox.Box { return texts{items: items} }

type texts struct {
	mailbox.Box
	items []mailbox.Item
}

// Items gives them in their order.
func (t texts) Items(context.Context) iter.Seq2[mailbox.Item, error] {
	return func(yield func(mailbox.Item, error) bool) {
		for _, item := range t.items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Close has nothing to close.
func (texts) Close() error { return nil }
