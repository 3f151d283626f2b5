package smtp

import (
	"context"
	"slices"
	"sync"
)

// Gate limits sessions: a server that sees many connections from one client takes it for an attack. It lets a bounded
// number of sessions at a time to each server, and to all servers together; who has to wait gets a turn in the order of
// coming. The zero value is ready, and one Gate serves several goroutines.
type Gate struct {
	mu     sync.Mutex
	turns  map[string]*turns
	limits map[string]int // of servers that wanted fewer sessions
}

// Limits are how many sessions there may be at a time.
type Limits struct {
	Server int // with one server, at least 1
	All    int // with all servers together; 0 is no limit
}

// allServers is the key of the sessions with all servers together.
const allServers = ""

// turns is the sessions with one server that have a turn, and those that wait for one. It is there while it has any.
type turns struct {
	used    int
	shared  bool // of those that have a turn now, one had it beside another, which may have left
	waiting []chan struct{}
}

// Enter waits for a turn at a server, which is named by its address. leave gives the turn back and must be called once.
// The error is the context's cause.
func (g *Gate) Enter(ctx context.Context, server string, l Limits) (leave func(), err error) {
	// The server's turn first: who waits for a slow server must not keep others from theirs.
	leaveServer, err := g.enter(ctx, server, l.Server)
	if err != nil || l.All == 0 {
		return leaveServer, err
	}
	leaveAll, err := g.enter(ctx, allServers, l.All)
	if err != nil {
		leaveServer()
		return nil, err
	}
	return func() { leaveAll(); leaveServer() }, nil
}

func (g *Gate) enter(ctx context.Context, server string, most int) (leave func(), err error) {
	one, turn := g.queue(server, most)
	select {
	case <-turn:
	case <-ctx.Done():
		g.giveUp(server, one, turn)
		return nil, context.Cause(ctx)
	}
	if ctx.Err() != nil { // of a turn and an end that come at once, select takes either
		g.leave(server, one)
		return nil, context.Cause(ctx)
	}
	return func() { g.leave(server, one) }, nil
}

// queue takes a turn where there is one, or a place at the end of the line. The channel tells when it is the turn.
func (g *Gate) queue(server string, most int) (*turns, chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.turns == nil {
		g.turns, g.limits = map[string]*turns{}, map[string]int{}
	}
	one := g.turns[server]
	if one == nil {
		one = &turns{}
		g.turns[server] = one
	}
	if known, ok := g.limits[server]; ok {
		most = min(most, known)
	}
	turn := make(chan struct{}, 1)
	if one.used < most {
		one.shared = one.used > 0 || one.shared
		one.used++
		turn <- struct{}{}
	} else {
		one.waiting = append(one.waiting, turn)
	}
	return one, turn
}

// leave hands the turn on, unless the server wanted fewer sessions meanwhile.
func (g *Gate) leave(server string, one *turns) {
	g.mu.Lock()
	defer g.mu.Unlock()
	most, narrowed := g.limits[server]
	if len(one.waiting) > 0 && (!narrowed || one.used <= most) {
		one.shared = one.used > 1
		one.waiting[0] <- struct{}{}
		one.waiting = one.waiting[1:]
		return
	}
	if one.used--; one.used == 0 {
		delete(g.turns, server)
	}
}

// giveUp leaves the line; a turn that came meanwhile goes on to the next.
func (g *Gate) giveUp(server string, one *turns, turn chan struct{}) {
	g.mu.Lock()
	i := slices.Index(one.waiting, turn)
	if i >= 0 {
		one.waiting = slices.Delete(one.waiting, i, i+1)
	}
	g.mu.Unlock()
	if i < 0 {
		g.leave(server, one)
	}
}

// ReduceLimit learns that a server did not take one more session than it had already.
// It reports whether there were others, so that this one can wait for its turn. A
// server that does not take a single one is not too full, but down.
func (g *Gate) ReduceLimit(server string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch one := g.turns[server]; {
	case one != nil && one.used > 1:
		g.limits[server] = one.used - 1
	case one != nil && one.shared: // the others have left since; how many they were is not known any more
	default:
		delete(g.limits, server)
		return false
	}
	return true
}
