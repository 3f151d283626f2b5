package report

import (
	"slices"
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// The columns of the table of causes: the mark, its title, the verdict.
const (
	causeWidth   = 27
	verdictWidth = 11
	minEvidence  = 24
)

// text prints a diagnosis for people: whose the cause is, the sentence that
// answers, the table of causes, the steps, and how to decide what is open.
func (p *diagnoses) text(t *text, d *guide.Diagnosis) {
	if h := p.headline(d); h != "" {
		t.para("", 0, h)
	}
	t.para("", 0, p.Answer(d))
	if bare(d) && d.Case.SymptomAlone() {
		p.symptom(t, d)
		return
	}
	t.line("")
	if bare(d) && d.Case.Unread() {
		p.nextCommands(t, p.goOn(d))
		t.legend(p.goOn(d))
		return
	}
	t.para("  ", 2, p.summary(t, d))
	p.table(t, d)
	p.steps(t, d)
	p.footer(t, d)
}

// bare reports whether nothing was looked at.
func bare(d *guide.Diagnosis) bool { return d.Answer() == nil && d.Case.From == "" && d.Case.To == "" }

// goOn are the commands to go on with.
func (p *diagnoses) goOn(d *guide.Diagnosis) []codes.Command {
	switch {
	case bare(d) && d.Case.SymptomAlone():
		return symptomCommands(d)
	case bare(d) && d.Case.Unread():
		return []codes.Command{codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR"), codes.Todoku("guide")}
	}
	var next []codes.Command
	switch {
	case p.o.NoLast:
	case d.Answer() != nil:
		next = append(next, codes.Todoku("diagnose", "--last", "--verify", "--wait"))
	case p.couldNotLook(d):
		next = append(next, codes.Todoku("diagnose", "--last"))
	}
	if d.Letter && d.Case.From != "" && d.Case.To != "" {
		next = append(next, letterCommand(d.Case))
	}
	if id := d.Case.Verdict.Delivery.ID; id != "" {
		next = append(next, codes.Todoku("explain", "CODE").With(codes.PlaceCode, id))
	}
	return next
}

// withSteps are commands and those of the steps.
func withSteps(next []codes.Command, d *guide.Diagnosis) []codes.Command {
	next = slices.Clone(next)
	for _, s := range d.Steps {
		next = append(next, s.Check)
	}
	return next
}

func (p *diagnoses) table(t *text, d *guide.Diagnosis) {
	if !slices.ContainsFunc(d.Outcomes, func(o guide.Outcome) bool { return o.Suspected }) {
		return
	}
	t.line("")
	show := p.stacked
	if p.wide(t) {
		show = p.row
		t.line("    " + t.page.Pad(t.tr("cause", "要因"), causeWidth) + t.page.Pad(t.tr("verdict", "判定"),
			verdictWidth) + t.tr("evidence", "根拠"))
	}
	for _, o := range d.Outcomes {
		if o.Suspected {
			show(t, o)
		}
	}
}

// wide reports whether there is room for the three columns of the table.
func (p *diagnoses) wide(t *text) bool { return t.page.Width >= 4+causeWidth+verdictWidth+minEvidence }

// stacked is one cause on a narrow screen, its evidence below it.
func (p *diagnoses) stacked(t *text, o guide.Outcome) {
	l := p.o.Lang
	t.page.Para(append(page.Words("  "), mark(outcomeMark(o))).Then(" "), 4, page.Words(o.Cause.Title.In(l)+": "+outcomeText(o).In(l)))
	for _, s := range proofs(o, l) {
		t.para("", 6, s)
	}
}

// row is one cause; its title and its evidence are wrapped side by side.
func (p *diagnoses) row(t *text, o guide.Outcome) {
	l := p.o.Lang
	titles := t.page.Wrap(o.Cause.Title.In(l), causeWidth-1)
	column := 4 + causeWidth + verdictWidth
	var evidence []string
	for _, s := range proofs(o, l) {
		evidence = append(evidence, t.page.Wrap(page.Clean(s), max(t.page.Width-column, minEvidence))...)
	}
	for i := range max(len(titles), len(evidence), 1) {
		title, word, proof := "", "", ""
		if i < len(titles) {
			title = titles[i]
		}
		if i == 0 {
			word = outcomeText(o).In(l)
		}
		if i < len(evidence) {
			proof = evidence[i]
		}
		line := page.Words("    ")
		if i == 0 {
			line = append(page.Words("  "), mark(outcomeMark(o))).Then(" ")
		}
		line = line.Then(t.page.Pad(title, causeWidth))
		if o.Status == guide.Confirmed {
			line = append(line, page.Piece{Text: word, Colour: page.Red})
		} else {
			line = line.Then(word)
		}
		t.page.Line(line.Then(strings.Repeat(" ", max(0, verdictWidth-t.page.StringWidth(word))) + proof))
	}
}

// steps prints the steps, with the records to publish.
func (p *diagnoses) steps(t *text, d *guide.Diagnosis) {
	if len(d.Steps) == 0 {
		return
	}
	t.line("")
	t.line(p.heading(d))
	for i, s := range d.Steps {
		n := "  " + strconv.Itoa(i+1) + ". "
		t.para(n, len(n), stepText(s.Remedy, p.o.Lang))
		for _, f := range s.Fixes {
			t.change(f)
		}
		if live := p.ttlText(s); live != "" {
			t.para("", 5, live)
		}
		if !s.Check.IsZero() {
			t.commandLines("     "+commandLabel(s.Check).In(p.o.Lang)+": ", 7, p.o.SameWorld(s.Check))
		}
	}
	if later := p.later(d); later != "" {
		t.para("  ", 2, later)
	}
}

// couldNotLook reports whether a cause is open because of an error, so that a second try may decide it.
func (p *diagnoses) couldNotLook(d *guide.Diagnosis) bool {
	return slices.ContainsFunc(d.Outcomes, func(o guide.Outcome) bool { return o.Suspected && o.Status == guide.Open && o.Err != nil })
}

// change prints the records of a finding, now and then, or what to do where
// there are none.
func (t *text) change(f diag.Finding) {
	for _, rec := range f.Records {
		for _, old := range replaced(f, rec) {
			t.line("     - " + old)
		}
		t.page.Line(page.Styled{{Text: "     + "}, {Text: masterLine(rec), Colour: page.Green}})
	}
	if len(f.Records) == 0 {
		t.para("     ", 5, fixText(f, t.o.Lang))
	}
}

// replaced are the lines that a record of a finding takes the place of.
func replaced(f diag.Finding, rec diag.Record) (out []string) {
	for _, e := range f.Evidence {
		if e.Type == rec.Type && strings.EqualFold(e.Name, strings.TrimSuffix(rec.Name, ".")) && e.Value != "" {
			out = append(out, masterLine(diag.Record{Name: rec.Name, Type: e.Type, Value: e.Value}))
		}
	}
	return out
}

// footer says what would decide the open causes, and how to look again.
func (p *diagnoses) footer(t *text, d *guide.Diagnosis) {
	if needs := needs(d); len(needs) > 0 {
		t.line("")
		t.para("", 0, t.say(wDecide))
		for _, n := range needs {
			p.need(t, n)
		}
	}
	t.line("")
	next := p.goOn(d)
	p.nextCommands(t, next)
	t.legend(withSteps(next, d))
	t.line(t.cost(d.Queries.Unique, d.Elapsed))
}

// need says what would decide an open cause; on a narrow screen the flag stands above it.
func (p *diagnoses) need(t *text, n guide.Need) {
	flag := "  " + needed(n.What)
	if !p.wide(t) {
		t.line(flag)
		t.para("", 6, n.Says.In(p.o.Lang))
		return
	}
	t.para(flag, 24, n.Says.In(p.o.Lang))
}

// nextCommands prints the commands to go on with.
func (p *diagnoses) nextCommands(t *text, commands []codes.Command) {
	here := make([]codes.Command, len(commands))
	for i, c := range commands {
		here[i] = p.o.SameWorld(c)
	}
	t.commandList(t.say(wNext)+" ", here)
}
