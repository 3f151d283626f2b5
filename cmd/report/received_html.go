package report

import (
	"todoku/cmd/report/page"
	"todoku/diag/sources"
)

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
	v := receivedView{Answer: receivedAnswer(r).In(o.Lang), Besides: plainLines(p.besides())}
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
