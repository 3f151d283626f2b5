package report

import (
	"fmt"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// sparkWidth is how many cells the drawing of a group's time has.
const sparkWidth = 24

// groups prints the biggest groups, and what their numbers tell.
func (p *triagePage) groups() {
	for i, g := range p.list {
		if i == shownGroups {
			p.line("")
			p.para("     ", 5, p.moreWords(p.list[i:]))
			break
		}
		p.line("")
		p.group(i+1, g)
	}
}

// group prints one group.
func (p *triagePage) group(n int, g *triage.Group) {
	count := page.Piece{Text: thousands(g.Count) + p.tr(" ", "") + happenedText(g).In(p.o.Lang), Colour: p.colour(g)}
	head := append(page.Styled{count}, page.Words("  "+groupHead(g, p.o).In(p.o.Lang))...)
	p.page.Para(page.Words(fmt.Sprintf("%3d  ", n)), 5, head)
	extent, spark := p.extent(g), sparkline(p.r, g)
	if spark != "" && 5+p.page.StringWidth(extent)+2+p.page.StringWidth(spark) <= p.page.Width {
		extent, spark = extent+"  "+spark, ""
	}
	p.para("     ", 5, extent)
	if spark != "" {
		p.line("     " + spark)
	}
	for _, s := range p.tells(g) {
		p.para("     → ", 7, s)
	}
	for _, s := range exampleLines(p.r, g) {
		p.para("     ", 7, s.In(p.o.Lang))
	}
}

// tells is what the numbers of a group tell, and what changed before it began.
func (p *triagePage) tells(g *triage.Group) []string {
	var out []string
	for _, pattern := range g.Patterns {
		out = append(out, patternText(p.r, g, pattern, p.o).In(p.o.Lang))
	}
	return append(out, changeTexts(g, p.o.Lang)...)
}

// colour is that of a group's count.
func (p *triagePage) colour(g *triage.Group) page.Colour {
	if g.Action == event.Failed || g.Action == event.Expired {
		return page.Red
	}
	return page.Plain
}

// happenedText is what happened, in a word behind a number.
func happenedText(g *triage.Group) codes.Text {
	switch g.Action {
	case event.Delayed:
		return codes.Text{EN: "put off", JA: "件を延期"}
	case event.Expired:
		return codes.Text{EN: "given up", JA: "件が期限切れ"}
	case event.Complaint:
		return codes.Text{EN: "complaints", JA: "件の報告"}
	case event.AutoReply:
		return codes.Text{EN: "answers", JA: "件の応答"}
	case event.Failed:
		return codes.Text{EN: "failed", JA: "件が失敗"}
	case event.Delivered, event.Relayed, event.Expanded, event.Other:
	}
	return codes.Text{EN: "others", JA: "件のその他"}
}

// groupHead names a group: key, reason, provider, code.
func groupHead(g *triage.Group, o Options) codes.Text {
	parts := []codes.Text{}
	if g.Key != "" {
		parts = append(parts, codes.Text{EN: shown(g.Key), JA: shown(g.Key)})
	}
	title := groupTitle(g)
	if g.Reason.Class != "" && g.Reason.Class != codes.ClassUnspecified {
		title.EN += " (" + string(g.Reason.Class) + ")"
	}
	parts = append(parts, title)
	if g.Provider != "" {
		parts = append(parts, providerName(g.Provider, o))
	}
	if g.Code != "" {
		parts = append(parts, codes.Text{EN: g.Code, JA: g.Code})
	}
	var en, ja []string
	for _, t := range parts {
		en, ja = append(en, t.EN), append(ja, t.JA)
	}
	return codes.Text{EN: strings.Join(en, " · "), JA: strings.Join(ja, " · ")}
}

// extent says how many people a group is about, how much of what went to the provider it is, and when it was.
func (p *triagePage) extent(g *triage.Group) string {
	l := p.o.Lang
	parts := []string{recipientsText(g).In(l)}
	if g.Share > 0 && g.Provider != "" {
		says := codes.Text{EN: "{share} of what went to {provider}", JA: "{provider}宛て全体の{share}"}
		parts = append(parts, fill(says, codes.Data{codes.Str("share", percent(g.Share)),
			codes.Str("provider", providerName(g.Provider, p.o).In(l))}, l))
	}
	if !g.First.IsZero() {
		when := clock(p.r, g.First)
		if last := clock(p.r, g.Last); last != when {
			when += codes.Text{EN: " to ", JA: "～"}.In(l) + last
		}
		parts = append(parts, when)
	}
	return strings.Join(parts, " · ")
}

// recipientsText is how many recipients a group has.
func recipientsText(g *triage.Group) codes.Text {
	n, exact := g.Recipients.Count()
	says := codes.Text{EN: "{n} {recipient}", JA: "宛先{n}件"}
	if !exact {
		says = codes.Text{EN: "about {n} {recipient}", JA: "宛先約{n}件"}
	}
	return filled(says, figure("n", n), codes.Str("recipient", noun("recipient", n)))
}

// sparkline draws when a group's events were, over the time of all events; "" where all are of one moment.
func sparkline(r *triage.Triage, g *triage.Group) string {
	if r.First.IsZero() || !r.Last.After(r.First) || g.Count < 3 {
		return ""
	}
	sums := g.Times.Sums(r.First, r.Last, sparkWidth)
	most := int64(0)
	for _, n := range sums {
		most = max(most, n)
	}
	if most == 0 {
		return ""
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, n := range sums {
		if n == 0 {
			b.WriteRune('·')
		} else {
			b.WriteRune(bars[(n*int64(len(bars))-1)/most])
		}
	}
	return b.String()
}

// exampleLines are the first event of a group: when, where it stands, to whom, and what was said.
func exampleLines(r *triage.Triage, g *triage.Group) []codes.Text {
	e := &g.Example
	var words []string
	if !e.Time.IsZero() {
		words = append(words, e.Time.Format("15:04:05"))
	}
	if e.Source.File != "" {
		place := shown(e.Source.File)
		if e.Source.Line > 0 {
			place += fmt.Sprintf(":%d", e.Source.Line)
		}
		words = append(words, place)
	}
	if e.Recipient != "" {
		words = append(words, shown(e.Recipient))
	}
	if e.RemoteMTA != "" {
		words = append(words, shown(e.RemoteMTA))
	}
	first := strings.Join(words, " · ")
	out := []codes.Text{{EN: "first: " + first, JA: "最初: " + first}}
	if said := saidBy(e); said != "" {
		out = append(out, codes.Text{EN: said, JA: said})
	}
	return out
}

// maxSaid is how much of a reply an example shows, in octets.
const maxSaid = 200

// saidBy is what was said about an event.
func saidBy(e *event.Event) string {
	said := e.Reply.String()
	if len(e.Reply.Lines) == 0 && e.Diagnostic != "" {
		said = e.Diagnostic
	}
	if len(said) > maxSaid {
		said = strings.ToValidUTF8(said[:maxSaid], "") + "…"
	}
	return said
}

// moreWords count the groups that are not shown.
func (p *triagePage) moreWords(rest []*triage.Group) string {
	var events int64
	for _, g := range rest {
		events += g.Count
	}
	return fill(codes.Text{EN: "and {n} smaller groups with {events} events; --format json has them all, --by reason or --by provider fewer",
		JA: "ほかに小さいグループが{n}件(イベント{events}件)あります。--format json ですべてを、--by reason や --by provider でまとめて表示できます"},
		codes.Data{codes.Num("n", len(rest)), figure("events", events)}, p.o.Lang)
}
