package event

import (
	"context"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"
)

func numbers(n int) func() (int, error) {
	i := 0
	return func() (int, error) {
		if i == n {
			return 0, io.EOF
		}
		i++
		return i, nil
	}
}

func TestPipelineKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for workers := range 5 {
		sum, last := 0, 0
		p := pipeline[int, int]{workers, numbers(1000), func(i int) int {
			if i%7 == 0 {
				runtime.Gosched()
			}
			return i
		}, func(i int) error {
			if i != last+1 {
				t.Fatalf("%d came after %d", i, last)
			}
			last = i
			sum += i
			return nil
		}}
		if err := p.run(t.Context()); err != nil || sum != 500500 {
			t.Errorf("with %d workers: sum %d, error %v", workers, sum, err)
		}
	}
}

func TestPipelineEndsWithTheErrorAfterWhatCameBefore(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	next := numbers(50)
	given := 0
	err := pipeline[int, int]{3, func() (int, error) {
		i, err := next()
		if err != nil {
			err = broken
		}
		return i, err
	}, func(i int) int { return i }, func(int) error { given++; return nil }}.run(t.Context())
	if given != 50 || !errors.Is(err, broken) {
		t.Errorf("%d given, error %v", given, err)
	}
}

func TestPipelineLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	for range 50 {
		n := 0
		err := pipeline[int, int]{4, numbers(1 << 30), func(i int) int { return i }, func(int) error {
			if n++; n == 10 {
				return errEnough
			}
			return nil
		}}.run(ctx)
		if !errors.Is(err, errEnough) || n != 10 {
			t.Fatalf("%d given, error %v", n, err)
		}
	}
	cancel()
	err := pipeline[int, int]{4, numbers(1 << 30), func(i int) int { return i }, func(int) error { return nil }}.run(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v at the end of the context", err)
	}
	for range 1000 { // one that is done may be counted for a moment
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

func TestPipelineDoesNotWaitForAReadThatNeverReturns(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	blocked, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- pipeline[int, int]{2, func() (int, error) { close(blocked); <-release; return 0, io.EOF },
			func(i int) int { return i }, func(int) error { return nil }}.run(ctx)
	}()
	<-blocked
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("still waiting")
	}
	close(release)
}
