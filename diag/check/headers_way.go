package check

import (
	"cmp"
	"time"

	"todoku/codes"
	"todoku/sender/mail"
)

// hop is one step of a mail from server to server. since is the time from the step before; it is negative where the clocks differ.
type hop struct {
	trace mail.Trace
	since time.Duration
	timed bool // since is known
}

// maxHops bounds the fields Received that are read.
const maxHops = 200

// readHops reads the fields Received, the oldest first.
func readHops(raw mail.Raw) []hop {
	all := raw.All("Received")
	var out []hop
	for i := len(all) - 1; i >= 0 && len(out) < maxHops; i-- {
		out = append(out, hop{trace: mail.ParseTrace(all[i].Value())})
	}
	before, _ := mail.ParseDate(raw.Get("Date"))
	for i := range out {
		at := out[i].trace.At
		if at.IsZero() {
			continue
		}
		if !before.IsZero() {
			out[i].since, out[i].timed = at.Sub(before.Truncate(time.Second)), true
		}
		before = at
	}
	return out
}

// LongWait is how long a mail may stay between two servers without a remark.
const LongWait = 10 * time.Minute

// What is unusual on the way.
const (
	wrongClock   = time.Minute
	usualHops    = 25
	gmailHops    = 50
	roundTrips   = 4 // times that a mail went the same step: three times happen with filters
	maxWayFaults = 20
)

// judgeWay judges the way of the mail. The first hop is measured from Date, which the writer's own clock made: only later ones
// are judged.
func (j *headersJudge) judgeWay() {
	switch n := len(j.raw.All("Received")); {
	case n > gmailHops:
		j.Report(HeadersHops, j.Domain(), codes.Num("hops", n))
	case n > usualHops:
		j.Report(HeadersHopsMany, j.Domain(), codes.Num("hops", n))
	}
	type step struct{ from, by string }
	times := map[step]int{}
	told := 0
	for i, h := range j.hops {
		s := step{h.trace.Client(), h.trace.By}
		if s.from != "" && s.by != "" && s.from != s.by && !h.trace.IP.IsLoopback() {
			if times[s]++; times[s] == roundTrips {
				j.Report(HeadersLoop, j.Domain(), codes.Start("from", s.from, maxShown), codes.Start("by", s.by, maxShown),
					codes.Num("count", j.countStep(s.from, s.by)))
			}
		}
		if i == 0 || !h.timed || told == maxWayFaults {
			continue
		}
		from := codes.Start("from", cmp.Or(j.hops[i-1].trace.By, s.from, j.hops[i-1].trace.Software, "?"), maxShown)
		by := codes.Start("by", cmp.Or(s.by, h.trace.Software, "?"), maxShown)
		switch {
		case h.since > LongWait:
			told++
			j.Report(HeadersDelay, j.Domain(), codes.Num("minutes", int(h.since/time.Minute)), by, from)
		case h.since < -wrongClock:
			told++
			j.Report(HeadersSkew, j.Domain(), from, by, codes.Num("seconds", int(-h.since/time.Second)))
		}
	}
}

// countStep is how many times the mail went from one server to another.
func (j *headersJudge) countStep(from, by string) (n int) {
	for _, h := range j.hops {
		if h.trace.Client() == from && h.trace.By == by {
			n++
		}
	}
	return n
}
