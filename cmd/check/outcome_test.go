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
			if got := (outcome{worst: s}).exit(tt.failOn); got != tt.want[i] {
				t.Errorf("--fail-on %+v, %s: exit %d, want %d", tt.failOn, s, got, tt.want[i])
			}
			bad, cut := app.ExitUsage, app.ExitUnknown
			if tt.want[i] == app.ExitWrong {
				bad, cut = app.ExitWrong, app.ExitWrong
			}
			if got := (outcome{worst: s, badInput: true, cutShort: true}).exit(tt.failOn); got != bad {
				t.Errorf("--fail-on %+v, %s, bad input: exit %d, want %d", tt.failOn, s, got, bad)
			}
			if got := (outcome{worst: s, cutShort: true}).exit(tt.failOn); got != cut {
				t.Errorf("--fail-on %+v, %s, cut short: exit %d, want %d", tt.failOn, s, got, cut)
			}
		}
	}
}
