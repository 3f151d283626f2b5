package smtp

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// HeardError is an error with the first line of what the server sent instead of a reply.
type HeardError struct {
	Heard string // octets that are no UTF-8 stand as \xNN
	Err   error
}

// Error is the error and what was heard.
func (e *HeardError) Error() string { return e.Err.Error() + ": " + e.Heard }

// Unwrap gives the error alone.
func (e *HeardError) Unwrap() error { return e.Err }

// Heard is what the server sent instead of a reply, "" where it sent nothing.
func Heard(err error) string {
	var e *HeardError
	if errors.As(err, &e) {
		return e.Heard
	}
	return ""
}

// maxHeard is how much is kept of what is no reply, in octets.
const maxHeard = 200

// heard adds to an error what came instead of a reply, if anything came.
func heard(line string, err error) error {
	if line == "" {
		return err
	}
	return &HeardError{line, err}
}

// cutOff is the error of a line that err has ended early. Such a line may be no reply at all.
func cutOff(line string, err error) error {
	start := line[:min(len(line), 3)]
	switch {
	case isCode(start + "200"[len(start):]):
		return err // the beginning of a reply
	case err == io.ErrUnexpectedEOF:
		err = errGarbage
	}
	return heard(line, err)
}

// fitToShow makes of an error one that can be shown: without secrets in what was heard, and short.
func fitToShow(err error, s *secrets) error {
	var e *HeardError
	if errors.As(err, &e) {
		e.Heard = printable(s.text(e.Heard))
	}
	return err
}

// printable is the beginning of a text, with the octets that are no UTF-8 as \xNN.
func printable(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch _, size := utf8.DecodeRuneInString(text[i:]); {
		case b.Len() >= maxHeard:
			return b.String() + "…"
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
