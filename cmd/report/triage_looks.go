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
		answer, told := p.answered(i+1, d, said)
		p.para(head, 5, answer)
		if told {
			continue
		}
		beside := p.thenAndNow(g, d)
		column := 5 + 2
		for _, x := range beside {
			column = max(column, 5+p.page.StringWidth(x.label)+2)
		}
		for _, x := range beside {
			p.para("     "+p.page.Pad(x.label, column-5), column, x.text)
		}
		p.diagnoses.steps(p.text, WithoutLast(d))
	}
}

// answered is the answer to what a group is now; told: a group before has the same one, whose number it names.
func (p *triagePage) answered(n int, d *guide.Diagnosis, said map[string]int) (answer string, told bool) {
	answer = p.diagnoses.Answer(d)
	key := answer + d.Case.From
	if same, told := said[key]; told {
		return fill(codes.Text{EN: "as {n}: {answer}", JA: "{n}と同じ: {answer}"},
			codes.Data{codes.Num("n", same), codes.Str("answer", answer)}, p.o.Lang), true
	}
	said[key] = n
	return answer, false
}

// beside is a line behind its label.
type beside struct{ label, text string }

// thenAndNow sets the first refusal beside what was seen now.
func (p *triagePage) thenAndNow(g *triage.Group, d *guide.Diagnosis) (out []beside) {
	now := p.tr("now", "現在")
	e := &g.Telling
	words := saidBy(e)
	if !e.Time.IsZero() {
		words = strings.TrimSpace(clock(p.r, e.Time) + " " + words)
	}
	out = append(out, beside{p.tr("then", "当時"), words})
	for _, o := range d.Outcomes {
		if !o.Suspected || o.Status == guide.Excluded {
			continue
		}
		seen := proofs(o, p.o.Lang)
		if len(seen) == 0 {
			continue
		}
		out = append(out, beside{now, o.Cause.Title.In(p.o.Lang) + p.tr(" (", "(") + outcomeText(o).In(p.o.Lang) + "): " +
			strings.Join(seen, " · ")})
		now = ""
	}
	return out
}

// WithoutLast is a diagnosis whose steps name no command that goes on with the last diagnosis: of several, and for a guest, there is none.
func WithoutLast(d *guide.Diagnosis) *guide.Diagnosis {
	out := *d
	out.Steps = slices.Clone(d.Steps)
	for i, s := range out.Steps {
		if slices.ContainsFunc(s.Check.Args, func(a codes.Arg) bool { return a.Flag == "--last" }) {
			out.Steps[i].Check = codes.Command{}
		}
	}
	return &out
}
