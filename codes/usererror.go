package codes

import (
	"errors"
	"strings"
)

// UserError is a fault that its reader can mend: on the command line, in the
// environment, in a file. cmd/report/page words it for a person.
type UserError struct {
	Says   Message // what is wrong
	Remedy Message // what to do about it; may be empty
	Place  string  // where: "todoku.yaml:3:1", "TODOKU_LANG", "--ip"; may be empty
	Cause  error   // told behind Says, in the words of its maker; may be nil
	Kind   error   // which of its maker's faults it is, for errors.Is; never told; may be nil
	Unable bool    // nothing is wrong with what was asked, it could not be done: exit status 3 instead of 2
}

// Wrong is an error that says what is wrong and what to do about it.
func Wrong(says, remedy Message) *UserError { return &UserError{Says: says, Remedy: remedy} }

// WrongAt is an error that says what is wrong with something: "Subject", "--ip".
func WrongAt(place string, says Text, values ...Datum) *UserError {
	return &UserError{Place: place, Says: Say(says, values...)}
}

// Error is the error in English, on one line.
func (e *UserError) Error() string {
	s := e.Says.In(English)
	if e.Place != "" {
		s = e.Place + ": " + s
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	if !e.Remedy.IsZero() {
		s += "; " + e.Remedy.In(English)
	}
	return strings.ReplaceAll(s, "\n", " ")
}

// Unwrap gives the cause.
func (e *UserError) Unwrap() error { return e.Cause }

// Is reports whether the error is of a kind.
func (e *UserError) Is(kind error) bool { return e.Kind != nil && errors.Is(e.Kind, kind) }

// At gives a UserError another place; other errors stay as they are.
func At(place string, err error) error {
	var u *UserError
	if !errors.As(err, &u) {
		return err
	}
	moved := *u
	moved.Place = place
	return &moved
}
