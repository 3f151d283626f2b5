package codes

import (
	"cmp"
	"strconv"
)

// Lang is a language of the output.
type Lang string

// The two languages of todoku.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// Text is one text in both languages. A text may hold placeholders in braces,
// such as "{lookups}", that the data of a finding fills in.
type Text struct{ EN, JA string }

// Same is a text that reads the same in both languages.
func Same(s string) Text { return Text{EN: s, JA: s} }

// In gives the text in a language; anything but Japanese is English.
func (t Text) In(l Lang) string {
	if l == Japanese {
		return t.JA
	}
	return t.EN
}

// Circled is a number as Japanese manuals write that of a cause.
func Circled(n int) string {
	if n < 1 || n > 20 {
		return strconv.Itoa(n)
	}
	return string('①' + rune(n-1))
}

// IsZero reports whether the text says nothing in either language.
func (t Text) IsZero() bool { return t == Text{} }

// inBoth is the text with the words of one language where those of the other are missing.
func (t Text) inBoth() Text { return Text{EN: cmp.Or(t.EN, t.JA), JA: cmp.Or(t.JA, t.EN)} }
