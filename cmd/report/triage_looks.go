package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/triage"
)

// looks prints what the biggest groups are now: the first refusal beside what DNS and servers say at this moment.
func (p *triagePage) looks() {
	said := map[string]int{}
	begun := false
	for i, g := range p.list {
		d := g.Diagnosis
		if d == nil {
			continue
		}
		if !begun {
			begun = true
			p.line("")
			p.line(p.tr("What is there now, of the biggest groups", "件数の多いグループの現在の状態"))
		}
		p.line("")
		head := fmt.Sprintf("%3d  ", i+1)
		answer := p.diagnoses.Answer(d)
		if same, told := said[answer+d.Case.From]; told {
			p.para(head, 5, fill(codes.Text{EN: "as {n}: {answer}", JA: "{n}と同じ: {answer}"},
				codes.Data{codes.Num("n", same), codes.Str("answer", answer)}, p.o.Lang))
			continue
		}
		said[answer+d.Case.From] = i + 1
		p.para(head, 5, answer)
		p.thenAndNow(g, d)
		p.diagnoses.steps(p.text, withoutLast(d))
	}
}

// thenAndNow sets the first refusal beside what was seen now.
func (p *triagePage) thenAndNow(g *triage.Group, d *guide.Diagnosis) {
	then := p.tr("then", "当時")
	now := p.tr("now", "現在")
	column := 5 + max(p.page.StringWidth(then), p.page.StringWidth(now)) + 2
	label := func(s string) string { return "     " + p.page.Pad(s, column-5) }
	e := &g.Telling
	words := saidBy(e)
	if !e.Time.IsZero() {
		words = strings.TrimSpace(clock(p.r, e.Time) + " " + words)
	}
	p.para(label(then), column, words)
	for _, o := range d.Outcomes {
		if !o.Suspected || o.Status == guide.Excluded {
			continue
		}
		seen := proofs(o, p.o.Lang)
		if len(seen) == 0 {
			continue
		}
		p.para(label(now), column, o.Cause.Title.In(p.o.Lang)+p.tr(" (", "(")+outcomeText(o).In(p.o.Lang)+"): "+strings.Join(seen, " · "))
		now = ""
	}
}

// withoutLast is a diagnosis whose steps name no command that goes on with the last diagnosis: of several there is none.
func withoutLast(d *guide.Diagnosis) *guide.Diagnosis {
	out := *d
	out.Steps = slices.Clone(d.Steps)
	for i, s := range out.Steps {
		if slices.ContainsFunc(s.Check.Args, func(a codes.Arg) bool { return a.Flag == "--last" }) {
			out.Steps[i].Check = codes.Command{}
		}
	}
	return &out
}
