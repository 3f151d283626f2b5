package triage

import (
	"time"

	"todoku/codes"
	"todoku/sender/event"
)

// Pattern is what the numbers of a group tell beside its cause.
type Pattern struct {
	Kind   PatternKind
	At     time.Time // when it began (Sudden) or ended (Over)
	Before int64     // how many were delivered to the provider before (Sudden), or after (Over)
	Some   int64     // of delays: how many mails arrived later, of how many that are known
	Of     int64
	Value  string // the domain, sender or address that is the only one
	Many   int    // how many domains or providers there are
}

// PatternKind is a kind of pattern.
type PatternKind string

// The patterns.
const (
	ArrivedLater PatternKind = "arrived_later" // of delays: (nearly) all were delivered later
	Sudden       PatternKind = "sudden"        // it began at a moment before which mail arrived
	Over         PatternKind = "over"          // it ended: since then mail arrives again
	Always       PatternKind = "always"        // nothing at all was delivered to the provider
	Everywhere   PatternKind = "everywhere"    // the same cause at several providers
	OldList      PatternKind = "list"          // recipients that are not there, at many domains
	OneDomain    PatternKind = "one_domain"    // one recipient domain alone
	OneSender    PatternKind = "one_sender"    // one of several senders alone
	OneAddress   PatternKind = "one_address"   // one of several addresses of ours alone
)

// What makes a pattern, in numbers of events.
const (
	fewEvents    = 3   // of a group, before anything is said of it
	someEvents   = 10  // before a moment is looked for
	enoughBefore = 20  // delivered before it began, or after it ended
	nearlyAll    = 0.9 // a share
	nearlyNone   = 0.1
	manyDomains  = 5
	someReceives = 3 // providers, of Everywhere
)

// findPatterns says of each group of failures what the numbers tell.
func (t *Tally) findPatterns(r *Triage) {
	domains := domainsOf(r)
	oldList := func(_ *Triage, g *Group) (Pattern, bool) {
		n := domains[g.Reason.Class]
		return Pattern{Kind: OldList, Many: n}, g.gonePeople() && n >= manyDomains
	}
	for _, g := range r.Groups {
		if !g.Action.Trouble() || g.Rest {
			continue
		}
		for _, look := range []func(*Triage, *Group) (Pattern, bool){
			t.arrivedLater, t.sudden, t.over, t.always, t.everywhere, oldList, t.oneDomain, t.oneSender, t.oneAddress,
		} {
			if p, holds := look(r, g); holds {
				g.Patterns = append(g.Patterns, p)
			}
		}
	}
}

func (t *Tally) arrivedLater(_ *Triage, g *Group) (Pattern, bool) {
	p := Pattern{Kind: ArrivedLater, Some: g.Later.Delivered, Of: g.Followed}
	return p, g.Action == event.Delayed && g.Followed > 0 && float64(p.Some) >= nearlyAll*float64(p.Of)
}

// gone reports that a group says no more than that mails were late.
func (g *Group) gone() bool { return len(g.Patterns) > 0 && g.Patterns[0].Kind == ArrivedLater }

// where is the provider of a group; nil where it has no known one.
func (t *Tally) where(g *Group) *receiver {
	if g.Provider == "" {
		return nil
	}
	return t.providers[g.Provider]
}

// sudden looks for a moment from which on a good part of what went to the provider failed, while before it mail arrived: the
// first event or, where the first ones are stragglers, the moment behind which nineteen of twenty lie.
func (t *Tally) sudden(_ *Triage, g *Group) (Pattern, bool) {
	to := t.where(g)
	if to == nil || g.Count < someEvents || g.gone() {
		return Pattern{}, false
	}
	if p, holds := began(to, g, g.First, 0); holds {
		return p, true
	}
	at, early := g.Times.quantile(20)
	return began(to, g, at, early)
}

// began reports whether a group began at a moment before which early of its events lie.
func began(to *receiver, g *Group, at time.Time, early int64) (Pattern, bool) {
	before := to.delivered.Before(at)
	since, late := to.delivered.Sum()-before, g.Count-early
	return Pattern{Kind: Sudden, At: at, Before: before}, before >= enoughBefore && float64(late) >= 0.3*float64(late+since) &&
		float64(early) <= nearlyNone*float64(before)
}

// over looks whether mail to the provider arrives again, for longer than chance would have it.
func (t *Tally) over(_ *Triage, g *Group) (Pattern, bool) {
	to := t.where(g)
	if to == nil || g.Count < someEvents || g.gone() {
		return Pattern{}, false
	}
	all := to.delivered.Sum()
	after := all - to.delivered.Before(g.Last.Add(to.delivered.Width()))
	within := all - after - to.delivered.Before(g.First)
	expected := float64(after) * float64(g.Count) / float64(g.Count+max(within, 0))
	return Pattern{Kind: Over, At: g.Last, Before: after}, after >= enoughBefore && expected >= someEvents
}

func (t *Tally) always(_ *Triage, g *Group) (Pattern, bool) {
	to := t.where(g)
	return Pattern{Kind: Always}, to != nil && g.Count >= fewEvents && to.delivered.Sum() == 0 && g.Share >= nearlyAll
}

// ofRecipient reports whether a cause lies with the single recipient.
func ofRecipient(c codes.Class) bool {
	switch c {
	case codes.ClassUserUnknown, codes.ClassMailboxDisabled, codes.ClassHostUnknown, codes.ClassMailboxFull:
		return true
	}
	return false
}

func (t *Tally) everywhere(r *Triage, g *Group) (Pattern, bool) {
	if t.where(g) == nil || g.Reason.ID == "" || ofRecipient(g.Reason.Class) || g.Reason.Class == codes.ClassUnspecified ||
		g.Share < nearlyNone || g.gone() {
		return Pattern{}, false
	}
	at := map[string]bool{}
	for _, o := range r.Groups {
		if o.Provider != "" && o.Reason.ID == g.Reason.ID && o.Count >= fewEvents && o.Share >= nearlyNone && o.Action.Trouble() {
			at[o.Provider] = true
		}
	}
	return Pattern{Kind: Everywhere, Many: len(at)}, len(at) >= someReceives
}

// gonePeople reports whether mails of a group failed because the recipient is not there.
func (g *Group) gonePeople() bool {
	c := g.Reason.Class
	return ofRecipient(c) && c != codes.ClassMailboxFull && g.Action != event.Delayed
}

// domainsOf counts the domains of the recipients that are not there, by class.
func domainsOf(r *Triage) map[codes.Class]int {
	seen := map[codes.Class]map[string]bool{}
	for _, g := range r.Groups {
		if !g.gonePeople() {
			continue
		}
		if seen[g.Reason.Class] == nil {
			seen[g.Reason.Class] = map[string]bool{}
		}
		for d := range g.Domains.counts {
			seen[g.Reason.Class][d] = true
		}
	}
	out := map[codes.Class]int{}
	for c, domains := range seen {
		out[c] = len(domains)
	}
	return out
}

// oneDomain looks for a single domain that is not the provider's own: those have many people who know nothing of each other.
func (t *Tally) oneDomain(_ *Triage, g *Group) (Pattern, bool) {
	d := g.Domains.Only()
	return Pattern{Kind: OneDomain, Value: d}, d != "" && len(g.Patterns) == 0 && t.o.By != ByDomain && g.Count >= fewEvents &&
		(t.o.Known == nil || !t.o.Known(d)) && g.Reason.Class != codes.ClassUserUnknown
}

func (t *Tally) oneSender(_ *Triage, g *Group) (Pattern, bool) {
	to := t.providers[g.Provider]
	if to == nil || g.mixed.provider {
		return Pattern{}, false
	}
	return only(OneSender, &g.Senders, &to.senders, g.Count)
}

func (t *Tally) oneAddress(_ *Triage, g *Group) (Pattern, bool) {
	to := t.providers[g.Provider]
	if to == nil || g.mixed.provider {
		return Pattern{}, false
	}
	return only(OneAddress, &g.Addresses, &to.addresses, g.Count)
}

// only looks for a value that is the only one of a group, while most of what went to the provider has others.
func only(kind PatternKind, in, all *top, count int64) (Pattern, bool) {
	v := in.Only()
	return Pattern{Kind: kind, Value: v}, v != "" && count >= someEvents && float64(in.all) >= nearlyAll*float64(count) &&
		2*all.of(v) < all.all
}
