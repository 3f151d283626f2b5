package cmd

import (
	"context"
	"errors"
	"fmt"

	"todoku/codes"
	"todoku/diag"
)

// exitStatus is what the process ends with. As an error it means that
// everything has been said already.
type exitStatus int

// The exit statuses of every command.
const (
	exitOK          exitStatus = 0   // looked, nothing at or above --fail-on
	exitWrong       exitStatus = 1   // looked, something is wrong
	exitUsage       exitStatus = 2   // usage or configuration
	exitBlind       exitStatus = 3   // could not look
	exitInterrupted exitStatus = 130 // Ctrl-C
)

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// errInterrupted is why a run's context ended when the user ended it.
var errInterrupted = errors.New("interrupted")

// exitFor is the one place where an error becomes an exit status.
func exitFor(ctx context.Context, err error) exitStatus {
	var done exitStatus
	var usage *codes.UserError
	switch {
	case errors.Is(context.Cause(ctx), errInterrupted):
		return exitInterrupted
	case err == nil:
		return exitOK
	case errors.As(err, &done):
		return done
	case errors.As(err, &usage) && !usage.Unable:
		return exitUsage
	}
	return exitBlind
}

// threshold is the value of --fail-on: the status that counts as wrong.
type threshold struct {
	status diag.Status
	never  bool
}

// judge gives the exit status of a complete run whose worst result is s.
func (t threshold) judge(s diag.Status) exitStatus {
	switch {
	case t.never:
		return exitOK
	case s >= t.status:
		return exitWrong
	case s == diag.Unknown:
		return exitBlind
	}
	return exitOK
}

// outcome is how a run over one or many targets went.
type outcome struct {
	worst    diag.Status
	badInput bool // some input was no target
	cutShort bool // the deadline came before the last target
}

// exit gives the exit status of a run: what was found wrong weighs more than
// input that could not be read, and that more than what could not be looked up.
func (o outcome) exit(t threshold) exitStatus {
	s := t.judge(o.worst)
	switch {
	case s == exitWrong:
		return exitWrong
	case o.badInput:
		return exitUsage
	case o.cutShort:
		return exitBlind
	}
	return s
}

// errDeadline is why a run's context ended when --deadline ended it.
var errDeadline = &codes.UserError{Unable: true, Says: codes.Say(codes.Text{EN: "the deadline has passed", JA: "期限を過ぎました"})}
