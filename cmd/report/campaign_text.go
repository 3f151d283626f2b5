package report

import (
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/provider"
)

// campaignPage prints a campaign for people: the answer, the table of providers, what each would answer, what to change in which
// order, the recipients, the pace.
type campaignPage struct {
	*text
	a *campaign.Assessment
}

func campaignText(w *page.Out, o Options, a *campaign.Assessment) error {
	p := campaignPage{makeText(w, o.WithWidth()), a}
	p.head()
	p.table()
	p.answers()
	p.fixes()
	p.unknowns()
	p.placeholders()
	p.recipients()
	p.pace()
	p.next()
	return p.page.Flush()
}

// head prints the answer, with what it took.
func (p campaignPage) head() {
	status := p.a.Status()
	p.page.Line(append(page.Words(page.Clean(p.a.Target.Name)+"  "), verdict(status, statusText(status).In(p.o.Lang))))
	p.para("  ", 2, campaignAnswer(p.a).In(p.o.Lang)+" "+p.cost(p.a.Queries.Unique, p.a.Elapsed))
	p.line("")
}

// campaignAnswer is the sentence that answers: who will not take the mail.
func campaignAnswer(a *campaign.Assessment) codes.Text {
	refused, recipients, open := 0, 0, 0
	for _, s := range a.Providers {
		switch s.Status {
		case diag.Fail:
			refused++
			recipients += s.Failing
		case diag.Unknown:
			open++
		}
	}
	n, all := figure("n", int64(refused)), figure("all", int64(len(a.Providers)))
	switch {
	case a.Census != nil && a.Census.Total > 0 && a.Census.Usable == 0:
		return codes.Text{EN: "None of the recipients can get mail.", JA: "送信できる宛先がありません。"}
	case refused > 0 && recipients > 0:
		return filled(codes.Text{EN: "{n} of {all} providers ask for something that is missing ({recipients} recipients).", JA: "{all}事業者のうち{n}事業者の要件を満たしていません(宛先{recipients}件)。"},
			n, all, figure("recipients", int64(recipients)))
	case refused > 0:
		return filled(codes.Text{EN: "{n} of {all} providers ask for something that is missing.", JA: "{all}事業者のうち{n}事業者の要件を満たしていません。"}, n, all)
	case open > 0:
		return filled(codes.Text{EN: "Not all could be looked at: {n} of {all} providers cannot be judged.", JA: "確認できない項目があり、{all}事業者のうち{n}事業者は判断できません。"}, figure("n", int64(open)), all)
	case len(a.Providers) == 0:
		return codes.Text{EN: "There is no recipient whose provider is known.", JA: "事業者の分かる宛先がありません。"}
	}
	return filled(codes.Text{EN: "All that can be checked from here is in place, for {all} providers.", JA: "{all}事業者について、確認できる要件をすべて満たしています。"}, all)
}

// column is a column of the table, with what it shows.
type campaignColumn struct {
	title codes.Text
	needs string // blank-separated
}

func campaignColumns() []campaignColumn {
	return []campaignColumn{
		{codes.Same("SPF"), "spf spf_not_fail spf_from"},
		{codes.Same("DKIM"), "dkim key_bits"},
		{codes.Text{EN: "either", JA: "一方"}, "spf_or_dkim spf_and_dkim"},
		{codes.Same("DMARC"), "dmarc dmarc_pass dmarc_policy"},
		{codes.Text{EN: "align", JA: "一致"}, "alignment dkim_alignment"},
		{codes.Text{EN: "PTR", JA: "逆引"}, "ptr ptr_named helo"},
		{codes.Same("TLS"), "tls"},
		{codes.Same("DNS"), "dns dns_mx"},
		{codes.Text{EN: "mail", JA: "本文"}, "one_click list_unsubscribe unsubscribe format address size line"},
	}
}

// The widths of the table, in columns.
const (
	campaignName   = 22
	campaignNumber = 10
)

// cell is the worst status of what a column shows for a provider; "" where nothing is asked.
func (c campaignColumn) cell(a *campaign.Assessment, id string) campaign.Status {
	var worst campaign.Status
	rank := map[campaign.Status]int{"": 0, campaign.NotApplicable: 1, campaign.Pass: 2, campaign.Unknown: 3, campaign.Fail: 4}
	for _, r := range a.Requirements {
		if r.Provider == id && hasWord(c.needs, r.Fact.Needs) && rank[r.Status] > rank[worst] {
			worst = r.Status
		}
	}
	return worst
}

func hasWord(list, word string) bool { return strings.Contains(" "+list+" ", " "+word+" ") }

// table prints a row for each provider. On a narrow screen the columns go below each other, so only what is wrong is told.
func (p campaignPage) table() {
	if len(p.a.Providers) == 0 || p.page.Width < 78 {
		return
	}
	numbers := p.a.Census != nil
	head := p.page.Pad(p.tr("provider", "事業者"), campaignName)
	if numbers {
		head += p.right(p.tr("mails to", "宛先"), campaignNumber-2) + " "
	}
	for _, c := range campaignColumns() {
		head += " " + c.title.In(p.o.Lang)
	}
	p.line("  " + head)
	for _, s := range p.a.Providers {
		row := page.Styled{mark(s.Status)}.Then(" " + p.page.Pad(p.cut(s.Name.In(p.o.Lang), campaignName-1), campaignName))
		if numbers {
			row = row.Then(p.right(thousands(int64(s.Recipients)), campaignNumber-2) + " ")
		}
		for _, c := range campaignColumns() {
			status := c.cell(p.a, s.ID)
			sign := ""
			if status != "" {
				sign = campaignMark(status)
			}
			row = row.Then(" " + p.page.Pad(sign, p.page.StringWidth(c.title.In(p.o.Lang))))
		}
		p.page.Line(row)
	}
	p.line("")
}

func (p campaignPage) right(s string, width int) string {
	return strings.Repeat(" ", max(width-p.page.StringWidth(s), 0)) + s
}

// cut is a name within a width.
func (p campaignPage) cut(s string, width int) string {
	if p.page.StringWidth(s) <= width {
		return s
	}
	return p.page.Truncate(s, width, "…")
}

// answers prints what each provider would say, those first that have the most recipients.
func (p campaignPage) answers() {
	first := true
	for _, s := range p.a.Providers {
		named := false
		for _, r := range p.a.Requirements {
			if r.Provider != s.ID || r.Status != campaign.Fail {
				continue
			}
			if first {
				p.line(p.answersTitle())
				first = false
			}
			if !named {
				p.line("  " + p.providerLine(s))
				named = true
			}
			p.answer(r)
		}
	}
	if !first {
		p.line("")
	}
}

// providerLine names a provider with its recipients.
func (p campaignPage) providerLine(s campaign.Standing) string {
	if p.a.Census == nil {
		return s.Name.In(p.o.Lang)
	}
	return s.Name.In(p.o.Lang) + p.tr(" ("+thousands(int64(s.Recipients))+")", "("+thousands(int64(s.Recipients))+"件)")
}

// answer prints one requirement that is not met: what is missing, what follows, by which source.
func (p campaignPage) answer(r *campaign.Requirement) {
	head := append(page.Words("    "), mark(r.Counts())).Then(" ")
	p.page.Para(head, 6, page.Words(p.wouldSay(r)))
	p.para("", 6, asked(r).In(p.o.Lang))
}

func (p campaignPage) answersTitle() string {
	return p.tr("What they would answer", "予想される応答")
}

// wouldSay is what is missing, and what follows.
func (p campaignPage) wouldSay(r *campaign.Requirement) string {
	says := needText(r.Fact.Needs).In(p.o.Lang) + ": " + breachText(r.Breach).In(p.o.Lang)
	if r.Reply.Is() {
		says = needText(r.Fact.Needs).In(p.o.Lang) + ": " + shown(r.Reply.String()) + p.tr(" (", "(") +
			replyCertaintyText(r.Reply.Certainty).In(p.o.Lang) + p.tr(")", ")")
	}
	if r.DeliveryCode != "" {
		says += " → " + r.DeliveryCode
	}
	return says
}

// asked says what rests on what: the demand's level, source and day.
func asked(r *campaign.Requirement) codes.Text {
	level := codes.Text{EN: "required", JA: "必須"}
	if r.Fact.Level == provider.Recommended {
		level = codes.Text{EN: "recommended", JA: "推奨"}
	}
	if r.Fact.Since != "" {
		level = codes.Text{EN: level.EN + " since " + r.Fact.Since, JA: r.Fact.Since + "から" + level.JA}
	}
	return codes.Text{EN: level.EN + " · " + r.Source.Title.EN + " · checked " + r.Source.Checked, JA: level.JA + " · " + r.Source.Title.JA + " · 確認日 " + r.Source.Checked}
}

// fixes prints what to change, the change that wins the most recipients first.
func (p campaignPage) fixes() {
	if len(p.a.Fixes) == 0 {
		return
	}
	p.line(p.fixesTitle())
	for i, f := range p.a.Fixes {
		number := "  " + strconv.Itoa(i+1) + ". "
		j := asFix(f, p.o)
		p.para(number, len(number), wins(p.a, f, p.o.Lang)+shown(j.Message))
		if j.Fix != "" {
			p.para("", len(number), shown(j.Fix))
		}
		for _, rec := range j.Records {
			p.page.Line(page.Styled{{Text: strings.Repeat(" ", len(number))}, {Text: masterLine(rec), Colour: page.Green}})
		}
		if who := p.fixWho(f, j); who != "" {
			p.para("", len(number), who)
		}
	}
	p.line("")
}

func (p campaignPage) fixesTitle() string {
	return p.tr("Do this, in this order", "対策(効果の大きい順)")
}

// fixWho says who can make a change, and by which rule; "" of what is no finding.
func (p campaignPage) fixWho(f campaign.Fix, j fixJSON) string {
	if f.Finding == nil {
		return ""
	}
	zone := ownZone(f.Finding.Subject)
	if len(j.Records) > 0 {
		zone = ownZone(j.Records[0].Name)
	} else if !strings.Contains(zone, ".") {
		zone = p.a.Target.Name
	}
	return p.say(wWho) + " " + fill(ownerText(j.Owner), codes.Data{codes.Str("zone", zone)}, p.o.Lang) + " · " + j.Rule
}

// wins says how many recipients a change wins.
func wins(a *campaign.Assessment, f campaign.Fix, l codes.Lang) string {
	switch {
	case a.Census == nil:
		return ""
	case f.Wins > 0:
		return filled(codes.Text{EN: "wins {n} recipients: ", JA: "宛先{n}件に効果: "}, figure("n", int64(f.Wins))).In(l)
	}
	return filled(codes.Text{EN: "advised for {n} recipients: ", JA: "宛先{n}件で推奨: "}, figure("n", int64(f.Advised))).In(l)
}

// unknowns lists what could not be decided.
func (p campaignPage) unknowns() {
	list := p.undecided()
	for _, s := range list {
		p.page.Para(marked(s.status, ""), 2, page.Words(s.says))
		if s.because != "" {
			p.para("", 4, s.because)
		}
	}
	if len(list) > 0 {
		p.line("")
	}
}

// undecidedDemand is what could not be decided, and what kept us from it.
type undecidedDemand struct {
	status        diag.Status
	says, because string
}

// undecided are they, each sentence once.
func (p campaignPage) undecided() (out []undecidedDemand) {
	seen := map[string]bool{}
	for _, r := range p.a.Requirements {
		if r.Status != campaign.Unknown {
			continue
		}
		says := needText(r.Fact.Needs).In(p.o.Lang) + ": " + fill(r.Why.Text, r.Why.Args, p.o.Lang)
		if seen[says] {
			continue
		}
		seen[says] = true
		x := undecidedDemand{status: diag.Unknown, says: says}
		if r.Err != nil {
			x.because = shown(unansweredText(failures(r.Err, p.o.Lang)[0]).In(p.o.Lang))
		}
		out = append(out, x)
	}
	return out
}
