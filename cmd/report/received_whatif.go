package report

import (
	"strconv"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/sources"
)

// verdictText answers whether a policy may be published.
func verdictText(v sources.Verdict) (diag.Status, codes.Text) {
	switch v {
	case sources.Safe:
		return diag.OK, codes.Text{EN: "safe: almost none of your mail would be lost", JA: "安全です(失われる自社のメールはほとんどありません)"}
	case sources.After:
		return diag.Fail, codes.Text{EN: "safe after the steps below", JA: "下記の対応を終えれば安全です"}
	case sources.Never:
	}
	return diag.Warn, codes.Text{EN: "not yet", JA: "まだ変更しないでください"}
}

// whatIf makes the part of a policy that is only meant.
func (p *receivedPage) whatIf(d *sources.Domain) {
	o := d.WhatIf
	if o == nil {
		return
	}
	status, says := verdictText(o.Verdict)
	p.marked(2, status, fill(codes.Text{EN: "What if {policy}: {verdict} ({sure})", JA: "{policy} にした場合: {verdict}({sure})"},
		codes.Data{codes.Str("policy", policyTags(o.Policy, o.Pct)), codes.Words("verdict", says), codes.Words("sure",
			sureText(o.Sure))}, p.o.Lang))
	p.lost(o, codes.Text{EN: "of yours", JA: "自社のメール"}, o.Ours, o.OursMails)
	if o.Perhaps.Lost > 0 {
		p.lost(o, codes.Text{EN: "of unknown senders that may be yours", JA: "自社の可能性がある不明のメール"}, o.Perhaps, 0)
	}
	if rest := o.Unknown.Lost - o.Perhaps.Lost; rest > 0 {
		p.lost(o, codes.Text{EN: "of other unknown senders", JA: "その他の不明のメール"}, sources.Loss{Lost: rest}, 0)
	}
	p.lost(o, codes.Text{EN: "passed on by forwarders and lists", JA: "転送・メーリングリスト経由のメール"}, o.Forwarders, 0)
	p.add(codes.Text{EN: "{n} forged mails would be stopped", JA: "なりすましのメール{n}件を止められます"}, figure("n", o.Forgers.Lost))
	p.before(o)
	for _, x := range o.Doubts {
		p.add(codes.Text{EN: "less sure: {why}", JA: "判断を弱める点: {why}"}, codes.Words("why", doubtText(x)))
	}
	if len(o.Steps) > 0 {
		p.add(codes.Text{EN: "What to do first (for one group, DKIM or SPF alone is enough):", JA: "先に行うこと(1つの送信元には、DKIMかSPFのどちらかで十分です):"})
	}
	for i, s := range o.Steps {
		if i == maxSteps*2 {
			p.add(codes.Text{EN: "… and {n} more steps (--format json)", JA: "ほか{n}件の対応(--format json で表示)"}, codes.Num("n", len(o.Steps)-i))
			break
		}
		p.addWith(s.Command, codes.Text{EN: "{no}. {operator} · {what}", JA: "{no}. {operator} · {what}"}, codes.Num("no", i+1),
			codes.Words("operator", operatorText(s.Group.Operator)), codes.Words("what", filled(mendText(s.Mend), mendData(s.Mend)...)))
	}
}

// lost says how many mails of a kind a policy costs.
func (p *receivedPage) lost(o *sources.Outcome, what codes.Text, l sources.Loss, all int64) {
	part := codes.Text{}
	if all > 0 {
		s := share(l.Lost, all)
		part = codes.Text{EN: ", " + s + " of them", JA: "、その" + s}
	}
	p.add(codes.Text{EN: "lost, {what}: {n} mails ({day} a day{part})", JA: "失われる{what}: {n}件(1日あたり{day}件{part})"}, codes.Words("what", what),
		figure("n", l.Lost), codes.Str("day", perDay(o.PerDay(l.Lost))), codes.Words("part", part))
}

// perDay is a number of mails a day.
func perDay(n float64) string {
	switch {
	case n >= 10 || n == 0:
		return thousands(int64(n + 0.5))
	case n < 0.1:
		return "<0.1"
	}
	return strconv.FormatFloat(n, 'f', 1, 64)
}

// before says what is not lost again.
func (p *receivedPage) before(o *sources.Outcome) {
	sum := o.Ours
	for _, l := range []sources.Loss{o.Forwarders, o.Unknown} {
		sum.Already, sum.Harder = sources.Add(sum.Already, l.Already), sources.Add(sum.Harder, l.Harder)
		sum.Overridden, sum.Mended = sources.Add(sum.Overridden, l.Overridden), sources.Add(sum.Mended, l.Mended)
	}
	for _, x := range []struct {
		n    int64
		says codes.Text
	}{
		{sum.Already, codes.Text{EN: "not counted: {n} that the policy of their time put aside or refused already",
			JA: "数えていないもの: 当時のポリシーですでに隔離・拒否されたメール{n}件"}},
		{sum.Harder, codes.Text{EN: "put aside already, and refused then: {n}", JA: "すでに隔離され、今後は拒否されるメール: {n}件"}},
		{sum.Overridden, codes.Text{EN: "not counted: {n} that receivers let pass for a reason of their own",
			JA: "数えていないもの: 受信側が独自の判断で受け取ったメール{n}件"}},
		{sum.Mended, codes.Text{EN: "not counted: {n} whose source the SPF record names by now", JA: "数えていないもの: 現在はSPFレコードに含まれる送信元のメール{n}件"}},
	} {
		if x.n > 0 {
			p.add(x.says, figure("n", x.n))
		}
	}
}

// doubtText says what makes an outcome less sure.
func doubtText(d sources.Doubt) codes.Text {
	n := figure("n", d.N)
	switch d.ID {
	case sources.ShortTime:
		return filled(codes.Text{EN: "the reports are of {n} {day}; two weeks are the least", JA: "レポートの期間が{n}日だけです(最低2週間が目安)"},
			n, codes.Str("day", noun("day", d.N)))
	case sources.MissingDays:
		return filled(codes.Text{EN: "days without a report: {n}", JA: "レポートのない日が{n}日あります"}, n)
	case sources.OldReports:
		return filled(codes.Text{EN: "the last report is of {day}, some days ago", JA: "最後のレポートが数日以上前({day})のものです"},
			codes.List("day", d.Names))
	case sources.OneReporter:
		return codes.Text{EN: "only one reporter", JA: "報告者が1つだけです"}
	case sources.BigMissing:
		return filled(codes.Text{EN: "no report from {list}", JA: "{list} からのレポートがありません"}, codes.List("list", d.Names))
	case sources.BigPartly:
		return filled(codes.Text{EN: "the reports from {list} are of less than half of the time", JA: "{list} のレポートは期間の半分未満しかありません"},
			codes.List("list", d.Names))
	case sources.ManyUnknown:
		return filled(codes.Text{EN: "{n} mails of unknown senders would be lost", JA: "不明の送信元のメール{n}件が失われます"}, n)
	case sources.UnaskedDNS:
		return codes.Text{EN: "DNS was not asked, or did not answer", JA: "DNSで調べていないか、応答がありませんでした"}
	case sources.PolicyUnheard:
		return codes.Text{EN: "the record that is published now has another policy than the last reports tell",
			JA: "現在公開されているレコードのポリシーが、最新のレポートの時点と異なります"}
	case sources.BeyondBound:
	}
	return filled(codes.Text{EN: "{n} mails are in no group", JA: "どの分類にも含まれないメールが{n}件あります"}, n)
}

// tls makes the part of TLS reports about a domain.
func (p *receivedPage) tls(d *sources.TLSDomain) {
	status := diag.OK
	if d.Failed > 0 {
		status = diag.Fail
	}
	p.marked(1, status, fill(codes.Text{EN: "TLS to {domain}: {bad} of {all} sessions failed", JA: "{domain} へのTLS: {all}セッション中{bad}件が失敗"},
		codes.Data{codes.Str("domain", resolve.ToUnicode(d.Name)), figure("bad", d.Failed),
			figure("all", sources.Add(d.Failed, d.Successful))}, p.o.Lang))
	names := firstOf(d.Reporters, shownNames, func(r sources.TLSReporter) string { return shown(r.Org) })
	p.add(codes.Text{EN: "{n} {report}{period}, of {names}; policies: {policies}", JA: "レポート{n}件{period}、報告者: {names}、ポリシー: {policies}"},
		figure("n", d.Reports), codes.Str("report", noun("report", d.Reports)), codes.Words("period", period(d.First, d.Last)),
		codes.List("names", names), codes.List("policies", d.Policies))
	for i, f := range d.Failures {
		if i == shownSources {
			p.add(codes.Text{EN: "… and {n} more (--format json)", JA: "ほか{n}件(--format json で表示)"}, codes.Num("n", len(d.Failures)-i))
			break
		}
		host := ""
		if f.Host != "" {
			host = " (" + shown(f.Host) + ")"
		}
		p.addWith(f.Command, codes.Text{EN: "{n} {type}{host}: {what}", JA: "{n}件 {type}{host}: {what}"}, figure("n", f.Sessions), codes.Str("type", f.Type),
			codes.Str("host", host), codes.Words("what", f.Says()))
	}
	if d.More > 0 {
		p.add(codes.Text{EN: "failures of further kinds and hosts, beyond the bound: {n}", JA: "種類とホストの上限を超え、内訳のない失敗: {n}件"},
			figure("n", d.More))
	}
}
