package watch

import (
	"context"
	"iter"
	"slices"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// telling are the changes that were not told yet. Those that were given out are told once mark is called.
type telling struct {
	store   *store.Store
	given   []given
	real    int // findings that are new, changed or mended
	unknown int // checks that became silent
}

// given is as much of a change as marking it needs.
type given struct {
	id     int64
	domain string // of what a first look found
}

// changes gives out the changes, each time anew: what first looks found, then what changed later.
func (t *telling) changes(ctx context.Context) iter.Seq2[watch.Change, error] {
	return func(yield func(watch.Change, error) bool) {
		t.given, t.real, t.unknown = nil, 0, 0
		for _, list := range []iter.Seq2[store.Told, error]{t.store.Firsts(ctx, 0), t.store.Changes(ctx, store.ChangeFilter{Untold: true})} {
			for c, err := range list {
				if err == nil {
					t.count(c)
				}
				if !yield(c.Change, err) || err != nil {
					return
				}
			}
		}
	}
}

func (t *telling) count(c store.Told) {
	switch c.Turn {
	case watch.Known: // what the check saw counts
	case watch.Unknown:
		t.unknown++
	default:
		t.real++
	}
	switch {
	case c.ID > 0:
		t.given = append(t.given, given{id: c.ID})
	case len(t.given) == 0 || t.given[len(t.given)-1].domain != c.Domain: // the findings of a domain come together
		t.given = append(t.given, given{domain: c.Domain})
	}
}

// marked is how many changes are marked at once.
const marked = 1000

// mark makes what was given out told. Where it is ended early, the rest is told once more.
func (t *telling) mark(ctx context.Context) error {
	for part := range slices.Chunk(t.given, marked) {
		list := make([]store.Told, len(part))
		for i, g := range part {
			list[i] = store.Told{ID: g.id, Change: watch.Change{Domain: g.domain}}
		}
		if err := t.store.MarkTold(ctx, list); err != nil {
			return err
		}
	}
	return nil
}
