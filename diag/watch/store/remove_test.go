package store_test

import (
	"slices"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

func TestRetentionForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		look(t, s, c.now(), nil)
		c.add(2 * day)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) {
			breaks(w, d, "spf-none", "over.example", "a.example")
			breaks(w, d, "mx-none", "stands.example", "a.example")
			d.Outcomes[0].Past = []watch.Past{{Value: watch.Value{Name: "a.example", Type: "MX", First: start}, Last: start}}
		})
		must(t, s.Happened(t.Context(), []watch.Happening{rejected(start, "log", 1)}))
		c.add(time.Hour)
		tell(t, s)
		c.add(2 * day)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { mends(w, d, "spf-none") })
		tell(t, s)
		must(t, s.Retention(t.Context(), 400*day))
		line, err := s.Show(t.Context(), "a.example", time.Time{}, 0)
		if err != nil || len(line.Changes) != 3 || len(line.Past) != 1 || len(line.Events) != 1 {
			t.Fatalf("within the time: %+v, %v", line, err)
		}
		c.add(400 * day)
		must(t, s.Retention(t.Context(), 390*day))
		line, err = s.Show(t.Context(), "a.example", time.Time{}, 0)
		must(t, err)
		if len(line.Changes) != 1 || line.Changes[0].Rule != "mx-none" || len(line.Past)+len(line.Events) != 0 || len(line.State.Findings) != 1 {
			t.Errorf("after it: %+v", line)
		}
		incidents, err := s.Incidents(t.Context(), time.Time{})
		must(t, err)
		if len(incidents) != 1 || incidents[0].Key.Culprit != "stands.example" {
			t.Errorf("incidents: %+v", incidents)
		}
	})
}

func TestRemovedDomainsLeaveNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(3)...)
		look(t, s, c.now(), nil)
		c.add(2 * day)
		jobs := due(t, s, c.now())
		w, err := s.Load(t.Context(), jobs[0])
		must(t, err)
		d := same(w, c.now())
		breaks(w, &d, "spf-none", "")
		n, missing, err := s.Remove(t.Context(), []string{"d00000.example", "x.example", "d00000.example"})
		must(t, err)
		if n != 1 || !slices.Equal(missing, []string{"x.example"}) {
			t.Errorf("%d removed, missing %q", n, missing)
		}
		must(t, save(t, s, w, d)) // a look that was under way
		if all := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{})); len(all) != 2 {
			t.Errorf("changes: %+v", all)
		}
		n, _, err = s.Remove(t.Context(), names(3))
		must(t, err)
		if o, err := s.Overview(t.Context()); err != nil || n != 2 || o.Domains != 0 || o.Chunks != 0 {
			t.Errorf("%d removed, then %+v, %v", n, o, err)
		}
		if _, err := s.Load(t.Context(), jobs[0]); err == nil {
			t.Error("a chunk without domains was loaded")
		}
	})
}
