package alert_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
)

// outbox is a watch.Outbox in memory. As in a store, a channel has one time and one lease, and a delivery a time of its own.
type outbox struct {
	sync.Mutex
	rows         []*row
	next, leased map[string]time.Time // by channel
	more         int64
	taken        int
}

type row struct {
	watch.Delivery
	done time.Time
	next time.Time
	dead bool
}

func (o *outbox) add(at time.Time, channel string, over bool, i watch.Incident) {
	o.Lock()
	defer o.Unlock()
	if o.next == nil {
		o.next, o.leased = map[string]time.Time{}, map[string]time.Time{}
	}
	o.more++
	o.rows = append(o.rows, &row{Delivery: watch.Delivery{ID: o.more, Channel: channel, Over: over, Incident: i, Queued: at}})
}

func (r *row) waits() bool { return r.done.IsZero() && !r.dead }

func (o *outbox) Take(_ context.Context, channels []string, now time.Time, lease time.Duration, most int) (out []watch.Delivery, _ error) {
	o.Lock()
	defer o.Unlock()
	if o.taken++; o.taken > 10_000 {
		return nil, errors.New("taken again and again")
	}
	of := map[string]bool{}
	for _, r := range o.rows {
		free := slices.Contains(channels, r.Channel) && !o.leased[r.Channel].After(now) && !o.next[r.Channel].After(now)
		if free && r.waits() && !r.next.After(now) && len(out) < most {
			of[r.Channel] = true
			out = append(out, r.Delivery)
		}
	}
	for name := range of {
		o.leased[name] = now.Add(lease)
	}
	return out, nil
}

// each changes deliveries and frees their channels until next.
func (o *outbox) each(ids []int64, next time.Time, do func(*row)) {
	o.Lock()
	defer o.Unlock()
	for _, r := range o.rows {
		if slices.Contains(ids, r.ID) {
			do(r)
			o.next[r.Channel], o.leased[r.Channel] = next, time.Time{}
		}
	}
}

func (o *outbox) Delivered(_ context.Context, at time.Time, ids []int64) error {
	o.each(ids, time.Time{}, func(r *row) { r.done = at })
	return nil
}

func (o *outbox) Refused(_ context.Context, ids []int64, failure string, next time.Time) error {
	o.each(ids, time.Time{}, func(r *row) { r.fail(failure, next) })
	return nil
}

func (o *outbox) Failed(_ context.Context, ids []int64, failure string, next time.Time) error {
	o.each(ids, next, func(r *row) { r.fail(failure, next) })
	return nil
}

func (r *row) fail(failure string, next time.Time) {
	r.Tries++
	r.Failure, r.next, r.dead = failure, next, next.IsZero()
}

// earliest is when something is due next; zero where nothing waits.
func (o *outbox) earliest() (at time.Time) {
	o.Lock()
	defer o.Unlock()
	for _, r := range o.rows {
		next := o.next[r.Channel]
		if r.next.After(next) {
			next = r.next
		}
		if r.waits() && (at.IsZero() || next.Before(at)) {
			at = next
			if at.IsZero() {
				return r.Queued
			}
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
