package store_test

import (
	"slices"
	"testing"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// untold collects what was not told yet, as domain, turn and rule.
func untold(t *testing.T, s *store.Store) (out []string, given store.Untold) {
	t.Helper()
	for c, err := range s.Untold(t.Context(), &given) {
		must(t, err)
		out = append(out, c.Domain+" "+string(c.Turn)+" "+c.Rule)
	}
	return out, given
}

// TestWhatWasGivenIsToldOnce: findings of first looks come once, later changes come once, and what came in between stays.
func TestWhatWasGivenIsToldOnce(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.test", "b.test")
		jobs, all, err := s.All(t.Context())
		must(t, err)
		if all != 2 || len(jobs) != 1 || jobs[0].Round != 1 {
			t.Fatalf("%d domains, jobs %+v", all, jobs)
		}
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "", "a.test") })
		got, given := untold(t, s)
		if !slices.Equal(got, []string{"a.test new spf-none"}) {
			t.Fatalf("of the first look: %q", got)
		}
		look(t, s, c.add(day*2), func(w watch.Work, d *watch.Done) { breaks(w, d, "dmarc-none", "", "b.test") })
		must(t, s.MarkTold(t.Context(), given))
		got, given = untold(t, s)
		if !slices.Equal(got, []string{"b.test new dmarc-none"}) {
			t.Fatalf("of the second look: %q", got)
		}
		must(t, s.MarkTold(t.Context(), given))
		if got, _ := untold(t, s); len(got) > 0 {
			t.Errorf("told again: %q", got)
		}
	})
}
