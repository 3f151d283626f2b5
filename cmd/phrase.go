package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// phrase is a sentence in both languages with its values, commands among them.
// The texts are formats of package fmt.
type phrase struct {
	codes.Text
	args []any
}

func say(t codes.Text, args ...any) phrase { return phrase{t, args} }

func (p phrase) in(l codes.Lang) string {
	if len(p.args) == 0 {
		return p.In(l)
	}
	args := slices.Clone(p.args)
	for i, a := range args {
		if c, ok := a.(codes.Command); ok {
			args[i] = page.CommandWithin(c)
		}
	}
	return fmt.Sprintf(p.In(l), args...)
}

// usageError is what the user can mend: on the command line, in the
// environment, in a file. says tells what is wrong and where, fix what to do.
type usageError struct {
	says, fix phrase
	place     string // "todoku.yaml:3:1", "TODOKU_LANG", "--ip", or empty
	cause     error  // said after says, in the words of its maker
	blind     bool   // nothing is wrong with what was asked: it could not be done (exit 3)
}

func (e *usageError) Error() string { return strings.Join(e.lines(codes.English), "; ") }

func (e *usageError) Unwrap() error { return e.cause }

// lines is the error as it is shown: the first line says it, the second mends it.
func (e *usageError) lines(l codes.Lang) []string {
	head := e.says.in(l)
	if e.place != "" {
		head = e.place + ": " + head
	}
	if e.cause != nil {
		head += ": " + wordsOf(e.cause, l)
	}
	out := []string{head}
	if !e.fix.IsZero() {
		out = append(out, e.fix.in(l))
	}
	return out
}

func misuse(says, fix phrase) error { return &usageError{says: says, fix: fix} }

// at names the place of a usage error; other errors stay.
func at(place string, err error) error {
	var u *usageError
	if !errors.As(err, &u) {
		return err
	}
	moved := *u
	moved.place = place
	return &moved
}

// errorLines is an error as lines for a person. What comes from below speaks
// English in both languages.
func errorLines(err error, l codes.Lang) []string {
	var u interface{ lines(codes.Lang) []string }
	if errors.As(err, &u) {
		return u.lines(l)
	}
	return []string{wordsOf(err, l)}
}

// wordsOf is an error in a language, where it has words in both.
func wordsOf(err error, l codes.Lang) string {
	var file *fileError
	switch {
	case errors.Is(err, errDeadline), errors.Is(err, context.DeadlineExceeded):
		return codes.Text{EN: "the deadline has passed", JA: "期限を過ぎました"}.In(l)
	case errors.As(err, &file):
		return file.words.In(l)
	}
	return err.Error()
}

// sentence joins words for a sentence: "text, json, ndjson".
func sentence(words []string) string { return strings.Join(words, ", ") }
