package report

import (
	"fmt"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/sources"
)

// receivedPart is a part of a page about reports of receivers: a head and lines. All formats for people show the same parts.
type receivedPart struct {
	Level int // 1: a domain; 2: what is said about it; 3: a group
	Mark  diag.Status
	Marks bool // Mark counts
	Head  string
	Lines []receivedLine
}

// receivedLine is a line with the command that goes with it.
type receivedLine struct {
	Text    string
	Command codes.Command
}

// receivedPage makes the parts.
type receivedPage struct {
	*text
	r     *sources.Result
	parts []receivedPart
}

// receivedTitle is what a page of reports is called.
var receivedTitle = codes.Text{EN: "Reports of receivers", JA: "受信側からのレポート"}

// What a page shows of each kind; JSON and CSV have all.
const (
	shownDomains   = 20
	shownSources   = 12 // groups of a domain
	shownAddresses = 3
	shownNames     = 4
)

func newReceived(w *page.Out, o Options, r *sources.Result) *receivedPage {
	p := &receivedPage{text: makeText(w, o.WithWidth()), r: r}
	for i, d := range r.Domains {
		if i == shownDomains {
			p.moreDomains(len(r.Domains) - i)
			break
		}
		p.domain(d)
	}
	for i, d := range r.TLS {
		if i == shownDomains {
			p.moreDomains(len(r.TLS) - i)
			break
		}
		p.tls(d)
	}
	return p
}

// moreDomains tells of domains that are not shown.
func (p *receivedPage) moreDomains(n int) {
	p.begin(1, fmt.Sprintf(p.tr("… and %d more domains (--domain NAME, --format json)",
		"ほか%dドメイン(--domain NAME、--format json で表示)"), n))
}

// begin begins a part.
func (p *receivedPage) begin(level int, head string) {
	p.parts = append(p.parts, receivedPart{Level: level, Head: head})
}

// marked begins a part with the sign of a status.
func (p *receivedPage) marked(level int, s diag.Status, head string) {
	p.parts = append(p.parts, receivedPart{Level: level, Head: head, Mark: s, Marks: true})
}

// add puts a line into the last part.
func (p *receivedPage) add(t codes.Text, data ...codes.Datum) {
	p.addWith(codes.Command{}, t, data...)
}

func (p *receivedPage) addWith(c codes.Command, t codes.Text, data ...codes.Datum) {
	last := &p.parts[len(p.parts)-1]
	last.Lines = append(last.Lines, receivedLine{fill(t, data, p.o.Lang), p.o.SameWorld(c)})
}

// receivedAnswer is the sentence that answers.
func receivedAnswer(r *sources.Result) codes.Text {
	switch {
	case r.Counts.DMARC+r.Counts.TLS == 0 && r.Counts.Outside > 0:
		return codes.Text{EN: "None of the reports that were read is asked for.", JA: "読み取ったレポートの中に、指定した条件に合うものはありません。"}
	case r.Counts.DMARC+r.Counts.TLS == 0:
		return codes.Text{EN: "No report was found.", JA: "レポートは見つかりませんでした。"}
	case r.Counts.DMARC == 0:
		var good, bad int64
		for _, d := range r.TLS {
			good, bad = sources.Add(good, d.Successful), sources.Add(bad, d.Failed)
		}
		return filled(codes.Text{EN: "TLS reports: {bad} of {all} sessions failed.", JA: "TLSレポート: {all}セッション中{bad}件が失敗しました。"},
			figure("bad", bad), figure("all", sources.Add(good, bad)))
	}
	var mails, fails, ours, lost, perhaps int64
	for _, d := range r.Domains {
		mails, fails = sources.Add(mails, d.Mails), sources.Add(fails, d.Fail)
		ours = sources.Add(ours, d.ByClass[sources.Ours].Fail)
		if d.WhatIf != nil {
			lost, perhaps = sources.Add(lost, d.WhatIf.Ours.Lost), sources.Add(perhaps, d.WhatIf.Perhaps.Lost)
		}
	}
	if r.WhatIf != nil {
		return filled(codes.Text{EN: "Of {mails} mails, {lost} of yours would have been lost, and {perhaps} that may be yours.",
			JA: "{mails}件のうち、自社のメール{lost}件と、自社の可能性があるメール{perhaps}件が失われる計算です。"},
			figure("mails", mails), figure("lost", lost), figure("perhaps", perhaps))
	}
	return filled(codes.Text{EN: "Of {mails} mails {fails} fail DMARC; {ours} of these are yours.",
		JA: "{mails}件のうち{fails}件がDMARCに失敗し、そのうち自社のメールは{ours}件です。"},
		figure("mails", mails), figure("fails", fails), figure("ours", ours))
}

// besides are the lines below the answer: what was read, what limits it, and what was odd.
func (p *receivedPage) besides() []string {
	var out []string
	for _, s := range receivedBesides(p.r) {
		out = append(out, s.In(p.o.Lang))
	}
	return append(out, p.notes()...)
}

// receivedBesides say what was read, and what limits it.
func receivedBesides(r *sources.Result) []codes.Text {
	n := r.Counts
	out := []codes.Text{filled(codes.Text{EN: "DMARC reports: {dmarc} (rows: {rows}), TLS reports: {tls}",
		JA: "DMARCレポート{dmarc}件({rows}行)、TLSレポート{tls}件"},
		figure("dmarc", n.DMARC), figure("rows", n.Rows), figure("tls", n.TLS))}
	if !r.First.IsZero() && !r.Last.IsZero() {
		out[0] = joined(out[0], filled(codes.Text{EN: ", {first} to {last}", JA: "、期間 {first} ～ {last}"}, dayDatum("first", r.First),
			dayDatum("last", r.Last.Add(-time.Second))))
	}
	add := func(count int64, t codes.Text) {
		if count > 0 {
			out = append(out, filled(t, figure("n", count)))
		}
	}
	add(n.Duplicates, codes.Text{EN: "reports that were there before, not counted again: {n}", JA: "重複のため数えなかったレポート: {n}件"})
	add(n.Overlapping, codes.Text{EN: "reports that overlap another of the same reporter: {n}; mails may count twice",
		JA: "同じ報告者の別のレポートと期間が重なるレポート: {n}件(メールが二重に数えられている可能性があります)"})
	add(n.Outside, codes.Text{EN: "reports of another time or domain, not counted: {n}", JA: "期間やドメインの条件に合わず、数えなかったレポート: {n}件"})
	add(n.Lost, codes.Text{EN: "reports of which a part could not be read: {n}", JA: "一部を読み取れなかったレポート: {n}件"})
	add(n.Unknown, codes.Text{EN: "reports beyond the bound up to which duplicates are told: {n}", JA: "重複を判定できる上限を超えたレポート: {n}件"})
	add(n.Beyond, codes.Text{EN: "mails beyond the bound of different sources, which are in no group: {n}", JA: "送信元の種類の上限を超え、どの分類にも含まれないメール: {n}件"})
	add(n.TLSBeyond, codes.Text{EN: "TLS sessions with domains beyond the bound, which are not told: {n}",
		JA: "ドメイン数の上限を超え、表示していないTLSセッション: {n}件"})
	add(int64(r.NotAsked), codes.Text{EN: "sources with the least mail that DNS was not asked about: {n}", JA: "メールが少なく、DNSで調べなかった送信元: {n}件"})
	switch {
	case r.Counts.DMARC == 0:
	case r.Why == sources.NobodyAsked:
		out = append(out, codes.Text{EN: "DNS was not asked: sources are judged by the reports alone, and nobody is called a forger",
			JA: "DNSに問い合わせていないため、レポートの内容だけで分類し、なりすましとは判定していません"})
	case r.Why == sources.Silent:
		out = append(out, codes.Text{EN: "DNS does not answer: sources are judged by the reports alone, and nobody is called a forger",
			JA: "DNSから応答がないため、レポートの内容だけで分類し、なりすましとは判定していません"})
	}
	if r.Cut {
		out = append(out, codes.Text{EN: "the reading ended early: these are not all", JA: "読み取りが途中で終わったため、すべてではありません"})
	}
	return out
}

// notes are what was odd about the inputs.
func (p *receivedPage) notes() []string {
	var out []string
	n := 0
	for _, in := range p.r.Inputs {
		if in.Others > 0 && in.Reports > 0 {
			out = append(out, fill(codes.Text{EN: "{file}: {n} are no report", JA: "{file}: レポートではないものが{n}件あります"},
				codes.Data{codes.Str("file", in.File), figure("n", in.Others)}, p.o.Lang))
		}
		for _, note := range in.Notes {
			if n++; n <= shownNotes {
				out = append(out, fill(codes.Text{EN: "{place}: {what}", JA: "{place}: {what}"},
					codes.Data{codes.Str("place", note.Place), codes.Str("what", page.Message(note.Fault.Message(), p.o.Lang))}, p.o.Lang))
			}
		}
	}
	if n > shownNotes {
		out = append(out, fmt.Sprintf(p.tr("… and %d more notes (--format json)",
			"ほか%d件の補足(--format json で表示)"), n-shownNotes))
	}
	return out
}

const shownNotes = 5

// dayDatum is a day as people read it.
func dayDatum(key string, t time.Time) codes.Datum {
	return codes.Str(key, t.UTC().Format(time.DateOnly))
}

// period is the time of the reports about a domain, as far as they tell it.
func period(first, last time.Time) codes.Text {
	switch {
	case last.IsZero():
		return codes.Text{}
	case first.IsZero():
		return lastDay(last.Add(-time.Second))
	}
	return filled(codes.Text{EN: ", {first} to {last}", JA: "({first} ～ {last})"}, dayDatum("first", first),
		dayDatum("last", last.Add(-time.Second)))
}

// lastDay is the day of the last mail of something; nothing where no report of it has a time that can be read.
func lastDay(t time.Time) codes.Text {
	if t.IsZero() {
		return codes.Text{}
	}
	return filled(codes.Text{EN: ", to {last}", JA: "(最終 {last})"}, dayDatum("last", t))
}

// domain makes the parts of a domain.
func (p *receivedPage) domain(d *sources.Domain) {
	p.begin(1, fill(codes.Text{EN: "{domain}: {mails} mails, {share} pass DMARC", JA: "{domain}: {mails}件、DMARC成功 {share}"},
		codes.Data{codes.Str("domain", resolve.ToUnicode(d.Name)), figure("mails", d.Mails), codes.Str("share", share(d.Pass, d.Mails))},
		p.o.Lang))
	p.add(codes.Text{EN: "{days} {day} with reports{period}; {n} {reporter}: {names}",
		JA: "レポートのある日数 {days}日{period}、報告者{n}: {names}"},
		codes.Num("days", d.Days), codes.Str("day", noun("day", int64(d.Days))), codes.Words("period", period(d.First, d.Last)),
		codes.Num("n", len(d.Reporters)), codes.Str("reporter", noun("reporter", int64(len(d.Reporters)))),
		codes.List("names", firstOf(d.Reporters, shownNames, func(r sources.Reporter) string { return shown(r.Org) })))
	p.add(codes.Text{EN: "policy {policy}; DKIM aligned {dkim}, SPF aligned {spf}", JA: "ポリシー {policy}、DKIM一致 {dkim}、SPF一致 {spf}"},
		codes.Str("policy", policyTags(d.Policy, 100)), codes.Str("dkim", share(d.DKIM, d.Mails)), codes.Str("spf", share(d.SPF, d.Mails)))
	if d.Quarantine > 0 || d.Refused > 0 {
		p.add(codes.Text{EN: "receivers put {q} aside and refused {r}", JA: "受信側での隔離 {q}件、拒否 {r}件"}, figure("q", d.Quarantine), figure("r", d.Refused))
	}
	p.limits(d)
	p.whatIf(d)
	p.groups(d)
	p.selectors(d)
}

// limits say what the figures of a domain lack.
func (p *receivedPage) limits(d *sources.Domain) {
	if d.More > 0 {
		p.add(codes.Text{EN: "reports of reporters beyond the bound, who are not told apart: {n}",
			JA: "報告者数の上限を超え、報告者を区別していないレポート: {n}件"}, figure("n", d.More))
	}
	if len(d.Gaps) > 0 {
		missing := 0
		for _, g := range d.Gaps {
			missing += g.Days()
		}
		p.add(codes.Text{EN: "{n} {day} without any report: {days}", JA: "レポートのない日が{n}日あります: {days}"},
			codes.Num("n", missing), codes.Str("day", noun("day", int64(missing))), codes.List("days", firstOf(d.Gaps, shownNames, gapText)))
	}
	if d.Differs.DKIM > 0 || d.Differs.SPF > 0 {
		p.add(codes.Text{EN: "reporters concluded otherwise than their own results give: DKIM {dkim}, SPF {spf} mails",
			JA: "報告者の結論が、報告された認証結果と異なるメール: DKIM {dkim}件、SPF {spf}件"},
			figure("dkim", d.Differs.DKIM), figure("spf", d.Differs.SPF))
	}
	if d.NoRecord {
		p.add(codes.Text{EN: "no DMARC record was found now: organisational domains are from the public suffix list",
			JA: "現在DMARCレコードが見つからないため、組織ドメインはPublic Suffix Listで判定しました"})
	}
	if d.Err != nil {
		p.add(codes.Text{EN: "DNS did not answer about the domain itself: {err}", JA: "ドメイン自体について、DNSから応答がありませんでした: {err}"}, codes.Failure("err", d.Err))
	}
	for _, name := range sortedKeys(d.BrokenSPF) {
		if why := d.BrokenSPF[name]; why != "temperror" {
			p.addWith(codes.Todoku("check", "spf", "DOMAIN").With(codes.PlaceDomain, name),
				codes.Text{EN: "the SPF record of {name} is broken ({why}); nobody passes by it", JA: "{name} のSPFレコードに誤りがあり({why})、SPFが機能していません"},
				codes.Str("name", name), codes.Str("why", why))
			break
		}
	}
}

func gapText(g sources.Gap) string {
	first, last := g.First.Format(time.DateOnly), g.Last.Format(time.DateOnly)
	switch {
	case first == last:
		return first
	case g.First.Year() == g.Last.Year():
		return first + "–" + g.Last.Format("01-02")
	}
	return first + "–" + last
}

// firstOf are the first of a list in words, with a sign where there are more.
func firstOf[T any](list []T, most int, says func(T) string) []string {
	var out []string
	for _, x := range list[:min(len(list), most)] {
		out = append(out, says(x))
	}
	if len(list) > most {
		out = append(out, "…")
	}
	return out
}

// share is a part of mails in per cent; "–" of none.
func share(n, all int64) string {
	if all == 0 {
		return "–"
	}
	return percent(float64(n) / float64(all))
}
