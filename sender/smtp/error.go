package smtp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"todoku/codes"
)

// Kind says what went wrong where no reply came.
type Kind string

// The kinds of failure.
const (
	KindConnect Kind = "connect"  // no TCP connection
	KindTimeout Kind = "timeout"  // nothing came in time
	KindClosed  Kind = "closed"   // the server closed the connection, or it broke
	KindGarbage Kind = "garbage"  // what came is no SMTP reply
	KindTooLong Kind = "too_long" // the reply has no end in sight
	KindTLS     Kind = "tls"      // the handshake failed, or a certificate did not verify
	KindInput   Kind = "input"    // our own argument cannot be sent
	KindAuth    Kind = "auth"     // no mechanism for login that both sides know
	KindContext Kind = "canceled" // the caller's context ended
)

// Error is a step that got no reply.
type Error struct {
	Stage codes.Stage
	Kind  Kind
	Err   error
}

// Error is the stage and the cause, in English.
func (e *Error) Error() string { return string(e.Stage) + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether time ran out, as net.Error does.
func (e *Error) Timeout() bool { return e.Kind == KindTimeout }

// What is wrong with a reply, or with what was to be said.
var (
	errGarbage  = errors.New("what the server sent is no SMTP reply")
	errTooLong  = errors.New("the server's reply has no end")
	errArgument = errors.New("an argument holds a line break or a control character")
)

// ErrUnasked is a reply that came before the server was asked. It answers nothing.
var ErrUnasked = errors.New("the server answered before it was asked")

// What keeps TLS or a login from coming about although nobody refused it.
var (
	ErrInjected = errors.New("the server sent something in plain text behind its reply to STARTTLS (RFC 3207 §5)")
	ErrNoAuth   = errors.New("the server offers no mechanism for login that fits")
	ErrPlain    = errors.New("a password does not go over a connection without TLS")
)

// ErrDotNotSent means that the final dot was not sent, not even a part of it: the server has no message.
var ErrDotNotSent = errors.New("the end of the message was not sent")

// ended reports whether ctx has ended. A connection may tell that the deadline has passed before ctx does: then ctx ends now.
func ended(ctx context.Context) bool {
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

// failure makes an *Error of what a read, a write or a dial returned.
func failure(ctx context.Context, stage codes.Stage, kind Kind, err error) error {
	switch over := ended(ctx); {
	case over && errors.Is(err, ErrDotNotSent):
		kind, err = KindContext, fmt.Errorf("%w: %w", ErrDotNotSent, context.Cause(ctx))
	case over:
		kind, err = KindContext, context.Cause(ctx)
	case TimedOut(err):
		kind = KindTimeout
	case errors.Is(err, errGarbage), errors.Is(err, ErrUnasked):
		kind = KindGarbage
	case errors.Is(err, errTooLong):
		kind = KindTooLong
	}
	return &Error{stage, kind, err}
}
