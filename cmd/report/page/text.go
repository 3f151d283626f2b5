package page

import (
	"bytes"
	"strings"
)

// Text writes for people: lines and paragraphs of a width. Hidden characters of what it is given become visible; colours
// come from Colour, never from data. What is written waits for Flush.
type Text struct {
	Ruler
	Width  int // columns
	out    *Out
	colour bool
	buf    bytes.Buffer
	start  int // of the line in buf
}

// NewText makes a Text; out may be nil where only its String is wanted.
func NewText(out *Out, width int, colour bool) *Text {
	return &Text{Ruler: NewRuler(), Width: width, out: out, colour: colour}
}

// Line writes a line. Blanks at its end are left out.
func (t *Text) Line(s Styled) {
	for _, p := range s {
		t.put(Clean(p.Text), p.Colour)
	}
	t.end()
}

// Words writes a line without colour.
func (t *Text) Words(s string) {
	t.put(Clean(s), Plain)
	t.end()
}

// Begin writes the beginning of a line, which Line ends.
func (t *Text) Begin(s string) {
	t.put(Clean(s), Plain)
	t.start = t.buf.Len()
}

func (t *Text) put(clean string, k Colour) {
	if t.colour && k != Plain && clean != "" {
		clean = k.paint(clean)
	}
	t.buf.WriteString(clean)
}

func (t *Text) end() {
	for t.buf.Len() > t.start && t.buf.Bytes()[t.buf.Len()-1] == ' ' {
		t.buf.Truncate(t.buf.Len() - 1)
	}
	t.buf.WriteByte('\n')
	t.start = t.buf.Len()
}

// Room is how many columns a text has from a column on; a line that is too short for that is longer than the screen.
func (t *Text) Room(column int) int { return max(t.Width-column, 20) }

// Para writes a wrapped text at a column, behind a head that fills the columns before it on the first line.
func (t *Text) Para(head Styled, column int, s Styled) {
	head, s = head.cleaned(), s.cleaned()
	whole := s.String()
	at := 0
	for i, line := range t.Wrap(whole, t.Room(column)) {
		gap := column
		if i == 0 {
			for _, p := range head {
				t.put(p.Text, p.Colour)
			}
			gap -= t.StringWidth(head.String())
		}
		for range gap {
			t.buf.WriteByte(' ')
		}
		at += strings.Index(whole[at:], line) // only blanks stand between lines
		for p := range s.span(at, at+len(line)) {
			t.put(p.Text, p.Colour)
		}
		at += len(line)
		t.end()
	}
}

// Flush passes on what was written since.
func (t *Text) Flush() error {
	err := t.out.putBytes(t.buf.Bytes())
	t.buf.Reset()
	t.start = 0
	return err
}

// flushAt is how much FlushIfLarge keeps, in octets.
const flushAt = 32 << 10

// FlushIfLarge flushes if much is kept, so that a long page needs little memory. An
// error comes again with the next Flush.
func (t *Text) FlushIfLarge() {
	if t.buf.Len() >= flushAt {
		_ = t.Flush()
	}
}

// String is what was written and not passed on.
func (t *Text) String() string { return t.buf.String() }
