package cmd

import (
	"context"
	"iter"

	"todoku/sender/history"
)

// emptyHistory is the history before anything was sent: looking into it makes
// no file.
type emptyHistory struct{ history.Store }

func (emptyHistory) Close() error { return nil }

func (emptyHistory) Get(context.Context, string) (history.Sending, error) {
	return history.Sending{}, history.ErrNotFound
}

func (emptyHistory) Last(context.Context) (history.Sending, error) {
	return history.Sending{}, history.ErrNotFound
}

func (emptyHistory) List(context.Context, history.Filter) iter.Seq2[history.Sending, error] {
	return none[history.Sending]()
}

func (emptyHistory) Invalid(context.Context) iter.Seq2[history.Validity, error] {
	return none[history.Validity]()
}

func none[T any]() iter.Seq2[T, error] { return func(func(T, error) bool) {} }
