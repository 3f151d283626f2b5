package resolve

import (
	"context"
	"os"
	"sync"
	"time"
)

// clock ends a context when a time has passed. It begins anew when a request
// is written; until then each sign of life of the server puts the end off.
type clock struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	limit  time.Duration
	server *gate

	mu      sync.Mutex
	start   time.Time
	written bool
	timer   *time.Timer
}

func newClock(ctx context.Context, limit time.Duration, server *gate) *clock {
	c := &clock{limit: limit, server: server, start: time.Now()}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(limit, c.expire)
	return c
}

// restart is told that the request is written.
func (c *clock) restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start, c.written = time.Now(), true
	c.timer.Reset(c.limit)
}

func (c *clock) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := c.start
	if !c.written {
		start = later(start, c.server.alive())
	}
	if left := c.limit - time.Since(start); left > 0 {
		c.timer.Reset(left)
		return
	}
	c.cancel(os.ErrDeadlineExceeded)
}

// passed is the time since the request was written.
func (c *clock) passed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.start)
}

// cause is why a request failed: the time, where that ended it.
func (c *clock) cause(err error) error {
	if context.Cause(c.ctx) == os.ErrDeadlineExceeded {
		return os.ErrDeadlineExceeded
	}
	return err
}

func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer.Stop()
	c.cancel(nil)
}
