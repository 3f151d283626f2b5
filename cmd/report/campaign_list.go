package report

import (
	"slices"
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/content"
)

// recipients prints who the recipients are, and which of them are wrong or suspicious.
func (p campaignPage) recipients() {
	c := p.a.Census
	if c == nil {
		return
	}
	p.para("", 0, p.censusWords())
	for _, s := range c.Suspects {
		status, says := p.suspectWords(s)
		p.page.Para(append(page.Words("  "), mark(status)).Then(" "), 4, page.Words(says))
	}
	if c.Cut {
		p.para("  ", 2, p.listTooLong())
	}
	p.line("")
}

// censusWords say how many recipients there are, and how many of them can get mail.
func (p campaignPage) censusWords() string {
	c := p.a.Census
	says := codes.Text{EN: "Recipients: {total}, of which {n} can get mail", JA: "宛先: {total}件(うち送信できるもの{n}件)"}
	unknown := c.Suspected(campaign.FaultUnknown)
	if unknown > 0 {
		says = codes.Text{EN: "Recipients: {total}, of which {n} can get mail, and of {unknown} it is not known",
			JA: "宛先: {total}件(うち送信できるもの{n}件、確認できないもの{unknown}件)"}
	}
	return filled(says, figure("total", int64(c.Total)), figure("n", int64(c.Usable-unknown)), figure("unknown", int64(unknown))).In(p.o.Lang)
}

// listTooLong says that not all that stand twice were found.
func (p campaignPage) listTooLong() string {
	return p.tr("the list is too long to find all that stand twice", "リストが長いため、重複のすべては確認できません")
}

// suspectWords are what is wrong with recipients, with examples.
func (p campaignPage) suspectWords(s campaign.Suspect) (status diag.Status, says string) {
	status = diag.Warn
	switch s.Fault {
	case campaign.FaultUnknown:
		status = diag.Unknown
	case campaign.FaultRole:
		status = diag.Info
	}
	var examples []string
	for _, e := range s.Examples {
		says := page.Clean(e.Address)
		if e.Meant != "" {
			says += " → " + e.Meant + "?"
		}
		if e.Line > 0 {
			says += p.tr(" (line "+strconv.Itoa(e.Line)+")", "("+strconv.Itoa(e.Line)+"行目)")
		}
		examples = append(examples, says)
	}
	single := func(e campaign.Example) bool { return strings.Contains(e.Address, "@") } // no domain with all its recipients
	if s.Count > len(s.Examples) && (slices.ContainsFunc(s.Examples, single) || len(s.Examples) == campaign.MaxExamples) {
		examples = append(examples, "…")
	}
	return status, thousands(int64(s.Count)) + p.tr(" ", "件 ") + suspectText(s.Fault).In(p.o.Lang) + ": " +
		shown(strings.Join(examples, comma(p.o.Lang)))
}

// placeholders lists what nobody filled in.
func (p campaignPage) placeholders() {
	for _, x := range p.a.Placeholders {
		status, says := p.leftIn(x)
		p.page.Para(marked(status, ""), 2, page.Words(says))
	}
	if len(p.a.Placeholders) > 0 {
		p.line("")
	}
}

// leftIn says of a placeholder where nobody filled it in.
func (p campaignPage) leftIn(x content.Placeholder) (status diag.Status, says string) {
	return diag.Warn, fill(codes.Text{EN: "{text} is left in ({place}, line {line}): {excerpt}", JA: "{text} が置き換えられていません({place} {line}行目): {excerpt}"},
		codes.Data{codes.Str("text", x.Text), codes.Str("place", x.Place), codes.Num("line", x.Line),
			codes.Str("excerpt", x.Excerpt)}, p.o.Lang)
}

// pace prints how the mail may be spread.
func (p campaignPage) pace() {
	if len(p.a.Pace) == 0 {
		return
	}
	p.line(p.paceTitle())
	lines := p.paceLines()
	for i, line := range lines {
		column := 4
		if i == len(lines)-1 { // it is about all of them
			column = 2
		}
		p.para("  ", column, line)
	}
	p.line("")
}

func (p campaignPage) paceTitle() string { return p.tr("Pace", "送信ペース") }

// paceLines are the paces of the providers, and what to mind at all of them.
func (p campaignPage) paceLines() (out []string) {
	if len(p.a.Pace) == 0 {
		return nil
	}
	for _, x := range p.a.Pace {
		out = append(out, paceText(x).In(p.o.Lang))
	}
	return append(out, codes.Text{EN: "How much a provider takes from whom is published nowhere. Where a reply 4xx comes, pause 10 minutes and go on with one connection.",
		JA: "事業者がどの送信元からどれだけ受け取るかは公表されていません。4xxの応答が返ったら10分休み、1接続から再開してください。"}.In(p.o.Lang))
}

// paceText is the pace of one provider in a sentence.
func paceText(x campaign.Pace) codes.Text {
	volume := thousands(int64(x.Volume))
	en, ja := []string{x.Name.EN + ": " + volume + " mails a day"}, []string{x.Name.JA + ": 1日" + volume + "通"}
	add := func(n int, says codes.Text) {
		if n > 0 {
			says = filled(says, figure("n", int64(n)))
			en, ja = append(en, says.EN), append(ja, says.JA)
		}
	}
	add(x.Connections, codes.Text{EN: "{n} connections at a time at most", JA: "同時接続は{n}まで"})
	add(x.Each, codes.Text{EN: "{n} mails in one connection", JA: "1接続{n}通まで"})
	add(x.Recipients, codes.Text{EN: "{n} recipients in one mail", JA: "1通{n}宛先まで"})
	if len(en) > 1 && !x.Published {
		en[len(en)-1] += " (not published)"
		ja[len(ja)-1] += "(公表値ではありません)"
	}
	if len(x.Days) > 1 {
		var days []string
		for i, n := range x.Days {
			if i == 3 && len(x.Days) > 5 {
				days = append(days, "…")
			}
			if i < 3 || i >= len(x.Days)-1 || len(x.Days) <= 5 {
				days = append(days, thousands(int64(n)))
			}
		}
		en = append(en, "from a new address "+strings.Join(days, ", ")+" over "+strconv.Itoa(len(x.Days))+" days")
		ja = append(ja, "新しいIPアドレスからは"+strconv.Itoa(len(x.Days))+"日かけて "+strings.Join(days, "、")+" 通")
	}
	return codes.Text{EN: strings.Join(en, "; "), JA: strings.Join(ja, "、")}
}

// next names the command to look again.
func (p campaignPage) next() {
	if len(p.a.Fixes) > 0 && !p.o.Again.IsZero() {
		p.commandAfter(p.lookAgain()+":", p.o.SameWorld(p.o.Again))
	}
}

// lookAgain stands before the command that looks again.
func (p campaignPage) lookAgain() string {
	return p.tr("Look again after the change", "変更後にもう一度確認")
}
