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
	m.Put("\n")
	m.Row(escapedAll(p.columns())...)
	m.Put("|---|---|---|---|---|---|---|---|\n")
	for i, g := range p.list {
		if i == maxRows {
			break
		}
		m.Row(escapedAll(p.cells(i+1, g))...)
	}
}

// escapedAll are texts as Markdown.
func escapedAll(texts []string) []page.MD {
	out := make([]page.MD, len(texts))
	for i, s := range texts {
		out[i] = page.Escaped(s)
	}
	return out
}

// columns are the names of the columns of the table of groups, cells a row of it.
func (p *triagePage) columns() []string {
	return []string{"", p.tr("events", "件数"), p.tr("recipients", "宛先"), p.tr("share", "割合"), p.tr("what", "内容"),
		p.tr("first", "最初"), p.tr("last", "最後"), p.tr("when", "推移")}
}

func (p *triagePage) cells(n int, g *triage.Group) []string {
	share, first, last := "", "", ""
	if g.Share > 0 && g.Provider != "" {
		share = percent(g.Share)
	}
	if !g.First.IsZero() {
		first, last = clock(p.r, g.First), clock(p.r, g.Last)
	}
	return []string{thousands(int64(n)), thousands(g.Count) + p.tr(" ", "") + happenedText(g).In(p.o.Lang), recipientsText(g).In(p.o.Lang),
		share, groupHead(g, p.o).In(p.o.Lang), first, last, sparkline(p.r, g)}
}

// groupMarkdown writes what the numbers of a group tell, its first event, and what it is now; nothing of those that say no more than the
// table.
func (p *triagePage) groupMarkdown(m *page.Markdown, n int, g *triage.Group) {
	m.Put("\n### %s\n\n", page.Escaped(thousands(int64(n))+" · "+groupHead(g, p.o).In(p.o.Lang)))
	for _, s := range p.tells(g) {
		m.Put("- %s\n", page.Escaped(s))
	}
	for _, s := range exampleLines(p.r, g) {
		m.Put("- %s\n", page.Escaped(s.In(p.o.Lang)))
	}
	if d := g.Diagnosis; d != nil {
		m.Put("\n**%s**\n", page.Escaped(p.diagnoses.Answer(d)))
		p.diagnoses.stepsMarkdown(m, WithoutLast(d))
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
