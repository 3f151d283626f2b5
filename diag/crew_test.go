package diag_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag"
)

// TestRunAllWorksOnAsManyAsAllowed: where nobody gets an answer, all that may be under way come to be under way, and no more.
func TestRunAllWorksOnAsManyAsAllowed(t *testing.T) {
	t.Parallel()
	const workers = 12
	var now, most atomic.Int32
	all := make(chan struct{})
	release := sync.OnceFunc(func() { close(all) })
	slow := &diag.Check{Name: "slow", Run: func(ctx context.Context, _ *diag.Pass) error {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if n == workers {
			release()
		}
		select {
		case <-all:
			return nil
		case <-time.After(20 * time.Second):
			t.Error("too few targets are under way")
			return nil
		}
	}}
	err := diag.RunAll(t.Context(), diag.Env{DNS: quiet{}, Now: time.Now}, targets(t, many(3*workers)...), []*diag.Check{slow}, workers, false,
		func(*diag.Report) error { return nil })
	if err != nil || most.Load() != workers {
		t.Errorf("%d targets under way at most, want %d; %v", most.Load(), workers, err)
	}
}
