package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// rowsOf are the names of a list.
func rowsOf(t testing.TB, s *store.Store, f store.Filter) (out []string) {
	t.Helper()
	for r, err := range s.List(t.Context(), f) {
		must(t, err)
		out = append(out, r.Name)
	}
	return out
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.a.example", "xa.example", "z_z.example", "zaz.example", "silent.test")
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) {
			breaks(w, d, "spf-none", "", "a.example")
			breaks(w, d, "mx-none", "provider.example", "b.a.example")
			breaks(w, d, "mx-none", `a<"b">&`, "zaz.example")
			for i, k := range w.Domains {
				if k.Name == "silent.test" {
					d.Outcomes[i].State.Silent = []watch.Silence{{Check: "spf", Kind: "timeout", Culprit: "192.0.2.53:53", Since: c.now()}}
				}
			}
		})
		watchAll(t, s, time.Hour, "new.test")
		for _, x := range []struct {
			filter store.Filter
			want   []string
		}{
			{store.Filter{}, []string{"a.example", "b.a.example", "new.test", "silent.test", "xa.example", "z_z.example", "zaz.example"}},
			{store.Filter{Limit: 2}, []string{"a.example", "b.a.example"}},
			{store.Filter{Under: "a.example"}, []string{"a.example", "b.a.example"}},
			{store.Filter{Under: "z_z.example"}, []string{"z_z.example"}},
			{store.Filter{Under: "%"}, nil},
			{store.Filter{Rule: "spf-none"}, []string{"a.example"}},
			{store.Filter{Rule: "spf_none"}, nil},
			{store.Filter{Culprit: "provider.example"}, []string{"b.a.example"}},
			{store.Filter{Culprit: "192.0.2.53:53"}, []string{"silent.test"}},
			{store.Filter{Culprit: `a<"b">&`}, []string{"zaz.example"}},
			{store.Filter{Rule: "spf-none", Culprit: "provider.example"}, nil},
			{store.Filter{Silent: true}, []string{"silent.test"}},
			{store.Filter{Status: "fail"}, []string{"a.example", "b.a.example", "zaz.example"}},
			{store.Filter{Status: "unknown"}, []string{"silent.test"}},
			{store.Filter{Status: "pass", Under: "xa.example"}, []string{"xa.example"}},
			{store.Filter{Status: store.Never}, []string{"new.test"}},
		} {
			if got := rowsOf(t, s, x.filter); !slices.Equal(got, x.want) {
				t.Errorf("%+v: %v", x.filter, got)
			}
		}
	})
}

func TestListGoesOverPages(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s := open(t, where, newClock())
		watchAll(t, s, day, names(1001)...)
		if got := rowsOf(t, s, store.Filter{}); !slices.Equal(got, names(1001)) {
			t.Errorf("%d domains", len(got))
		}
	})
}

// threeLooks lets a record set of a.example vanish at the second look, with a finding that is mended at the third.
func threeLooks(t *testing.T, where string) (s *store.Store, was watch.Value, second, third time.Time) {
	t.Helper()
	c := newClock()
	s = open(t, where, c)
	watchAll(t, s, day, "a.example", "b.example")
	was = watch.Value{Name: "a.example", Type: "TXT", Values: []string{"v=spf1 -all"}, First: start}
	look(t, s, c.now(), func(_ watch.Work, d *watch.Done) { d.Outcomes[0].State.Values = []watch.Value{was} })
	second = c.add(2 * day)
	look(t, s, second, func(w watch.Work, d *watch.Done) {
		breaks(w, d, "spf-none", "", "a.example")
		d.Outcomes[0].State.Values = nil
		d.Outcomes[0].Past = []watch.Past{{Value: was, Last: start}}
	})
	must(t, s.Happened(t.Context(), []watch.Happening{rejected(second.Add(time.Minute), "log", 3)}))
	third = c.add(2 * day)
	look(t, s, third, func(w watch.Work, d *watch.Done) { mends(w, d, "spf-none", "a.example") })
	return s, was, second, third
}

func TestATimelineTellsWhatChanged(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s, was, second, third := threeLooks(t, where)
		line, err := s.Show(t.Context(), "a.example", time.Time{}, 0)
		must(t, err)
		row := store.Row{Name: "a.example", Every: day, Added: start, First: start, Looked: third, Due: line.Due, Status: "pass"}
		if diff := cmp.Diff(row, line.Row); diff != "" || line.Cut {
			t.Errorf("cut %v, %s", line.Cut, diff)
		}
		if c := line.Changes; len(c) != 2 || c[0].Turn != watch.Mended || c[1].Turn != watch.New || !c[1].At.Equal(second) {
			t.Errorf("changes: %+v", line.Changes)
		}
		if diff := cmp.Diff([]watch.Past{{Value: was, Last: start}}, line.Past); diff != "" {
			t.Error(diff)
		}
		if len(line.Events) != 1 || line.Events[0].Count != 3 || !line.Events[0].Hour.Equal(second.Truncate(time.Hour)) {
			t.Errorf("events: %+v", line.Events)
		}
	})
}

func TestATimelineIsCut(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s, _, _, third := threeLooks(t, where)
		cut, err := s.Show(t.Context(), "a.example", third, 1)
		must(t, err)
		if len(cut.Changes) != 1 || len(cut.Past)+len(cut.Events) != 0 || cut.Cut {
			t.Errorf("since the third look: %+v", cut)
		}
		if cut, err = s.Show(t.Context(), "a.example", time.Time{}, 1); err != nil || !cut.Cut || len(cut.Changes) != 1 {
			t.Errorf("one entry: %+v, %v", cut, err)
		}
		past, err := s.History(t.Context(), "a.example", time.Time{}, third)
		must(t, err)
		if len(past.Changes) != 1 || past.Changes[0].Turn != watch.New {
			t.Errorf("before the third look: %+v", past.Changes)
		}
		if _, err := s.Show(t.Context(), "x.example", time.Time{}, 0); !errors.Is(err, store.ErrNotWatched) {
			t.Errorf("not watched: %v", err)
		}
		h, err := s.History(t.Context(), "x.example", time.Time{}, time.Time{})
		if err != nil || h.Name != "x.example" || len(h.Events) != 0 {
			t.Errorf("the history of a domain that is not watched: %+v, %v", h, err)
		}
	})
}

func TestOverviewCounts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(600)...)
		o, err := s.Overview(t.Context())
		must(t, err)
		if o.Domains != 600 || o.Chunks != 2 || o.Never != 600 || o.Overdue != 0 || !o.OldestLook.IsZero() {
			t.Errorf("before the first look: %+v", o)
		}
		c.add(3 * time.Hour)
		if o, err = s.Overview(t.Context()); err != nil || o.Overdue != 600 || o.Lag != 3*time.Hour {
			t.Errorf("nobody looks: %+v, %v", o, err)
		}
	})
}

func TestOverviewAddsUpTheRounds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(600)...)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) {
			breaks(w, d, "spf-none", "")
			d.Took = 100 * time.Second
			d.Summary = watch.NewSummary()
			for i, k := range w.Domains {
				d.Summary.Count(k.Name, d.Outcomes[i].State)
			}
		})
		c.add(100 * time.Second)
		o, err := s.Overview(t.Context())
		if err != nil || o.Never != 0 || o.Overdue != 0 || o.Rate != 6 || o.Took != 100*time.Second ||
			o.Summary.Rules["spf-none"] != 600 || o.Summary.Status["fail"] != 600 {
			t.Errorf("after it: %+v, %v", o, err)
		}
		_, _, err = s.Remove(t.Context(), names(1))
		must(t, err)
		if o, err = s.Overview(t.Context()); err != nil || o.Domains != 599 || o.Summary.Rules["spf-none"] != 599 {
			t.Errorf("without one domain: %+v, %v", o, err)
		}
		c.add(2 * day)
		if o, err = s.Overview(t.Context()); err != nil || o.Overdue != 599 || o.Rate != 0 || o.Lag < day {
			t.Errorf("two days later: %+v, %v", o, err)
		}
	})
}

// A chunk is late from the time on at which it is due, also while its job waits in the queue, and not before.
func TestOverviewMeasuresLagFromWhatIsDue(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(1100)...)
		look(t, s, c.now(), nil)
		lag := func() time.Duration {
			t.Helper()
			o, err := s.Overview(t.Context())
			must(t, err)
			return o.Lag
		}
		for range 72 { // on schedule
			look(t, s, c.add(time.Hour), nil)
			if late := lag(); late != 0 {
				t.Errorf("%s: late by %s", c.now(), late)
			}
		}
		due(t, s, c.add(2*day)) // now their jobs wait
		queued := lag()
		if queued < 3*time.Hour {
			t.Errorf("queued late: late by %s", queued)
		}
		due(t, s, c.add(2*day))
		if late := lag(); late != queued+2*day {
			t.Errorf("in the queue for two days: %s, then %s", queued, late)
		}
		jobs, _, err := s.All(t.Context())
		must(t, err)
		for _, j := range jobs {
			w, err := s.Load(t.Context(), j)
			must(t, err)
			must(t, save(t, s, w, same(w, c.now())))
		}
		if late := lag(); late != 0 {
			t.Errorf("done: late by %s", late)
		}
	})
}
