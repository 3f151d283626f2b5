package diag

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"todoku/diag/resolve"
)

// Exception is a rule that somebody allows to be broken for a time.
type Exception struct {
	Rule    string
	Subject string   // "": of any
	Domains []string // in ASCII; none: of any target
	Reason  string
	Until   string // the last day on which it holds: "2027-03-31"
	Place   string // where it is written: "todoku.yaml:12:5"
}

// DateForm is the form of the last day of an exception.
const DateForm = time.DateOnly

// Ended reports whether the last day of the exception is over, in the time zone of now.
func (e *Exception) Ended(now time.Time) bool { return now.Format(DateForm) > e.Until }

// covers reports whether the exception is about a finding of a target.
func (e *Exception) covers(t Target, f Finding) bool {
	return e.Rule == f.Rule.ID && (e.Subject == "" || strings.EqualFold(e.Subject, f.Subject)) && e.meant(t)
}

// meant reports whether the exception is about a target.
func (e *Exception) meant(t Target) bool {
	return len(e.Domains) == 0 || slices.Contains(e.Domains, t.ASCII)
}

// near reports whether its subject may be met when a target is looked at: a name of another domain is no reason to say that
// the exception is about nothing.
func (e *Exception) near(t Target) bool {
	if _, err := netip.ParseAddr(e.Subject); err == nil || !strings.Contains(e.Subject, ".") {
		return true
	}
	return resolve.Within(e.Subject, t.ASCII) || resolve.Within(t.ASCII, e.Subject)
}

// Excepted says that an exception is about a finding.
type Excepted struct {
	Reason string
	Until  string // the last day
	Ended  bool   // the last day is over: the finding counts again
}

// Ignored reports whether the finding does not count: an exception is about it, and holds.
func (f Finding) Ignored() bool { return f.Excepted != nil && !f.Excepted.Ended }

// Exceptions marks the findings of reports that exceptions are about. It is for one run and one goroutine.
type Exceptions struct {
	now    time.Time
	byRule map[string][]*usedException
	all    []*usedException
}

type usedException struct {
	Exception
	ended   bool
	looked  bool // a check of its rule looked at a target that it is about
	matched bool // it was about a finding
}

// NewExceptions makes the exceptions of a run. now says which day it is.
func NewExceptions(list []Exception, now time.Time) *Exceptions {
	x := &Exceptions{now: now, byRule: map[string][]*usedException{}}
	for _, e := range list {
		u := &usedException{Exception: e, ended: e.Ended(now)}
		x.all = append(x.all, u)
		x.byRule[e.Rule] = append(x.byRule[e.Rule], u)
	}
	return x
}

// Apply marks the findings of a report. What could not be looked up stays unknown: it is no finding. Where two exceptions are
// about one finding, the one that holds counts, of those the first.
func (x *Exceptions) Apply(r *Report) {
	if len(x.all) == 0 {
		return
	}
	if r.WhatIf != nil && r.WhatIf.Before != nil {
		x.Apply(r.WhatIf.Before)
	}
	for i := range r.Results {
		res := &r.Results[i]
		for j := range res.Findings {
			x.mark(r.Target, &res.Findings[j])
		}
		for _, rule := range res.Check.Rules {
			for _, u := range x.byRule[rule.ID] {
				u.looked = u.looked || u.meant(r.Target) && u.near(r.Target) && saw(res, u.Exception)
			}
		}
	}
}

// mark marks one finding.
func (x *Exceptions) mark(t Target, f *Finding) {
	for _, u := range x.byRule[f.Rule.ID] {
		if !u.covers(t, *f) {
			continue
		}
		u.matched = true
		if f.Excepted == nil || f.Excepted.Ended && !u.ended {
			f.Excepted = &Excepted{Reason: u.Reason, Until: u.Until, Ended: u.ended}
		}
	}
}

// saw reports whether a check could have found what an exception is about, for certain.
func saw(r *Result, e Exception) bool {
	partly, may := r.Facts.(Unseen)
	return r.Err == nil && r.Looked() && !(may && (e.Subject == "" || partly.Unseen(e.Rule, e.Subject)))
}

// Unused lists the exceptions that were about nothing, although a check looked.
func (x *Exceptions) Unused() (out []Exception) {
	for _, u := range x.all {
		if u.looked && !u.matched {
			out = append(out, u.Exception)
		}
	}
	return out
}
