package page

import (
	"context"
	"errors"

	"todoku/codes"
)

// Message is a message in a language. The values of a command in it stand there
// where a sentence can hold them.
func Message(m codes.Message, l codes.Lang) string {
	return m.Fill(l, m.Args, func(d codes.Datum) string {
		switch {
		case !d.Command().IsZero():
			return CommandWithin(d.Command())
		case d.Err() != nil:
			return errorWords(d.Err(), l)
		}
		return d.In(l)
	})
}

// ErrorLines is an error in lines for a person: the first says it, the second
// mends it. What is no UserError speaks English in both languages.
func ErrorLines(err error, l codes.Lang) []string {
	lines := []string{errorWords(err, l)}
	var u *codes.UserError
	if errors.As(err, &u) && !u.Remedy.IsZero() {
		lines = append(lines, Message(u.Remedy, l))
	}
	return lines
}

// errorWords says what is wrong, without the remedy.
func errorWords(err error, l codes.Lang) string {
	var u *codes.UserError
	switch {
	case errors.As(err, &u):
	case errors.Is(err, context.DeadlineExceeded):
		return codes.Text{EN: "the deadline has passed", JA: "期限を過ぎました"}.In(l)
	default:
		return err.Error()
	}
	words := Message(u.Says, l)
	if u.Place != "" {
		words = u.Place + ": " + words
	}
	if u.Cause != nil {
		words += ": " + errorWords(u.Cause, l)
	}
	return words
}
