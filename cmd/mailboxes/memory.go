package mailboxes

import (
	"runtime/debug"

	"todoku/cmd/app"
)

// memory is how much is used while reading before the garbage is collected more often, in octets.
const memory = 36 << 20

// BoundMemory keeps the memory small while inputs are read. free ends that. The bound is of the whole process: it does nothing
// where others run beside this command line, whose bounds would be set back in another order than they were set.
func BoundMemory(a *app.App) (free func()) {
	if !a.OwnsProcess {
		return func() {}
	}
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, memory))
	return func() { debug.SetMemoryLimit(before) }
}
