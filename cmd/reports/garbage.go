package reports

import (
	"runtime/debug"
	"runtime/metrics"

	"todoku/cmd/app"
)

// What is read lives for a moment, beside the catalogues that live on: a collection looks through those again, for little.
const (
	spare       = 48 << 20 // octets of garbage that may be left before it is collected
	mostGarbage = 400      // percent of what is in use
	usual       = 100
	lookAfter   = 5000 // reports and rows
)

// garbage sees to it that the garbage is collected seldom while little is in use. The zero value leaves it as it is.
type garbage struct {
	on      bool
	percent int
	read    int
	live    [1]metrics.Sample
}

// start begins; end sets back what was. It does nothing where others run in this process, or where the user has said how.
func (g *garbage) start(a *app.App) (end func()) {
	if !a.OwnsProcess || a.Env("GOGC") != "" {
		return func() {}
	}
	g.on, g.percent = true, mostGarbage
	g.live[0].Name = "/gc/heap/live:bytes"
	before := debug.SetGCPercent(g.percent)
	return func() { debug.SetGCPercent(before) }
}

// after is told how much was read, in reports and rows.
func (g *garbage) after(n int) {
	if g.read += n; !g.on || g.read < lookAfter {
		return
	}
	g.read = 0
	metrics.Read(g.live[:])
	if g.live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	percent := mostGarbage
	if live := g.live[0].Value.Uint64(); live > spare*100/mostGarbage {
		percent = max(usual, int(spare*100/live))
	}
	if percent != g.percent {
		g.percent = percent
		debug.SetGCPercent(percent)
	}
}
