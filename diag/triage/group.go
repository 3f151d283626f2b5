package triage

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/watch/past"
	"todoku/sender/event"
)

// By is what events are grouped by.
type By string

// The groupings. The action of the events is part of each.
const (
	ByCause    By = "" // reason × provider × delivery code
	ByProvider By = "provider"
	ByReason   By = "reason"
	ByDomain   By = "domain" // of the recipient
	BySender   By = "sender" // the domain that sent
	ByIP       By = "ip"     // ours
	ByHour     By = "hour"
)

// Groupings lists them, but for the usual one.
func Groupings() []By { return []By{ByProvider, ByReason, ByDomain, BySender, ByIP, ByHour} }

// Group is a number of events that have something in common.
type Group struct {
	Key      string // what the events are grouped by, where that is neither reason, provider nor code
	Action   event.Action
	Reason   codes.Reason // of all events of the group; ID "" where they differ
	Provider string       // as Reason
	Code     string       // the delivery code, as Reason

	Count       int64
	Recipients  Distinct // how many there are
	First, Last time.Time
	Times       Timeline
	Share       float64 // of all events of the provider, 0 to 1; 0 where the group has no one provider
	Places      []event.Place
	Example     event.Event // the first
	Telling     event.Event // the one that tells most: for a diagnosis
	Domains     top         // of the recipients
	Senders     top         // domains that sent
	Addresses   top         // of ours
	Later       Later       // of delays
	Patterns    []Pattern
	Changes     []past.Change // at the senders' domains, before it began; Join fills it in
	Diagnosis   *guide.Diagnosis

	Rest     bool  // it holds what found no place among the groups
	Merged   int64 // how many groups it holds
	Followed int64 // of delays: how many mails are in Later or may come there

	key   key
	mixed mixed
	began moment
	ended moment
	score int    // of Telling
	into  *Group // the rest that took this group in
}

// mixed says in what the events of a group differ.
type mixed struct{ reason, provider, code bool }

// Later is what became of delayed mails.
type Later struct{ Delivered, Failed int64 }

// maxPlaces is how many places of a group are kept.
const maxPlaces = 5

// key tells groups apart.
type key struct {
	action                 event.Action
	reason, provider, code string
	key                    string
}

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.reason, o.reason), cmp.Compare(k.provider, o.provider), cmp.Compare(k.code, o.code),
		cmp.Compare(k.key, o.key), cmp.Compare(k.action, o.action))
}

// keyOf is the group of an event.
func (b By) keyOf(e *event.Event) key {
	reason, code := reasonOf(e)
	k := key{action: e.Action}
	if k.action == event.Expanded {
		k.action = event.Other
	}
	switch b {
	case ByProvider:
		k.provider = e.Provider
	case ByReason:
		k.reason = reason.ID
	case ByDomain:
		k.key = domainOf(e.Recipient)
	case BySender:
		k.key = domainOf(e.From)
	case ByIP:
		if e.SendingIP.IsValid() {
			k.key = e.SendingIP.String()
		}
	case ByHour:
		if !e.Time.IsZero() {
			k.key = e.Time.Format("2006-01-02 15:00")
		}
	default:
		k.reason, k.provider, k.code = reason.ID, e.Provider, code
	}
	return k
}

// maxGroups is how many groups there may be. Beyond it the smallest go to the rest.
const maxGroups = 2000

// group finds the group of an event, or makes it.
func (t *Tally) group(e *event.Event) *Group {
	k := t.o.By.keyOf(e)
	g := t.groups[k]
	if g == nil {
		if len(t.groups) >= maxGroups {
			t.prune()
		}
		k.reason, k.provider, k.code, k.key = strings.Clone(k.reason), strings.Clone(k.provider), strings.Clone(k.code), strings.Clone(k.key)
		g = newGroup(k, e)
		t.groups[k] = g
	}
	return g
}

func newGroup(k key, e *event.Event) *Group {
	reason, code := reasonOf(e)
	return &Group{key: k, Key: k.key, Action: k.action, Reason: reason, Provider: strings.Clone(e.Provider), Code: code}
}

// add counts an event. spare is how many octets of mails may be kept.
func (g *Group) add(e *event.Event, spare *int) {
	reason, code := reasonOf(e)
	g.mix(reason.ID, e.Provider, code)
	if g.Count++; g.Count == 1 {
		g.Example = kept(e)
	}
	if s := telling(e); s > g.score || g.Count == 1 {
		old := g.Telling.Returned
		g.score, g.Telling = s, kept(e)
		keepMail(&g.Telling, e.Returned, old, spare)
	}
	if len(g.Places) < maxPlaces {
		g.Places = append(g.Places, event.Place{File: strings.Clone(e.Source.File), Line: e.Source.Line})
	}
	if !e.Time.IsZero() {
		g.began.before(e.Time)
		g.ended.after(e.Time)
		g.First, g.Last = g.began.Time, g.ended.Time
		g.Times.Add(e.Time)
	}
	if e.Recipient != "" {
		g.Recipients.Add(hashLower(e.Recipient, 0))
	}
	g.Domains.add(domainOf(e.Recipient))
	g.Senders.add(domainOf(e.From))
	if e.SendingIP.IsValid() {
		g.Addresses.add(e.SendingIP.String())
	}
}

// mix notes in what the group's events differ.
func (g *Group) mix(reason, provider, code string) {
	if g.Reason.ID != reason && !g.mixed.reason {
		g.mixed.reason, g.Reason = true, codes.Reason{}
	}
	if g.Provider != provider && !g.mixed.provider {
		g.mixed.provider, g.Provider = true, ""
	}
	if g.Code != code && !g.mixed.code {
		g.mixed.code, g.Code = true, ""
	}
}

// telling is how much an event tells of what a diagnosis needs.
func telling(e *event.Event) int {
	n := 0
	for _, known := range []bool{e.From != "", e.Recipient != "", e.SendingIP.IsValid() || e.RemoteIP != netip.Addr{},
		len(e.Reply.Lines) > 0, e.Returned.Data != nil && asksForMail(e)} {
		if known {
			n++
		}
	}
	return n
}

// kept is an event to keep: its strings are no parts of a larger text. The mail that came back is left out.
func kept(e *event.Event) event.Event {
	k := *e
	k.Returned = event.ReturnedMail{}
	for _, s := range []*string{&k.Source.File, &k.Recipient, &k.OriginalRecipient, &k.From, &k.Subject, &k.MessageID, &k.QueueID,
		&k.EnvelopeID, &k.ReturnPath, &k.Client, &k.Login, &k.ReportingMTA, &k.RemoteMTA, &k.Diagnostic, &k.Feedback, &k.Provider} {
		*s = strings.Clone(*s)
	}
	k.Reply.Lines = nil
	for _, line := range e.Reply.Lines {
		k.Reply.Lines = append(k.Reply.Lines, strings.Clone(line))
	}
	return k
}

// domainOf is the domain of an address, in lower case; "" where there is none.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	return strings.ToLower(strings.TrimRight(address[at+1:], ".>"))
}

// Weight is how much a group weighs for the sender: mails that failed, or that are still waiting; complaints; nothing for what
// needs no action.
func (g *Group) Weight() int64 {
	switch g.Action {
	case event.Delayed:
		return max(g.Followed-g.Later.Delivered-g.Later.Failed, 0)
	case event.Failed, event.Expired, event.Complaint:
		return g.Count
	case event.Delivered, event.Relayed, event.Expanded, event.AutoReply, event.Other:
	}
	return 0
}

// ByWeight are the groups, those first that weigh most.
func (r *Triage) ByWeight() []*Group {
	return slices.SortedStableFunc(slices.Values(r.Groups), func(a, b *Group) int { return cmp.Compare(b.Weight(), a.Weight()) })
}
