package diag

import (
	"context"
	"iter"
	"sync"
	"time"

	"todoku/diag/resolve"
)

// Run runs checks side by side on one target. They share their questions: each
// goes out once. Results come in the order of the checks.
func Run(ctx context.Context, env Env, target Target, checks []*Check) *Report {
	start := env.Now()
	session := resolve.NewSession(env.DNS)
	session.Tell(env.Seen)
	env.DNS = session
	if env.Web != nil {
		env.Web = env.Web.Asking(session)
	}
	r := &Report{Target: target, Started: start, Results: make([]Result, len(checks))}
	var wg sync.WaitGroup
	for i, c := range checks {
		res := &r.Results[i]
		res.Check = c
		wg.Go(func() {
			res.Err = c.Run(ctx, &Pass{Env: env, Target: target, result: res})
		})
	}
	wg.Wait()
	r.Queries.Sent, r.Queries.Unique = session.Counts()
	r.Elapsed = env.Now().Sub(start)
	return r
}

// Workers is how many targets are under way at once by default: waiting costs
// nothing, so it is the resolver that should set the pace.
const Workers = 256

// RunAll runs checks on every target that arrives, and hands the reports out in
// the order of the targets, or as each is ready when ordered is false. emit is
// called from one goroutine at a time; its error ends the run. Memory is
// bounded by the number of workers, not by the number of targets.
func RunAll(ctx context.Context, env Env, targets iter.Seq[Target], checks []*Check, workers int, ordered bool,
	emit func(*Report) error) error {
	return RunEach(ctx, targets, workers, ordered, func(ctx context.Context, t Target) *Report { return Run(ctx, env, t, checks) }, emit)
}

// RunEach is RunAll with another way to make the report of a target.
func RunEach(ctx context.Context, targets iter.Seq[Target], workers int, ordered bool, look func(context.Context, Target) *Report,
	emit func(*Report) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := &outlet{emit: emit, stop: cancel, ordered: ordered, late: map[int]*Report{}}
	// A worker may run ahead of the slowest target by this many reports.
	window := make(chan struct{}, workers*4)
	c := crew{most: workers, jobs: make(chan job), work: func(j job) { out.done(j.seq, look(ctx, j.target), window) }}
	seq := 0
	for t := range targets {
		select {
		case window <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		c.give(job{seq: seq, target: t})
		seq++
	}
	c.end()
	return CauseOfEnd(ctx)
}

// CauseOfEnd is why a run has ended, nil while it may go on. A deadline that has come counts at once: questions that end
// with it return a moment before the context does.
func CauseOfEnd(ctx context.Context) error {
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		<-ctx.Done()
	}
	return context.Cause(ctx)
}

type job struct {
	seq    int
	target Target
}

// outlet hands reports on, in order where that is asked for.
type outlet struct {
	mu      sync.Mutex
	emit    func(*Report) error
	stop    context.CancelCauseFunc
	ordered bool
	next    int
	late    map[int]*Report
	failed  bool
}

func (o *outlet) done(seq int, r *Report, window <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ordered {
		o.pass(r, window)
		return
	}
	o.late[seq] = r
	for r := o.late[o.next]; r != nil; r = o.late[o.next] {
		delete(o.late, o.next)
		o.next++
		o.pass(r, window)
	}
}

func (o *outlet) pass(r *Report, window <-chan struct{}) {
	<-window
	if o.failed {
		return
	}
	if err := o.emit(r); err != nil {
		o.failed = true
		o.stop(err)
	}
}
