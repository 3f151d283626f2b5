package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// queued is a store in which so many incidents wait for the channels "a" and "b".
func queued(t *testing.T, where string, n int) (*store.Store, *clock) {
	t.Helper()
	c := newClock()
	s := open(t, where, c)
	watchAll(t, s, day, names(n)...)
	look(t, s, c.now(), nil)
	look(t, s, c.add(2*day), func(w watch.Work, d *watch.Done) {
		for _, n := range names(n) {
			breaks(w, d, "spf-include-none", "of-"+n, n)
		}
	})
	_, err := s.Tell(t.Context(), 0, "info", []string{"a", "b"})
	must(t, err)
	return s, c
}

// taken are the channels of what is given for some, in order.
func taken(t *testing.T, s *store.Store, at time.Time, channels ...string) string {
	t.Helper()
	var names []string
	list, err := s.Take(t.Context(), channels, at, time.Minute, 100)
	must(t, err)
	for _, d := range list {
		names = append(names, d.Channel)
	}
	slices.Sort(names)
	return strings.Join(names, "")
}

// What waits for a channel is given to those who have it, also after a process that lacks it; where none has it, it is given up
// after a week.
func TestDeliveriesWaitForAProcessThatHasTheirChannel(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s, c := queued(t, where, 2)
		if of := taken(t, s, c.now(), "b"); of != "bb" {
			t.Errorf("taken by a process that has b: %q", of)
		}
		if of := taken(t, s, c.now(), "a", "b"); of != "aa" {
			t.Errorf("taken by a process that has both, while another has b: %q", of)
		}
		if of := taken(t, s, c.now()); of != "" {
			t.Errorf("taken by a process without channels: %q", of)
		}
		c.add(6 * day)
		must(t, s.Retention(t.Context(), 400*day))
		if of := taken(t, s, c.now(), "b"); of != "bb" {
			t.Errorf("after six days: %q", of)
		}
		c.add(day)
		if of := taken(t, s, c.now(), "b"); of != "bb" {
			t.Errorf("after seven days: %q", of)
		}
		must(t, s.Retention(t.Context(), 400*day))
		o, err := s.Overview(t.Context())
		must(t, err)
		if o.Deliveries != (store.Deliveries{Waiting: 2, Failed: 2}) {
			t.Errorf("what waits for a is given up, what waits for b is with the process that has it: %+v", o.Deliveries)
		}
	})
}

// One that a channel does not take waits by itself, and its end with it; what comes later goes out.
func TestARefusedDeliveryHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s, c := queued(t, where, 2)
		list, err := s.Take(t.Context(), []string{"a"}, c.now(), time.Minute, 100)
		must(t, err)
		must(t, s.Refused(t.Context(), []int64{list[0].ID}, "HTTP 400", c.now().Add(3*day)))
		must(t, s.Delivered(t.Context(), c.now(), []int64{list[1].ID}))
		look(t, s, c.add(2*day), func(w watch.Work, d *watch.Done) { mends(w, d, "spf-include-none", names(2)...) })
		_, err = s.Tell(t.Context(), 0, "info", []string{"a"})
		must(t, err)
		later, err := s.Take(t.Context(), []string{"a"}, c.now(), time.Minute, 100)
		must(t, err)
		if len(later) != 1 || !later[0].Over || later[0].Incident.ID != list[1].Incident.ID {
			t.Errorf("taken while one waits: %+v", later)
		}
		must(t, s.Delivered(t.Context(), c.now(), []int64{later[0].ID}))
		last, err := s.Take(t.Context(), []string{"a"}, c.add(day), time.Minute, 100)
		must(t, err)
		if len(last) != 2 || last[0].ID != list[0].ID || last[0].Tries != 1 || last[0].Failure != "HTTP 400" || !last[1].Over {
			t.Errorf("taken at its time: %+v", last)
		}
	})
}

// A process without channels, or with other ones, tells for those that others have: from their severity on, after their time.
func TestOneProcessTellsForTheChannelsOfOthers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, 4*day, names(1)...)
		look(t, s, c.now(), nil)
		must(t, s.Announce(t.Context(), []string{"a"}, "fail", 10*time.Minute))
		must(t, s.Announce(t.Context(), []string{"b"}, "warn", 0))
		change := func(rule, severity string) {
			t.Helper()
			j, err := s.Job(t.Context(), names(1)[0])
			must(t, err)
			w, err := s.Load(t.Context(), j)
			must(t, err)
			d := same(w, c.now())
			breaks(w, &d, rule, "")
			d.Outcomes[0].Changes[0].Severity = severity
			must(t, save(t, s, w, d))
		}
		told := func(channels ...string) int {
			t.Helper()
			list, err := s.Tell(t.Context(), time.Minute, "fail", channels)
			must(t, err)
			return len(list)
		}
		change("spf-none", "warn")
		c.add(5 * time.Minute)
		if n := told(); n != 0 {
			t.Errorf("%d told before the longest time to settle", n)
		}
		change("mx-none", "fail")
		c.add(20 * time.Minute)
		if n := told("c"); n != 2 {
			t.Errorf("told %d", n)
		}
		if of := taken(t, s, c.now(), "a", "b", "c"); of != "abbc" {
			t.Errorf("waiting: %s", of)
		}
		must(t, s.Announce(t.Context(), []string{"d"}, "fail", 0))
		c.add(23 * time.Hour)
		taken(t, s, c.now(), "d")
		change("dmarc-none", "fail")
		c.add(2 * time.Hour)
		if n := told(); n != 1 {
			t.Errorf("told %d", n)
		}
		if of := taken(t, s, c.now(), "d"); of != "d" {
			t.Errorf("waiting for a channel that is there: %q", of)
		}
		list, err := s.Take(t.Context(), []string{"b"}, c.now(), time.Minute, 100)
		must(t, err)
		if len(list) != 2 {
			t.Errorf("waiting for a channel that was not there for a day: %+v", list)
		}
	})
}
