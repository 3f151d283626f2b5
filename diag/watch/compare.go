package watch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
	"todoku/diag/resolve"
)

// Look is one look at a domain.
type Look struct {
	Domain  string // in ASCII
	At      time.Time
	Report  *diag.Report
	Answers []resolve.Answer              // what DNS answered for it
	Reach   Reach                         // how far DNS answered
	Parked  []string                      // the name servers, where the domain lost most of its records at once
	Words   func(error) codes.Text        // what an error of a check says to people
	Says    func(diag.Finding) codes.Text // what a finding says to people; nil: its texts with its data as they are
}

// Reach is how far DNS answered at a look: where nobody answers for any name, the silence of a check says nothing about its name.
type Reach int

// The reaches.
const (
	Answered Reach = iota // something about the domain or a name below it
	Foreign               // only questions about other names
	Nothing               // no server answered anything
)

// Outcome is what a look changed.
type Outcome struct {
	At      time.Time // of the look
	State   State
	Changed bool     // State is otherwise than before
	Blind   bool     // no check could look
	Changes []Change // of a first look: all that it found
	Past    []Past   // record sets that are not as they were
}

// Compare holds a look against what was known. before is when the domain was last looked at; zero for the first look, at which
// old is empty. Findings that an exception allows are left out: when the exception ends they are new. Those that stood before are mended
// only when they are gone.
func Compare(old State, before time.Time, l Look) Outcome {
	c := comparison{old: old, before: before, look: l, out: Outcome{At: l.At}}
	c.values()
	c.findings()
	c.silences()
	c.checks()
	c.expiries()
	c.out.Blind = slices.ContainsFunc(l.Report.Results, func(r diag.Result) bool { return r.Err != nil }) &&
		!slices.ContainsFunc(l.Report.Results, func(r diag.Result) bool { return r.Err == nil && r.Looked() })
	return c.out
}

type comparison struct {
	old    State
	before time.Time
	look   Look
	out    Outcome
}

// change adds a change and marks the state as another one.
func (c *comparison) change(ch Change) {
	ch.Domain, ch.At, ch.Before = c.look.Domain, c.look.At, c.lastSeen(ch.Check)
	if ch.Turn == Known { // it could not look at the look before
		ch.Before = c.before
	}
	c.out.Changes = append(c.out.Changes, ch)
	c.out.Changed = true
}

// findings compares what stands now with what stood.
func (c *comparison) findings() {
	seen := map[baseline.Known]bool{}
	for _, res := range c.look.Report.Results {
		for _, f := range res.Findings {
			switch k := baseline.KnownOf(res.Check, f); {
			case seen[k]:
			case f.Ignored():
				c.ignore(k)
			default:
				seen[k] = true
				c.finding(k, f)
			}
		}
	}
	c.gone(c.old.Findings, &c.out.State.Findings)
	c.gone(c.old.Ignored, &c.out.State.Ignored)
	same := func(a, b Standing) bool { return a.ID() == b.ID() }
	c.out.Changed = c.out.Changed || !slices.EqualFunc(c.out.State.Ignored, c.old.Ignored, same)
}

// ignore keeps a finding that stood before an exception came to be about it: nobody knows of its end yet.
func (c *comparison) ignore(k baseline.Known) {
	for _, s := range slices.Concat(c.old.Findings, c.old.Ignored) {
		if s.ID() == k.ID() && !stands(c.out.State.Ignored, k) {
			c.out.State.Ignored = append(c.out.State.Ignored, s)
		}
	}
}

// stands reports whether a rule is broken at a subject.
func stands(list []Standing, k baseline.Known) bool {
	return slices.ContainsFunc(list, func(s Standing) bool { return s.ID() == k.ID() })
}

// gone takes what stood and was not met: it is mended, or was not looked at and is kept. That something is not there is not mended
// where there was nothing to look at.
func (c *comparison) gone(old []Standing, keep *[]Standing) {
	for _, s := range old {
		switch {
		case stands(c.out.State.Findings, s.Known), stands(c.out.State.Ignored, s.Known):
		case !baseline.Looked(s.Known, c.look.Report), isAbsence(s) && c.isIdle(s.Check):
			*keep = append(*keep, s)
		default:
			c.change(Change{Turn: Mended, Check: s.Check, Rule: s.Rule, Subject: s.Subject, Severity: s.Severity, First: s.First,
				Message: s.Message, Culprit: s.Culprit})
		}
	}
	slices.SortFunc(*keep, func(a, b Standing) int { return cmp.Or(cmp.Compare(a.ID(), b.ID()), cmp.Compare(a.Data, b.Data)) })
}

// finding takes one finding of the look. One that was ignored is new, and stands since it was first seen.
func (c *comparison) finding(k baseline.Known, f diag.Finding) {
	same := slices.IndexFunc(c.old.Findings, func(s Standing) bool { return s.Known == k })
	if same >= 0 {
		c.out.State.Findings = append(c.out.State.Findings, c.old.Findings[same])
		return
	}
	s := Standing{Known: k, Severity: f.Rule.Severity.String(), First: c.look.At, Message: c.said(f), Culprit: c.culprit(k.Check, f)}
	turn := New
	if stands(c.old.Findings, k) {
		turn = Changed
	}
	for _, before := range slices.Concat(c.old.Findings, c.old.Ignored) {
		if before.ID() == k.ID() {
			s.First = before.First
			break
		}
	}
	c.out.State.Findings = append(c.out.State.Findings, s)
	c.change(Change{Turn: turn, Check: k.Check, Rule: k.Rule, Subject: k.Subject, Severity: c.weight(turn, s), First: s.First,
		Message: s.Message, Culprit: s.Culprit})
}

// weight is the severity of a change. That something is not there may need nobody; that it is not there any more is worth a
// warning: a key, a policy or a record was taken away.
func (c *comparison) weight(t Turn, s Standing) string {
	if t == New && isAbsence(s) && slices.Contains(c.old.Checks, s.Check) && (s.Check != "dane" || c.hadTLSA()) {
		return diag.Warn.String()
	}
	return s.Severity
}

// isAbsence reports whether a finding says that something is not there that may need nobody.
func isAbsence(s Standing) bool {
	return s.Severity == diag.Info.String() && (strings.HasSuffix(s.Rule, "-none") || strings.HasSuffix(s.Rule, "-none-found"))
}

// hadTLSA reports whether a mail server of the domain ever had TLSA records: a domain without mail servers has none, and a new
// server takes none away.
func (c *comparison) hadTLSA() bool {
	return slices.ContainsFunc(c.old.Values, func(v Value) bool { return v.Type == resolve.TypeTLSA.String() && len(v.Values) > 0 })
}

// isIdle reports whether a check had nothing to look at.
func (c *comparison) isIdle(check string) bool {
	return slices.ContainsFunc(c.look.Report.Results, func(r diag.Result) bool { return r.Check.Name == check && !r.Looked() })
}

// lastSeen is when a check looked before; zero: never.
func (c *comparison) lastSeen(check string) time.Time {
	if !slices.Contains(c.old.Checks, check) {
		return time.Time{}
	}
	if i := slices.IndexFunc(c.old.Silent, func(q Silence) bool { return q.Check == check }); i >= 0 {
		return c.old.Silent[i].Last
	}
	return c.before
}

// checks remembers which checks have looked.
func (c *comparison) checks() {
	c.out.State.Checks = slices.Clone(c.old.Checks)
	for _, res := range c.look.Report.Results {
		if res.Err == nil && !slices.Contains(c.old.Checks, res.Check.Name) {
			c.out.State.Checks = append(c.out.State.Checks, res.Check.Name)
			c.out.Changed = true
		}
	}
	slices.Sort(c.out.State.Checks)
}

// silences compares which checks could look. A check that did not run stays as it was.
func (c *comparison) silences() {
	ran := map[string]bool{}
	for _, res := range c.look.Report.Results {
		ran[res.Check.Name] = true
		i := slices.IndexFunc(c.old.Silent, func(s Silence) bool { return s.Check == res.Check.Name })
		switch {
		case res.Err != nil && i >= 0:
			c.out.State.Silent = append(c.out.State.Silent, c.old.Silent[i])
		case res.Err != nil:
			s := c.silence(res)
			c.out.State.Silent = append(c.out.State.Silent, s)
			c.change(silent(Unknown, s))
		case i >= 0:
			c.change(silent(Known, c.old.Silent[i]))
		}
	}
	for _, s := range c.old.Silent {
		if !ran[s.Check] {
			c.out.State.Silent = append(c.out.State.Silent, s)
		}
	}
}

// silent is the change of a check that cannot look, or can again.
func silent(t Turn, s Silence) Change {
	return Change{Turn: t, Check: s.Check, Severity: "unknown", First: s.Since, Message: s.Message, Culprit: s.Culprit}
}

// expiries takes over when certificates end. Of a host that was not visited the last known one stays.
func (c *comparison) expiries() {
	now := expiriesOf(c.look.Report)
	for _, e := range c.old.Expires {
		if !slices.ContainsFunc(now, func(n Expiry) bool { return n.Host == e.Host && n.Use == e.Use }) && c.isSilent(e.Use) {
			now = append(now, e)
		}
	}
	slices.SortFunc(now, func(a, b Expiry) int { return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Use, b.Use)) })
	if !slices.EqualFunc(now, c.old.Expires, func(a, b Expiry) bool { return a.Host == b.Host && a.Use == b.Use && a.At.Equal(b.At) }) {
		c.out.Changed = true
	}
	c.out.State.Expires = now
}

// isSilent reports whether a check did not run or could not look.
func (c *comparison) isSilent(check string) bool {
	return !slices.ContainsFunc(c.look.Report.Results, func(r diag.Result) bool { return r.Check.Name == check && r.Err == nil })
}
