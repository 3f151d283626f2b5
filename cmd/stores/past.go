package stores

import (
	"context"
	"slices"
	"time"

	"todoku/diag/guide"
	"todoku/diag/watch/past"
	"todoku/diag/watch/store"
)

// Past gives what a store knows of domains; nil where there is no store.
func Past(s *store.Store) guide.Past {
	if s == nil {
		return nil
	}
	return func(ctx context.Context, domain string, since, until time.Time) (past.History, error) {
		t, err := s.History(ctx, domain, since, time.Time{})
		if err != nil {
			return past.History{}, err
		}
		if t.Looked.IsZero() {
			return past.History{}, guide.ErrNoPast
		}
		h := historyOf(t)
		var cut bool
		h.Events, cut, err = s.Tally(ctx, domain, since, until)
		h.Cut = h.Cut || cut
		return h, err
	}
}

// historyOf is a timeline with the oldest first, without what became of mails.
func historyOf(t store.Timeline) past.History {
	h := past.History{Domain: t.Name, Looked: t.Looked, State: t.State, Past: slices.Clone(t.Past), Cut: t.Cut}
	for _, c := range slices.Backward(t.Changes) {
		h.Changes = append(h.Changes, c.Change)
	}
	slices.Reverse(h.Past)
	return h
}
