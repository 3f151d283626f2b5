package store_test

import (
	"testing"
	"time"
)

// TestAllChunksHaveAJob: due or not, each chunk has one, and together they have all domains.
func TestAllChunksHaveAJob(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(501)...)
		look(t, s, c.now(), nil)
		jobs, all, err := s.All(t.Context())
		must(t, err)
		if all != 501 || len(jobs) != 2 || jobs[0].Round != 2 || jobs[1].Round != 2 {
			t.Fatalf("%d domains, jobs %+v", all, jobs)
		}
	})
}

// TestWhatOnceLooksAtIsNotLate: where cron looks and nobody asks for what is due, a look counts for as long as domains are looked at
// once. A look that does not come is late all the same.
func TestWhatOnceLooksAtIsNotLate(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(2)...)
		for round := range 3 {
			c.add(20 * time.Hour)
			jobs, _, err := s.All(t.Context())
			must(t, err)
			w, err := s.Load(t.Context(), jobs[0])
			must(t, err)
			must(t, save(t, s, w, same(w, c.now())))
			c.add(10 * time.Hour)
			if o, err := s.Overview(t.Context()); err != nil || o.Overdue != 0 || o.Lag != 0 {
				t.Errorf("round %d: %+v, %v", round, o, err)
			}
		}
		c.add(20 * time.Hour)
		if o, err := s.Overview(t.Context()); err != nil || o.Overdue != 2 || o.Lag != 6*time.Hour {
			t.Errorf("cron has ended: %+v, %v", o, err)
		}
	})
}
