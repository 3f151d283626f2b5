package altered

import (
	"bytes"
	"iter"

	"todoku/diag/dkim"
)

// How many lines of a text are tried as a footer or a banner.
const (
	maxFooter = 120
	maxBanner = 120
)

// places are the lines at which the texts of a body begin and end.
type places struct {
	starts []int
	ends   []int // the line behind the last one
}

func placesOf(d doc, root *part, lines int) places {
	p := places{}
	for _, l := range root.leaves() {
		if l.id == "" {
			p.starts = append(p.starts, 0)
			continue
		}
		p.starts = append(p.starts, lineAt(d.body, l.body.from)-1)
		if end := lineAt(d.body, l.body.to); end <= lines {
			p.ends = append(p.ends, end)
		}
	}
	return p
}

// edits are those worth a try at a line.
func (p places) edits(t canonical, i int, c dkim.Canon, deep bool) iter.Seq[edit] {
	return func(yield func(edit) bool) {
		n := t.lines()
		if i < n && !yield(edit{i: i, j: n}) {
			return
		}
		for j := range p.removals(t, i) {
			if !yield(edit{i: i, j: j}) {
				return
			}
		}
		if i < n && len(t.line(i)) == 0 && !yield(edit{i: i, j: i + 1, kind: EmptyLineAdded}) {
			return
		}
		if deep || n > 5000 {
			return
		}
		if !yield(edit{i: i, j: i, with: []byte("\r\n"), kind: EmptyLineRemoved}) {
			return
		}
		if i < n {
			lineEdits(t.line(i), i, c, yield)
		}
	}
}

// removals are the lines up to which something may have been inserted that begins at line i.
func (p places) removals(t canonical, i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, end := range p.ends {
			if end-maxFooter <= i && i < end {
				if !yield(end) || len(t.line(end-1)) == 0 && end-1 > i && !yield(end-1) {
					return
				}
			}
		}
		for _, start := range p.starts {
			for j := i + 1; i == start && j <= min(i+maxBanner, t.lines()-1); j++ {
				if !yield(j) {
					return
				}
			}
		}
	}
}

// lineEdits change one line.
func lineEdits(line []byte, i int, c dkim.Canon, yield func(edit) bool) {
	with := func(text ...[]byte) []byte { return bytes.Join(append(text, []byte("\r\n")), nil) }
	one := func(kind Kind, text ...[]byte) bool { return yield(edit{i, i + 1, with(text...), kind}) }
	if len(line) > 1 && line[0] == '.' && !one(DotsDoubled, line[1:]) ||
		len(line) > 0 && !one(DotsLost, []byte("."), line) ||
		bytes.HasPrefix(line, []byte(">From ")) && !one(FromEscaped, line[1:]) ||
		bytes.HasPrefix(line, []byte("From ")) && !one(FromEscaped, []byte(">"), line) {
		return
	}
	if c == dkim.Simple {
		cut := bytes.TrimRight(line, " \t")
		_ = one(BlanksAtLineEnds, line, []byte(" ")) && (len(cut) == len(line) || one(BlanksAtLineEnds, cut)) &&
			one(BlanksAtLineEnds, line, []byte("  ")) && one(BlanksAtLineEnds, line, []byte("\t"))
	}
}
