package smtp

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// TimedOut reports whether an error means that no answer came in time.
func TimedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)
}

// NoWayOut reports whether an error means that our own machine or network has no way to a server.
func NoWayOut(err error) bool {
	for _, errno := range [...]syscall.Errno{syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EACCES, syscall.EPERM} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// causes are the errors that a kept transcript gives back as they were, so that errors.Is knows them again.
var causes = [...]struct {
	name string // as the JSON has it
	err  error
}{
	{"refused", syscall.ECONNREFUSED},
	{"host_unreachable", syscall.EHOSTUNREACH},
	{"network_unreachable", syscall.ENETUNREACH},
	{"injected", ErrInjected},
	{"unasked", ErrUnasked},
	{"no_mechanism", ErrNoAuth},
	{"no_tls", ErrPlain},
}

// causeOf is the name of what an error comes from, "" where it is none of causes.
func causeOf(err error) string {
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c.name
		}
	}
	return ""
}

// keptError is an error out of a kept transcript.
type keptError struct {
	text  string
	cause error
}

func (e *keptError) Error() string { return e.text }
func (e *keptError) Unwrap() error { return e.cause }

// restoredError makes an error of its text and the name of its cause. Transcripts of before 2026-11 have no such name: there the
// text tells it.
func restoredError(text, cause string) error {
	for _, c := range causes {
		if c.name == cause || cause == "" && (text == c.err.Error() || strings.HasSuffix(text, ": "+c.err.Error())) {
			return &keptError{text, c.err}
		}
	}
	return errors.New(text)
}
