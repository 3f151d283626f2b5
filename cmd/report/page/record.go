package page

import (
	"strings"
	"unicode/utf8"
)

// Record keeps what is written to its Out, so that it can be shown and kept.
type Record struct{ b strings.Builder }

// Out is where to write.
func (r *Record) Out() *Out { return To(&r.b) }

// String is what was written, without colours.
func (r *Record) String() string { return uncoloured(r.b.String()) }

// FirstParagraph is what was written until the first empty line, on one line:
// where one of two lines that meet is Japanese, there is no blank between them.
func (r *Record) FirstParagraph() string {
	ruler := NewRuler()
	out := ""
	for line := range strings.Lines(strings.TrimLeft(r.String(), "\n")) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			break
		}
		last, _ := utf8.DecodeLastRuneInString(out)
		first, _ := utf8.DecodeRuneInString(line)
		if out != "" && ruler.RuneWidth(last) < 2 && ruler.RuneWidth(first) < 2 {
			out += " "
		}
		out += line
	}
	return out
}

// Empty reports whether nothing was written.
func (r *Record) Empty() bool { return r.b.Len() == 0 }

// Replay writes a record again, with its colours: the writers made it.
func (o *Out) Replay(r *Record) { _ = o.put(strings.TrimRight(r.b.String(), "\n") + "\n") }

// Append puts another record behind.
func (r *Record) Append(other *Record) { r.b.WriteString(other.b.String()) }
