package report

import (
	"fmt"
	"strconv"

	"todoku/cmd/report/page"
	"todoku/cmd/report/picture"
	"todoku/codes"
	"todoku/diag"
)

// shownRules is how many rules an overview lists.
const shownRules = 25

// fleetPart is a part of an overview: a heading with lines.
type fleetPart struct {
	Head  string
	Lines []markedView
}

// fleetParts are the parts of an overview in their order.
func (t watchPage) fleetParts(f *Fleet) []fleetPart {
	var out []fleetPart
	add := func(head string, lines []markedView) {
		if len(lines) > 0 {
			out = append(out, fleetPart{head, lines})
		}
	}
	if f.Progress {
		add(t.tr("Looks", "確認の状況"), t.workLines(f))
	}
	var open []markedView
	for _, n := range f.Incidents {
		open = append(open, t.incidentLine(n))
	}
	add(t.tr("What goes on", "継続中の障害・変化"), open)
	if !f.Progress {
		rules := ruleShares(f.Summary)
		var lines []markedView
		for i, s := range rules {
			if i == shownRules {
				lines = append(lines, markedView{Text: t.say(wMore, codes.Num("n", len(rules)-i))})
				break
			}
			lines = append(lines, markedLine(s.status, s.name+"  "+t.domains(s.n)))
		}
		add(t.tr("Broken rules, by domains", "ルール別のドメイン数"), lines)
	}
	var silent []markedView
	for _, s := range silentShares(f.Summary) {
		silent = append(silent, markedLine(s.status, s.name+"  "+t.domains(s.n)))
	}
	add(t.tr("Could not be looked at", "確認できない理由"), silent)
	if n := f.Summary.Listed; n > 0 {
		add(t.tr("Blocklists",
			"ブロックリスト"), []markedView{markedLine(diag.Fail, fmt.Sprintf(t.tr("listed: %s", "登録あり: %s"), t.domains(n)))})
	}
	add(t.tr("Certificates that end first", "期限の近い証明書"), t.endingLines(f))
	if !f.Progress {
		add(t.tr("Looks", "確認の状況"), t.workLines(f))
	}
	return out
}

// fleetText prints an overview for people.
func fleetText(w *page.Out, o Options, f *Fleet) error {
	t := makeWatchPage(w, o)
	t.para("", 0, t.fleetAnswer(f))
	for _, p := range t.fleetParts(f) {
		t.line("")
		t.line(p.Head)
		for _, l := range p.Lines {
			head := page.Words("  ")
			if l.Mark != "" {
				head = append(head, mark(statusNamed(l.Class))).Then(" ")
			}
			t.page.Para(head, 2*markColumn, page.Words(l.Text))
		}
	}
	t.tail(roundView{Next: t.fleetNext(f)})
	return t.page.Flush()
}

// fleetView is an overview as its template shows it.
type fleetView struct {
	Answer string
	Drawn  drawnView
	Parts  []fleetPart
	Next   nextView
}

func fleetHTML(f *Fleet, o Options) fleetView {
	t := makeWatchPage(nil, o)
	v := fleetView{Answer: t.fleetAnswer(f), Drawn: drawn(true, o.Lang), Parts: t.fleetParts(f)}
	var bars []picture.Bar
	for _, s := range t.statusShares(f.Summary) {
		bars = append(bars, picture.Bar{Name: s.name, Count: int64(s.n), Text: t.domains(s.n), Class: barClass(s.status)})
	}
	if len(bars) > 0 {
		v.Drawn.add(picture.Bars(codes.Text{EN: "How the domains stand", JA: "ドメインの状態"}, bars, o.Lang))
	}
	bars = nil
	for _, s := range ruleShares(f.Summary) {
		if s.status >= diag.Warn {
			bars = append(bars, picture.Bar{Name: s.name, Count: int64(s.n), Text: strconv.Itoa(s.n), Class: barClass(s.status)})
		}
	}
	if len(bars) > 0 {
		v.Drawn.add(picture.Bars(codes.Text{EN: "Broken rules, by domains", JA: "ルール別のドメイン数"}, bars, o.Lang))
	}
	v.Next = webText(t).next(t.say(wNext), t.fleetNext(f))
	return v
}

// barClass is the colour of a status in a picture.
func barClass(s diag.Status) string {
	switch s {
	case diag.Fail:
		return "bar fail"
	case diag.Warn:
		return "bar warn"
	case diag.Unknown:
		return "bar unknown"
	}
	return "bar pass"
}

// fleetTitle is what a page of a fleet is called.
var fleetTitle = codes.Text{EN: "Watched domains", JA: "監視中のドメイン"}
