package probe

import (
	"context"
	"net/netip"
	"sync"
)

// maxOpen bounds the connections that are open at once, in all.
const maxOpen = 20

// gate lets one visitor at a time to an address, and a bounded number in all: a
// server that sees many connections from one client takes it for an attack.
type gate struct {
	mu    sync.Mutex
	doors map[netip.AddrPort]*door
	slots chan struct{}
}

// door is that of one address, there while somebody wants in.
type door struct {
	turn   chan struct{}
	guests int // inside and before it
}

// enter waits for its turn. What it returns is to be called at the end.
func (g *gate) enter(ctx context.Context, at netip.AddrPort) (leave func(), err error) {
	d := g.door(at)
	// The turn first: who waits for a slow server must not take a slot from others.
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		g.gone(at, d)
		return nil, context.Cause(ctx)
	}
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		<-d.turn
		g.gone(at, d)
		return nil, context.Cause(ctx)
	}
	leave = func() {
		<-g.slots
		<-d.turn
		g.gone(at, d)
	}
	if ctx.Err() != nil { // of a turn and an end that come at once, select takes either
		leave()
		return nil, context.Cause(ctx)
	}
	return leave, nil
}

func (g *gate) door(at netip.AddrPort) *door {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.slots == nil {
		g.slots, g.doors = make(chan struct{}, maxOpen), map[netip.AddrPort]*door{}
	}
	d := g.doors[at]
	if d == nil {
		d = &door{turn: make(chan struct{}, 1)}
		g.doors[at] = d
	}
	d.guests++
	return d
}

func (g *gate) gone(at netip.AddrPort, d *door) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if d.guests--; d.guests == 0 {
		delete(g.doors, at)
	}
}
