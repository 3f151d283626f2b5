package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"todoku/codes"
	"todoku/diag"
)

// ExitStatus is the exit status of the process. As an error it means that the command has printed everything already.
type ExitStatus int

// The exit statuses of every command.
const (
	ExitOK          ExitStatus = 0   // could look, found nothing at or above --fail-on
	ExitWrong       ExitStatus = 1   // could look, something is wrong
	ExitUsage       ExitStatus = 2   // wrong command line, config file or input
	ExitUnknown     ExitStatus = 3   // could not look: DNS, network or deadline
	ExitInterrupted ExitStatus = 130 // Ctrl-C
)

// Error makes an ExitStatus an error.
func (s ExitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// ErrInterrupted is the cause of the context's end after Ctrl-C or SIGTERM.
var ErrInterrupted = errors.New("interrupted")

// ExitFor turns the error of a command into its exit status. It is the only place that does.
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
	return ExitUnknown
}

// Threshold is the value of --fail-on: the status that counts as wrong.
type Threshold struct {
	Status diag.Status // the lowest status that counts as wrong
	Never  bool        // nothing counts as wrong
}

// Exit gives the exit status of a complete run whose worst result is s.
func (t Threshold) Exit(s diag.Status) ExitStatus {
	switch {
	case t.Never:
		return ExitOK
	case s >= t.Status:
		return ExitWrong
	case s == diag.Unknown:
		return ExitUnknown
	}
	return ExitOK
}

// Fails reports whether a status, by its name, counts as wrong: for every target alike.
func (t Threshold) Fails(_, status string) bool {
	all := []string{diag.Info.String(), diag.Warn.String(), diag.Unknown.String(), diag.Fail.String()}
	return !t.Never && slices.Contains(all[max(t.Status, diag.Info)-diag.Info:], status)
}

// Weigh gives the exit status of a complete run of a command that has no findings of its own and came to s.
func (t Threshold) Weigh(s ExitStatus) ExitStatus {
	switch {
	case t.Never:
		return ExitOK
	case s == ExitUnknown:
		return t.Exit(diag.Unknown)
	}
	return s
}

// ErrDeadline is the cause of the context's end after --deadline.
var ErrDeadline = &codes.UserError{Unable: true, Says: codes.Say(codes.Text{EN: "the deadline has passed", JA: "期限を過ぎました"})}

// MaxComplaints is how many bad lines, files or rows of one run are reported one by one; the rest is only counted.
const MaxComplaints = 20
