package event

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"time"
)

// patience is how long inOrder waits, when it ends early, for a read that is under way. A read from a terminal may never
// return; it is then left behind, and ends with the read.
const patience = 100 * time.Millisecond

// pipeline is work on a sequence of items, side by side, with results in the order of the items.
type pipeline[T, R any] struct {
	workers int               // goroutines that work; 0 is one for each processor
	next    func() (T, error) // gives the next item, on a goroutine of its own; io.EOF after the last one
	work    func(T) R         // is called on several goroutines at a time
	give    func(R) error     // takes the results, in order, on the goroutine of run
}

// job is an item on its way, with the place for its result.
type job[T, R any] struct {
	item   T
	result chan R
}

// run returns the error of give or of next, or the end of ctx. What came before an error of next was given. As many items as
// there are workers, and a few more, are held at a time.
func (p pipeline[T, R]) run(ctx context.Context) error {
	workers := p.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancel(ctx)
	jobs := make(chan job[T, R])
	order := make(chan job[T, R], workers)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for j := range jobs {
				j.result <- p.work(j.item)
			}
		})
	}
	var failed error
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(order)
		defer close(jobs)
		failed = p.feed(ctx, jobs, order)
	}()
	err := p.collect(ctx, order)
	stop()
	select {
	case <-read:
		working.Wait()
	case <-time.After(patience):
		return err
	}
	if err == nil && !errors.Is(failed, io.EOF) {
		err = failed
	}
	return err
}

// feed hands out the items.
func (p pipeline[T, R]) feed(ctx context.Context, jobs, order chan<- job[T, R]) error {
	for {
		item, err := p.next()
		if err != nil {
			return err
		}
		j := job[T, R]{item, make(chan R, 1)}
		select {
		case jobs <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case order <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// collect gives the results, until there are no more.
func (p pipeline[T, R]) collect(ctx context.Context, order <-chan job[T, R]) error {
	for {
		select {
		case j, more := <-order:
			if !more {
				return ctx.Err()
			}
			select {
			case r := <-j.result:
				if err := p.give(r); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
