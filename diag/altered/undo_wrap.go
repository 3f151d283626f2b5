package altered

import (
	"bytes"
	"iter"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// undoWrap joins lines that were broken: at the limit of a server's lines (RFC 5321 §4.5.3.1.6), and where a program made a
// text fit a width.
func undoWrap(d doc, deep bool) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		for c := range rewritten(d, limitRewritings()) {
			if !yield(c) {
				return
			}
		}
		root, _ := structure(d)
		texts := root.texts()
		for _, p := range texts[:min(len(texts), 3)] {
			if text, ok := p.decoded(d.body); ok && len(text) < 64<<10 && !rewrap(d, p, text, deep, yield) {
				return
			}
		}
	}
}

// limitRewritings join lines that a server cut at its limit.
func limitRewritings() []rewriting {
	return []rewriting{
		{LinesRewrapped, joinLong("!\r\n ")},
		{LinesRewrapped, joinLong("!\r\n")},
		{LinesRewrapped, joinLong("\r\n ")},
		{LinesRewrapped, joinLong("\r\n\t")},
		{LinesRewrapped, joinLong("\r\n")},
	}
}

// joinLong takes a break away where the line before it is longer than any line that people write.
func joinLong(mark string) func([]byte) []byte {
	return func(b []byte) []byte {
		out := make([]byte, 0, len(b))
		start := 0
		for i := 0; i < len(b); {
			if i-start > 500 && bytes.HasPrefix(b[i:], []byte(mark)) {
				i += len(mark)
				start = i
				continue
			}
			if b[i] == '\n' {
				start = i + 1
			}
			out = append(out, b[i])
			i++
		}
		return out
	}
}

// rewrap yields the body with lines of one text joined.
func rewrap(d doc, p *part, text []byte, deep bool, yield func(candidate) bool) bool {
	lines := bytes.Split(text, []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimSuffix(lines[i], []byte("\r"))
	}
	root, _ := structure(d)
	seen := map[string]bool{}
	left := 3000
	if deep {
		left = 60
	}
	for _, w := range wraps(lines) {
		joins := w.joins(lines)
		key := w.with + string(joinKey(joins))
		if len(joins) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		for chosen := range choices(joins, lines, w) {
			if left--; left < 0 {
				return true
			}
			one := [][]byte{joined(lines, chosen, w.with)}
			for _, q := range quotings[:4] {
				c := candidate{doc: d}
				c.body = rewrite(d, []*part{p}, one, q)
				c.changes = []Change{firstDifference(LinesRewrapped, d.body, c.body, root)}
				if !yield(c) {
					return false
				}
				if p.encoding != "quoted-printable" {
					break
				}
			}
		}
	}
	return true
}

// wrap is a way in which a program may have broken lines.
type wrap struct {
	width   int
	measure func([]byte) int
	with    string // what stood where the line was broken
}

// wraps lists the widths that the lines could have been made to fit.
func wraps(lines [][]byte) (list []wrap) {
	for _, measure := range []func([]byte) int{utf8.RuneCount, func(b []byte) int { return len(b) }, columns} {
		longest := 0
		for _, l := range lines {
			longest = max(longest, measure(l))
		}
		if longest < 20 {
			continue
		}
		for _, width := range []int{longest, longest + 1, longest + 2, 60, 65, 66, 68, 70, 72, 74, 75, 76, 77, 78, 79, 80} {
			if width >= longest && width <= longest+12 {
				list = append(list, wrap{width, measure, " "}, wrap{width, measure, ""})
			}
		}
	}
	return list
}

// columns counts Japanese characters as two.
func columns(b []byte) int {
	n := 0
	for _, r := range string(b) {
		if n++; r >= 0x1100 {
			n++
		}
	}
	return n
}

// joins are the lines whose break the width explains: the first word of the next line had no room.
func (w wrap) joins(lines [][]byte) (list []int) {
	for i := range len(lines) - 1 {
		line, next := lines[i], lines[i+1]
		if len(bytes.TrimSpace(line)) == 0 || len(bytes.TrimSpace(next)) == 0 {
			continue
		}
		word := next
		if w.with == " " {
			word, _, _ = bytes.Cut(next, []byte(" "))
		} else if j := bytes.IndexByte(next, ' '); j > 0 && next[0] < utf8.RuneSelf {
			word = next[:j]
		} else {
			_, n := utf8.DecodeRune(next)
			word = next[:n]
		}
		if w.measure(line)+len(w.with)+w.measure(word) > w.width {
			list = append(list, i)
		}
	}
	return list
}

func joinKey(joins []int) []byte {
	var key []byte
	for _, j := range joins {
		key = append(append(key, itoa(j)...), ',')
	}
	return key
}

// choices are all joins, then all but one, all but two …: a break that the width explains may have been there before. Where there
// are few, all subsets are tried.
func choices(joins []int, lines [][]byte, w wrap) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if !yield(joins) {
			return
		}
		doubtful := slices.Clone(joins) // the shortest lines first: the likeliest to end where they end
		slices.SortStableFunc(doubtful, func(a, b int) int { return w.measure(lines[a]) - w.measure(lines[b]) })
		doubtful = doubtful[:min(len(doubtful), 9)]
		for out := 1; out <= len(doubtful); out++ {
			for set := range uint(1) << len(doubtful) {
				if bits.OnesCount(set) == out && !yield(without(joins, doubtful, set)) {
					return
				}
			}
		}
	}
}

// without is a list without some of the doubtful.
func without(list, doubtful []int, set uint) []int {
	return slices.DeleteFunc(slices.Clone(list), func(j int) bool {
		k := slices.Index(doubtful, j)
		return k >= 0 && set>>k&1 == 1
	})
}

// joined is a text with some of its lines joined to the next one.
func joined(lines [][]byte, at []int, with string) []byte {
	var out []byte
	for i, l := range lines {
		out = append(out, l...)
		switch {
		case i == len(lines)-1:
		case slices.Contains(at, i):
			out = append(out, with...)
		default:
			out = append(out, "\r\n"...)
		}
	}
	return out
}
