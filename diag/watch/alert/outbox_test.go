package alert_test

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
)

// outbox is a watch.Outbox in memory.
type outbox struct {
	sync.Mutex
	rows []*row
	more int64
}

type row struct {
	watch.Delivery
	next, leased, done time.Time
	dead               bool
}

func (o *outbox) add(at time.Time, channel string, over bool, i watch.Incident) {
	o.Lock()
	defer o.Unlock()
	o.more++
	o.rows = append(o.rows, &row{Delivery: watch.Delivery{ID: o.more, Channel: channel, Over: over, Incident: i, Queued: at}, next: at})
}

func (r *row) waits() bool { return r.done.IsZero() && !r.dead }

func (o *outbox) Take(_ context.Context, now time.Time, lease time.Duration, most int) (out []watch.Delivery, _ error) {
	o.Lock()
	defer o.Unlock()
	held := map[string]bool{}
	for _, r := range o.rows {
		if r.waits() && (r.leased.After(now) || r.next.After(now)) {
			held[r.Channel] = true
		}
	}
	for _, r := range o.rows {
		if r.waits() && !held[r.Channel] && len(out) < most {
			r.leased = now.Add(lease)
			out = append(out, r.Delivery)
		}
	}
	slices.SortStableFunc(out, func(a, b watch.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (o *outbox) each(ids []int64, do func(*row)) {
	o.Lock()
	defer o.Unlock()
	for _, r := range o.rows {
		if slices.Contains(ids, r.ID) {
			do(r)
		}
	}
}

func (o *outbox) Delivered(_ context.Context, at time.Time, ids []int64) error {
	o.each(ids, func(r *row) { r.done, r.leased = at, time.Time{} })
	return nil
}

func (o *outbox) Failed(_ context.Context, ids []int64, failure string, next time.Time) error {
	o.each(ids, func(r *row) {
		r.Tries++
		r.Failure, r.next, r.leased, r.dead = failure, next, time.Time{}, next.IsZero()
	})
	return nil
}

// earliest is when the next channel is due; zero where nothing waits.
func (o *outbox) earliest() (at time.Time) {
	o.Lock()
	defer o.Unlock()
	due := map[string]time.Time{}
	for _, r := range o.rows {
		if r.waits() && r.next.After(due[r.Channel]) {
			due[r.Channel] = r.next
		}
	}
	for _, next := range due {
		if at.IsZero() || next.Before(at) {
			at = next
		}
	}
	return at
}

// words are those of a test: commands by their names, values as they are.
func words(lang codes.Lang) alert.Words {
	return alert.Words{Lang: lang, Command: func(c codes.Command) string { return "<" + c.Name() + ">" },
		Clean: func(s string) string { return s }}
}

// began is when the incidents of the tests began.
func began() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// broken is an incident of so many domains with one culprit.
func broken(id int64, culprit string, domains int) watch.Incident {
	i := watch.Incident{ID: id, Key: watch.Key{Turn: watch.New, Culprit: culprit}, Severity: "fail", Opened: began(), Joined: began(),
		Count: domains, Standing: domains, Message: codes.Text{EN: "no SPF record", JA: "SPFレコードがありません"}}
	for _, d := range []string{"a.test", "b.test", "c.test", "d.test", "e.test", "f.test"}[:min(domains, 6)] {
		i.Examples = append(i.Examples, watch.Example{Domain: d, Rule: "spf-none", Subject: d, Message: i.Message})
	}
	return i
}
