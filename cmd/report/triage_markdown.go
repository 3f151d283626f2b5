package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
)

// triageMarkdown writes a triage for a ticket: the answer, a table of the groups, what the biggest are now, what to do.
func triageMarkdown(w *page.Out, o Options, r *triage.Triage) error {
	p := triagePage{makeText(w, o), r, r.ByWeight(), makeDiagnoses(w, o)}
	m := page.NewMarkdown(w)
	m.Put("**%s**\n\n", page.Escaped(triageAnswer(r, o).In(o.Lang)))
	for _, s := range append(besides(r), inputLines(r)...) {
		m.Put("- %s\n", page.Escaped(s.In(o.Lang)))
	}
	p.tableMarkdown(m)
	for i, g := range p.list {
		if i == shownGroups {
			break
		}
		p.groupMarkdown(m, i+1, g)
	}
	p.planMarkdown(m)
	return m.Flush()
}

// maxRows is how many groups the table has.
const maxRows = 50

func (p *triagePage) tableMarkdown(m *page.Markdown) {
	if len(p.list) == 0 {
		return
	}
	md := p.diagnoses.md
	m.Put("\n")
	m.Row("", md("events", "件数"), md("recipients", "宛先"), md("share", "割合"), md("what", "内容"),
		md("first", "最初"), md("last", "最後"), md("when", "推移"))
	m.Put("|---|---|---|---|---|---|---|---|\n")
	for i, g := range p.list {
		if i == maxRows {
			break
		}
		share := ""
		if g.Share > 0 && g.Provider != "" {
			share = percent(g.Share)
		}
		first, last := "", ""
		if !g.First.IsZero() {
			first, last = clock(p.r, g.First), clock(p.r, g.Last)
		}
		m.Row(page.Escaped(thousands(int64(i+1))), page.Escaped(thousands(g.Count)+p.tr(" ", "")+
			happenedText(g).In(p.o.Lang)), page.Escaped(recipientsText(g).In(p.o.Lang)),
			page.Escaped(share), page.Escaped(groupHead(g, p.o).In(p.o.Lang)), page.Escaped(first), page.Escaped(last),
			page.Escaped(sparkline(p.r, g)))
	}
}

// groupMarkdown writes what the numbers of a group tell, its first event, and what it is now; nothing of those that say no more than the
// table.
func (p *triagePage) groupMarkdown(m *page.Markdown, n int, g *triage.Group) {
	m.Put("\n### %s\n\n", page.Escaped(thousands(int64(n))+" · "+groupHead(g, p.o).In(p.o.Lang)))
	for _, pattern := range g.Patterns {
		m.Put("- %s\n", page.Escaped(patternText(p.r, g, pattern, p.o).In(p.o.Lang)))
	}
	for _, s := range exampleLines(p.r, g) {
		m.Put("- %s\n", page.Escaped(s.In(p.o.Lang)))
	}
	if d := g.Diagnosis; d != nil {
		m.Put("\n**%s**\n", page.Escaped(p.diagnoses.Answer(d)))
		p.diagnoses.stepsMarkdown(m, withoutLast(d))
	}
}

func (p *triagePage) planMarkdown(m *page.Markdown) {
	if len(p.r.Plan) == 0 {
		return
	}
	m.Put("\n### %s\n\n", p.diagnoses.md("The mails that did not arrive", "届かなかったメールの扱い"))
	for _, s := range p.r.Plan {
		label, says := planText(s)
		m.Put("- %s: %s\n", page.Escaped(label.In(p.o.Lang)), page.Escaped(fill(says, planData(s, p.o.Lang), p.o.Lang)))
	}
	if c := p.export(); !c.IsZero() {
		m.Put("\n%s %s\n", page.Escaped(codes.Text{EN: "The addresses to suppress:", JA: "配信を止める宛先の一覧:"}.In(p.o.Lang)), page.Code(page.Command(c)))
	}
}
