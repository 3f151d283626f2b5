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

// places are the lines at which the texts of a body begin and end, and what of them can be tried.
type places struct {
	starts []place
	ends   []place // the line behind the last one
	empty  bool    // empty lines are put in and taken away everywhere
	single bool    // single lines are changed everywhere
}

// place is a line, and how many lines from it are tried. An edit costs what stands behind it.
type place struct{ line, most int }

// placesOf finds the places. octets is what may be hashed for each kind of edit.
func placesOf(d doc, root *part, t canonical, octets int64) (p places) {
	leaves := root.leaves()
	share := octets / int64(len(leaves))
	most := func(line, usual int) int {
		behind := len(t.text) - t.starts[min(line, t.lines())]
		return int(min(int64(usual), share/int64(behind+100)))
	}
	for _, l := range leaves {
		start := 0
		if l.id != "" {
			start = lineAt(d.body, l.body.from) - 1
			if end := lineAt(d.body, l.body.to); end <= t.lines() {
				p.ends = append(p.ends, place{end, most(end, maxFooter)})
			}
		}
		p.starts = append(p.starts, place{start, most(start, maxBanner)})
	}
	all := int64(t.lines()) * int64(len(t.text)/2+100)
	p.empty, p.single = 2*all <= octets, 3*all <= octets
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
		if p.empty && i < n && len(t.line(i)) == 0 && !yield(edit{i: i, j: i + 1, kind: EmptyLineAdded}) {
			return
		}
		if deep || !p.empty {
			return
		}
		if !yield(edit{i: i, j: i, with: []byte("\r\n"), kind: EmptyLineRemoved}) {
			return
		}
		if i < n && p.single {
			lineEdits(t.line(i), i, c, yield)
		}
	}
}

// removals are the lines up to which something may have been inserted that begins at line i.
func (p places) removals(t canonical, i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, end := range p.ends {
			if end.line-end.most <= i && i < end.line {
				if !yield(end.line) || len(t.line(end.line-1)) == 0 && end.line-1 > i && !yield(end.line-1) {
					return
				}
			}
		}
		for _, start := range p.starts {
			for j := i + 1; i == start.line && j <= min(i+start.most, t.lines()-1); j++ {
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
