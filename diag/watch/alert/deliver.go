package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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

// channel tells deliveries of one channel, and marks them. Those that failed are marked last: they say when the channel is tried
// again.
func (d *Deliverer) channel(ctx context.Context, name string, these []watch.Delivery) error {
	within, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	var h handed
	d.hand(within, d.Channels[name], these, &h)
	marking, done := context.WithTimeout(context.WithoutCancel(ctx), patience) // what was taken in is marked, come what may
	defer done()
	var errs []error
	if len(h.taken) > 0 {
		d.tell(Result{Channel: name, Deliveries: len(h.taken)})
		errs = append(errs, d.Outbox.Delivered(marking, d.Now(), ids(h.taken)))
	}
	if ctx.Err() == nil && len(h.refused) > 0 { // else the lease ends by itself
		errs = append(errs, d.failed(marking, name, h.refused, h.why))
	}
	return errors.Join(errs...)
}

// handed is what became of deliveries.
type handed struct {
	taken, refused []watch.Delivery
	why            error // of the last refusal
}

// hand gives deliveries to a channel as one notice. Where it takes none so large, each half goes out by itself: one incident that
// a server does not like holds up no other.
func (d *Deliverer) hand(ctx context.Context, t Teller, these []watch.Delivery, h *handed) {
	err := t.Tell(ctx, NewNotice(these, d.Words, d.Now()))
	f, refused := errors.AsType[*Failure](err)
	switch {
	case err == nil:
		h.taken = append(h.taken, these...)
	case refused && f.TooLarge && len(these) > 1 && ctx.Err() == nil:
		for _, half := range halves(these) {
			d.hand(ctx, t, half, h)
		}
	default:
		h.refused, h.why = append(h.refused, these...), err
	}
}

// halves splits deliveries. The beginning and the end of an incident stay together.
func halves(these []watch.Delivery) [2][]watch.Delivery {
	sorted := slices.SortedStableFunc(slices.Values(these), func(a, b watch.Delivery) int { return cmp.Compare(a.Incident.ID, b.Incident.ID) })
	at := len(sorted) / 2
	for at < len(sorted) && sorted[at].Incident.ID == sorted[at-1].Incident.ID {
		at++
	}
	if at == len(sorted) {
		at = len(sorted) / 2
	}
	return [2][]watch.Delivery{sorted[:at], sorted[at:]}
}

// failed keeps deliveries for later, or gives up those that have waited for too long.
func (d *Deliverer) failed(ctx context.Context, name string, these []watch.Delivery, why error) error {
	now := d.Now()
	var asked time.Duration
	if f, ok := errors.AsType[*Failure](why); ok {
		asked = f.Wait
	}
	tries := 0
	for _, one := range these {
		tries = max(tries, one.Tries)
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
			errs = append(errs, d.Outbox.Failed(ctx, ids(part.of), says, part.next))
			d.tell(Result{Channel: name, Deliveries: len(part.of), Err: fmt.Errorf("%s: %w", name, why), Next: part.next})
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
