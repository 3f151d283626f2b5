package report

import (
	"fmt"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
)

// triageView is a triage as its template shows it.
type triageView struct {
	Answer    string
	Besides   []markedView
	Table     tableView
	Drawn     drawnView
	Groups    []triageGroupView
	More      string
	PlanTitle string
	Plan      []rowsView
	Export    copyView
}

// triageGroupView is a group: what its numbers tell, its first event, and what it is now.
type triageGroupView struct {
	Head, Extent string
	Tells        []markedView
	Example      foldView
	Answer       string
	Looks        []rowsView
	Steps        stepsView
}

func triageHTML(r *triage.Triage, o Options) triageView {
	t := makeWebText(o)
	p := triagePage{t.text, r, r.ByWeight(), makeDiagnoses(nil, o)}
	v := triageView{Answer: triageAnswer(r, o).In(o.Lang), PlanTitle: p.planTitle()}
	for _, s := range append(besides(r), inputLines(r)...) {
		v.Besides = append(v.Besides, markedView{Text: s.In(o.Lang)})
	}
	v.Table = p.tableView()
	v.Drawn = p.timesPicture()
	said := map[string]int{}
	for i, g := range p.list {
		if i >= shownGroups && g.Diagnosis == nil {
			continue
		}
		v.Groups = append(v.Groups, p.groupView(t, i+1, g, said))
	}
	if len(p.list) > shownGroups {
		v.More = p.moreWords(p.list[shownGroups:])
	}
	for _, s := range r.Plan {
		label, says := planText(s)
		v.Plan = labelled(v.Plan, label.In(o.Lang), textItem(fill(says, planData(s, o.Lang), o.Lang)))
	}
	if len(r.Plan) > 0 {
		v.Export = t.command(p.toSuppress(), p.export())
	}
	return v
}

// tableView is the table of the groups.
func (p *triagePage) tableView() tableView {
	v := tableView{Title: p.tr("groups", "グループ"), Heads: p.columns()}
	v.Heads[0] = p.tr("no.", "番号")
	for i, g := range p.list {
		if i == maxRows {
			break
		}
		v.Rows = append(v.Rows, cells(p.cells(i+1, g)...))
	}
	return v
}

func (p *triagePage) groupView(t webText, n int, g *triage.Group, said map[string]int) triageGroupView {
	v := triageGroupView{Head: fmt.Sprintf("%d · ", n) + thousands(g.Count) + p.tr(" ", "") + happenedText(g).In(p.o.Lang) + " · " +
		groupHead(g, p.o).In(p.o.Lang), Extent: p.extent(g)}
	if spark := sparkline(p.r, g); spark != "" {
		v.Extent += "  " + spark
	}
	for _, s := range p.tells(g) {
		v.Tells = append(v.Tells, markedView{Text: "→ " + s})
	}
	var lines []string
	for _, s := range exampleLines(p.r, g) {
		lines = append(lines, page.Clean(s.In(p.o.Lang)))
	}
	v.Example = foldView{p.tr("example", "例"), strings.Join(lines, "\n")}
	if g.Diagnosis == nil {
		return v
	}
	answer, told := p.answered(n, g.Diagnosis, said)
	v.Answer = answer
	if told {
		return v
	}
	for _, x := range p.thenAndNow(g, g.Diagnosis) {
		v.Looks = labelled(v.Looks, x.label, textItem(x.text))
	}
	v.Steps = p.diagnoses.stepsView(t, WithoutLast(g.Diagnosis))
	v.Steps.Deep = true
	return v
}

// triageTitle is what a page of a triage is called.
var triageTitle = codes.Text{EN: "Triage", JA: "エラーの集計"}
