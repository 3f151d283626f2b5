package probe

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
)

// Run is one piece of work that visits mail servers: a report, a diagnosis. It
// visits each server once for the same question, whoever asks, and forgets all
// with its end: what a server said goes for now.
type Run struct {
	prober *Prober

	mu    sync.Mutex
	seen  map[key]*visit
	order []key // of seen, the oldest first
}

// maxSeen bounds the visits that are remembered, however long the list of recipients.
const maxSeen = 512

type key struct {
	at   netip.AddrPort
	host string
	to   string
	how  Depth
}

// visit is one that is under way or over.
type visit struct {
	done   chan struct{} // closed when result stands
	result Visit
	cancel context.CancelCauseFunc
	askers int // that wait for it; the lock of the run guards it
}

// NewRun begins a run. Its visits keep to the bounds of the prober, which are
// those of all its runs together.
func (p *Prober) NewRun() *Run { return &Run{prober: p, seen: map[key]*visit{}} }

// Visit asks one address of a host about recipients, of which there may be none.
// Those who ask the same meanwhile share the visit; it is broken off when ctx has
// ended for all of them. An asker whose ctx ends gets its cause as Err, and is no
// harm to the others.
func (r *Run) Visit(ctx context.Context, host string, at netip.AddrPort, how Depth, to ...string) Visit {
	k := key{at, host, strings.Join(to, " "), how}
	v := r.join(ctx, k, to)
	select {
	case <-v.done:
	case <-ctx.Done():
		if last := r.leave(k, v, context.Cause(ctx)); !last {
			return Visit{Host: host, Address: at, Stage: codes.StageConnect, Err: context.Cause(ctx)}
		}
		<-v.done // with what the server said until now
	}
	return v.result
}

// join finds the visit that answers a question, or begins it.
func (r *Run) join(ctx context.Context, k key, to []string) *visit {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.seen[k]
	if v == nil {
		v = &visit{done: make(chan struct{})}
		var shared context.Context
		shared, v.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
		go func() {
			v.result = r.prober.visit(shared, k.host, k.at, k.how, to)
			close(v.done)
			v.cancel(nil)
		}()
		r.remember(k, v)
	}
	v.askers++
	return v
}

// leave takes an asker from a visit. The last one ends it, and it is forgotten:
// it says no more than how far it got.
func (r *Run) leave(k key, v *visit, cause error) (last bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v.askers--
	if v.askers > 0 {
		return false
	}
	v.cancel(cause)
	if r.seen[k] == v {
		delete(r.seen, k)
		r.order = slices.DeleteFunc(r.order, func(o key) bool { return o == k })
	}
	return true
}

// remember keeps a visit, and forgets the oldest beyond the bound.
func (r *Run) remember(k key, v *visit) {
	if len(r.order) == maxSeen {
		delete(r.seen, r.order[0])
		r.order = append(r.order[:0], r.order[1:]...)
	}
	r.seen[k] = v
	r.order = append(r.order, k)
}
