package altered

import (
	"bytes"
	"iter"
)

// undoBlanks undoes what happened to blanks. Relaxed bodies are the same with and without most of it.
func undoBlanks(d doc, _ bool) iter.Seq[candidate] { return rewritten(d, blankRewritings()) }

func blankRewritings() []rewriting {
	list := []rewriting{
		{BlanksAtLineEnds, eachLine(func(l []byte) []byte { return bytes.TrimRight(l, " \t") })},
		{BlanksAtLineEnds, eachLine(func(l []byte) []byte {
			if bytes.Equal(l, []byte("--")) {
				return []byte("-- ")
			}
			return l
		})},
		{BlanksAtLineEnds, eachLine(func(l []byte) []byte { return append(bytes.Clone(l), ' ') })},
		{BlanksAtLineEnds, eachLine(func(l []byte) []byte {
			if len(l) > 0 {
				return append(bytes.Clone(l), ' ')
			}
			return l
		})},
		{BlanksAtLineEnds, flowed},
		{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\xc2\xa0"), []byte(" ")) }},
		{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\xe3\x80\x80"), []byte(" ")) }},
		{BlanksChanged, eachLine(func(l []byte) []byte { return bytes.TrimLeft(l, " \t") })},
	}
	for _, n := range []int{8, 4, 2, 1, 3, 6} {
		blanks := bytes.Repeat([]byte(" "), n)
		list = append(list,
			rewriting{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, blanks, []byte("\t")) }},
			rewriting{BlanksChanged, eachLine(func(l []byte) []byte {
				rest := l
				for bytes.HasPrefix(rest, blanks) {
					rest = rest[n:]
				}
				return append(bytes.Repeat([]byte("\t"), (len(l)-len(rest))/n), rest...)
			})},
			rewriting{BlanksChanged, eachLine(func(l []byte) []byte { return unexpanded(l, n) })})
	}
	return append(list,
		rewriting{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\t"), []byte("        ")) }},
		rewriting{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\t"), []byte("    ")) }},
		rewriting{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\t"), []byte(" ")) }},
		rewriting{BlanksChanged, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(". "), []byte(".  ")) }},
	)
}

// flowed puts the blank back at the end of the lines that go on in the next one (RFC 3676 §4.1), as far as that can be seen.
func flowed(b []byte) []byte {
	var out []byte
	lines := bytes.SplitAfter(b, []byte("\n"))
	for i, line := range lines {
		text := bytes.TrimRight(line, "\r\n")
		out = append(out, text...)
		if len(text) > 50 && text[len(text)-1] != ' ' && i+1 < len(lines) && len(bytes.TrimSpace(lines[i+1])) > 0 {
			out = append(out, ' ')
		}
		out = append(out, line[len(text):]...)
	}
	return out
}

// unexpanded puts tabs back whose stops are n columns apart: two blanks or more that end at a stop were one.
func unexpanded(line []byte, n int) []byte {
	if n < 2 || bytes.IndexByte(line, '\t') >= 0 {
		return line
	}
	var out []byte
	column, start := 0, -1
	for i := 0; i < len(line); i++ {
		if line[i] == ' ' && start < 0 {
			start = len(out)
		} else if line[i] != ' ' {
			start = -1
		}
		out = append(out, line[i])
		if line[i]&0xc0 != 0x80 {
			column++
		}
		if column%n == 0 && start >= 0 && len(out)-start > 1 {
			out = append(out[:start], '\t')
			start = -1
		}
	}
	return out
}
