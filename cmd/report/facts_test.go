package report

import (
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag"
)

// mute is the facts of a check that tells nothing.
type mute struct{}

func (mute) Lines() []diag.Line { return nil }

// absent is the facts of a check that found nothing.
type absent struct{}

func (absent) Lines() []diag.Line { return []diag.Line{diag.NoRecord()} }

// What a check does not say is not said for it: least of all that there is no record.
func TestNothingIsSaidForACheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		facts diag.Facts
		err   error
		want  string
	}{
		{nil, nil, "nothing to tell"}, {mute{}, nil, "nothing to tell"}, {absent{}, nil, "no record"},
		{nil, errors.New("x"), "could not look"}, {mute{}, errors.New("x"), "could not look"}, {absent{}, errors.New("x"), "could not look"},
	} {
		check := &diag.Check{Name: "x", Title: codes.Text{EN: "x", JA: "x"}}
		r := &diag.Report{Results: []diag.Result{{Check: check, Facts: c.facts, Err: c.err}}}
		out := printed(t, "text", Options{Lang: codes.English, Width: 80}, r)
		for _, said := range []string{"nothing to tell", "no record", "could not look"} {
			if strings.Contains(out, said+"\n") != (said == c.want) {
				t.Errorf("%T, %v: want %q:\n%s", c.facts, c.err, c.want, out)
			}
		}
	}
}

// seen is the facts of a check that saw two things.
type seen struct{}

func (seen) Lines() []diag.Line { return []diag.Line{diag.Show("first"), diag.Show("second")} }

// TestBrief: what a report is not about takes one line while nothing is wrong, and all its lines otherwise.
func TestBrief(t *testing.T) {
	t.Parallel()
	rule := func(id string, s diag.Severity) *diag.Rule {
		words := codes.Text{EN: id + " says", JA: id}
		return &diag.Rule{ID: id, Severity: s, Says: words, Why: words, Fix: words, Owner: diag.OwnerDNS}
	}
	check := &diag.Check{Name: "x", Title: codes.Text{EN: "X", JA: "X"}, Brief: true}
	for _, c := range []struct {
		result diag.Result
		want   []string
		absent []string
	}{
		{diag.Result{Check: check, Facts: seen{}}, []string{"✓ X        first\n"}, []string{"second"}},
		{diag.Result{Check: check, Facts: absent{}, Findings: []diag.Finding{{Rule: rule("x-none", diag.Info)}}},
			[]string{"i X        no record · x-none\n"}, []string{"says"}},
		{diag.Result{Check: check, Facts: seen{}, Findings: []diag.Finding{{Rule: rule("x-odd", diag.Warn)}}},
			[]string{"! X        first\n", "second\n", "x-odd says"}, nil},
		{diag.Result{Check: check, Facts: seen{}, Err: errors.New("silent")}, []string{"? X        first\n", "second\n", "silent"}, nil},
	} {
		out := printed(t, "text", Options{Lang: codes.English, Width: 80}, &diag.Report{Results: []diag.Result{c.result}})
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		for _, absent := range c.absent {
			if strings.Contains(out, absent) {
				t.Errorf("%q in\n%s", absent, out)
			}
		}
	}
}
