package about

import (
	"strings"
	"unicode/utf8"

	"todoku/cmd/report/page"
)

// helpWidth is the width of a help in columns.
const helpWidth = 80

// reflow breaks the paragraphs of a text anew: in the source their lines end anywhere, in Japanese within words too. Lines
// that are indented stay as they are.
func reflow(text string) string {
	var out []string
	var paragraph string
	end := func() {
		if paragraph != "" {
			out = append(out, page.Lines(paragraph, helpWidth)...)
		}
		paragraph = ""
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case line == "" || line[0] == ' ':
			end()
			out = append(out, line)
		default:
			paragraph = joined(paragraph, line)
		}
	}
	end()
	return strings.Join(out, "\n")
}

// joined puts a line behind a paragraph: with a blank between, but in Japanese only beside a Latin word.
func joined(paragraph, line string) string {
	last, _ := utf8.DecodeLastRuneInString(paragraph)
	first, _ := utf8.DecodeRuneInString(line)
	wide := last >= utf8.RuneSelf || first >= utf8.RuneSelf
	if paragraph == "" || wide && (!isLatin(last) && !isLatin(first) || strings.ContainsRune("、。(「", last)) {
		return paragraph + line
	}
	return paragraph + " " + line
}

// isLatin reports whether a rune begins or ends a Latin word or a flag.
func isLatin(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '~'
}
