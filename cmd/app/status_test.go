package app

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
	for failOn, want := range map[string][5]ExitStatus{ // pass info warn unknown fail
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
			if got := (Outcome{Worst: s}).Exit(at); got != want[i] {
				t.Errorf("--fail-on %s, %s: exit %d, want %d", failOn, s, got, want[i])
			}
			bad, cut := ExitUsage, ExitBlind
			if want[i] == ExitWrong {
				bad, cut = ExitWrong, ExitWrong
			}
			if got := (Outcome{Worst: s, BadInput: true, CutShort: true}).Exit(at); got != bad {
				t.Errorf("--fail-on %s, %s, bad input: exit %d, want %d", failOn, s, got, bad)
			}
			if got := (Outcome{Worst: s, CutShort: true}).Exit(at); got != cut {
				t.Errorf("--fail-on %s, %s, cut short: exit %d, want %d", failOn, s, got, cut)
			}
		}
	}
}

func TestExitStatusOfErrors(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancelCause(t.Context())
	cancel(ErrInterrupted)
	wrong := codes.Wrong(codes.Say(codes.Text{EN: "no"}), codes.Message{})
	for _, tt := range []struct {
		ctx  context.Context
		err  error
		want ExitStatus
	}{
		{t.Context(), nil, ExitOK},
		{t.Context(), ExitWrong, ExitWrong},
		{t.Context(), ExitBlind, ExitBlind},
		{t.Context(), wrong, ExitUsage},
		{t.Context(), fmt.Errorf("while reading: %w", wrong), ExitUsage},
		{t.Context(), errors.New("disk full"), ExitBlind},
		{interrupted, nil, ExitInterrupted},
		{interrupted, ExitWrong, ExitInterrupted},
	} {
		if got := ExitFor(tt.ctx, tt.err); got != tt.want {
			t.Errorf("%v: exit %d, want %d", tt.err, got, tt.want)
		}
	}
}
