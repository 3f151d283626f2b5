package resolve

import (
	"sync"
	"sync/atomic"
)

// truncations remembers how often a server's UDP answers about a type were cut off
// (TC): where nearly all are, asking by UDP first only costs a round trip.
type truncations struct {
	any   atomic.Bool // one was cut off: most servers never do, and cost nothing here
	mu    sync.Mutex
	types map[Type]truncationCount
}

type truncationCount struct{ run, skipped int }

// A type goes to TCP at once after so many cut answers in a row; UDP is tried
// again each time that so many questions went past it.
const (
	cutRun     = 8
	cutSkipped = 64
)

// note notes an answer by UDP.
func (c *truncations) note(t Type, cut bool) {
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
		c.types = map[Type]truncationCount{}
	}
	c.types[t] = share
}

// preferTCP reports whether a question should go by TCP at once.
func (c *truncations) preferTCP(t Type) bool {
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
