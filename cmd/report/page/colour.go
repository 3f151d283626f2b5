package page

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/fatih/color"
)

// Colour is how a piece of text is shown where colours are on; Bold is one, too.
type Colour uint8

// The colours.
const (
	Plain Colour = iota
	Red
	Yellow
	Green
	Blue
	Bold
)

// Piece is a text in one colour.
type Piece struct {
	Text   string
	Colour Colour
}

// paint puts the colour's control sequences around a text that is clean already.
func (k Colour) paint(clean string) string {
	var c *color.Color
	switch k {
	case Red:
		c = color.New(color.FgRed, color.Bold)
	case Yellow:
		c = color.New(color.FgYellow, color.Bold)
	case Green:
		c = color.New(color.FgGreen)
	case Blue:
		c = color.New(color.FgCyan)
	case Bold:
		c = color.New(color.Bold)
	default:
		return clean
	}
	c.EnableColor() // the library's own switch knows standard output only
	return c.Sprint(clean)
}

// Styled is a text of pieces.
type Styled []Piece

// Words is a text without colour.
func Words(s string) Styled { return Styled{{Text: s}} }

// Then adds a text without colour at the end.
func (s Styled) Then(text string) Styled { return append(s[:len(s):len(s)], Piece{Text: text}) }

// cleaned makes hidden characters of all pieces visible.
func (s Styled) cleaned() Styled {
	if !slices.ContainsFunc(s, func(p Piece) bool { return !plain(p.Text) }) {
		return s
	}
	out := make(Styled, len(s))
	for i, p := range s {
		out[i] = Piece{Clean(p.Text), p.Colour}
	}
	return out
}

// String is the text without its colours.
func (s Styled) String() string {
	if len(s) == 1 {
		return s[0].Text
	}
	var b strings.Builder
	for _, p := range s {
		b.WriteString(p.Text)
	}
	return b.String()
}

// span is the part from one octet to another, with its colours.
func (s Styled) span(from, to int) iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		at := 0
		for _, p := range s {
			if a, b := max(from-at, 0), min(to-at, len(p.Text)); a < b && !yield(Piece{p.Text[a:b], p.Colour}) {
				return
			}
			at += len(p.Text)
		}
	}
}

// uncoloured takes the sequences of colours out of what Text has written.
func uncoloured(s string) string { return colourSequence().ReplaceAllString(s, "") }

var colourSequence = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })
