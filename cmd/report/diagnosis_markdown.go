package report

import (
	"fmt"
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
)

// markdown is a diagnosis for a ticket.
func (p *Diagnoses) markdown(d *guide.Diagnosis) string {
	l := p.o.Lang
	t := makeText(p.w, p.o)
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s\n", inMarkdown(p.Answer(d)), inMarkdown(p.summary(t, d)))
	fmt.Fprintf(&b, "\n| %s | %s | %s |\n|---|---|---|\n", t.tr("cause", "要因"), t.tr("verdict", "判定"), t.tr("evidence", "根拠"))
	for _, o := range d.Outcomes {
		if o.Suspected {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", o.Cause.Title.In(l), outcomeText(o).In(l), inMarkdown(strings.Join(proofs(o, l), " · ")))
		}
	}
	if len(d.Steps) > 0 {
		fmt.Fprintf(&b, "\n%s\n\n", t.tr("Do this, in this order:", "対策(上から順に):"))
	}
	for i, s := range d.Steps {
		fmt.Fprintf(&b, "%d. %s\n", i+1, inMarkdown(p.owner(s)+s.Remedy.Text.In(l)+p.when(s)))
		for _, f := range s.Fixes {
			for _, r := range f.Records {
				fmt.Fprintf(&b, "\n       %s\n\n", clean(paste(r)))
			}
		}
		if s.Check != "" {
			fmt.Fprintf(&b, "   %s `%s`\n", t.tr("check:", "確認:"), clean(s.Check))
		}
	}
	if needs := d.Needs(); len(needs) > 0 {
		fmt.Fprintf(&b, "\n%s\n\n", t.tr("To decide what is open:", "未確定の要因を判定するには:"))
		for _, n := range needs {
			fmt.Fprintf(&b, "- `%s` %s\n", n.Flag, n.Says.In(l))
		}
	}
	fmt.Fprintf(&b, "\n%s %s\n", codes.Text{EN: "Input:", JA: "入力:"}.In(l), inMarkdown(brief(d.Case.Input)))
	return b.String()
}
