package watch

import (
	"context"

	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/watch/store"
)

// queueOf is the queue beside a store. It makes its tables where they are not there.
func queueOf(ctx context.Context, s *store.Store, o river.Options) (*river.Queue, error) {
	d := river.PostgreSQL
	if s.Dialect() == store.SQLite {
		d = river.SQLite
	}
	if err := river.Prepare(ctx, s.DB(), d); err != nil {
		return nil, err
	}
	return river.New(s.DB(), d, o)
}

// queueToRead is the queue of a store that is only looked at.
func queueToRead(ctx context.Context, s *store.Store) (watch.Queue, error) {
	q, err := queueOf(ctx, s, river.Options{})
	if err != nil {
		return nil, err
	}
	return q, nil
}
