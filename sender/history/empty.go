package history

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Empty is the history before anything was sent, which OpenToRead gives where
// there is no file: nothing is in it, and nothing can be written to it.
type Empty struct{}

var _ Store = Empty{}

// ErrEmpty says that a history that is only read cannot be written to.
var ErrEmpty = errors.New("there is no history to write to")

// Begin fails with ErrEmpty.
func (Empty) Begin(context.Context, Sending) error { return ErrEmpty }

// Progress fails with ErrEmpty.
func (Empty) Progress(context.Context, string, Step) error { return ErrEmpty }

// Finish fails with ErrEmpty.
func (Empty) Finish(context.Context, string, Outcome) error { return ErrEmpty }

// Enlist fails with ErrEmpty.
func (Empty) Enlist(context.Context, List, func([]byte) bool, iter.Seq[Sending]) (List, error) {
	return List{}, ErrEmpty
}

// Revalidate fails with ErrEmpty.
func (Empty) Revalidate(context.Context, string, string) error { return ErrEmpty }

// Release fails with ErrNotFound.
func (Empty) Release(context.Context, string) error { return ErrNotFound }

// Take fails with ErrNotFound.
func (Empty) Take(context.Context, string) (Sending, error) { return Sending{}, ErrNotFound }

// Bounced fails with ErrNotFound.
func (Empty) Bounced(context.Context, string, Bounce) error { return ErrNotFound }

// Get fails with ErrNotFound.
func (Empty) Get(context.Context, string) (Sending, error) { return Sending{}, ErrNotFound }

// Content fails with ErrNotFound.
func (Empty) Content(context.Context, string) ([]byte, error) { return nil, ErrNotFound }

// Last fails with ErrNotFound.
func (Empty) Last(context.Context) (Sending, error) { return Sending{}, ErrNotFound }

// Claim finds nothing that is due.
func (Empty) Claim(context.Context, time.Time) (Sending, bool, error) { return Sending{}, false, nil }

// FindList fails with ErrNoList.
func (Empty) FindList(context.Context, List) (List, error) { return List{}, ErrNoList }

// Overlap fails with ErrNoList.
func (Empty) Overlap(context.Context, List, iter.Seq[string]) (List, error) { return List{}, ErrNoList }

// Resume takes and counts nothing.
func (Empty) Resume(context.Context, string, bool) (Standing, error) { return Standing{}, nil }

// Stands counts nothing.
func (Empty) Stands(context.Context, string) (Standing, error) { return Standing{}, nil }

// List yields nothing.
func (Empty) List(context.Context, Filter) iter.Seq2[Sending, error] { return none[Sending]() }

// Queued yields nothing.
func (Empty) Queued(context.Context, string) iter.Seq2[Sending, error] { return none[Sending]() }

// Unfinished yields nothing.
func (Empty) Unfinished(context.Context) iter.Seq2[Sending, error] { return none[Sending]() }

// Invalid yields nothing.
func (Empty) Invalid(context.Context) iter.Seq2[Validity, error] { return none[Validity]() }

// Flag says of each address that it is valid.
func (Empty) Flag(_ context.Context, addr string) (Validity, error) {
	return Validity{Address: addr, Valid: true}, nil
}

// Events are none.
func (Empty) Events() Events { return emptyEvents{} }

// Close does nothing.
func (Empty) Close() error { return nil }

func none[T any]() iter.Seq2[T, error] { return func(func(T, error) bool) {} }

// emptyEvents are those of a history without a file.
type emptyEvents struct{}

// Record fails with ErrEmpty.
func (emptyEvents) Record(context.Context, Batch) ([]Recorded, error) { return nil, ErrEmpty }

// Of yields nothing.
func (emptyEvents) Of(context.Context, string) iter.Seq2[Event, error] { return none[Event]() }

// Unmatched yields nothing.
func (emptyEvents) Unmatched(context.Context, time.Time, int) iter.Seq2[Event, error] {
	return none[Event]()
}

// Waiting yields nothing.
func (emptyEvents) Waiting(context.Context) iter.Seq2[Event, error] { return none[Event]() }

// CountUnmatched counts nothing.
func (emptyEvents) CountUnmatched(context.Context) (int, error) { return 0, nil }

// Mark is none.
func (emptyEvents) Mark(context.Context, string) (string, error) { return "", nil }

// WasRead says no.
func (emptyEvents) WasRead(context.Context, string, string) (bool, error) { return false, nil }

// Pending lists nothing.
func (emptyEvents) Pending(context.Context, string, int) ([]string, error) { return nil, nil }

// Cleared does nothing.
func (emptyEvents) Cleared(context.Context, string, []string) error { return nil }
