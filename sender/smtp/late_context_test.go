package smtp_test

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"todoku/sender/smtp"
)

// lateContext is a context whose deadline has passed, and that tells so a moment later.
type lateContext struct{ context.Context }

func (lateContext) Deadline() (time.Time, bool) { return time.Now().Add(-time.Millisecond), true }

// TestDeadlineSeenByTheConnectionFirst: the run's own deadline is no timeout of the server, whoever sees it first.
func TestDeadlineSeenByTheConnectionFirst(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, _, err := smtp.Dial(lateContext{ctx}, "192.0.2.1:25", smtp.Options{
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, os.ErrDeadlineExceeded }})
	var fault *smtp.Error
	if !errors.As(err, &fault) || fault.Kind != smtp.KindContext {
		t.Errorf("%v", err)
	}
}
