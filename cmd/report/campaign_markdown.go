package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/campaign"
)

// campaignMarkdown writes a campaign for a ticket: the answer, a table of what is asked for, what to change, the recipients.
func campaignMarkdown(w *page.Out, o Options, a *campaign.Assessment) error {
	m := page.NewMarkdown(w)
	md := func(en, ja string) page.MD { return page.Escaped(codes.Text{EN: en, JA: ja}.In(o.Lang)) }
	m.Put("**%s: %s** %s\n\n", page.Escaped(a.Target.Name), page.Escaped(statusText(a.Status()).In(o.Lang)),
		page.Escaped(campaignAnswer(a).In(o.Lang)))
	m.Row("", md("provider", "事業者"), md("recipients", "宛先"), md("asks for", "要件"),
		md("status", "判定"), md("would answer", "予想される応答"), md("code", "配信コード"))
	m.Put("|---|---|---|---|---|---|---|\n")
	names := map[string]campaign.Standing{}
	for _, s := range a.Providers {
		names[s.ID] = s
	}
	for _, r := range a.Requirements {
		j := asRequirement(r, o)
		answer := page.Escaped(breachText(r.Breach).In(o.Lang))
		switch {
		case j.Reply != "":
			answer = page.CodeCell(shown(j.Reply))
		case r.Status != campaign.Fail:
			answer = ""
		}
		m.Row(page.Escaped(campaignMark(r.Status)), page.Escaped(names[r.Provider].Name.In(o.Lang)), page.Escaped(recipientsCell(a, r)),
			page.Escaped(needText(r.Fact.Needs).In(o.Lang)), page.Escaped(shown(j.Message)), answer, page.Escaped(r.DeliveryCode))
	}
	for i, f := range a.Fixes {
		if i == 0 {
			m.Put("\n### %s\n\n", md("Do this, in this order", "対策(効果の大きい順)"))
		}
		number, indent := page.Item(i + 1)
		j := asFix(f, o)
		m.Put("%s%s", number, page.Escaped(wins(a, f, o.Lang)+shown(j.Message)))
		if j.Rule != "" {
			m.Put(" (%s)", page.Code(j.Rule))
		}
		m.Put("\n")
		if j.Fix != "" {
			m.Put("%s- %s\n", indent, page.Escaped(shown(j.Fix)))
		}
		for _, rec := range j.Records {
			m.Put("%s- %s\n", indent, page.Code(masterLine(rec)))
		}
	}
	for _, x := range a.Placeholders {
		m.Put("\n%s: %s", md("left in", "置き換えられていない箇所"), page.Code(x.Text))
	}
	suspectsMarkdown(m, a, o)
	for i, x := range a.Pace {
		if i == 0 {
			m.Put("\n### %s\n\n", md("Pace", "送信ペース"))
		}
		m.Put("- %s\n", page.Escaped(paceText(x).In(o.Lang)))
	}
	return m.Flush()
}

func recipientsCell(a *campaign.Assessment, r *campaign.Requirement) string {
	if a.Census == nil {
		return ""
	}
	return thousands(int64(r.Recipients))
}

func suspectsMarkdown(m *page.Markdown, a *campaign.Assessment, o Options) {
	if a.Census == nil || len(a.Census.Suspects) == 0 {
		return
	}
	m.Put("\n### %s\n\n", page.Escaped(codes.Text{EN: "Suspicious recipients", JA: "疑わしい宛先"}.In(o.Lang)))
	for _, s := range a.Census.Suspects {
		m.Put("- %s: %s", page.Escaped(suspectText(s.Fault).In(o.Lang)), page.Escaped(thousands(int64(s.Count))))
		for _, e := range s.Examples {
			m.Put(" %s", page.Code(e.Address))
		}
		m.Put("\n")
	}
}
