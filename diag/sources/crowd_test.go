package sources_test

import (
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestManySteadyAddressesAreForged: many addresses that send every day, or by the week as it happens, are those of a forger; so are
// many that began lately. A server that sends much more than each of them is perhaps ours, and so are few servers.
func TestManySteadyAddressesAreForged(t *testing.T) {
	t.Parallel()
	forged := func(a actor) actor {
		a.class, a.spf = sources.Forger, enveloped(home, "fail")
		return a
	}
	lately := actor{ips: bots(60), mails: 2, since: 30}
	server := actor{class: sources.Unknown, perhaps: true, ips: []string{"198.51.100.77"}, mails: 30, spf: enveloped(home, "fail")}
	few := server
	few.ips, few.mails = bots(8), 2
	for name, actors := range map[string][]actor{
		"daily":           {forged(actor{ips: bots(60), mails: 2})},
		"every other day": {forged(actor{ips: bots(40), mails: 2, every: 2})},
		"one by the week": {forged(actor{ips: bots(60)[1:], mails: 2, every: 10}), forged(actor{ips: bots(1), mails: 1, every: 7})},
		"lately":          {forged(lately)},
		"beside others":   {forged(actor{ips: bots(90)[:60], mails: 2, every: 10}), forged(actor{ips: bots(90)[60:], mails: 2})},
		"beside a server": {forged(actor{ips: bots(60), mails: 2}), server},
		"few servers":     {few},
	} {
		f := usual(actors...)
		f.days = 36
		_, d := judged(t, f, world(t, zone), "")
		mails, _, _ := f.truth()
		for _, c := range []sources.Class{sources.Forger, sources.Unknown} {
			if got := d.ByClass[c].Mails; got != mails[c] {
				t.Errorf("%s: %d mails of %s, want %d", name, got, c, mails[c])
			}
		}
	}
}

// TestFewMailsOfOneAmongManySayNothing: what looks regular among many addresses may do so by chance, and flips no verdict.
func TestFewMailsOfOneAmongManySayNothing(t *testing.T) {
	t.Parallel()
	for _, among := range []bool{true, false} {
		one := actor{class: sources.Unknown, ips: []string{"198.51.100.77"}, mails: 1, every: 2, spf: enveloped(home, "fail")}
		f := usual(one)
		if among {
			f.actors = append(f.actors, actor{class: sources.Forger, ips: bots(60), mails: 1, every: 10, spf: enveloped(home, "fail")})
		}
		f.days = 16
		_, d := judged(t, f, world(t, zone), "p=reject")
		if d.ByClass[sources.Unknown].Mails != 24 || d.WhatIf.Perhaps.Lost > 0 == among || (d.WhatIf.Verdict == sources.Safe) != among {
			t.Errorf("among many %v: %s, %+v", among, d.WhatIf.Verdict, d.ByClass)
		}
	}
}

// TestMonthlyServersAreNotForged: a server that sent much twice, a month apart, may send invoices; one that did so within two weeks
// may not, nor do many.
func TestMonthlyServersAreNotForged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		every, ips int
		class      sources.Class
	}{"monthly": {30, 1, sources.Unknown}, "two weeks": {14, 1, sources.Forger}, "many": {30, 12, sources.Forger}} {
		a := actor{class: tt.class, ips: bots(tt.ips), every: tt.every, until: 31, mails: 90, spf: enveloped(home, "fail")}
		f := usual(a)
		f.days = 42
		_, d := judged(t, f, world(t, zone), "p=reject")
		mails, _, _ := f.truth()
		if got := d.ByClass[tt.class].Mails; got != mails[tt.class] {
			t.Errorf("%s: %d mails of %s, want %d", name, got, tt.class, mails[tt.class])
		}
	}
}

// TestNewServicesAreNotForged: a service that began some days ago and still sends is perhaps ours, and a policy that refuses its
// mail is not safe yet. One that ended is not told as new.
func TestNewServicesAreNotForged(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"sendgrid.net", "tiny-service.test"} {
		for _, ended := range []bool{false, true} {
			a := actor{ips: []string{"198.18.50.5"}, mails: 20, since: 24, spf: enveloped("em1."+domain, "pass"),
				dkim: []aggregate.DKIMResult{signed(domain, "s1", "pass")}}
			if ended {
				a.since, a.until = 14, 20
			}
			_, d := judged(t, usual(a), world(t, zone), "p=reject")
			if o := d.WhatIf; o.Perhaps.Lost > 0 == ended || !ended && (o.Verdict != sources.Never || d.ByClass[sources.Forger].Mails > 0) {
				t.Errorf("%s, ended %v: %s, perhaps ours %+v, forged %+v", domain, ended, o.Verdict, o.Perhaps, o.Forgers)
			}
		}
	}
}
