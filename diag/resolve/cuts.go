package resolve

import (
	"sync"
	"sync/atomic"
)

// cuts remembers how often a server's UDP answers about a type were cut off
// (TC): where nearly all are, asking by UDP first only costs a round trip.
type cuts struct {
	any   atomic.Bool // one was cut off: most servers never do, and cost nothing here
	mu    sync.Mutex
	types map[Type]cutShare
}

type cutShare struct{ run, skipped int }

// A type goes to TCP at once after so many cut answers in a row; UDP is tried
// again each time that so many questions went past it.
const (
	cutRun     = 8
	cutSkipped = 64
)

// saw notes an answer by UDP.
func (c *cuts) saw(t Type, cut bool) {
	switch {
	case cut:
		c.any.Store(true)
	case !c.any.Load():
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	share := c.types[t]
	share.run++
	if !cut {
		share.run = 0
	}
	if c.types == nil {
		c.types = map[Type]cutShare{}
	}
	c.types[t] = share
}

// most reports whether a question should go by TCP at once.
func (c *cuts) most(t Type) bool {
	if !c.any.Load() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	share := c.types[t]
	if share.run < cutRun {
		return false
	}
	share.skipped++
	c.types[t] = share
	return share.skipped%cutSkipped != 0
}
