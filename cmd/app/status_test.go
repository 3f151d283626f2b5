package app

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"todoku/codes"
	"todoku/diag"
)

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
		{t.Context(), ExitUnknown, ExitUnknown},
		{t.Context(), wrong, ExitUsage},
		{t.Context(), fmt.Errorf("while reading: %w", wrong), ExitUsage},
		{t.Context(), errors.New("disk full"), ExitUnknown},
		{interrupted, nil, ExitInterrupted},
		{interrupted, ExitWrong, ExitInterrupted},
	} {
		if got := ExitFor(tt.ctx, tt.err); got != tt.want {
			t.Errorf("%v: exit %d, want %d", tt.err, got, tt.want)
		}
	}
}

// What a document calls wrong is what makes the run exit with 1.
func TestWhatCountsAsWrongIsWhatFailsTheRun(t *testing.T) {
	t.Parallel()
	all := []diag.Status{diag.OK, diag.Info, diag.Warn, diag.Unknown, diag.Fail}
	for _, threshold := range []Threshold{{Status: diag.Fail}, {Status: diag.Unknown}, {Status: diag.Warn}, {Status: diag.Info},
		{Never: true, Status: diag.Info}} {
		for _, s := range all {
			if got, want := threshold.Fails("a.test", s.String()), threshold.Exit(s) == ExitWrong; got != want {
				t.Errorf("%v, %s: %t, want %t", threshold, s, got, want)
			}
		}
	}
}
