package resolve

import "sync/atomic"

// truncations remembers how often a server's UDP answers about a type were cut off
// (TC): where nearly all are, asking by UDP first only costs a round trip.
type truncations struct {
	types [highType]struct{ run, skipped atomic.Uint32 } // run: answers in a row that were cut off
}

// highType is above the types that are remembered; others, which are rare, go by UDP first each time.
const highType = 100

// A type goes to TCP at once after so many cut answers in a row; UDP is tried
// again each time that so many questions went past it.
const (
	cutRun     = 8
	cutSkipped = 64
)

// note notes an answer by UDP.
func (c *truncations) note(t Type, cut bool) {
	switch {
	case t >= highType:
	case cut:
		c.types[t].run.Add(1)
	case c.types[t].run.Load() > 0: // most are never cut off: only read, the line stays in the cache of each processor
		c.types[t].run.Store(0)
	}
}

// preferTCP reports whether a question should go by TCP at once.
func (c *truncations) preferTCP(t Type) bool {
	return t < highType && c.types[t].run.Load() >= cutRun && c.types[t].skipped.Add(1)%cutSkipped != 0
}
