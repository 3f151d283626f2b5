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
	if h := p.headline(d); h != "" {
		m.Put("**%s**\n\n", page.Escaped(h))
	}
	m.Put("**%s**\n\n%s\n\n", page.Escaped(p.Answer(d)), page.Escaped(p.summary(makeText(p.w, p.o), d)))
	m.Row(p.md("cause", "要因"), p.md("verdict", "判定"), p.md("evidence", "根拠"))
	m.Put("|---|---|---|\n")
	for _, o := range d.Outcomes {
		if o.Suspected {
			m.Row(page.Escaped(o.Cause.Title.In(l)), page.Escaped(outcomeText(o).In(l)), page.Escaped(strings.Join(proofs(o, l), " · ")))
		}
	}
	p.stepsMarkdown(m, d)
	if needs := needs(d); len(needs) > 0 {
		m.Put("\n%s\n\n", p.md("To decide what is open:", "未確定の要因を判定するには:"))
		for _, n := range needs {
			m.Put("- %s %s\n", page.Code(needed(n.What)), page.Escaped(n.Says.In(l)))
		}
	}
	m.Put("\n%s %s\n", p.md("Input:", "入力:"), page.Escaped(brief(d.Case.Input)))
}

// md is a fixed text in the language of the output.
func (p *diagnoses) md(en, ja string) page.MD {
	return page.Escaped(codes.Text{EN: en, JA: ja}.In(p.o.Lang))
}

// stepsMarkdown writes the steps as a list, with the records to publish.
func (p *diagnoses) stepsMarkdown(m *page.Markdown, d *guide.Diagnosis) {
	if len(d.Steps) == 0 {
		return
	}
	m.Put("\n%s:\n\n", page.Escaped(p.heading(d)))
	for i, s := range d.Steps {
		number, margin := page.Item(i + 1)
		m.Put("%s%s\n", number, page.Escaped(stepText(s.Remedy, p.o.Lang)))
		for _, f := range s.Fixes {
			for _, r := range f.Records {
				m.Put("\n%s\n", page.Block(len(margin), masterLine(r)))
			}
			if len(f.Records) == 0 {
				m.Put("\n%s%s\n\n", margin, page.Escaped(fixText(f, p.o.Lang)))
			}
		}
		if live := p.ttlText(s); live != "" {
			m.Put("%s%s\n\n", margin, page.Escaped(live))
		}
		if check := p.o.SameWorld(s.Check); !check.IsZero() {
			m.Put("%s%s: %s\n", margin, page.Escaped(commandLabel(check).In(p.o.Lang)), page.Code(page.Command(check)))
		}
	}
	if later := p.later(d); later != "" {
		m.Put("\n%s\n", page.Escaped(later))
	}
}

// groupsMarkdown writes several diagnoses by their cause.
func (p *diagnoses) groupsMarkdown() error {
	m := page.NewMarkdown(p.w)
	for i, g := range p.sorted() {
		if i > 0 {
			m.Put("\n")
		}
		m.Put("## %s\n\n", page.Escaped(g.counted(p.o.Lang)+g.title(p.o.Lang)))
		p.sampleMarkdown(m, g.says)
		p.sampleMarkdown(m, g.mails)
		if g.cause != nil {
			p.stepsMarkdown(m, g.first)
		}
	}
	return m.Flush()
}

// sampleMarkdown lists the first of a list and counts the rest.
func (p *diagnoses) sampleMarkdown(m *page.Markdown, list sampleLines) {
	for _, s := range list.shown {
		m.Put("- %s\n", page.Escaped(shown(s)))
	}
	if n := list.more(); n > 0 {
		m.Put("- %s\n", page.Escaped(makeText(p.w, p.o).say(wMore, codes.Num("n", n))))
	}
}
