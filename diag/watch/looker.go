package watch

import (
	"context"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// Looker looks at the domains of jobs. Several jobs may use one at once: they share the places for domains under way.
type Looker struct {
	Env        func() diag.Env               // what the look of one job may ask
	Checks     func(Kept) []*diag.Check      // those of a domain
	Exceptions func() *diag.Exceptions       // for one job; nil: there are none
	Words      func(error) codes.Text        // what an error of a check says to people
	Says       func(diag.Finding) codes.Text // what a finding says; nil: its texts with its data as they are
	Places     chan struct{}                 // its capacity is how many domains are under way at once
}

// Look looks at all domains of some work. The error is that of ctx: nothing is to be saved then.
func (l *Looker) Look(ctx context.Context, w Work) (Done, error) {
	env := l.Env()
	d := Done{Started: env.Now(), Outcomes: make([]Outcome, len(w.Domains))}
	var exceptions *diag.Exceptions
	if l.Exceptions != nil {
		exceptions = l.Exceptions()
	}
	var mu sync.Mutex // of exceptions
	var wg sync.WaitGroup
	for i, k := range w.Domains {
		if !l.place(ctx) {
			break
		}
		wg.Go(func() {
			defer func() { <-l.Places }()
			look := l.one(ctx, env, k)
			if exceptions != nil {
				mu.Lock()
				exceptions.Apply(look.Report)
				mu.Unlock()
			}
			d.Outcomes[i] = Compare(k.State, k.Looked, look)
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Done{}, err
	}
	d.Took, d.Summary = env.Now().Sub(d.Started), NewSummary()
	for i, k := range w.Domains {
		d.Summary.Count(k.Name, d.Outcomes[i].State)
	}
	return d, nil
}

// place waits for a place for one more domain; false says that ctx ended.
func (l *Looker) place(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case l.Places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// again is how long a look waits before it asks once more what has just become silent.
const again = 2 * time.Second

// one looks at one domain. Where a check has become silent, it looks once more: an answer that was lost is no news.
func (l *Looker) one(ctx context.Context, env diag.Env, k Kept) Look {
	look := l.ask(ctx, env, k)
	if k.Looked.IsZero() || !newlySilent(k.State, look.Report) {
		return look
	}
	select {
	case <-ctx.Done():
		return look
	case <-time.After(again):
	}
	return l.ask(ctx, env, k)
}

// newlySilent reports whether a check could not look that could before.
func newlySilent(s State, r *diag.Report) bool {
	silent := map[string]bool{}
	for _, q := range s.Silent {
		silent[q.Check] = true
	}
	for _, res := range r.Results {
		if res.Err != nil && !silent[res.Check.Name] {
			return true
		}
	}
	return false
}

func (l *Looker) ask(ctx context.Context, env diag.Env, k Kept) Look {
	look := Look{Domain: k.Name, Words: l.Words, Says: l.Says}
	known := make(map[string]bool, len(k.State.Values))
	for _, v := range k.State.Values {
		known[v.Name] = true
	}
	var mu sync.Mutex
	env.Seen = func(a resolve.Answer) {
		if len(a.Chain) == 0 && (!isHistoric(a, k.Name) || a.Status != resolve.Found && !known[a.Name]) {
			return // most answers say that there is nothing, and never was: at names of keys that are only tried
		}
		mu.Lock()
		look.Answers = append(look.Answers, a)
		mu.Unlock()
	}
	look.Report = diag.Run(ctx, env, diag.Target{Kind: "domain", Name: resolve.ToUnicode(k.Name), ASCII: k.Name}, l.Checks(k))
	look.At = look.Report.Started
	return look
}
