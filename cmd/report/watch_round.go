package report

import (
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/watch"
)

// roundView is a round as people read it, whatever the format.
type roundView struct {
	Answer string
	Groups []roundGroup
	Notes  string // that are not shown
	More   string
	Next   []codes.Command
}

// roundGroup is what changed alike.
type roundGroup struct {
	Status  diag.Status
	Head    string // what happened to what
	Message string
	Names   string // of the domains
	When    string
}

// roundOf reads the changes of a round. The error is that of their list.
func (t watchPage) roundOf(r *WatchRound) (roundView, error) {
	g, err := groupChanges(r.Changes)
	if err != nil {
		return roundView{}, err
	}
	v := roundView{Answer: t.roundAnswer(r, g)}
	for i, group := range g.list {
		if i == shownTurned {
			v.More = fmt.Sprintf(t.tr("… and %d more kinds of changes: --format csv has them all",
				"ほか%d種類の変化があります(--format csv ですべて出力できます)"),
				len(g.list)-i)
			break
		}
		v.Groups = append(v.Groups, t.roundGroup(group))
	}
	if g.notes > 0 {
		v.Notes = fmt.Sprintf(t.tr("notes that need nobody (info): %d", "参考情報(info): %d件"), g.notes)
	}
	switch {
	case len(g.list) == 0 && r.isBlind():
		if c := t.o.SameWorld(codes.Todoku("watch", "status")); !c.IsZero() { // it says why
			v.Next = append(v.Next, c)
		}
	case len(g.list) > 0:
		domain := g.list[0].domains[0]
		next := t.o.SameWorld(showDomain(domain))
		if next.IsZero() {
			next = t.o.SameWorld(checkDomain(domain))
		}
		v.Next = append(v.Next, next)
	}
	return v, nil
}

// isBlind reports whether nothing could be seen of any domain.
func (r *WatchRound) isBlind() bool { return r.Domains > 0 && r.Silent == r.Domains }

// roundAnswer is the sentence that answers.
func (t watchPage) roundAnswer(r *WatchRound, g *changeGroups) string {
	looked := fmt.Sprintf(t.tr("%s looked at in %s", "%sを%sで確認"), t.domains(r.Domains), t.shortly(r.Elapsed))
	if r.First > 0 && r.First < r.Domains {
		looked += fmt.Sprintf(t.tr(", %d of them for the first time", "、うち初回%d件"), r.First)
	} else if r.First > 0 {
		looked += t.tr(" for the first time", "、すべて初回")
	}
	if r.Silent > 0 && r.Silent < r.Domains {
		looked += fmt.Sprintf(t.tr(", no check could look at %d of them",
			"、うちどの検査も確認できなかったもの%d件"), r.Silent)
	}
	if r.Failed > 0 {
		looked += fmt.Sprintf(t.tr(", %d could not be looked at", "、確認できなかったドメイン%d件"), r.Failed)
	}
	switch {
	case g.all == 0 && r.isBlind():
		return fmt.Sprintf(t.tr("No check could look at any domain: whether something changed is unknown (%s).",
			"どのドメインも確認できず、変化の有無は不明です(%s)。"), looked)
	case g.all == 0:
		return fmt.Sprintf(t.tr("Nothing changed (%s).", "変化はありません(%s)。"), looked)
	}
	var parts []string
	for _, turn := range []watch.Turn{watch.New, watch.Changed, watch.Mended, watch.Unknown, watch.Known} {
		if n := g.counts[turn]; n > 0 {
			parts = append(parts, fmt.Sprintf(t.tr("%s %s", "%[2]s%[1]s件"), thousands(int64(n)), changedWord(turn).In(t.o.Lang)))
		}
	}
	return fmt.Sprintf(t.tr("Changed: %s (%s).", "変化あり: %s(%s)。"), strings.Join(parts, comma(t.o.Lang)), looked)
}

func (t watchPage) domains(n int) string {
	if n == 1 {
		return t.tr("1 domain", "1ドメイン")
	}
	return thousands(int64(n)) + t.tr(" domains", "ドメイン")
}

// shortly is how long something took.
func (t watchPage) shortly(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf(t.tr("%.1f s", "%.1f秒"), d.Seconds())
	}
	return t.lasting(d)
}

func (t watchPage) roundGroup(g *changeGroup) roundGroup {
	c := g.first
	v := roundGroup{Status: changeStatus(c), Message: shown(c.Message.In(t.o.Lang)), When: t.between(c.Before, c.At)}
	rules := strings.Join(g.rules[:min(len(g.rules), rulesOfGroup)], comma(t.o.Lang))
	if more := len(g.rules) - rulesOfGroup; more > 0 {
		rules += fmt.Sprintf(t.tr(" and %d more", " ほか%d件"), more)
	}
	v.Head = changedWord(c.Turn).In(t.o.Lang) + "  " + rules
	switch {
	case g.count == 1:
		v.Head = changedWord(c.Turn).In(t.o.Lang) + "  " + domainName(c.Domain) + "  " + rules
	case g.key.culprit != "":
		v.Head += "  " + fmt.Sprintf(t.tr("at %s, all with %s", "%sに影響、共通点は %s"), t.domains(g.count), g.key.culprit)
	default:
		v.Head += "  " + fmt.Sprintf(t.tr("at %s", "%sに影響"), t.domains(g.count))
	}
	if g.count > 1 {
		names := make([]string, len(g.domains))
		for i, d := range g.domains {
			names[i] = domainName(d)
		}
		v.Names = strings.Join(names, comma(t.o.Lang))
		if g.count > len(names) {
			v.Names += fmt.Sprintf(t.tr(" and %d more", " ほか%d件"), g.count-len(names))
		}
	}
	if c.Turn == watch.Mended || c.Turn == watch.Known {
		v.When += fmt.Sprintf(t.tr(" (it was so since %s)", "(%sから続いていました)"), t.moment(c.First))
	}
	return v
}

// watchText prints a round: the answer, then what changed, the worst first.
func watchText(w *page.Out, o Options, r *WatchRound) error {
	t := makeWatchPage(w, o)
	v, err := t.roundOf(r)
	if err != nil {
		return err
	}
	t.para("", 0, v.Answer)
	for _, g := range v.Groups {
		t.line("")
		t.page.Para(append(page.Words(""), mark(g.Status)).Then(" "), markColumn, page.Words(g.Head))
		t.para(strings.Repeat(" ", markColumn), markColumn, g.Message)
		if g.Names != "" {
			t.para(strings.Repeat(" ", markColumn), markColumn, g.Names)
		}
		t.para(strings.Repeat(" ", markColumn), markColumn, g.When)
		t.page.FlushIfLarge()
	}
	t.tail(v)
	return t.page.Flush()
}

// tail says what is not shown, and how to go on.
func (t watchPage) tail(v roundView) {
	for _, s := range []string{v.More, v.Notes} {
		if s != "" {
			t.line("")
			t.para("", 0, s)
		}
	}
	if len(v.Next) > 0 {
		t.line("")
		for _, c := range v.Next {
			t.commandAfter(t.say(wNext), c)
		}
	}
}

// watchView is a round as its template shows it.
type watchView struct {
	Answer string
	Groups []watchGroupView
	Rest   []markedView
	Next   nextView
}

type watchGroupView struct {
	Head  markedView
	Lines []string
}

// watchHTML opens a page of rounds. Their changes are read once for each language.
func watchHTML(w *page.Out, o Options) page.Printer[*WatchRound] {
	return &roundPages{page.NewHTML(w, watchTitle, o)}
}

type roundPages struct{ *page.HTML }

// Put writes the part of one round.
func (p *roundPages) Put(r *WatchRound) error {
	var failed error
	err := page.Part(p.HTML, templates().Lookup("watch.tmpl"), func(o Options) watchView {
		v, err := makeWatchPage(nil, o).webView(r)
		if err != nil {
			failed = err
		}
		return v
	})
	if failed != nil {
		return failed
	}
	return err
}

func (t watchPage) webView(r *WatchRound) (watchView, error) {
	round, err := t.roundOf(r)
	v := watchView{Answer: round.Answer}
	for _, g := range round.Groups {
		group := watchGroupView{Head: markedLine(g.Status, g.Head), Lines: []string{g.Message}}
		for _, s := range []string{g.Names, g.When} {
			if s != "" {
				group.Lines = append(group.Lines, s)
			}
		}
		v.Groups = append(v.Groups, group)
	}
	for _, s := range []string{round.More, round.Notes} {
		if s != "" {
			v.Rest = append(v.Rest, markedView{Text: s})
		}
	}
	v.Next = webText(t).next(t.say(wNext), round.Next)
	return v, err
}

// watchTitle is what a page of changes is called.
var watchTitle = codes.Text{EN: "What changed", JA: "変化したこと"}
