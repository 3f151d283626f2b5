package app

import (
	"context"
	"errors"
	"fmt"

	"todoku/codes"
	"todoku/diag"
)

// ExitStatus is what the process ends with. As an error it means that
// everything has been said already.
type ExitStatus int

// The exit statuses of every command.
const (
	ExitOK          ExitStatus = 0   // looked, nothing at or above --fail-on
	ExitWrong       ExitStatus = 1   // looked, something is wrong
	ExitUsage       ExitStatus = 2   // usage or configuration
	ExitBlind       ExitStatus = 3   // could not look
	ExitInterrupted ExitStatus = 130 // Ctrl-C
)

func (s ExitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// ErrInterrupted is why a run's context ended when the user ended it.
var ErrInterrupted = errors.New("interrupted")

// ExitFor is the one place where an error becomes an exit status.
func ExitFor(ctx context.Context, err error) ExitStatus {
	var done ExitStatus
	var usage *codes.UserError
	switch {
	case errors.Is(context.Cause(ctx), ErrInterrupted):
		return ExitInterrupted
	case err == nil:
		return ExitOK
	case errors.As(err, &done):
		return done
	case errors.As(err, &usage) && !usage.Unable:
		return ExitUsage
	}
	return ExitBlind
}

// Threshold is the value of --fail-on: the status that counts as wrong.
type Threshold struct {
	Status diag.Status
	Never  bool
}

// judge gives the exit status of a complete run whose worst result is s.
func (t Threshold) judge(s diag.Status) ExitStatus {
	switch {
	case t.Never:
		return ExitOK
	case s >= t.Status:
		return ExitWrong
	case s == diag.Unknown:
		return ExitBlind
	}
	return ExitOK
}

// Outcome is how a run over one or many targets went.
type Outcome struct {
	Worst    diag.Status
	BadInput bool // some input was no target
	CutShort bool // the deadline came before the last target
}

// Exit gives the exit status of a run: what was found wrong weighs more than
// input that could not be read, and that more than what could not be looked up.
func (o Outcome) Exit(t Threshold) ExitStatus {
	s := t.judge(o.Worst)
	switch {
	case s == ExitWrong:
		return ExitWrong
	case o.BadInput:
		return ExitUsage
	case o.CutShort:
		return ExitBlind
	}
	return s
}

// ErrDeadline is why a run's context ended when --deadline ended it.
var ErrDeadline = &codes.UserError{Unable: true, Says: codes.Say(codes.Text{EN: "the deadline has passed", JA: "期限を過ぎました"})}
