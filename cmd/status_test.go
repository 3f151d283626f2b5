package cmd

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"todoku/codes"
	"todoku/diag"
)

func TestExitStatusOfEveryResult(t *testing.T) {
	t.Parallel()
	results := []diag.Status{diag.OK, diag.Info, diag.Warn, diag.Unknown, diag.Fail}
	for failOn, want := range map[string][5]exitStatus{ // pass info warn unknown fail
		"fail":    {0, 0, 0, 3, 1},
		"unknown": {0, 0, 0, 1, 1},
		"warn":    {0, 0, 1, 1, 1},
		"info":    {0, 1, 1, 1, 1},
		"never":   {0, 0, 0, 0, 0},
	} {
		at, err := parseThreshold(failOn)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range results {
			if got := (outcome{worst: s}).exit(at); got != want[i] {
				t.Errorf("--fail-on %s, %s: exit %d, want %d", failOn, s, got, want[i])
			}
			bad, cut := exitUsage, exitBlind
			if want[i] == exitWrong {
				bad, cut = exitWrong, exitWrong
			}
			if got := (outcome{worst: s, badInput: true, cutShort: true}).exit(at); got != bad {
				t.Errorf("--fail-on %s, %s, bad input: exit %d, want %d", failOn, s, got, bad)
			}
			if got := (outcome{worst: s, cutShort: true}).exit(at); got != cut {
				t.Errorf("--fail-on %s, %s, cut short: exit %d, want %d", failOn, s, got, cut)
			}
		}
	}
}

func TestExitStatusOfErrors(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	wrong := codes.Wrong(codes.Say(codes.Text{EN: "no"}), codes.Message{})
	for _, tt := range []struct {
		ctx  context.Context
		err  error
		want exitStatus
	}{
		{t.Context(), nil, exitOK},
		{t.Context(), exitWrong, exitWrong},
		{t.Context(), exitBlind, exitBlind},
		{t.Context(), wrong, exitUsage},
		{t.Context(), fmt.Errorf("while reading: %w", wrong), exitUsage},
		{t.Context(), errors.New("disk full"), exitBlind},
		{interrupted, nil, exitInterrupted},
		{interrupted, exitWrong, exitInterrupted},
	} {
		if got := exitFor(tt.ctx, tt.err); got != tt.want {
			t.Errorf("%v: exit %d, want %d", tt.err, got, tt.want)
		}
	}
}
