package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// classText is a class in a word.
func classText(c sources.Class, perhaps bool) codes.Text {
	switch {
	case c == sources.Ours:
		return codes.Text{EN: "ours", JA: "自社"}
	case c == sources.Forwarder:
		return codes.Text{EN: "forwarder", JA: "転送"}
	case c == sources.Forger:
		return codes.Text{EN: "forger", JA: "なりすまし"}
	case perhaps:
		return codes.Text{EN: "unknown, perhaps ours", JA: "不明(自社の可能性あり)"}
	}
	return codes.Text{EN: "unknown", JA: "不明"}
}

// sureText is how sure something is.
func sureText(s sources.Sure) codes.Text {
	switch s {
	case sources.High:
		return codes.Text{EN: "sure", JA: "確か"}
	case sources.Medium:
		return codes.Text{EN: "likely", JA: "おそらく"}
	case sources.Low:
	}
	return codes.Text{EN: "unsure", JA: "不確か"}
}

// operatorText names who runs the servers of a group.
func operatorText(o sources.Operator) codes.Text {
	name := o.Name
	switch o.Kind {
	case sources.Own:
		return filled(codes.Text{EN: "own servers of {name}", JA: "{name} の自社サーバー"}, codes.Words("name", name))
	case sources.Nobody:
		return codes.Text{EN: "various senders", JA: "送信元さまざま"}
	case sources.SmallerOne:
		return codes.Text{EN: "smaller groups together", JA: "小さいグループの合計"}
	case sources.Provider, sources.ByDomain, sources.ByNetwork:
	}
	return name
}

// statusOf is how a group is marked.
func statusOf(g *sources.Group) diag.Status {
	switch {
	case g.Fail == 0:
		return diag.OK
	case g.Class == sources.Ours:
		return diag.Fail
	case g.Class == sources.Unknown && g.Perhaps:
		return diag.Warn
	case g.Class == sources.Unknown:
		return diag.Unknown
	}
	return diag.Info
}

// groups makes the parts of the groups of a domain.
func (p *receivedPage) groups(d *sources.Domain) {
	var sums []string
	for _, c := range sources.Classes() {
		if s := d.ByClass[c]; s.Mails > 0 {
			sums = append(sums, fill(codes.Text{EN: "{class} {mails} ({fail} fail)", JA: "{class} {mails}件(失敗 {fail}件)"},
				codes.Data{codes.Words("class", classText(c, false)), figure("mails", s.Mails), figure("fail", s.Fail)}, p.o.Lang))
		}
	}
	if len(sums) == 0 {
		return
	}
	p.begin(2, p.tr("Who sends: ", "送信元: ")+strings.Join(sums, " · "))
	list := slices.Clone(d.Groups)
	slices.SortStableFunc(list, func(a, b *sources.Group) int { return weight(b) - weight(a) })
	for i, g := range list {
		if i == shownSources {
			p.begin(3, fmt.Sprintf(p.tr("… and %d smaller groups (--format json)", "ほか%dグループ(--format json で表示)"), len(list)-i))
			break
		}
		p.group(d, g)
	}
}

// weight puts those groups first that need a person.
func weight(g *sources.Group) int {
	switch {
	case g.Class == sources.Ours && g.Fail > 0:
		return 5
	case g.Perhaps:
		return 4
	case g.Class == sources.Ours:
		return 3
	case g.Class == sources.Unknown:
		return 2
	case g.Class == sources.Forger:
		return 1
	}
	return 0
}

// group makes the part of a group.
func (p *receivedPage) group(d *sources.Domain, g *sources.Group) {
	head := codes.Text{EN: "{class}: {operator} · {mails} mails, {fail} fail", JA: "{class}: {operator} · {mails}件(失敗 {fail}件)"}
	if g.Fail == 0 {
		head = codes.Text{EN: "{class}: {operator} · {mails} mails, all pass", JA: "{class}: {operator} · {mails}件(すべて成功)"}
	}
	p.marked(3, statusOf(g), fill(head, codes.Data{codes.Words("class", classText(g.Class, g.Perhaps)), codes.Words("operator",
		operatorText(g.Operator)),
		figure("mails", g.Mails), figure("fail", g.Fail)}, p.o.Lang))
	for i, r := range g.Reasons {
		if i == 2 {
			break
		}
		p.add(codes.Text{EN: "{sure}: {why}", JA: "{sure}: {why}"}, codes.Words("sure", sureText(g.Sure)), codes.Words("why", r.ID.Says()))
	}
	p.add(codes.Text{EN: "{n} {source}: {list}", JA: "送信元{n}: {list}"}, codes.Num("n", g.AllAddress),
		codes.Str("source", noun("source", int64(g.AllAddress))), codes.List("list", firstOf(g.Addresses, shownAddresses, p.address)))
	p.add(codes.Text{EN: "on {days} of {all} {day}{to}; reported by {n} {receiver}",
		JA: "{all}日中{days}日{to}、報告者{n}"},
		codes.Num("days", g.Days), codes.Num("all", d.Days), codes.Str("day", noun("day", int64(d.Days))), codes.Words("to", lastDay(g.Last)),
		codes.Num("n", g.Reporters), codes.Str("receiver", noun("receiver", int64(g.Reporters))))
	if said := p.results(g); said != "" {
		p.add(codes.Text{EN: "receivers saw {said}", JA: "認証結果 {said}"}, codes.Str("said", said))
	}
	switch {
	case d.WhatIf == nil || g.Loss.Lost == 0:
	case g.Class == sources.Forger:
		p.add(codes.Text{EN: "the policy would stop {n} mails", JA: "このポリシーで止められるメール: {n}件"}, figure("n", g.Loss.Lost))
	default:
		p.add(codes.Text{EN: "the policy would cost {n} mails", JA: "このポリシーで失われるメール: {n}件"}, figure("n", g.Loss.Lost))
	}
	if d.WhatIf != nil { // its steps say what to do
		return
	}
	for _, m := range g.Mends {
		p.addWith(m.Command, mendText(m), mendData(m)...)
	}
}

// address is a source of a group.
func (p *receivedPage) address(a sources.Address) string {
	s := a.IP.String()
	if !a.IP.IsValid() {
		s = p.tr("no address", "アドレスの記載なし")
	}
	if a.Host != "" {
		s += " (" + shown(a.Host) + ")"
	}
	return s
}

// results are what receivers saw of SPF and DKIM, the most frequent first.
func (p *receivedPage) results(g *sources.Group) string {
	var list []string
	for i, s := range g.Signers {
		if i == 2 {
			break
		}
		name := s.Domain
		if s.Selector != "" {
			name += " (s=" + s.Selector + ")"
		}
		list = append(list, "DKIM "+shown(name)+" "+s.Result)
	}
	for i, e := range g.Envelopes {
		if i == 2 {
			break
		}
		list = append(list, strings.TrimSuffix("SPF "+shown(e.Domain), " ")+" "+e.Result)
	}
	return strings.Join(list, comma(p.o.Lang))
}

// mendText says what to do for mails that fail.
func mendText(m sources.Mend) codes.Text {
	switch m.Kind {
	case sources.AskService:
		return codes.Text{EN: "ask in your organisation who uses this service for {domain}; then set it up, or let it fail",
			JA: "{domain} の名前でこのサービスを利用している部署がないか、社内に確認してください。" +
				"利用していれば設定し、不要であれば失敗のままにします"}
	case sources.AddToSPF:
		if m.Include != "" {
			return codes.Text{EN: "SPF: add include:{include} to the record of {domain} ({mails} mails)",
				JA: "SPF: {domain} のレコードに include:{include} を追加してください({mails}件)"}
		}
		return codes.Text{EN: "SPF: the record of {domain} does not name these sources ({mails} mails)",
			JA: "SPF: {domain} のレコードにこれらの送信元を追加してください({mails}件)"}
	case sources.CheckSPF:
		return codes.Text{EN: "SPF: check whether the record of {domain} names these sources ({mails} mails)",
			JA: "SPF: {domain} のレコードにこれらの送信元が含まれているか確認してください({mails}件)"}
	case sources.StrictSPF:
		return codes.Text{EN: "SPF: use a return path of {domain} itself, which aspf=s demands ({mails} mails)",
			JA: "SPF: aspf=s では {domain} そのもののReturn-Pathが必要です({mails}件)"}
	case sources.AlignSPF:
		return codes.Text{EN: "SPF: the envelope is {domain}'s; set a return path of your own domain there ({mails} mails)",
			JA: "SPF: エンベロープが {domain} です。サービス側で自社ドメインのReturn-Pathを設定してください({mails}件)"}
	case sources.SignDKIM:
		return codes.Text{EN: "DKIM: nothing is signed for {domain}; let the sender sign with a key of {domain} ({mails} mails)",
			JA: "DKIM: {domain} の署名がありません。送信側で {domain} の鍵による署名を設定してください({mails}件)"}
	case sources.MendKey:
		return codes.Text{EN: "DKIM: the signature of {domain} with s={selector} does not hold: look at its key ({mails} mails)",
			JA: "DKIM: {domain} の署名(s={selector})が無効です。鍵を確認してください({mails}件)"}
	case sources.AlignDKIM:
	}
	return codes.Text{EN: "DKIM: sign with d={domain} itself, which adkim=s demands ({mails} mails)",
		JA: "DKIM: adkim=s では d={domain} での署名が必要です({mails}件)"}
}

func mendData(m sources.Mend) []codes.Datum {
	return []codes.Datum{codes.Str("domain", m.Domain), codes.Str("include", m.Include), codes.Str("selector", m.Selector),
		figure("mails", m.Mails)}
}

// selectors makes the part of the selectors of a domain.
func (p *receivedPage) selectors(d *sources.Domain) {
	if len(d.Selectors) == 0 {
		return
	}
	p.begin(2, p.tr("DKIM selectors", "DKIMセレクター"))
	passing := slices.DeleteFunc(slices.Clone(d.Selectors), func(s sources.Selector) bool { return s.Pass == 0 })
	if len(passing) > 0 {
		pass := firstOf(passing, 2*shownNames, func(s sources.Selector) string {
			return strings.TrimSuffix(fmt.Sprintf("%s (%s)", selectorName(d, s), dayJSON(s.LastPass)), " ()")
		})
		p.addWith(SelectorsCommand(d), codes.Text{EN: "pass (last day): {list}", JA: "認証に成功(最終日): {list}"}, codes.List("list", pass))
	}
	for i, s := range neverPassing(d) {
		if i == shownNames {
			break
		}
		p.addWith(selectorCommand(s), codes.Text{EN: "never pass: {name}, {n} mails{to}: the key may be missing",
			JA: "成功したことがない: {name}、{n}件{to}。鍵がない可能性があります"},
			codes.Str("name", selectorName(d, s)), figure("n", s.Fail), codes.Words("to", lastDay(s.LastFail)))
	}
	if d.MoreKeys > 0 {
		p.add(codes.Text{EN: "selectors beyond the bound, which are not told: {n}", JA: "上限を超え、表示していないセレクター: {n}"},
			codes.Num("n", d.MoreKeys))
	}
	if d.Fakes > 0 {
		p.add(codes.Text{EN: "named by forgers alone: {n}", JA: "なりすましのメールだけにあるもの: {n}"}, codes.Num("n", d.Fakes))
	}
	if line := settingsLine(d); line != "" {
		p.add(codes.Text{EN: "for todoku.yaml: {line}", JA: "todoku.yaml への記載例: {line}"}, codes.Str("line", line))
	}
}

func selectorName(d *sources.Domain, s sources.Selector) string {
	if s.Domain == d.Name {
		return shown(s.Name)
	}
	return shown(s.Name + "._domainkey." + s.Domain)
}

// neverPassing are the selectors that never pass.
func neverPassing(d *sources.Domain) []sources.Selector {
	var out []sources.Selector
	for _, s := range d.Selectors {
		if s.Pass == 0 {
			out = append(out, s)
		}
	}
	return out
}

// maxLearned is how many selectors a command takes over.
const maxLearned = 10

// learned are the selectors of the domain itself that pass, and that a command may name.
func learned(d *sources.Domain) []string {
	var out []string
	for _, s := range d.Selectors {
		if s.Pass > 0 && s.Domain == d.Name && codes.PlaceSelector.Takes(s.Name) && len(out) < maxLearned {
			out = append(out, s.Name)
		}
	}
	return out
}

// SelectorsCommand checks a domain with the selectors that the reports name; none where there are none.
func SelectorsCommand(d *sources.Domain) codes.Command {
	names := learned(d)
	if len(names) == 0 {
		return codes.Command{}
	}
	c := codes.Todoku("check", "domain", "DOMAIN").With(codes.PlaceDomain, d.Name)
	for _, s := range names {
		c = c.And(codes.Todoku("--selector", "NAME").With(codes.PlaceSelector, s))
	}
	return c
}

// selectorCommand looks at the key of one selector.
func selectorCommand(s sources.Selector) codes.Command {
	return codes.Todoku("check", "domain", "DOMAIN", "--only", "dkim", "--selector", "NAME").With(codes.PlaceDomain, s.Domain).
		With(codes.PlaceSelector, s.Name)
}

// settingsLine is what the config file takes: names that pass learned need no quotes in YAML but those that look as numbers or words.
func settingsLine(d *sources.Domain) string {
	names := learned(d)
	if len(names) == 0 || !codes.PlaceDomain.Takes(d.Name) {
		return ""
	}
	for i, n := range names {
		names[i] = fmt.Sprintf("%q", n)
	}
	return fmt.Sprintf("domains: {%q: {selectors: [%s]}}", d.Name, strings.Join(names, ", "))
}

// policyTags is a policy as a record has it.
func policyTags(p aggregate.Policy, pct int) string {
	list := []string{}
	for _, x := range []struct{ tag, value, usual string }{{"p", p.P, ""}, {"sp", p.SP, p.P}, {"np", p.NP, ""}, {"adkim", p.ADKIM, "r"},
		{"aspf", p.ASPF, "r"}, {"t", p.Testing, "n"}} {
		if x.value != "" && x.value != x.usual {
			list = append(list, x.tag+"="+shown(x.value))
		}
	}
	if pct != 100 {
		list = append(list, fmt.Sprintf("pct=%d", pct))
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, "; ")
}
