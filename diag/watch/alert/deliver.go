package alert

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"todoku/diag/watch"
)

// Teller is a channel that takes notices.
type Teller interface {
	// Tell returns when the channel has taken the notice. Its error is a *Failure, or that of ctx.
	Tell(ctx context.Context, n Notice) error
}

// Times and bounds of a Deliverer.
const (
	shortest = 30 * time.Second // the wait after the first failure, doubled with each further one
	longest  = time.Hour        // unless the server asks for more
	lease    = 3 * time.Minute  // in which a channel is told or fails
	turn     = 2 * time.Minute  // that all tries of one notice may take
	mostOnce = 500              // deliveries taken at once

	mostRefused = 5 // incidents that a server does not take, each by itself, in one try
)

// Deliverer makes deliveries of an outbox. Several processes may each have one.
type Deliverer struct {
	Outbox   watch.Outbox
	Channels map[string]Teller // by the name of the channel
	Words    Words
	Now      func() time.Time
	Told     func(Result) // gets what was tried; nil: nobody wants it
}

// Result is one try.
type Result struct {
	Channel    string
	Deliveries int
	Err        error     // nil: they were delivered
	Next       time.Time // of the next try; zero with Err: they were given up
}

// Run makes deliveries as their time comes, until ctx ends. An error of the outbox is told and tried again.
func (d *Deliverer) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := d.Once(ctx); err != nil && ctx.Err() == nil {
			d.tell(Result{Err: err, Next: d.Now().Add(every)})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once makes the deliveries whose time has come. The error is that of the outbox; channels that fail are no error.
func (d *Deliverer) Once(ctx context.Context) error {
	channels := slices.Sorted(maps.Keys(d.Channels))
	for {
		all, err := d.Outbox.Take(ctx, channels, d.Now(), lease, mostOnce)
		if err != nil || len(all) == 0 {
			return err
		}
		of := map[string][]watch.Delivery{}
		for _, one := range all {
			of[one.Channel] = append(of[one.Channel], one)
		}
		var wg sync.WaitGroup
		names := slices.Sorted(maps.Keys(of))
		errs := make([]error, len(names))
		for i, name := range names {
			wg.Go(func() { errs[i] = d.channel(ctx, name, of[name]) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil || ctx.Err() != nil {
			return cmp.Or(err, ctx.Err())
		}
	}
}

// channel tells deliveries of one channel, and marks them. Those for which the channel must wait are marked last: they say when it
// is tried again.
func (d *Deliverer) channel(ctx context.Context, name string, these []watch.Delivery) error {
	within, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	fewest := slices.MinFunc(these, byTries).Tries
	// What a server does not like may be old or new: each time the other end goes first, and what is new goes first the first time.
	h := handed{oldFirst: fewest%2 == 1}
	d.hand(within, d.Channels[name], these, &h)
	marking, done := context.WithTimeout(context.WithoutCancel(ctx), patience) // what was taken in is marked, come what may
	defer done()
	var errs []error
	if len(h.taken) > 0 {
		d.tell(Result{Channel: name, Deliveries: len(h.taken)})
		errs = append(errs, d.Outbox.Delivered(marking, d.Now(), ids(h.taken)))
	}
	if ctx.Err() != nil { // the lease ends by itself
		return errors.Join(errs...)
	}
	if h.failure == nil && len(h.taken) > 0 { // the channel is well
		h.refused, h.left = append(h.refused, h.left...), nil
	}
	of := map[int][]watch.Delivery{} // by tries
	for _, one := range h.refused {
		of[one.Tries] = append(of[one.Tries], one)
	}
	for tries, some := range of {
		errs = append(errs, d.later(marking, name, some, tries, h.refusal, d.Outbox.Refused))
	}
	switch {
	case h.failure != nil:
		most := slices.MaxFunc(h.left, byTries).Tries
		errs = append(errs, d.later(marking, name, h.left, most, h.failure, d.Outbox.Failed))
	case len(h.left) > 0:
		errs = append(errs, d.later(marking, name, h.left, fewest, h.refusal, d.Outbox.Failed))
	}
	return errors.Join(errs...)
}

func byTries(a, b watch.Delivery) int { return cmp.Compare(a.Tries, b.Tries) }

// handed is what became of deliveries.
type handed struct {
	oldFirst bool

	taken   []watch.Delivery
	refused []watch.Delivery // each incident by itself
	times   int              // that this was so
	refusal error            // the last one
	left    []watch.Delivery // by a failure of the channel, or not tried
	failure error            // of the channel, whatever it is told
}

// hand gives deliveries to a channel as one notice. Where it does not take that, each half goes out by itself: one incident that a
// server does not like holds up no other. After some refusals, and after a failure that says nothing about what was told, the rest is
// not tried.
func (d *Deliverer) hand(ctx context.Context, t Teller, these []watch.Delivery, h *handed) {
	if h.failure != nil || h.times >= mostRefused {
		h.left = append(h.left, these...)
		return
	}
	err := t.Tell(ctx, NewNotice(these, d.Words, d.Now()))
	f, _ := errors.AsType[*Failure](err)
	older, newer := halves(these)
	switch {
	case err == nil:
		h.taken = append(h.taken, these...)
	case f == nil || !f.TooLarge || ctx.Err() != nil:
		h.left, h.failure = append(h.left, these...), err
	case len(newer) > 0:
		if h.oldFirst {
			older, newer = newer, older
		}
		d.hand(ctx, t, newer, h)
		d.hand(ctx, t, older, h)
	default:
		h.refused, h.refusal, h.times = append(h.refused, these...), err, h.times+1
	}
}

// halves splits deliveries. The beginning and the end of an incident stay together: newer is empty where all is of one incident.
func halves(these []watch.Delivery) (older, newer []watch.Delivery) {
	sorted := slices.SortedStableFunc(slices.Values(these), func(a, b watch.Delivery) int { return cmp.Compare(a.Incident.ID, b.Incident.ID) })
	at := max(len(sorted)/2, 1)
	for at < len(sorted) && sorted[at].Incident.ID == sorted[at-1].Incident.ID {
		at++
	}
	return sorted[:at], sorted[at:]
}

// later keeps deliveries, after so many tries before this one, for another by mark, or gives up those that have waited for too long.
func (d *Deliverer) later(ctx context.Context, name string, these []watch.Delivery, tries int, why error,
	mark func(ctx context.Context, ids []int64, failure string, next time.Time) error) error {
	now := d.Now()
	var asked time.Duration
	if f, ok := errors.AsType[*Failure](why); ok {
		asked = f.Wait
	}
	next := now.Add(max(pause(tries), asked))
	var dead, later []watch.Delivery
	for _, one := range these {
		if now.Sub(one.Queued) >= watch.GiveUp {
			dead = append(dead, one)
		} else {
			later = append(later, one)
		}
	}
	says := d.Words.Clean(shorten(why.Error(), mostMessage))
	var errs []error
	for _, part := range []struct {
		of   []watch.Delivery
		next time.Time
	}{{dead, time.Time{}}, {later, next}} {
		if len(part.of) > 0 {
			errs = append(errs, mark(ctx, ids(part.of), says, part.next))
			d.tell(Result{Channel: name, Deliveries: len(part.of), Err: why, Next: part.next})
		}
	}
	return errors.Join(errs...)
}

// pause is the wait after so many failures before this one: doubled each time, a fifth shorter or longer by chance, so that not
// all come back at once.
func pause(tries int) time.Duration {
	d := longest
	if tries < 7 {
		d = min(shortest<<max(tries, 0), longest)
	}
	return d*4/5 + rand.N(d*2/5)
}

func (d *Deliverer) tell(r Result) {
	if d.Told != nil {
		d.Told(r)
	}
}

func ids(these []watch.Delivery) []int64 {
	out := make([]int64, len(these))
	for i, one := range these {
		out[i] = one.ID
	}
	return out
}
