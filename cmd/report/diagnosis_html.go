package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
)

// diagnosisHTML prints diagnoses as a page: one as it is, several grouped by cause at the end, in each language of the page.
func diagnosisHTML(w *page.Out, o Options) page.Printer[*guide.Diagnosis] {
	p := &diagnosisPages{HTML: page.NewHTML(w, codes.Text{EN: "Diagnosis", JA: "診断結果"}, o),
		byLang: map[codes.Lang]*diagnoses{}, many: o.Many}
	p.InEach(func(o Options) {
		d := makeDiagnoses(nil, o)
		p.byLang[o.Lang] = &d
	})
	return p
}

type diagnosisPages struct {
	*page.HTML
	byLang map[codes.Lang]*diagnoses
	many   bool
	any    bool // there was one
}

// Put writes a diagnosis, or keeps it where there are several.
func (p *diagnosisPages) Put(d *guide.Diagnosis) error {
	p.any = true
	if p.many {
		for _, x := range p.byLang {
			x.add(d)
		}
		return nil
	}
	return page.Part(p.HTML, templates().Lookup("diagnosis.tmpl"), func(o Options) diagnosisView { return p.byLang[o.Lang].view(d) })
}

// Close writes the groups, and the end of the page.
func (p *diagnosisPages) Close() error {
	if p.many && p.any {
		err := page.Part(p.HTML, templates().Lookup("diagnoses.tmpl"), func(o Options) groupsView { return p.byLang[o.Lang].groupsView() })
		if err != nil {
			return err
		}
	}
	return p.HTML.Close()
}

// diagnosisView is a diagnosis as its template shows it.
type diagnosisView struct {
	Headline, Answer, Summary, Input string
	Causes                           tableView
	Drawn                            drawnView
	Steps                            stepsView
	NeedsTitle                       string
	Needs                            []rowsView
	Next                             nextView
}

func (p *diagnoses) view(d *guide.Diagnosis) diagnosisView {
	t := makeWebText(p.o)
	v := diagnosisView{Headline: p.headline(d), Answer: p.Answer(d)}
	next := p.goOn(d)
	v.Next = t.next(t.say(wNext), next)
	if d.Case.Input != "" {
		v.Input = t.tr("Input:", "入力:") + " " + brief(d.Case.Input)
	}
	switch {
	case bare(d) && d.Case.SymptomAlone():
		v.Steps = p.stepsView(t, d)
		v.Next.Legend = t.legendText(withSteps(next, d))
		return v
	case bare(d) && d.Case.Unread():
		v.Next.Legend = t.legendText(next)
		return v
	}
	v.Summary = p.summary(t.text, d)
	v.Causes = p.causesView(t, d)
	v.Drawn = visitPictures(d.Visits, p.o.Lang)
	v.Steps = p.stepsView(t, d)
	v.NeedsTitle = t.say(wDecide)
	for _, n := range needs(d) {
		v.Needs = labelled(v.Needs, needed(n.What), textItem(n.Says.In(p.o.Lang)))
	}
	v.Next.Legend, v.Next.Cost = t.legendText(withSteps(next, d)), t.cost(d.Queries.Unique, d.Elapsed)
	return v
}

// causesView is the table of causes.
func (p *diagnoses) causesView(t webText, d *guide.Diagnosis) tableView {
	l := p.o.Lang
	v := tableView{Title: t.tr("causes", "要因"), Stack: true}
	v.Heads = []string{t.tr("cause", "要因"), t.tr("verdict", "判定"), t.tr("evidence", "根拠")}
	for _, o := range d.Outcomes {
		if o.Suspected {
			row := cells(o.Cause.Title.In(l), "", strings.Join(proofs(o, l), " · "))
			row[1].markedView = markedLine(outcomeMark(o), outcomeText(o).In(l))
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}

// stepsView are the steps, with the records to publish.
func (p *diagnoses) stepsView(t webText, d *guide.Diagnosis) stepsView {
	v := stepsView{Title: p.heading(d)}
	for _, s := range d.Steps {
		step := stepView{Text: stepText(s.Remedy, p.o.Lang)}
		for _, f := range s.Fixes {
			for _, rec := range f.Records {
				step.Changes = append(step.Changes, changeView{Was: replaced(f, rec), New: t.copyable("", masterLine(rec))})
			}
			if len(f.Records) == 0 {
				step.Changes = append(step.Changes, changeView{Text: fixText(f, p.o.Lang)})
			}
		}
		if live := p.ttlText(s); live != "" {
			step.Notes = append(step.Notes, live)
		}
		if !s.Check.IsZero() {
			step.Command = t.command(commandLabel(s.Check).In(p.o.Lang), s.Check)
		}
		v.Steps = append(v.Steps, step)
	}
	if later := p.later(d); later != "" {
		v.After = []string{later}
	}
	return v
}

// groupsView are several diagnoses by their cause.
type groupsView struct {
	Failures string
	Groups   []groupView
}

type groupView struct {
	Title       string
	Says, Mails []markedView
	Steps       stepsView
}

func (p *diagnoses) groupsView() groupsView {
	t := makeWebText(p.o)
	v := groupsView{}
	if p.o.Failed > 1 {
		v.Failures = fill(failuresText, codes.Data{codes.Num("failures", p.o.Failed)}, p.o.Lang)
	}
	for _, g := range p.sorted() {
		x := groupView{Title: g.counted(p.o.Lang) + g.title(p.o.Lang), Says: t.sample(g.says), Mails: t.sample(g.mails)}
		if g.cause != nil {
			x.Steps = p.stepsView(t, g.first)
		}
		v.Groups = append(v.Groups, x)
	}
	return v
}

// sample is the first of a list, with the number of the rest.
func (t webText) sample(list sampleLines) []markedView {
	out := plainLines(list.shown)
	for i := range out {
		out[i].Text = shown(out[i].Text)
	}
	if n := list.more(); n > 0 {
		out = append(out, markedView{Text: t.say(wMore, codes.Num("n", n))})
	}
	return out
}
