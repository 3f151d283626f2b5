package store_test

import (
	"testing"
	"time"

	"todoku/diag/watch"
)

// rejected are mails that were refused within the hour of a time.
func rejected(at time.Time, source string, count int64) watch.Happening {
	return watch.Happening{Hour: at.Truncate(time.Hour), Domain: "a.example", Reason: "dkim", Class: "policy_block", Provider: "gmail",
		Code: "42550", Source: source, Count: count, First: at, Last: at.Add(time.Minute), Example: "550 no"}
}

func TestOfOneSourceTheLargerCountHolds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s := open(t, where, newClock())
		count := func(list ...watch.Happening) { must(t, s.Happened(t.Context(), list)) }
		count(rejected(start, "log", 3), rejected(start, "log", 2), rejected(start.Add(time.Hour), "log", 1))
		count(rejected(start, "log", 2))
		grown := rejected(start.Add(time.Minute), "log", 5)
		other := rejected(start, "mail", 1)
		other.Example = "550 \x00\xff"
		count(grown, other, rejected(start.Add(-99*time.Hour), "log", 9))
		got, cut, err := s.Tally(t.Context(), "a.example", start.Add(-time.Hour), start.Add(day))
		must(t, err)
		if len(got) != 2 || cut {
			t.Fatalf("happened: %+v", got)
		}
		e := got[0]
		if e.Count != 6 || !e.First.Equal(start) || !e.Last.Equal(grown.Last) || e.Example != "550 \ufffd\ufffd" || e.Provider != "gmail" {
			t.Errorf("the hour of both sources: %+v", e)
		}
		line, err := s.History(t.Context(), "a.example", start, start.Add(time.Hour))
		must(t, err)
		if len(line.Events) != 2 || line.Events[0].Count+line.Events[1].Count != e.Count {
			t.Errorf("in the history: %+v", line.Events)
		}
		if e := got[1]; e.Count != 1 || !e.Hour.Equal(start.Add(time.Hour)) {
			t.Errorf("the hour behind it: %+v", e)
		}
	})
}
