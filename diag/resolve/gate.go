package resolve

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

// gate bounds how much is under way at one server at once: questions with a
// socket each, requests, connections. The bound grows while the server keeps
// up and shrinks where it, or this machine, cannot give more.
type gate struct {
	mu       sync.Mutex
	max      int // never more
	limit    int // at present
	growth   int // of the limit with each good end
	used     int
	shrunk   bool
	goodEnds int           // good ends since the limit last grew
	first    time.Duration // mean time of the first answers
	recent   time.Duration // running mean of the time of answers
	n        int           // answers
	lastSign time.Time
	waiting  []chan error
}

// How the limit grows: by one or more with each good end; once it shrank, by
// one with so many.
const (
	fastGrowth = 2 // where opening costs little
	slowGrowth = 256
)

func newGate(start, most, growth int) *gate {
	most = max(most, 1)
	return &gate{max: most, limit: min(max(start, 1), most), growth: growth}
}

// enter waits for a place. It gives up, as silence, after a time in which the
// server showed no sign of life.
func (g *gate) enter(ctx context.Context, patience time.Duration) error {
	g.mu.Lock()
	if g.used < g.limit {
		g.used++
		g.mu.Unlock()
		return nil
	}
	mine := make(chan error, 1)
	g.waiting = append(g.waiting, mine)
	g.mu.Unlock()
	if err := g.wait(ctx, mine, time.Now(), patience); err != nil {
		g.giveUp(mine)
		return err
	}
	return nil
}

// wait ends when a turn (nil) or an error comes. It began at start.
func (g *gate) wait(ctx context.Context, mine <-chan error, start time.Time, patience time.Duration) error {
	timer := time.NewTimer(patience - time.Since(later(start, g.alive())))
	defer timer.Stop()
	for {
		select {
		case err := <-mine:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			left := patience - time.Since(later(start, g.alive()))
			if left <= 0 {
				return os.ErrDeadlineExceeded
			}
			timer.Reset(left)
		}
	}
}

// giveUp leaves the line; a place that came meanwhile goes on to the next.
func (g *gate) giveUp(mine chan error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range g.waiting {
		if w == mine {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			return
		}
	}
	g.used--
	g.admitWaiting()
}

// admitWaiting gives free places to those who wait, in their order.
func (g *gate) admitWaiting() {
	for g.used < g.limit && len(g.waiting) > 0 {
		g.used++
		g.waiting[0] <- nil
		g.waiting = g.waiting[1:]
	}
}

// try takes a place without waiting; the first may always be taken.
func (g *gate) try(first bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !first && g.used >= g.limit {
		return false
	}
	g.used++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.used--
	g.admitWaiting()
}

// firstAnswers is how many answers tell what time they take while little is under way.
const firstAnswers = 16

// good notes an answer, which makes room for more unless answers now take
// twice as long as at first: then the server or this machine is busy enough.
func (g *gate) good(took time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lastSign = time.Now()
	g.recent, g.n = mean(g.recent, took, g.n), g.n+1
	if g.n <= firstAnswers {
		g.first = g.recent
	}
	g.goodEnds++
	switch {
	case g.limit == g.max || g.recent > 2*g.first+5*time.Millisecond:
	case !g.shrunk:
		g.limit = min(g.limit+g.growth, g.max)
	case g.goodEnds >= slowGrowth:
		g.limit, g.goodEnds = g.limit+1, 0
	}
	g.admitWaiting()
}

// open raises the limit to this many at least, but not beyond what may ever be.
func (g *gate) open(limit int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shrunk {
		g.limit = min(max(limit, g.limit), g.max)
	}
	g.admitWaiting()
}

// releaseScarce takes away the place of one that has no descriptor.
func (g *gate) releaseScarce(_ error, first bool) {
	if first {
		g.shrink()
	}
}

// shrink takes away the place of one that got nothing because there were too
// many.
func (g *gate) shrink() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit, g.shrunk, g.goodEnds = max(min(g.limit, g.used)-1, 1), true, 0
}

func (g *gate) alive() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.lastSign
}

// others reports whether more than one is under way.
func (g *gate) others() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.used > 1
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// shortage is the error of a machine that has no file descriptor or no port
// left. It says nothing about the server.
type shortage struct{ error }

func (s shortage) Unwrap() error { return s.error }

// scarce reports whether an error that the gate judged is a shortage.
func scarce(err error) bool {
	var s shortage
	return errors.As(err, &s)
}

// judge makes a shortage of an error that is one. No address to connect from is
// also what a machine without IPv6 says: ports are short only where the server
// has answered before.
func (g *gate) judge(err error) error {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.EADDRNOTAVAIL) && !g.alive().IsZero() {
		return shortage{err}
	}
	return err
}

// pause is how long to wait before a scarce descriptor is tried for again.
const pause = 20 * time.Millisecond

// retryScarce opens something and, where descriptors are scarce, waits for one
// until the time is over; slower is told of each try in vain.
func (g *gate) retryScarce(ctx context.Context, limit time.Duration, slower func(err error, first bool), open func() error) error {
	for start, first := time.Now(), true; ; first = false {
		err := g.judge(open())
		if !scarce(err) || time.Since(start) >= limit {
			return err
		}
		slower(err, first)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// manyDescriptors is where the number of descriptors bounds nothing.
const manyDescriptors = 1 << 16
