package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// reportMarkdown writes a report for a ticket or a pull request: the verdict, a table of the checks, then what is wrong with
// the records to publish.
func reportMarkdown(w *page.Out, o Options, r *diag.Report) error {
	m := page.NewMarkdown(w)
	md := func(en, ja string) page.MD { return page.Escaped(codes.Text{EN: en, JA: ja}.In(o.Lang)) }
	name, status, counts := verdictOn(r, o.Lang)
	m.Put("**%s: %s** %s\n\n", page.Escaped(name), page.Escaped(status), page.Escaped(counts))
	m.Row("", md("check", "検査"), md("result", "結果"))
	m.Put("|---|---|---|\n")
	for _, res := range r.Results {
		m.Row(page.Escaped(mark(res.Status()).Text), page.Escaped(res.Check.Title.In(o.Lang)), page.Escaped(resultText(res).In(o.Lang)))
	}
	for _, x := range rowsOf(r, o.Lang) {
		if x.Rule == nil && x.Status != diag.Unknown || x.Turn == diag.TurnMended {
			continue
		}
		m.Put("\n%s **%s** %s\n", page.Escaped(x.mark()), page.Escaped(x.Check.Title.In(o.Lang)), page.Escaped(shown(x.Message)))
		if x.Excepted != "" {
			m.Put("\n- %s\n", page.Escaped(shown(x.Excepted)))
		}
		if x.Ignored {
			m.Put("- %s · %s\n", page.Code(x.Rule.ID), page.Escaped(x.Rule.Ref))
		}
		if x.Rule == nil || x.Ignored {
			continue
		}
		m.Put("\n- %s: %s\n- %s: %s\n", page.Escaped(dictionary()[wWhy].In(o.Lang)), page.Escaped(shown(x.Why)),
			page.Escaped(dictionary()[wFix].In(o.Lang)), page.Escaped(shown(x.Fix)))
		for _, line := range x.lines() {
			m.Put("- %s\n", page.Code(line))
		}
		m.Put("- %s: %s\n- %s · %s\n", page.Escaped(dictionary()[wWho].In(o.Lang)),
			page.Escaped(fill(ownerText(x.Owner), codes.Data{codes.Str("zone", x.zone())}, o.Lang)), page.Code(x.Rule.ID), page.Escaped(x.Rule.Ref))
	}
	if v := whatIfWords(r, o.Lang); v.Head != "" {
		m.Put("\n**%s**\n\n", page.Escaped(v.Head))
		for _, line := range v.Lines {
			m.Put("- %s\n", page.Escaped(line.Text))
		}
	}
	return m.Flush()
}
