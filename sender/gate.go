package sender

import (
	"context"
	"slices"
	"sync"
)

// relaySessions is how many sessions a relay gets at once: it is the user's own
// server. A recipient's server gets one.
const relaySessions = 4

// gates lets so many sessions at a time go to each server.
type gates struct {
	sync.Mutex
	open map[string]*gate
	most map[string]int // of servers that wanted fewer sessions
}

// gate is one server with the sessions that have a turn, and those that wait.
type gate struct {
	used    int
	waiting []chan struct{}
}

// enter waits for a turn at a server that takes at most so many sessions; leave
// must be called.
func (g *gates) enter(ctx context.Context, server string, most int) (leave func(), err error) {
	g.Lock()
	if g.open == nil {
		g.open, g.most = map[string]*gate{}, map[string]int{}
	}
	one := g.open[server]
	if one == nil {
		one = &gate{}
		g.open[server] = one
	}
	if known, ok := g.most[server]; ok {
		most = min(most, known)
	}
	turn := make(chan struct{}, 1)
	if one.used < most {
		one.used++
		turn <- struct{}{}
	} else {
		one.waiting = append(one.waiting, turn)
	}
	g.Unlock()
	select {
	case <-turn:
		return func() { g.leave(server, one) }, nil
	case <-ctx.Done():
		g.giveUp(server, one, turn)
		return nil, ctx.Err()
	}
}

// leave hands the turn on, unless the server wanted fewer sessions meanwhile.
func (g *gates) leave(server string, one *gate) {
	g.Lock()
	defer g.Unlock()
	most, narrowed := g.most[server]
	switch {
	case len(one.waiting) > 0 && (!narrowed || one.used <= most):
		one.waiting[0] <- struct{}{}
		one.waiting = one.waiting[1:]
	default:
		if one.used--; one.used == 0 {
			delete(g.open, server)
		}
	}
}

// giveUp leaves the line; a turn that came meanwhile goes on to the next.
func (g *gates) giveUp(server string, one *gate, turn chan struct{}) {
	g.Lock()
	i := slices.Index(one.waiting, turn)
	if i >= 0 {
		one.waiting = slices.Delete(one.waiting, i, i+1)
	}
	g.Unlock()
	if i < 0 {
		g.leave(server, one)
	}
}

// narrow learns that a server did not take one more session than it has already.
// It reports whether there are others, so that this one can wait for its turn. A
// server that does not take a single one is not too full, but down.
func (g *gates) narrow(server string) bool {
	g.Lock()
	defer g.Unlock()
	one := g.open[server]
	if one == nil || one.used < 2 {
		delete(g.most, server)
		return false
	}
	g.most[server] = one.used - 1
	return true
}
