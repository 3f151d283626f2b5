package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/campaign"
)

// campaignView is a campaign as its template shows it.
type campaignView struct {
	Name, Class, Status, Answer, Cost string
	Providers                         tableView
	AnswersTitle                      string
	Answers                           []campaignAnswerView
	Fixes                             stepsView
	Unknowns, Placeholders            []markedView
	Census                            string
	Suspects                          []markedView
	PaceTitle                         string
	Pace                              []markedView
	Requirements                      tableView // all that is asked for
	Next                              copyView
}

// campaignAnswerView is what a provider would answer.
type campaignAnswerView struct {
	Provider string
	Lines    []markedView
}

func campaignHTML(a *campaign.Assessment, o Options) campaignView {
	t := makeWebText(o)
	p := campaignPage{t.text, a}
	v := campaignView{Name: a.Target.Name, Class: a.Status().String(), Status: statusText(a.Status()).In(o.Lang),
		Answer: campaignAnswer(a).In(o.Lang), Cost: p.cost(a.Queries.Unique, a.Elapsed), AnswersTitle: p.answersTitle(),
		PaceTitle: p.paceTitle()}
	v.Providers = p.providersView()
	for _, s := range a.Providers {
		x := campaignAnswerView{Provider: p.providerLine(s)}
		for _, r := range a.Requirements {
			if r.Provider == s.ID && r.Status == campaign.Fail {
				x.Lines = append(x.Lines, markedLine(r.Counts(), p.wouldSay(r)+" · "+asked(r).In(o.Lang)))
			}
		}
		if len(x.Lines) > 0 {
			v.Answers = append(v.Answers, x)
		}
	}
	v.Fixes = p.fixesView(t)
	for _, s := range p.undecided() {
		line := markedLine(s.status, s.says)
		if s.because != "" {
			line.Text += " · " + s.because
		}
		v.Unknowns = append(v.Unknowns, line)
	}
	for _, x := range a.Placeholders {
		v.Placeholders = append(v.Placeholders, markedLine(p.leftIn(x)))
	}
	v.Census, v.Suspects = p.censusView()
	v.Pace = plainLines(p.paceLines())
	v.Requirements = p.requirementsView()
	if len(a.Fixes) > 0 && !o.Again.IsZero() {
		v.Next = t.command(p.lookAgain(), o.Again)
	}
	return v
}

// providersView is the table of providers.
func (p campaignPage) providersView() tableView {
	v := tableView{Title: p.tr("providers", "事業者"), Heads: []string{p.tr("provider", "事業者")}}
	if p.a.Census != nil {
		v.Heads = append(v.Heads, p.tr("mails to", "宛先"))
	}
	for _, c := range campaignColumns() {
		v.Heads = append(v.Heads, c.title.In(p.o.Lang))
	}
	for _, s := range p.a.Providers {
		row := []cellView{{markedView: markedLine(s.Status, s.Name.In(p.o.Lang))}}
		if p.a.Census != nil {
			row = append(row, cells(thousands(int64(s.Recipients)))...)
		}
		for _, c := range campaignColumns() {
			sign := ""
			if status := c.cell(p.a, s.ID); status != "" {
				sign = campaignMark(status)
			}
			row = append(row, cells(sign)...)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// fixesView is what to change, in its order.
func (p campaignPage) fixesView(t webText) stepsView {
	v := stepsView{Title: p.fixesTitle()}
	for _, f := range p.a.Fixes {
		j := asFix(f, p.o)
		step := stepView{Text: wins(p.a, f, p.o.Lang) + shown(j.Message)}
		if j.Fix != "" {
			step.Changes = append(step.Changes, changeView{Text: shown(j.Fix)})
		}
		for _, rec := range j.Records {
			step.Changes = append(step.Changes, changeView{New: t.copyable("", masterLine(rec))})
		}
		if who := p.fixWho(f, j); who != "" {
			step.Notes = append(step.Notes, who)
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// censusView says who the recipients are, and which of them are wrong or suspicious.
func (p campaignPage) censusView() (says string, suspects []markedView) {
	if p.a.Census == nil {
		return "", nil
	}
	for _, s := range p.a.Census.Suspects {
		suspects = append(suspects, markedLine(p.suspectWords(s)))
	}
	if p.a.Census.Cut {
		suspects = append(suspects, markedView{Text: p.listTooLong()})
	}
	return p.censusWords(), suspects
}

// requirementsView is the table of all that is asked for.
func (p campaignPage) requirementsView() tableView {
	v := tableView{Title: p.tr("Everything that is asked for", "要件の一覧"), Stack: true}
	v.Heads = []string{p.tr("provider", "事業者"), p.tr("asks for", "要件"), p.tr("status", "判定"),
		p.tr("would answer", "予想される応答"), p.tr("code", "配信コード")}
	names := map[string]codes.Text{}
	for _, s := range p.a.Providers {
		names[s.ID] = s.Name
	}
	for _, r := range p.a.Requirements {
		j := asRequirement(r, p.o)
		reply := ""
		if r.Status == campaign.Fail {
			reply = breachText(r.Breach).In(p.o.Lang)
		}
		if j.Reply != "" {
			reply = shown(j.Reply)
		}
		v.Rows = append(v.Rows, cells(page.Clean(names[r.Provider].In(p.o.Lang)), needText(r.Fact.Needs).In(p.o.Lang),
			campaignMark(r.Status)+" "+shown(j.Message), reply, r.DeliveryCode))
	}
	return v
}

// campaignTitle is what a page of a campaign is called.
var campaignTitle = codes.Text{EN: "Campaign", JA: "キャンペーンの事前確認"}
