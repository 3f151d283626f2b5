package diag_test

import (
	"errors"
	"testing"
	"time"

	"todoku/diag"
)

// excepted is a report of one check with these findings, after some exceptions.
func excepted(err error, findings []diag.Finding, list ...diag.Exception) (*diag.Report, *diag.Exceptions) {
	check := &diag.Check{Name: "spf"}
	for _, f := range findings {
		check.Rules = append(check.Rules, f.Rule)
	}
	check.Rules = append(check.Rules, &diag.Rule{ID: "sound", Severity: diag.Fail})
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"}, Results: []diag.Result{
		{Check: check, Findings: findings, Err: err}}}
	x := diag.NewExceptions(list, time.Date(2027, 3, 31, 23, 59, 0, 0, time.UTC))
	x.Apply(r)
	return r, x
}

func broken() []diag.Finding {
	return []diag.Finding{{Rule: &diag.Rule{ID: "broken", Severity: diag.Fail}, Subject: "s1.a.test"}}
}

// TestWhatAnExceptionCovers: an ignored finding stays and does not count; one whose day is over counts.
func TestWhatAnExceptionCovers(t *testing.T) {
	t.Parallel()
	today, yesterday := "2027-03-31", "2027-03-30"
	for name, c := range map[string]struct {
		list   []diag.Exception
		want   diag.Status
		ended  bool
		marked bool
	}{
		"none":            {nil, diag.Fail, false, false},
		"of all":          {[]diag.Exception{{Rule: "broken", Until: today}}, diag.OK, false, true},
		"the day is over": {[]diag.Exception{{Rule: "broken", Until: yesterday}}, diag.Fail, true, true},
		"one still holds": {[]diag.Exception{{Rule: "broken", Until: yesterday}, {Rule: "broken", Until: today}},
			diag.OK, false, true},
		"the other way":    {[]diag.Exception{{Rule: "broken", Until: today}, {Rule: "broken", Until: yesterday}}, diag.OK, false, true},
		"its domain":       {[]diag.Exception{{Rule: "broken", Until: today, Domains: []string{"b.test", "a.test"}}}, diag.OK, false, true},
		"another domain":   {[]diag.Exception{{Rule: "broken", Until: today, Domains: []string{"b.test"}}}, diag.Fail, false, false},
		"its subject":      {[]diag.Exception{{Rule: "broken", Until: today, Subject: "S1.a.test"}}, diag.OK, false, true},
		"another subject":  {[]diag.Exception{{Rule: "broken", Until: today, Subject: "a.test"}}, diag.Fail, false, false},
		"another rule":     {[]diag.Exception{{Rule: "sound", Until: today}}, diag.Fail, false, false},
		"a part of its id": {[]diag.Exception{{Rule: "broke", Until: today}}, diag.Fail, false, false},
		"with other domain": {[]diag.Exception{{Rule: "broken", Until: today, Subject: "s1.a.test", Domains: []string{"b.test"}}},
			diag.Fail, false, false},
	} {
		r, _ := excepted(nil, broken(), c.list...)
		f := r.Results[0].Findings[0]
		if r.Status() != c.want || (f.Excepted != nil) != c.marked || c.marked && f.Excepted.Ended != c.ended ||
			f.Ignored() != (c.want == diag.OK) {
			t.Errorf("%s: %s, %+v", name, r.Status(), f.Excepted)
		}
	}
}

// TestUnknownIsNeverIgnored: an exception is about findings; what could not be looked up stays unknown.
func TestUnknownIsNeverIgnored(t *testing.T) {
	t.Parallel()
	r, x := excepted(errors.New("silence"), broken(),
		diag.Exception{Rule: "broken", Until: "2028-01-01"}, diag.Exception{Rule: "sound", Until: "2028-01-01"})
	if r.Status() != diag.Unknown {
		t.Error(r.Status())
	}
	if unused := x.Unused(); len(unused) != 0 {
		t.Errorf("nobody could see whether it is needed: %+v", unused)
	}
}

// TestUnusedExceptions: one is told where a check looked at what it is about, and found nothing.
func TestUnusedExceptions(t *testing.T) {
	t.Parallel()
	_, x := excepted(nil, broken(), diag.Exception{Rule: "broken", Until: "2027-01-01"}, diag.Exception{Rule: "sound", Until: "2028-01-01"},
		diag.Exception{Rule: "sound", Until: "2028-01-01", Domains: []string{"b.test"}}, diag.Exception{Rule: "elsewhere", Until: "2028-01-01"},
		diag.Exception{Rule: "sound", Until: "2028-01-01", Subject: "other.test"},
		diag.Exception{Rule: "sound", Until: "2028-01-01", Subject: "192.0.2.7"},
		diag.Exception{Rule: "sound", Until: "2028-01-01", Subject: "_dmarc.A.test"})
	if unused := x.Unused(); len(unused) != 3 || unused[0].Rule != "sound" || unused[0].Domains != nil ||
		unused[1].Subject != "192.0.2.7" {
		t.Errorf("%+v", unused)
	}
}

// TestExceptionsOfBothWorlds: the report without a change that is only meant is marked, too.
func TestExceptionsOfBothWorlds(t *testing.T) {
	t.Parallel()
	before, _ := excepted(nil, broken())
	r := &diag.Report{Target: before.Target, WhatIf: &diag.WhatIf{Before: before}}
	diag.NewExceptions([]diag.Exception{{Rule: "broken", Until: "2028-01-01"}}, time.Unix(0, 0)).Apply(r)
	if before.Status() != diag.OK {
		t.Error(before.Status())
	}
}
