package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// tell tells over the channel "hook".
func tell(t testing.TB, s *store.Store) []watch.Incident {
	t.Helper()
	told, err := s.Tell(t.Context(), time.Minute, "warn", []string{"hook"})
	must(t, err)
	return told
}

// changesOf collects a stream of changes.
func changesOf(t testing.TB, stream func(func(store.Told, error) bool)) (out []store.Told) {
	t.Helper()
	for c, err := range stream {
		must(t, err)
		out = append(out, c)
	}
	return out
}

// checkIncident checks that one incident was told.
func checkIncident(t *testing.T, told []watch.Incident, key watch.Key, domains int) {
	t.Helper()
	if len(told) != 1 || told[0].Key != key || told[0].Count != domains || len(told[0].Examples) != watch.MostExamples {
		t.Fatalf("told: %+v", told)
	}
}

func TestOneProviderIsOneIncident(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(1100)...)
		look(t, s, c.now(), nil)
		// The domains of three chunks meet the same cause at three times.
		c.add(2 * day)
		jobs := due(t, s, c.now())
		for i, j := range jobs {
			w, err := s.Load(t.Context(), j)
			must(t, err)
			d := same(w, c.now())
			breaks(w, &d, "spf-include-none", "provider.example")
			must(t, save(t, s, w, d))
			if told := tell(t, s); i == 0 && len(told) != 0 {
				t.Errorf("told before it settled: %+v", told)
			}
			told := []watch.Incident{}
			if c.add(10 * time.Minute); i == 0 {
				told = tell(t, s)
			}
			if i == 0 {
				checkIncident(t, told, watch.Key{Turn: watch.New, Culprit: "provider.example"}, 500)
			}
		}
		if told := tell(t, s); len(told) != 0 {
			t.Errorf("domains that join an incident are told again: %+v", told)
		}
		standing, err := s.Incidents(t.Context(), c.now())
		must(t, err)
		if len(standing) != 1 || standing[0].Count != 1100 || standing[0].Standing != 1100 || !standing[0].Recovered.IsZero() {
			t.Errorf("incidents: %+v", standing)
		}

		now := c.add(2 * day)
		look(t, s, now, func(w watch.Work, d *watch.Done) {
			mends(w, d, "spf-include-none", names(1099)...)
		})
		if told := tell(t, s); len(told) != 0 {
			t.Errorf("one domain is still broken, and its end was told: %+v", told)
		}
		_, _, err = s.Remove(t.Context(), []string{"d01099.example"})
		must(t, err)
		told := tell(t, s)
		checkIncident(t, told, watch.Key{Turn: watch.New, Culprit: "provider.example"}, 1100)
		if told[0].Standing != 0 || !told[0].Recovered.Equal(now) {
			t.Errorf("over for all: %+v", told)
		}
		if told := tell(t, s); len(told) != 0 {
			t.Errorf("told again: %+v", told)
		}
		deliveries, err := s.Take(t.Context(), []string{"hook"}, now, time.Minute, 100)
		must(t, err)
		if len(deliveries) != 2 || deliveries[0].Over || !deliveries[1].Over || deliveries[0].Channel != "hook" {
			t.Errorf("deliveries: %+v", deliveries)
		}
	})
}

// Without a cause in common every domain is told, within an hour.
func TestChangesWithoutACulpritAreTold(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, 4*day, names(3)...)
		look(t, s, c.now(), nil)
		job := func(n int) (watch.Work, watch.Done) {
			t.Helper()
			j, err := s.Job(t.Context(), names(3)[n])
			must(t, err)
			w, err := s.Load(t.Context(), j)
			must(t, err)
			return w, same(w, c.now())
		}
		for i, want := range []int{1, 0, 0} {
			c.add(2 * time.Minute)
			w, d := job(i)
			breaks(w, &d, "dmarc-none", "")
			must(t, save(t, s, w, d))
			c.add(2 * time.Minute)
			if told := tell(t, s); len(told) != want {
				t.Errorf("domain %d: told %+v", i, told)
			}
		}
		c.add(time.Hour)
		told := tell(t, s)
		if len(told) != 1 || told[0].Count != 2 || told[0].Examples[0].Domain != "d00001.example" {
			t.Errorf("after an hour: %+v", told)
		}
	})
}

// TestWhatComesAndGoesIsNoFlood: it is told three times within an hour, and after that when it stays. What stays the first time, or
// comes again after hours, is told at once.
func TestWhatComesAndGoesIsNoFlood(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, time.Minute, names(3)...)
		look(t, s, c.now(), nil)
		turn := func(turn watch.Turn) (opened, over int) {
			look(t, s, c.now(), func(w watch.Work, d *watch.Done) {
				for i, k := range w.Domains {
					d.Outcomes[i].Changed = true
					d.Outcomes[i].Changes = []watch.Change{{Domain: k.Name, At: d.Started, Before: k.Looked, Turn: turn, Check: "spf",
						Rule: "spf-include-none", Subject: k.Name, Severity: "fail", First: d.Started, Culprit: "esp.example"}}
				}
			})
			c.add(2 * time.Minute)
			for _, n := range tell(t, s) {
				if n.Recovered.IsZero() {
					opened++
				} else {
					over++
				}
			}
			return opened, over
		}
		flap := func(times int) (opened, over int) {
			for range times {
				o, _ := turn(watch.New)
				_, e := turn(watch.Mended)
				opened, over = opened+o, over+e
			}
			return opened, over
		}
		if opened, over := flap(10); opened != 3 || over != 3 {
			t.Errorf("within the hour: opened %d, over %d", opened, over)
		}
		if opened, _ := turn(watch.New); opened != 0 {
			t.Error("told once more")
		}
		c.add(time.Hour)
		if told := tell(t, s); len(told) != 1 || told[0].Count != 3 || !told[0].Recovered.IsZero() {
			t.Errorf("it stays: %+v", told)
		}
		if _, over := turn(watch.Mended); over != 1 {
			t.Errorf("its end is told %d times", over)
		}
		c.add(3 * time.Hour)
		if opened, over := flap(2); opened != 2 || over != 2 {
			t.Errorf("hours later: opened %d, over %d", opened, over)
		}
	})
}

func TestWhatIsOverOrSmallIsNotTold(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example")
		j, err := s.Job(t.Context(), "a.example")
		must(t, err)
		step := func(change func(watch.Work, *watch.Done)) {
			t.Helper()
			c.add(time.Second)
			w, err := s.Load(t.Context(), j)
			must(t, err)
			d := same(w, c.now())
			change(w, &d)
			must(t, save(t, s, w, d))
		}
		step(func(w watch.Work, d *watch.Done) { breaks(w, d, "mx-none", "") })
		step(func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		step(func(w watch.Work, d *watch.Done) { mends(w, d, "spf-none") })
		step(func(w watch.Work, d *watch.Done) { mends(w, d, "mx-none") }) // of the first look
		step(func(w watch.Work, d *watch.Done) {
			breaks(w, d, "mtasts-none", "")
			d.Outcomes[0].Changes[0].Severity = "info"
		})
		c.add(time.Hour)
		if told := tell(t, s); len(told) != 0 {
			t.Errorf("told: %+v", told)
		}
		if left := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Untold: true})); len(left) != 0 {
			t.Errorf("left untold: %+v", left)
		}
		if all := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{})); len(all) != 4 {
			t.Errorf("changes: %+v", all)
		}
	})
}

func TestChangesAndFirstsAreMarked(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(510)...)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "", names(505)...) })
		c.add(2 * day)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "mx-none", "") })
		firsts := changesOf(t, s.Firsts(t.Context(), 0))
		if f := firsts[0]; len(firsts) != 505 || f.Rule != "spf-none" || !f.Before.IsZero() || !f.At.Equal(start) || f.Message.JA == "" {
			t.Errorf("%d firsts, the first %+v", len(firsts), firsts[0])
		}
		later := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Untold: true, Turns: []watch.Turn{watch.New}}))
		if len(later) != 510 || later[0].Rule != "mx-none" || !later[0].Before.Equal(start) {
			t.Errorf("%d changes, the first %+v", len(later), later[0])
		}
		if some := changesOf(t, s.Firsts(t.Context(), 3)); len(some) != 3 {
			t.Errorf("firsts of 3 domains: %d", len(some))
		}
		must(t, s.MarkTold(t.Context(), slices.Concat(firsts[1:], later[1:])))
		firsts = changesOf(t, s.Firsts(t.Context(), 0))
		left := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Untold: true}))
		if len(firsts) != 1 || len(left) != 1 || left[0].ID != later[0].ID {
			t.Errorf("left: %+v, %+v", firsts, left)
		}
		for _, f := range []store.ChangeFilter{{Until: c.now()}, {Since: c.now().Add(time.Second)}, {Turns: []watch.Turn{watch.Mended}}} {
			if none := changesOf(t, s.Changes(t.Context(), f)); len(none) != 0 {
				t.Errorf("%+v: %d changes", f, len(none))
			}
		}
		if two := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Limit: 2})); len(two) != 2 {
			t.Errorf("2 changes: %d", len(two))
		}
	})
}

// A resolver that is silent gives one incident, and one end, and nothing is mended by it.
func TestASilenceIsOneIncident(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, time.Hour, names(510)...)
		look(t, s, c.now(), nil)
		silent := func(turn watch.Turn) func(watch.Work, *watch.Done) {
			return func(w watch.Work, d *watch.Done) {
				for i, k := range w.Domains {
					for _, check := range []string{"spf", "dmarc", "mx"} {
						d.Outcomes[i].Changes = append(d.Outcomes[i].Changes, watch.Change{Domain: k.Name, At: d.Started, Before: k.Looked, Turn: turn,
							Check: check, Severity: "unknown", First: d.Started, Culprit: "192.0.2.53:53"})
					}
					d.Outcomes[i].Changed = true
				}
			}
		}
		c.add(2 * time.Hour)
		look(t, s, c.now(), silent(watch.Unknown))
		c.add(10 * time.Minute)
		told := tell(t, s)
		if len(told) != 1 || told[0].Count != 510 || told[0].Key.Turn != watch.Unknown {
			t.Errorf("silent: %+v", told)
		}
		c.add(2 * time.Hour)
		look(t, s, c.now(), silent(watch.Known))
		if told = tell(t, s); len(told) != 1 || told[0].Recovered.IsZero() {
			t.Errorf("over: %+v", told)
		}
	})
}

func TestDeliveriesWaitByChannel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(3)...)
		look(t, s, c.now(), nil)
		c.add(2 * day)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) {
			for _, n := range names(3) {
				breaks(w, d, "spf-include-none", "of-"+n, n)
			}
		})
		now := c.add(time.Hour)
		_, err := s.Tell(t.Context(), 0, "info", []string{"a", "b"})
		must(t, err)
		take := func(at time.Time) (ids []int64, channels string) {
			t.Helper()
			list, err := s.Take(t.Context(), []string{"a", "b"}, at, time.Minute, 100)
			must(t, err)
			for _, d := range list {
				ids, channels = append(ids, d.ID), channels+d.Channel
			}
			return ids, channels
		}
		first, channels := take(now)
		if channels != "aaabbb" {
			t.Fatalf("taken: %s", channels)
		}
		if _, again := take(now); again != "" {
			t.Errorf("taken while another one has them: %s", again)
		}
		must(t, s.Delivered(t.Context(), now, first[:3]))
		must(t, s.Failed(t.Context(), first[3:], "refused\x00", now.Add(time.Hour)))
		if _, again := take(now.Add(30 * time.Minute)); again != "" {
			t.Errorf("taken before the next try: %s", again)
		}
		again, channels := take(now.Add(time.Hour))
		if channels != "bbb" || !slices.Equal(again, first[3:]) {
			t.Errorf("taken for the next try: %s", channels)
		}
		if ids, _ := take(now.Add(2 * time.Hour)); len(ids) != 3 {
			t.Errorf("after the lease: %d", len(ids))
		}
		must(t, s.Failed(t.Context(), again[:1], "gone", time.Time{}))
		o, err := s.Overview(t.Context())
		must(t, err)
		if o.Deliveries != (store.Deliveries{Waiting: 2, Failed: 1}) || o.Incidents != 3 {
			t.Errorf("overview: %+v, %d incidents", o.Deliveries, o.Incidents)
		}
		list, err := s.Incidents(t.Context(), time.Time{})
		must(t, err)
		if fmt.Sprint(list[0].Told, list[1].Told) != fmt.Sprint(now, now) {
			t.Errorf("told at %s, %s", list[0].Told, list[1].Told)
		}
	})
}

// What once prints is its own matter: channels are told of it, and of its end.
func TestPrintedChangesAreToldOverChannels(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(1)...)
		look(t, s, c.now(), nil)
		for _, change := range []func(watch.Work, *watch.Done){
			func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") },
			func(w watch.Work, d *watch.Done) { mends(w, d, "spf-none") },
		} {
			look(t, s, c.add(2*day), change)
			must(t, s.MarkTold(t.Context(), changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Untold: true}))))
			if left := changesOf(t, s.Changes(t.Context(), store.ChangeFilter{Untold: true})); len(left) != 0 {
				t.Errorf("printed again: %+v", left)
			}
			c.add(time.Hour)
			if told := tell(t, s); len(told) != 1 {
				t.Errorf("told over channels: %+v", told)
			}
		}
		deliveries, err := s.Take(t.Context(), []string{"hook"}, c.now(), time.Minute, 100)
		must(t, err)
		if len(deliveries) != 2 || deliveries[0].Over || !deliveries[1].Over {
			t.Errorf("deliveries: %+v", deliveries)
		}
	})
}

func TestOldChangesAreNoAlerts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(1)...)
		look(t, s, c.now(), nil)
		look(t, s, c.add(2*day), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		c.add(60 * day)
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "mx-none", "") })
		c.add(2 * time.Minute)
		if told := tell(t, s); len(told) != 1 || told[0].Key.Rule != "mx-none" {
			t.Errorf("told: %+v", told)
		}
	})
}

// What is not watched any more was not seen to be over.
func TestRemovalTellsNoEnd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(2)...)
		look(t, s, c.now(), nil)
		look(t, s, c.add(2*day), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		c.add(time.Hour)
		if told := tell(t, s); len(told) != 1 {
			t.Fatalf("told: %+v", told)
		}
		for i, name := range names(2) {
			_, _, err := s.Remove(t.Context(), []string{name})
			must(t, err)
			if told := tell(t, s); len(told) != 0 {
				t.Errorf("after removal %d: %+v", i, told)
			}
		}
		list, err := s.Incidents(t.Context(), time.Time{})
		must(t, err)
		if len(list) != 1 || !list[0].Recovered.Equal(c.now()) {
			t.Errorf("incidents: %+v", list)
		}
	})
}

// What is worse than the standing incident of its culprit is told; what is not joins it.
func TestAWorseChangeIsToldBesideItsCulprit(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(4)...)
		look(t, s, c.now(), nil)
		c.add(2 * day)
		for i, step := range []struct {
			severity string
			told     int
		}{{"warn", 1}, {"fail", 1}, {"warn", 0}, {"fail", 0}} {
			j, err := s.Job(t.Context(), names(4)[i])
			must(t, err)
			w, err := s.Load(t.Context(), j)
			must(t, err)
			d := same(w, c.now())
			breaks(w, &d, "rule-"+step.severity, "provider.example")
			d.Outcomes[0].Changes[0].Severity = step.severity
			must(t, save(t, s, w, d))
			c.add(10 * time.Minute)
			if told := tell(t, s); len(told) != step.told || step.told > 0 && told[0].Severity != step.severity {
				t.Errorf("domain %d: %+v", i, told)
			}
		}
		list, err := s.Incidents(t.Context(), time.Time{})
		must(t, err)
		if len(list) != 2 || list[0].Severity != "fail" || list[0].Count != 3 || len(list[0].Examples) != 3 || list[1].Count != 1 {
			t.Errorf("incidents: %+v", list)
		}
	})
}
