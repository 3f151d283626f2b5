// Package triage puts many events into groups: which causes, how many, since when, at whom. The biggest groups are then
// diagnosed in the world as it is now.
//
//	tally := triage.New(triage.Options{})
//	for e, err := range event.Read(ctx, source) {
//		…
//		judge.Judge(&e)
//		tally.Add(&e)
//	}
//	result := tally.Result()
//
// Memory does not grow with the number of events: what is remembered of recipients, times and domains is bounded, and a
// figure that is no longer exact says so. All figures depend on the events and their order alone.
package triage

import (
	"cmp"
	"slices"
	"time"

	"todoku/codes"
	"todoku/sender/event"
)

// Options say which events are counted, and how they are grouped.
type Options struct {
	Filter Filter
	By     By
	Known  func(domain string) bool // whether a domain is one that a provider gives addresses of to everybody
}

// Tally counts events. It is not safe for concurrent use.
type Tally struct {
	o         Options
	counts    Counts
	first     moment
	last      moment
	groups    map[key]*Group
	providers map[string]*receiver
	recent    *receiver // the one of the last event
	delays    delays
	plan      plan
	rest      map[event.Action]*Group // what found no place among the groups
	spare     int                     // octets of mails that may still be kept
}

// Counts are how many events there are of each kind.
type Counts struct {
	Events, Delivered, Delayed, Failed, Expired, Complaint, AutoReply, Other int64
}

// Trouble is how many mails came to an end other than delivery.
func (c Counts) Trouble() int64 { return c.Failed + c.Expired }

// Ended is how many mails came to an end.
func (c Counts) Ended() int64 { return c.Delivered + c.Failed + c.Expired }

// Triage is what the events tell.
type Triage struct {
	Inputs      []Input
	By          By
	Counts      Counts
	First, Last time.Time // zero where no event has a time
	Groups      []*Group  // the biggest first
	Plan        []Share   // what to do with the mails that did not arrive
	Waiting     int64     // mails that were delayed, with no end so far
	Late        int64     // mails that were delayed and arrived
	Cut         bool      // the reading was ended before the end of the inputs
}

// Read is how many events the inputs have, whether they are asked for or not.
func (t *Triage) Read() int64 {
	var n int64
	for _, in := range t.Inputs {
		n += in.Events
	}
	return n
}

// Input is an input that was read, or could not be.
type Input struct {
	event.Input
	Err error // why it could not be read to its end; nil: it was
}

// receiver is what went to one provider.
type receiver struct {
	id        string
	all       int64
	delivered Timeline
	senders   top // domains
	addresses top // of ours
}

// New makes a Tally.
func New(o Options) *Tally {
	return &Tally{o: o, groups: map[key]*Group{}, providers: map[string]*receiver{}, rest: map[event.Action]*Group{},
		spare: maxMails}
}

// Add counts an event that was judged. It reports whether the event is one of those that are asked for.
func (t *Tally) Add(e *event.Event) bool {
	if !t.o.Filter.fits(e) {
		return false
	}
	delivered := e.Action == event.Delivered || e.Action == event.Relayed
	t.provider(e.Provider).add(e, delivered)
	if delivered || e.Action == event.Failed || e.Action == event.Expired {
		t.delays.ended(e, delivered)
	}
	if !t.o.Filter.fitsReason(e) {
		return false
	}
	t.counts.add(e.Action)
	if !e.Time.IsZero() {
		t.first.before(e.Time)
		t.last.after(e.Time)
	}
	if delivered {
		return true
	}
	g := t.group(e)
	g.add(e, &t.spare)
	t.plan.add(e)
	if e.Action == event.Delayed {
		t.delays.began(e, g)
	}
	return true
}

// add counts what went to the provider. It does so whatever reasons are asked for: a group of failures is set against all mails.
func (p *receiver) add(e *event.Event, delivered bool) {
	p.all++
	p.senders.add(domainOf(e.From))
	if e.SendingIP.IsValid() {
		p.addresses.add(e.SendingIP.String())
	}
	if delivered {
		p.delivered.Add(e.Time)
	}
}

func (c *Counts) add(a event.Action) {
	c.Events++
	switch a {
	case event.Delivered, event.Relayed:
		c.Delivered++
	case event.Delayed:
		c.Delayed++
	case event.Failed:
		c.Failed++
	case event.Expired:
		c.Expired++
	case event.Complaint:
		c.Complaint++
	case event.AutoReply:
		c.AutoReply++
	default:
		c.Other++
	}
}

func (t *Tally) provider(id string) *receiver {
	if t.recent != nil && t.recent.id == id {
		return t.recent
	}
	p := t.providers[id]
	if p == nil {
		p = &receiver{id: id}
		t.providers[id] = p
	}
	t.recent = p
	return p
}

// Result is what was counted so far. More events may follow; the groups are then others.
func (t *Tally) Result() *Triage {
	r := &Triage{By: t.o.By, Counts: t.counts, First: t.first.Time, Last: t.last.Time}
	for _, g := range t.groups {
		shown := *g
		shown.Share = t.share(g)
		r.Groups = append(r.Groups, &shown)
	}
	for _, g := range t.rest {
		shown := *g
		r.Groups = append(r.Groups, &shown)
	}
	slices.SortFunc(r.Groups, func(a, b *Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), a.key.compare(b.key)) })
	r.Plan = t.plan.list()
	for _, g := range r.Groups {
		r.Late += g.Later.Delivered
		r.Waiting += g.Followed - g.Later.Delivered - g.Later.Failed
	}
	t.findPatterns(r)
	return r
}

// share is how much of what went to the provider of a group is in the group; 0 where it has none.
func (t *Tally) share(g *Group) float64 {
	if p := t.providers[g.Provider]; p != nil && p.all > 0 && !g.mixed.provider {
		return float64(g.Count) / float64(p.all)
	}
	return 0
}

// moment is the first or the last of several times.
type moment struct{ time.Time }

func (m *moment) before(t time.Time) {
	if m.IsZero() || t.Before(m.Time) {
		m.Time = t
	}
}

func (m *moment) after(t time.Time) {
	if m.IsZero() || t.After(m.Time) {
		m.Time = t
	}
}

// reasonOf is the reason of an event, the zero one where nothing was judged.
func reasonOf(e *event.Event) (r codes.Reason, delivery string) {
	if e.Verdict == nil {
		return codes.Reason{}, ""
	}
	return e.Verdict.Reason, e.Verdict.Delivery.ID
}
