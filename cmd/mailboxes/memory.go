package mailboxes

import "runtime/debug"

// memory is how much is used while reading before the garbage is collected more often, in octets.
const memory = 36 << 20

// BoundMemory keeps the memory small while inputs are read. free ends that.
func BoundMemory() (free func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, memory))
	return func() { debug.SetMemoryLimit(before) }
}
