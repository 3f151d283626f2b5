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
	for _, s := range receivedBesides(r) {
		p.para("  ", 2, s.In(o.Lang))
	}
	for _, s := range p.notes() {
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

// receivedMarkdown writes reports for a ticket.
func receivedMarkdown(w *page.Out, o Options, r *sources.Result) error {
	p := newReceived(nil, o, r)
	m := page.NewMarkdown(w)
	m.Put("**%s**\n\n", page.Escaped(receivedAnswer(r).In(o.Lang)))
	for _, s := range receivedBesides(r) {
		m.Put("- %s\n", page.Escaped(s.In(o.Lang)))
	}
	for _, s := range p.notes() {
		m.Put("- %s\n", page.Escaped(s))
	}
	for _, part := range p.parts {
		sign := page.MD("")
		if part.Marks {
			sign = page.Escaped(mark(part.Mark).Text + " ")
		}
		switch part.Level {
		case 1:
			m.Put("\n## %s%s\n\n", sign, page.Escaped(part.Head))
		case 2:
			m.Put("\n### %s%s\n\n", sign, page.Escaped(part.Head))
		default:
			m.Put("\n#### %s%s\n\n", sign, page.Escaped(part.Head))
		}
		for _, l := range part.Lines {
			m.Put("- %s", page.Escaped(l.Text))
			if !l.Command.IsZero() {
				m.Put(" %s", page.Code(page.Command(l.Command)))
			}
			m.Put("\n")
		}
	}
	return m.Flush()
}

// receivedView is reports as their template shows them.
type receivedView struct {
	Answer  string
	Besides []markedView
	Parts   []receivedPartView
}

type receivedPartView struct {
	Level int
	Head  markedView
	Rows  []itemView
}

func receivedHTML(r *sources.Result, o Options) receivedView {
	p := newReceived(nil, o, r)
	v := receivedView{Answer: receivedAnswer(r).In(o.Lang), Besides: plainLines(p.notes())}
	for i, s := range receivedBesides(r) {
		v.Besides = append(v.Besides[:i:i], append([]markedView{{Text: s.In(o.Lang)}}, v.Besides[i:]...)...)
	}
	for _, part := range p.parts {
		head := markedView{Text: part.Head}
		if part.Marks {
			head = markedLine(part.Mark, part.Head)
		}
		x := receivedPartView{Level: part.Level, Head: head}
		for _, l := range part.Lines {
			item := textItem(l.Text)
			if !l.Command.IsZero() {
				item.Command = webText{p.text}.copyable("", page.Command(l.Command))
			}
			x.Rows = append(x.Rows, item)
		}
		v.Parts = append(v.Parts, x)
	}
	return v
}
