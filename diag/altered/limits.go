package altered

import (
	"context"
	"strconv"
	"time"
)

// Limits bound the work of Find. A zero value means the usual one.
type Limits struct {
	Octets     int64 // of bodies that are hashed
	Headers    int   // headers that are tried against an RSA signature; of another key a tenth of them
	Candidates int   // bodies that are tried
	Time       time.Duration
}

// The usual limits.
const (
	usualOctets     = 150 << 20
	usualHeaders    = 80_000
	usualCandidates = 400_000
	usualTime       = 1200 * time.Millisecond
)

// Bound names a limit that was reached; stable words.
type Bound string

// The bounds. With one of them a change may have been missed.
const (
	BoundOctets     Bound = "octets"
	BoundHeaders    Bound = "headers"
	BoundCandidates Bound = "candidates"
	BoundTime       Bound = "time" // of the limits, or the context ended
	BoundParts      Bound = "parts"
	BoundLines      Bound = "lines"
)

// budget is what is left of the limits.
type budget struct {
	ctx        context.Context
	octets     int64
	headers    int
	candidates int
	asked      int
	bounds     []Bound
	spent      bool // nothing is left for what is looked at now
}

func newBudget(ctx context.Context, l Limits) *budget {
	b := &budget{ctx: ctx, octets: l.Octets, headers: l.Headers, candidates: l.Candidates}
	if b.octets <= 0 {
		b.octets = usualOctets
	}
	if b.headers <= 0 {
		b.headers = usualHeaders
	}
	if b.candidates <= 0 {
		b.candidates = usualCandidates
	}
	return b
}

// reach notes a bound at which the work ends.
func (b *budget) reach(bound Bound) {
	b.spent = true
	b.note(bound)
}

// note notes a bound at which something was passed over.
func (b *budget) note(bound Bound) {
	for _, have := range b.bounds {
		if have == bound {
			return
		}
	}
	b.bounds = append(b.bounds, bound)
}

// expired reports whether the context ended.
func (b *budget) expired() bool {
	if b.ctx.Err() != nil {
		b.reach(BoundTime)
		return true
	}
	return false
}

// ended is expired, asked now and then only.
func (b *budget) ended(octets int) bool {
	b.asked += 1 + octets/1024
	if b.asked < 64 {
		return false
	}
	b.asked = 0
	return b.expired()
}

// body takes what a try of a body costs; false where nothing is left.
func (b *budget) body(octets int) bool {
	switch {
	case b.spent || b.ended(octets):
		return false
	case b.candidates <= 0:
		b.reach(BoundCandidates)
		return false
	case b.octets < int64(octets):
		b.reach(BoundOctets)
		return false
	}
	b.candidates--
	b.octets -= int64(octets)
	return true
}

// header takes what a try of a header costs.
func (b *budget) header(cost int) bool {
	switch {
	case b.spent || b.ended(1024):
		return false
	case b.headers < cost:
		b.reach(BoundHeaders)
		return false
	}
	b.headers -= cost
	return true
}

func itoa(n int) string { return strconv.Itoa(n) }
