package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// gathered is what a sendingPage says, for a page of HTML instead of lines of text.
type gathered struct {
	head  markedView
	rows  []rowsView
	steps stepsView
}

// gather makes a sendingPage that prints nothing: what it says is in into.
func gather(o Options) (t sendingPage, into *gathered) {
	into = &gathered{}
	t = makeSendingPage(nil, o.WithWidth())
	t.into = into
	return t, into
}

// headLine prints the line above a block.
func (t sendingPage) headLine(s page.Styled) {
	if t.into != nil {
		t.into.head = styledView(s)
		return
	}
	t.page.Line(s)
}

// styledView is a text, its mark apart.
func styledView(s page.Styled) markedView {
	if len(s) < 2 || s[0].Colour == page.Plain {
		return markedView{Text: s.String()}
	}
	class := map[page.Colour]string{page.Red: "fail", page.Yellow: "warn", page.Green: "pass", page.Blue: "info"}[s[0].Colour]
	if s[0] == mark(diag.Unknown) { // which has the colour of a warning
		class = diag.Unknown.String()
	}
	return markedView{Mark: s[0].Text, Class: class, Text: s[1:].String()}
}

// gatherSteps takes the steps, each with its command.
func (g *gathered) gatherSteps(t sendingPage, list []codes.Remedy, known codes.Values) {
	g.steps.Title = capital(t.tr("do", "対策"))
	for i, r := range list {
		if i == maxSteps {
			g.steps.After = []string{t.say(wMore, codes.Num("n", len(list)-i))}
			break
		}
		step := stepView{Text: remedyWords(r, t.o.Lang)}
		if !r.Check.IsZero() {
			step.Command = webText{t.text}.command("", stepCommand(r, known))
		}
		g.steps.Steps = append(g.steps.Steps, step)
	}
}
