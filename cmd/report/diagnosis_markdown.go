package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// markdown writes a diagnosis for a ticket.
func (p *diagnoses) markdown(m *page.Markdown, d *guide.Diagnosis) {
	l := p.o.Lang
	m.Put("**%s**\n\n%s\n\n", page.Said(p.Answer(d)), page.Said(p.summary(makeText(p.w, p.o), d)))
	m.Row(p.md("cause", "要因"), p.md("verdict", "判定"), p.md("evidence", "根拠"))
	m.Put("|---|---|---|\n")
	for _, o := range d.Outcomes {
		if o.Suspected {
			m.Row(page.Said(o.Cause.Title.In(l)), page.Said(outcomeText(o).In(l)), page.Said(strings.Join(proofs(o, l), " · ")))
		}
	}
	p.stepsMarkdown(m, d)
	if needs := needs(d); len(needs) > 0 {
		m.Put("\n%s\n\n", p.md("To decide what is open:", "未確定の要因を判定するには:"))
		for _, n := range needs {
			m.Put("- %s %s\n", page.Code(needed(n.What)), page.Said(n.Says.In(l)))
		}
	}
	m.Put("\n%s %s\n", p.md("Input:", "入力:"), page.Said(brief(d.Case.Input)))
}

// md is a fixed text in the language of the output.
func (p *diagnoses) md(en, ja string) page.MD {
	return page.Said(codes.Text{EN: en, JA: ja}.In(p.o.Lang))
}

// stepsMarkdown writes the steps as a list, with the records to publish.
func (p *diagnoses) stepsMarkdown(m *page.Markdown, d *guide.Diagnosis) {
	if len(d.Steps) == 0 {
		return
	}
	m.Put("\n%s:\n\n", page.Said(p.heading(d)))
	for i, s := range d.Steps {
		number, margin := page.Item(i + 1)
		m.Put("%s%s\n", number, page.Said(stepText(s.Remedy, p.o.Lang)))
		for _, f := range s.Fixes {
			for _, r := range f.Records {
				m.Put("\n%s\n", page.Block(len(margin), masterLine(r)))
			}
			if len(f.Records) == 0 {
				m.Put("\n%s%s\n\n", margin, page.Said(fixText(f, p.o.Lang)))
			}
		}
		if live := p.live(s); live != "" {
			m.Put("%s%s\n\n", margin, page.Said(live))
		}
		if !s.Check.IsZero() {
			m.Put("%s%s %s\n", margin, p.md("check:", "確認:"), page.Code(page.Command(p.o.Here(s.Check))))
		}
	}
	if later := p.later(d); later != "" {
		m.Put("\n%s\n", page.Said(later))
	}
}

// groupsMarkdown writes several diagnoses by their cause.
func (p *diagnoses) groupsMarkdown() error {
	m := page.NewMarkdown(p.w)
	for i, g := range p.sorted() {
		if i > 0 {
			m.Put("\n")
		}
		m.Put("## %s\n\n", page.Said(g.counted(p.o.Lang)+g.title(p.o.Lang)))
		p.someMarkdown(m, g.says)
		p.someMarkdown(m, g.mails)
		if g.cause != nil {
			p.stepsMarkdown(m, g.first)
		}
	}
	return m.Flush()
}

// someMarkdown lists the first of a list and counts the rest.
func (p *diagnoses) someMarkdown(m *page.Markdown, list listed) {
	for _, s := range list.shown {
		m.Put("- %s\n", page.Said(shown(s)))
	}
	if n := list.more(); n > 0 {
		m.Put("- %s\n", page.Said(makeText(p.w, p.o).say(wMore, codes.Num("n", n))))
	}
}
