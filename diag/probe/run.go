package probe

import (
	"context"
	"crypto/rand"
	"net/netip"
	"strings"

	"todoku/codes"
)

// Run is one piece of work that visits mail servers: a report, a diagnosis. It
// visits each server once for the same question, whoever asks, and forgets all
// with its end: what a server said goes for now.
type Run struct {
	prober *Prober
	visits *once[key, Visit]
	stray  string
}

type key struct {
	at   netip.AddrPort
	host string
	to   string
	how  Depth
}

// NewRun begins a run. Its visits keep to the bounds of the prober, which are
// those of all its runs together.
func (p *Prober) NewRun() *Run {
	stray := p.Stray
	if stray == "" {
		stray = NewStray()
	}
	return &Run{p, newOnce[key, Visit](), stray}
}

// NewStray draws the name of a mailbox that no domain has.
func NewStray() string { return "todoku-" + strings.ToLower(rand.Text()[:12]) }

// Stray is the name of a mailbox that no domain has, to ask about beside those that may be: the same for all visits of the run.
func (r *Run) Stray() string { return r.stray }

// Visit asks one address of a host about recipients, of which there may be none.
// Those who ask the same meanwhile share the visit; it is broken off when ctx has
// ended for all of them. An asker whose ctx ends gets its cause as Err, and is no
// harm to the others.
func (r *Run) Visit(ctx context.Context, host string, at netip.AddrPort, how Depth, to ...string) Visit {
	v, ok := r.visits.get(ctx, key{at, host, strings.Join(to, " "), how}, func(ctx context.Context) Visit {
		return r.prober.visit(ctx, host, at, how, to)
	})
	if !ok {
		return Visit{Host: host, Address: at, Stage: codes.StageConnect, Err: context.Cause(ctx)}
	}
	return v
}
