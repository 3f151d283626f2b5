package river_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/river"
)

// Somebody waits for a look: a worker does it. Where none is there, none has room, or it fails, the asker is told so and
// nothing is left behind.
func TestAskingForALook(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Chores = []river.Chore{{Name: "schedule", Every: time.Second, Do: func(context.Context) error { return nil }}}
	eachRiver(t, o, func(t *testing.T, b *bench) {
		ask := func(ctx context.Context, domain int64, patience time.Duration) bool {
			t.Helper()
			done, err := b.Queue.(*river.Queue).Ask(ctx, watch.Job{Chunk: 1, Domain: domain}, patience)
			if must(t, err); done {
				return true
			}
			if d := b.depth(t); d.Waiting != 0 {
				t.Errorf("left behind: %+v", d)
			}
			return false
		}
		if ask(t.Context(), 1, time.Hour) || b.done(t) != 0 {
			t.Error("done, and no worker is there")
		}
		begun, free := make(chan bool), make(chan bool)
		work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			switch j.Domain {
			case 2:
				return errors.New("it fails")
			case 3:
				close(begun)
				<-free
			}
			return write(ctx, j, end)
		})
		until(t, "a worker is there, and has done it", func() bool { return ask(t.Context(), 1, time.Minute) })
		if n := b.done(t); n != 1 {
			t.Errorf("%d looks", n)
		}
		if ask(t.Context(), 2, time.Minute) {
			t.Error("done, and it failed")
		}
		first := make(chan bool)
		go func() { first <- ask(t.Context(), 3, time.Minute) }()
		<-begun
		if ask(t.Context(), 4, 0) {
			t.Error("done, and the worker had no room")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := b.Queue.(*river.Queue).Ask(ctx, watch.Job{Chunk: 1, Domain: 5}, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up: %v", err)
		}
		close(free)
		if !<-first || b.done(t) != 2 {
			t.Error("the look that took long was not waited for")
		}
	})
}
