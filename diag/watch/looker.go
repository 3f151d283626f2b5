package watch

import (
	"context"
	"iter"
	"maps"
	"slices"
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

// again is how long a job waits before it asks once more what has just become silent: a resolver remembers for 5 s at most that
// it got no answer.
const again = 6 * time.Second

// Look looks at all domains of some work. Where a few have checks that have just become silent, it looks at these once more: an
// answer that was lost is no news. Where many have, it is. The error is that of ctx: nothing is to be saved then.
func (l *Looker) Look(ctx context.Context, w Work) (Done, error) {
	j := job{Looker: l, domains: w.Domains, env: l.Env(), outcomes: make([]Outcome, len(w.Domains)), lost: map[int]Look{}}
	if l.Exceptions != nil {
		j.exceptions = l.Exceptions()
	}
	d := Done{Started: j.env.Now(), Outcomes: j.outcomes, Summary: NewSummary()}
	all := make([]int, len(w.Domains))
	for i := range all {
		all[i] = i
	}
	j.look(ctx, slices.Values(all), true)
	if n := len(j.lost); n > 0 && n <= len(all)/10+1 && sleep(ctx, again) {
		j.env = l.Env() // a new run: the other one remembers its failures
		j.look(ctx, maps.Keys(j.lost), false)
	} else {
		reach := j.reach()
		for i, look := range j.lost {
			look.Reach = max(look.Reach, reach)
			j.compare(i, look)
		}
	}
	if err := ctx.Err(); err != nil {
		return Done{}, err
	}
	d.Took = j.env.Now().Sub(d.Started)
	for i, k := range w.Domains {
		d.Summary.Count(k.Name, d.Outcomes[i].State)
	}
	return d, nil
}

// reach is how far DNS answered at least at what a job lost: where it answered nothing about many domains, what it did not answer
// about the others is the same silence, which began in the middle of the job.
func (j *job) reach() Reach {
	nothing := 0
	for _, look := range j.lost {
		if look.Reach == Nothing {
			nothing++
		}
	}
	if nothing > len(j.lost)/10 {
		return Nothing
	}
	return Answered
}

// job is the look at the domains of one job.
type job struct {
	*Looker
	domains  []Kept
	env      diag.Env
	outcomes []Outcome // of domains, in their order

	mu         sync.Mutex
	exceptions *diag.Exceptions // nil: there are none
	lost       map[int]Look     // at domains with a check that could not look, and could before
}

// look looks at some domains, side by side. With doubt, what a look lost is kept in lost and not compared.
func (j *job) look(ctx context.Context, which iter.Seq[int], doubt bool) {
	var wg sync.WaitGroup
	for i := range which {
		if !j.place(ctx) {
			break
		}
		wg.Go(func() {
			defer func() { <-j.Places }()
			k := j.domains[i]
			look := j.ask(ctx, j.env, k)
			if doubt && !k.Looked.IsZero() && newlySilent(k.State, look.Report) {
				j.mu.Lock()
				j.lost[i] = look
				j.mu.Unlock()
				return
			}
			j.compare(i, look)
		})
	}
	wg.Wait()
}

// compare holds a look against what was known of its domain.
func (j *job) compare(i int, look Look) {
	if j.exceptions != nil {
		j.mu.Lock()
		j.exceptions.Apply(look.Report)
		j.mu.Unlock()
	}
	j.outcomes[i] = Compare(j.domains[i].State, j.domains[i].Looked, look)
}

// sleep waits; false says that ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
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
	look := Look{Domain: k.Name, Words: l.Words, Says: l.Says, Reach: Nothing}
	known := make(map[string]bool, len(k.State.Values))
	for _, v := range k.State.Values {
		known[v.Name] = true
	}
	var mu sync.Mutex
	env.Seen = func(a resolve.Answer) {
		mu.Lock()
		defer mu.Unlock()
		look.Reach = min(look.Reach, reachOf(a, k.Name))
		if len(a.Chain) == 0 && (!isHistoric(a, k.Name) || a.Status != resolve.Found && !known[a.Name]) {
			return // most answers say that there is nothing, and never was: at names of keys that are only tried
		}
		look.Answers = append(look.Answers, a)
	}
	look.Report = diag.Run(ctx, env, diag.Target{Kind: "domain", Name: resolve.ToUnicode(k.Name), ASCII: k.Name}, l.Checks(k))
	look.At = look.Report.Started.UTC() // as a store keeps times in a state
	look.Parked = parked(ctx, env.DNS, k, &look)
	return look
}

// reachOf is how far DNS answered where it gave this answer. A file answers for itself alone.
func reachOf(a resolve.Answer, domain string) Reach {
	switch {
	case a.FromFile:
		return Nothing
	case resolve.Within(a.Name, domain):
		return Answered
	}
	return Foreign
}
