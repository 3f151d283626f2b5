package batch

import (
	"context"
	"errors"
	"sync"

	"todoku/sender"
	"todoku/sender/history"
)

// Workers is how many mails of a list are under way at once; each server
// gets one session at a time, a relay a few.
const Workers = 8

// Deliverer delivers a mail. *sender.Deliverer does it, and DryRun finds its way only.
type Deliverer interface {
	Deliver(ctx context.Context, j sender.Job) (sender.Outcome, error)
}

// Watcher is told what happens. Several goroutines call it at once.
type Watcher interface {
	Begin(j sender.Job)                                            // the mail is made and goes its way now
	End(ctx context.Context, j sender.Job, o sender.Outcome) error // it has its result; an error ends the run
	Broken(j sender.Job, o sender.Outcome)                         // the run ended while it was on its way
}

// Run sends all mails and counts how they ended; several workers send a list. What the servers say is in the tally, not in
// the error. The error is what ended the run early, or the cause of ctx where that ended. If ctx ended after the last
// mail, the error is there and the tally is Complete.
func (b *Batch) Run(ctx context.Context, d Deliverer, w Watcher) (*Tally, error) {
	r := &run{Batch: b, deliverer: d, watcher: w}
	if b.ListID == "" && len(b.Items) == 1 {
		err := r.send(ctx, b.Items[0])
		return &r.tally, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan Item)
	var wg sync.WaitGroup
	for range Workers {
		wg.Go(func() {
			for item := range work {
				if err := r.send(ctx, item); err != nil {
					cancel(err)
				}
			}
		})
	}
	handed := r.feed(ctx, work)
	close(work)
	wg.Wait()
	r.tally.Complete = handed == nil && !r.interrupted
	if err := context.Cause(ctx); err != nil {
		return &r.tally, err
	}
	return &r.tally, handed
}

// run is a batch under way.
type run struct {
	*Batch
	deliverer Deliverer
	watcher   Watcher

	sync.Mutex
	tally       Tally
	interrupted bool // a mail was given up on the way
}

// feed gives the mails to the workers.
func (r *run) feed(ctx context.Context, work chan<- Item) error {
	for item, err := range r.queue(ctx) {
		if err != nil {
			return err
		}
		select {
		case work <- item:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// send sends one mail.
func (r *run) send(ctx context.Context, item Item) error {
	j, err := r.job(item)
	if err != nil {
		return err
	}
	r.watcher.Begin(j)
	out, err := r.deliverer.Deliver(ctx, j)
	if r.ListID != "" && (errors.Is(err, history.ErrTaken) || errors.Is(err, history.ErrFinished)) {
		return nil // another process has it: its final dot was not sent here
	}
	if err != nil && out.Result == history.Preparing { // it ended before the mail did
		if ctx.Err() == nil {
			return err
		}
		r.Lock()
		r.interrupted = true
		r.Unlock()
		r.watcher.Broken(j, out)
		return context.Cause(ctx)
	}
	r.Lock()
	r.tally.count(&out)
	r.Unlock()
	return errors.Join(r.watcher.End(ctx, j, out), err)
}
