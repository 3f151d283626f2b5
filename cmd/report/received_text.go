package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/sources"
)

// receivedText prints reports for people: the answer, what was read, then each domain with its groups.
func receivedText(w *page.Out, o Options, r *sources.Result) error {
	p := newReceived(w, o, r)
	p.para("", 0, receivedAnswer(r).In(o.Lang))
	for _, s := range p.besides() {
		p.para("  ", 2, s)
	}
	for _, part := range p.parts {
		p.part(part)
		p.page.FlushIfLarge()
	}
	return p.page.Flush()
}

// part prints a part: the deeper its level, the farther to the right.
func (p *receivedPage) part(part receivedPart) {
	p.line("")
	column := 2 * (part.Level - 1)
	head := page.Words(strings.Repeat(" ", column))
	if part.Marks {
		head = append(head, mark(part.Mark)).Then(" ")
		column += 2
	}
	p.page.Para(head, column, page.Styled{{Text: part.Head, Colour: page.Bold}})
	indent := 2 * part.Level
	blank := strings.Repeat(" ", indent)
	for _, l := range part.Lines {
		p.para(blank, indent+2, l.Text)
		p.commandLines("", indent+2, l.Command)
	}
}
