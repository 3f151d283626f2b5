package check

import (
	"testing"

	"todoku/cmd/app"
	"todoku/diag"
)

func TestExitStatusOfEveryResult(t *testing.T) {
	t.Parallel()
	results := []diag.Status{diag.OK, diag.Info, diag.Warn, diag.Unknown, diag.Fail}
	for _, tt := range []struct {
		failOn app.Threshold
		want   [5]app.ExitStatus // pass info warn unknown fail
	}{
		{app.Threshold{Status: diag.Fail}, [5]app.ExitStatus{0, 0, 0, 3, 1}},
		{app.Threshold{Status: diag.Unknown}, [5]app.ExitStatus{0, 0, 0, 1, 1}},
		{app.Threshold{Status: diag.Warn}, [5]app.ExitStatus{0, 0, 1, 1, 1}},
		{app.Threshold{Status: diag.Info}, [5]app.ExitStatus{0, 1, 1, 1, 1}},
		{app.Threshold{Never: true}, [5]app.ExitStatus{0, 0, 0, 0, 0}},
	} {
		for i, s := range results {
			if got := (outcome{judged: tt.failOn.Exit(s)}).exit(); got != tt.want[i] {
				t.Errorf("--fail-on %+v, %s: exit %d, want %d", tt.failOn, s, got, tt.want[i])
			}
			bad, cut := app.ExitUsage, app.ExitUnknown
			if tt.want[i] == app.ExitWrong {
				bad, cut = app.ExitWrong, app.ExitWrong
			}
			if got := (outcome{judged: tt.failOn.Exit(s), badInput: true, cutShort: true}).exit(); got != bad {
				t.Errorf("--fail-on %+v, %s, bad input: exit %d, want %d", tt.failOn, s, got, bad)
			}
			if got := (outcome{judged: tt.failOn.Exit(s), cutShort: true}).exit(); got != cut {
				t.Errorf("--fail-on %+v, %s, cut short: exit %d, want %d", tt.failOn, s, got, cut)
			}
		}
	}
}

// TestTheWorstReportDecides: what is wrong with one domain is not undone by another, whatever the order.
func TestTheWorstReportDecides(t *testing.T) {
	t.Parallel()
	for want, list := range map[app.ExitStatus][][]app.ExitStatus{
		app.ExitOK:      {nil, {app.ExitOK, app.ExitOK}},
		app.ExitUnknown: {{app.ExitUnknown, app.ExitOK}, {app.ExitOK, app.ExitUnknown}},
		app.ExitWrong:   {{app.ExitWrong, app.ExitUnknown}, {app.ExitUnknown, app.ExitWrong, app.ExitOK}},
	} {
		for _, reports := range list {
			var o outcome
			for _, s := range reports {
				o.add(s)
			}
			if o.exit() != want {
				t.Errorf("%v: exit %d", reports, o.exit())
			}
		}
	}
}
