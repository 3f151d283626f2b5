package triage

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"

	"todoku/diag/lab"
	"todoku/sender/mailbox"
)

// morning is what the lab has to read where nothing else is named: a log and a mailbox with three causes in them.
type morning struct{ mailbox.Box }

// Items gives the two files.
func (morning) Items(context.Context) iter.Seq2[mailbox.Item, error] {
	log, bounces := lab.Morning()
	return func(yield func(mailbox.Item, error) bool) {
		_ = yield(file("mail.log", log), nil) && yield(file("bounces.mbox", bounces), nil)
	}
}

// Close has nothing to close.
func (morning) Close() error { return nil }

func file(name, text string) mailbox.Item {
	return mailbox.Item{Name: name, ID: name, Modified: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}
