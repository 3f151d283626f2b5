package mailboxes

import (
	"runtime/debug"

	"todoku/cmd/app"
)

// memory is how much is used while reading before the garbage is collected more often, in octets.
const memory = 36 << 20

// BoundMemory keeps the memory small while inputs are read. free ends that. The bound is of the whole process: for a guest,
// beside whom others run, it does nothing.
func BoundMemory(a *app.App) (free func()) {
	if a.IsGuest() {
		return func() {}
	}
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, memory))
	return func() { debug.SetMemoryLimit(before) }
}
