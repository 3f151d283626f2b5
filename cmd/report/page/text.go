package page

import (
	"strings"
)

// Text writes for people: lines and paragraphs of a width. Hidden characters of what it is given become visible; colours
// come from inks, never from data. What is written waits for Flush.
type Text struct {
	Ruler
	Width  int // columns
	out    *Out
	colour bool
	buf    strings.Builder
}

// NewText makes a Text; out may be nil where only its String is wanted.
func NewText(out *Out, width int, colour bool) *Text {
	return &Text{Ruler: NewRuler(), Width: width, out: out, colour: colour}
}

// Line writes a line. Blanks at its end are left out.
func (t *Text) Line(s Styled) {
	s = s.cleaned()
	for i := len(s) - 1; i >= 0; i-- {
		s[i].Text = strings.TrimRight(s[i].Text, " ")
		if s[i].Text != "" {
			break
		}
	}
	t.put(s)
	t.buf.WriteByte('\n')
}

// Begin writes the beginning of a line, which Line or Break ends.
func (t *Text) Begin(s string) { t.put(Words(s).cleaned()) }

func (t *Text) put(clean Styled) {
	for _, p := range clean {
		if t.colour && p.Text != "" {
			t.buf.WriteString(p.Ink.paint(p.Text))
		} else {
			t.buf.WriteString(p.Text)
		}
	}
}

// Para writes a wrapped text at a column, behind a head that fills the columns before it on the first line.
func (t *Text) Para(head Styled, column int, s Styled) {
	head = head.cleaned()
	for i, line := range t.wrap(s.cleaned(), max(t.Width-column, 20)) {
		if i > 0 {
			head = nil
		}
		gap := max(0, column-t.StringWidth(head.String()))
		t.Line(append(head.And(strings.Repeat(" ", gap)), line...))
	}
}

// wrap breaks a clean text into lines that keep their inks.
func (t *Text) wrap(s Styled, width int) []Styled {
	whole := s.String()
	var out []Styled
	at := 0
	for _, line := range t.Wrap(whole, width) {
		at += strings.Index(whole[at:], line) // only blanks stand between lines
		out = append(out, s.span(at, at+len(line)))
		at += len(line)
	}
	return out
}

// Flush passes on what was written since.
func (t *Text) Flush() error {
	s := t.buf.String()
	t.buf.Reset()
	return t.out.put(s)
}

// String is what was written and not passed on.
func (t *Text) String() string { return t.buf.String() }
