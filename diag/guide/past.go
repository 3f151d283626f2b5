package guide

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"todoku/codes"
	"todoku/diag/watch/past"
)

// ErrNoPast says that nobody looks at a domain, so that its past is not known.
var ErrNoPast = errors.New("this domain is not watched")

// Past gives what is known of a domain between two times. The error is ErrNoPast for a domain that nobody looks at.
type Past func(ctx context.Context, domain string, since, until time.Time) (past.History, error)

// PastCauses are the causes that an error of a reason may have and changes can lead to.
func PastCauses(reasons ...string) []string {
	var out []string
	for _, id := range past.Causes() {
		c := FindCause(id)
		if c != nil && slices.ContainsFunc(reasons, func(r string) bool { return slices.Contains(c.Reasons, r) }) {
			out = append(out, id)
		}
	}
	return out
}

// pastView looks at what changed at the domains of the sender.
type pastView struct{ *evidence }

// moment is when the mail was refused, as far as that is known.
func (e pastView) moment() time.Time {
	switch {
	case !e.At.IsZero():
		return past.Instant(e.At, e.Clock, e.zone())
	case !e.Time.IsZero():
		return e.Time
	}
	return e.env.Now()
}

// zone is that of clocks that name none.
func (e pastView) zone() *time.Location {
	if e.env.Zone != nil {
		return e.env.Zone
	}
	return e.env.Now().Location()
}

// look asks what changed at the domains of the sender before the mail was refused.
func (e pastView) look(ctx context.Context) {
	causes := PastCauses(e.reasons...)
	if e.env.Past == nil || len(causes) == 0 {
		return
	}
	q := past.Question{Causes: causes, Reasons: e.reasons, First: e.moment(), Last: e.moment(), Count: 1, IP: e.IP,
		Zone: e.zone()}
	for _, s := range e.Selectors {
		q.Keys = append(q.Keys, s+"._domainkey."+e.signer())
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for domain, topics := range e.domains() {
		wg.Go(func() {
			q := q
			q.Causes = slices.DeleteFunc(slices.Clone(causes), func(id string) bool { return !slices.Contains(topics, id) })
			since, until := q.Window()
			h, err := e.env.Past(ctx, domain, since, until)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, ErrNoPast):
			case err != nil:
				e.noPast = err
			default:
				e.past = append(e.past, past.Find(h, q)...)
			}
		})
	}
	wg.Wait()
	e.askBack(ctx)
	slices.SortFunc(e.past, func(a, b past.Change) int {
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Name+a.Rule, b.Name+b.Rule))
	})
}

// askBack asks whether the record sets are still gone that had vanished at the last look: they may have come back since, and that
// nothing shows a fault is no proof of it. Where nobody can tell, the change confirms nothing.
func (e pastView) askBack(ctx context.Context) {
	var wg sync.WaitGroup
	for i := range e.past {
		c := &e.past[i]
		t, is := c.Asks()
		if !is || !c.Stands() || len(c.Confirm) == 0 {
			continue
		}
		wg.Go(func() {
			switch a, err := e.env.DNS.Ask(ctx, c.Name, t); {
			case err != nil:
				c.Confirm = nil
			case c.IsBack(a):
				c.MendedSince, c.MendedUntil = c.Looked, e.env.Now()
			}
		})
	}
	wg.Wait()
}

// domains are the domains whose past counts, with the causes for which it does. Of the domain that somebody registered only
// the policy of DMARC counts for those below it (RFC 9989 §4.10).
func (e pastView) domains() map[string][]string {
	out := map[string][]string{}
	put := func(domain string, causes ...string) {
		if domain != "" {
			out[domain] = append(out[domain], causes...)
		}
	}
	policy := []string{"dmarc-none", "dmarc-unaligned"}
	put(e.envelopeDomain(), "sender-domain", "spf-none", "spf-broken", "spf-ip", "reverse-dns", "blocklisted")
	put(e.signer(), "dkim-none", "dkim-broken")
	put(e.fromDomain(), policy...)
	if org, err := publicsuffix.EffectiveTLDPlusOne(e.fromDomain()); err == nil && org != e.fromDomain() {
		put(org, policy...)
	}
	return out
}

// join adds to the suspected causes what changed before the mail was refused, and confirms those that were there then.
func (e pastView) join(all []Outcome) {
	for i := range all {
		if o := &all[i]; o.Suspected && !o.cut {
			e.joinOne(o)
		}
	}
}

func (e pastView) joinOne(o *Outcome) {
	if e.noPast != nil && slices.Contains(past.Causes(), o.Cause.ID) {
		*o = o.because("history", codes.Text{EN: "what changed before is not known: {error}", JA: "以前の変化は確認できません: {error}"},
			codes.Failure("error", e.noPast))
	}
	for _, c := range e.past {
		if !slices.Contains(c.Causes, o.Cause.ID) || o.Status == Excluded && e.toldBy(c, o.Cause.ID) {
			continue
		}
		_, asked := c.Asks()
		if o.Status == Excluded && c.Stands() && !asked && slices.Contains(c.Confirm, o.Cause.ID) { // it was mended after the last look
			c.MendedSince, c.MendedUntil = c.Looked, e.env.Now()
		}
		says, data := c.Says()
		if e.silent || o.Status == Confirmed || !slices.Contains(c.Confirm, o.Cause.ID) || !past.Confirms(o.Cause.ID, e.reasons) {
			*o = o.because("history", says, data...)
			o.Proofs[len(o.Proofs)-1].Past = &c
			continue
		}
		was := *o
		*o = confirmed()
		o.Cause, o.Suspected, o.then = was.Cause, was.Suspected, &c
		*o = o.because("history", says, data...)
		o.Proofs[0].Past = &c
		o.Proofs = append(o.Proofs, was.Proofs...)
		if !c.Stands() {
			o.steps = []string{"wait_retry"}
		}
	}
}

// toldBy reports whether another suspected cause tells of a change, since it is that cause itself.
func (e pastView) toldBy(c past.Change, id string) bool {
	return slices.ContainsFunc(c.Confirm, func(other string) bool {
		cause := FindCause(other)
		return other != id && cause != nil && e.complains(cause)
	}) && !slices.Contains(c.Confirm, id)
}

// Says is the end of "refused because …", with its data.
func (o *Outcome) Says() (codes.Text, codes.Data) {
	if o.then == nil {
		return o.Cause.Says, o.Data
	}
	return o.then.Then(!o.then.Stands())
}
