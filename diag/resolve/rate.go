package resolve

import (
	"context"
	"sync"
	"time"
)

// rate bounds how many questions a second go to one server. Where most questions of a second stay without an answer, the bound
// is halved, down to a sixteenth; each second with answers doubles it again.
type rate struct {
	most int              // questions a second; 0: no bound
	now  func() time.Time // the wall clock

	mu          sync.Mutex
	next        time.Time // when the next question may go out
	slow        int       // the bound is divided by it
	second      time.Time // the one that is counted
	asked, lost int       // in that second
}

// Bounds of a rate.
const (
	slowest    = 16
	leastAsked = 10 // questions that say something about a server
	burstParts = 20 // what was left unused in a 20th of a second may be made up for
)

func newRate(most int) *rate { return &rate{most: most, now: time.Now, slow: 1} }

// wait waits until a question may go out. The error is that of ctx.
func (r *rate) wait(ctx context.Context) error {
	if r.most <= 0 {
		return nil
	}
	pause := r.reserve()
	if pause <= 0 {
		return nil
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reserve takes the next place, and says how far off it is.
func (r *rate) reserve() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if earliest := now.Add(-time.Second / burstParts); r.next.Before(earliest) {
		r.next = earliest
	}
	r.next = r.next.Add(time.Second * time.Duration(r.slow) / time.Duration(r.most))
	return r.next.Sub(now)
}

// answered counts a question, and whether its answer was lost.
func (r *rate) answered(lost bool) {
	if r.most <= 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.second) >= time.Second {
		switch {
		case r.asked >= leastAsked && 2*r.lost > r.asked:
			r.slow = min(r.slow*2, slowest)
		case r.asked > r.lost:
			r.slow = max(r.slow/2, 1)
		}
		r.second, r.asked, r.lost = now, 0, 0
	}
	r.asked++
	if lost {
		r.lost++
	}
}
