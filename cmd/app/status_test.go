package app

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"todoku/codes"
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
