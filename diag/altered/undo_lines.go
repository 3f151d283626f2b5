package altered

import (
	"bytes"
	"iter"
	"slices"
)

// rewriting undoes one thing in all lines of a body.
type rewriting struct {
	kind Kind
	undo func(body []byte) []byte
}

// undoLines undoes what mail servers and mailbox files do to lines.
func undoLines(d doc, _ bool) iter.Seq[candidate] { return rewritten(d, lineRewritings()) }

func lineRewritings() []rewriting {
	return []rewriting{
		{DotsDoubled, eachLine(func(l []byte) []byte {
			if len(l) > 1 && l[0] == '.' && l[1] == '.' {
				return l[1:]
			}
			return l
		})},
		{DotsDoubled, eachLine(func(l []byte) []byte { return bytes.TrimPrefix(l, []byte(".")) })},
		{DotsLost, eachLine(func(l []byte) []byte {
			if len(l) > 0 && l[0] == '.' {
				return append([]byte("."), l...)
			}
			return l
		})},
		{FromEscaped, eachLine(func(l []byte) []byte {
			if rest := bytes.TrimLeft(l, ">"); len(rest) < len(l) && bytes.HasPrefix(rest, []byte("From ")) {
				return l[1:]
			}
			return l
		})},
		{LineEndsChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\r\n"), []byte("\r\n")) }},
		{LineEndsChanged, func(b []byte) []byte {
			return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		}},
		{LineEndsChanged, everySecondLine},
		{LineEndsChanged, eachLine(func(l []byte) []byte { return append(slices.Clone(l), '\r') })},
		{LineEndsChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\x00"), nil) }},
		{BitsStripped, func(b []byte) []byte { return withEighthBit(b, true) }},
		{BitsStripped, func(b []byte) []byte { return withEighthBit(b, false) }},
	}
}

// rewritten yields the body after each rewriting that changes it.
func rewritten(d doc, list []rewriting) iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		root, _ := structure(d)
		for _, r := range list {
			if d.over() {
				return
			}
			body := r.undo(d.body)
			if bytes.Equal(body, d.body) {
				continue
			}
			c := candidate{doc: d}
			c.body = body
			c.changes = []Change{firstDifference(r.kind, d.body, body, root)}
			if !yield(c) {
				return
			}
		}
	}
}

// firstDifference is a change of a body, told by the first line that differs.
func firstDifference(kind Kind, now, was []byte, root *part) Change {
	c := Change{Kind: kind}
	i := 0
	for i < len(now) && i < len(was) && now[i] == was[i] {
		i++
	}
	start := bytes.LastIndexByte(now[:i], '\n') + 1
	c.Line = lineAt(now, start)
	if root != nil {
		c.Part = root.at(start).id
	}
	c.Now, c.Was = excerpt(firstLines(now[start:])), excerpt(firstLines(was[min(start, len(was)):]))
	return c
}

// firstLines is the beginning of a text, two lines at most.
func firstLines(b []byte) []byte {
	at := 0
	for range 2 {
		end := bytes.IndexByte(b[at:], '\n')
		if end < 0 {
			return b
		}
		at += end + 1
	}
	return b[:at]
}

// eachLine changes each line; ends stay.
func eachLine(f func(line []byte) []byte) func([]byte) []byte {
	return func(b []byte) []byte {
		out := make([]byte, 0, len(b)+len(b)/16)
		for line := range bytes.Lines(b) {
			text := bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
			out = append(append(out, f(text)...), line[len(text):]...)
		}
		return out
	}
}

// everySecondLine takes the empty line behind each line away; where there is none behind one, nothing.
func everySecondLine(b []byte) []byte {
	out := make([]byte, 0, len(b))
	n := 0
	for line := range bytes.Lines(b) {
		n++
		if n%2 == 1 {
			out = append(out, line...)
		} else if len(bytes.TrimSpace(line)) > 0 {
			return b
		}
	}
	return out
}

// withEighthBit guesses the octets that lost their eighth bit: those of UTF-8 have lead octets that are letters now, and control
// characters behind them. bold also takes those for Japanese where what follows could be ASCII.
func withEighthBit(b []byte, bold bool) []byte {
	out := bytes.Clone(b)
	for i := 0; i+2 < len(out); i++ {
		lead, one, two := out[i], out[i+1], out[i+2]
		if lead < 0x63 || lead > 0x6f || !stripped(one) || !stripped(two) {
			continue
		}
		kana := lead == 0x63 && one <= 0x03
		japanese := lead >= 0x64 && lead <= 0x69 || lead == 0x6f && (one == 0x3c || one == 0x3d)
		if one < ' ' && two < ' ' || kana || bold && (one < ' ' || two < ' ') && japanese {
			out[i], out[i+1], out[i+2] = lead|0x80, one|0x80, two|0x80
			i += 2
		}
	}
	return out
}

// stripped reports whether an octet may be one of the middle of a character (RFC 3629 §3) without its eighth bit.
func stripped(c byte) bool { return c < 0x40 && c != '\r' && c != '\n' }
