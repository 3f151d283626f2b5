package altered

import (
	"bytes"
	"context"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// State says whether one side of a signature fits the mail as it is.
type State string

// The states.
const (
	Holds   State = "holds"
	Broken  State = "broken"
	Unknown State = "unknown" // there is no key that can say it, or the signature does not say what was signed
)

// Answer is what Find found.
type Answer struct {
	Body    State
	Header  State
	Changes []Change // those of the header first; certain ones before others
	Bounds  []Bound  // that were reached: a change may have been missed
}

// Find tells what changed in a mail after a signature was made. sig is a result of dkim.Verify over the same mail; it needs a key for
// the header, and none for the body. The changes that it is certain of explain one side wholly; where there are none for a
// side that is broken, it tells what looks like a change. Where ctx ends, so does the search.
func Find(ctx context.Context, raw mail.Raw, sig *dkim.Signature, l Limits) Answer {
	a := Answer{Body: Unknown, Header: Unknown}
	s, ok := signedBy(sig)
	if !ok || sig.Index < 0 || sig.Index >= len(raw.Fields) {
		return a
	}
	if l.Time <= 0 {
		l.Time = usualTime
	}
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	first, done := context.WithTimeout(ctx, l.Time*2/3) // the header has the rest
	defer done()
	b := newBudget(first, l)
	b.expired()
	head := newHeaderSearch(b, raw, s)
	a.Header = head.state()
	h := hints{}
	body := a.searchBody(b, raw, s, &h)
	b.ctx, b.spent = ctx, false
	a.Changes = append(a.searchHeader(head, raw, h), body...)
	if len(a.Changes) > 0 {
		w := witness{raw: raw, sig: s}
		for i := range a.Changes {
			a.Changes[i].By = w.author(a.Changes[i])
		}
	}
	a.Bounds = b.bounds
	return a
}

// searchBody looks what happened to the body.
func (a *Answer) searchBody(b *budget, raw mail.Raw, s signed, h *hints) []Change {
	sum, long := bodySum(raw.Body, s.Body, s.length)
	if long && bytes.Equal(sum[:], s.BodyHash) {
		a.Body = Holds
		return nil
	}
	a.Body = Broken
	d := docOf(raw)
	d.ended = func() bool { return b.spent || b.expired() }
	search := &bodySearch{budget: b, sig: s}
	if c, ok := search.find(d); ok {
		for i := range c.changes {
			c.changes[i].Certain = true
		}
		h.kind, h.encoding, h.body = c.kind, c.encoding, c.changes
		return merged(c.changes)
	}
	return suspects(raw, d, s, !long)
}

// searchHeader looks what happened to the header.
func (a *Answer) searchHeader(search *headerSearch, raw mail.Raw, h hints) []Change {
	if a.Header != Broken {
		return nil
	}
	if search.other {
		return []Change{{Kind: OtherKey, Certain: true}}
	}
	list, ok := search.find(h)
	if !ok {
		return headerSuspects(raw, search.sig, a.Body == Broken && h.body == nil)
	}
	for i := range list {
		list[i].Certain = true
		if list[i].Kind == BoundaryChanged && h.body != nil { // another part holds the mail now
			list[i].Kind = ContentType
		}
	}
	return list
}

// merged leaves each change once that was undone in several places.
func merged(list []Change) (out []Change) {
next:
	for _, c := range list {
		for _, o := range out {
			if o.Kind == c.Kind && o.Part == c.Part && o.Was == c.Was && o.Now == c.Now {
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}
