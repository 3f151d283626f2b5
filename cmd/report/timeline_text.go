package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/watch"
)

// What a timeline shows to people of each kind.
const (
	shownHappened = 60
	shownValues   = 8
)

// happened is an entry of what happened to a domain.
type happened struct {
	at     time.Time // for the order
	When   string
	Head   markedView
	Text   string
	Was    []string
	Is     []string
	Detail string
}

// happenedTo are the entries of a timeline, the newest first.
func (t watchPage) happenedTo(l *Timeline) []happened {
	var out []happened
	for _, c := range silencesTogether(l.Changes) {
		head := changedWord(c.Turn).In(t.o.Lang) + "  " + what(c)
		if c.Subject != "" && c.Subject != l.Domain {
			head += "  " + c.Subject
		}
		out = append(out, happened{at: c.At, When: t.between(c.Before, c.At), Head: markedLine(changeStatus(c), head),
			Text: shown(c.Message.In(t.o.Lang))})
	}
	for _, s := range l.Turnovers() {
		out = append(out, t.turnover(s))
	}
	for _, e := range l.Events {
		out = append(out, t.mailEvents(e))
	}
	slices.SortStableFunc(out, func(a, b happened) int { return b.at.Compare(a.at) })
	return out
}

// silencesTogether makes one change of the checks that became silent at one look, or could look again: they have one cause. What
// the first of them says stands for all.
func silencesTogether(list []watch.Change) []watch.Change {
	type look struct {
		turn    watch.Turn
		at      int64
		culprit string
	}
	out, first := make([]watch.Change, 0, len(list)), map[look]int{}
	for _, c := range list {
		k := look{c.Turn, c.At.UnixMilli(), c.Culprit}
		i, known := first[k]
		switch {
		case c.Rule != "":
			out = append(out, c)
		case known:
			out[i].Check += ", " + c.Check
		default:
			first[k] = len(out)
			out = append(out, c)
		}
	}
	return out
}

// turnover is a record set before and after.
func (t watchPage) turnover(s Turnover) happened {
	h := happened{at: s.To, When: t.between(s.From, s.To), Head: markedView{Text: t.tr("record set",
		"レコード") + "  " + s.Name + " " + s.Type},
		Was: s.gone(), Is: s.came()}
	switch {
	case s.Unfinished:
		h.at, h.When = s.From, t.tr("after ", "以降: ")+t.moment(s.From)
		h.Detail = t.tr("what it became was not seen", "変更後の値は確認できていません")
	case len(s.After) == 0:
		h.Detail = t.tr("there is no such record any more", "レコードがなくなりました")
	case len(s.Before) == 0:
		h.Detail = t.tr("there was no such record before", "以前はレコードがありませんでした")
	}
	if lost, got := s.words(); len(lost)+len(got) > 0 {
		h.Detail = strings.TrimSpace(strings.Join(signed("−", lost), " ") + " " + strings.Join(signed("+", got), " "))
	}
	return h
}

// signed are words behind a sign.
func signed(sign string, words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = sign + w
	}
	return out
}

// mailEvents are refusals and the like that others told of.
func (t watchPage) mailEvents(e MailEvents) happened {
	head := fmt.Sprintf(t.tr("mails × %s  %s",
		"メール%s件  %s"), thousands(e.Count), strings.TrimSpace(e.Code+" "+cmp.Or(e.Reason, e.Class)))
	switch {
	case e.Provider == "":
	case t.o.Catalogue == nil:
		head += "  " + e.Provider
	default:
		head += "  " + providerName(e.Provider, t.o).In(t.o.Lang)
	}
	when := t.moment(e.Hour)
	if !e.First.IsZero() {
		when = t.between(e.First, e.Last)
	}
	return happened{at: cmp.Or(e.First, e.Hour), When: when, Head: markedLine(diag.Unknown, head), Text: shown(firstLine(e.Example)),
		Detail: e.Source}
}

// standingLines are what stands now: findings and silences, the worst first.
func (t watchPage) standingLines(l *Timeline) []happened {
	var out []happened
	list := slices.SortedStableFunc(slices.Values(l.State.Findings), func(a, b watch.Standing) int {
		return cmp.Compare(statusNamed(b.Severity), statusNamed(a.Severity))
	})
	for _, f := range list {
		head := f.Rule
		if f.Subject != "" && f.Subject != l.Domain {
			head += "  " + f.Subject
		}
		out = append(out, happened{When: t.since(l, f.First),
			Head: markedLine(statusNamed(f.Severity), head), Text: shown(f.Message.In(t.o.Lang))})
	}
	for _, s := range l.State.Silent {
		h := happened{When: t.since(l, s.Since), Head: markedLine(diag.Unknown, fmt.Sprintf(t.tr("%s could not be looked at",
			"%s は確認できず"), s.Check)),
			Text: shown(s.Message.In(t.o.Lang))}
		if !s.Last.IsZero() {
			h.Detail = fmt.Sprintf(t.tr("last seen %s", "最後に確認できた日時: %s"), t.moment(s.Last))
		}
		out = append(out, h)
	}
	return out
}

// since says since when something stands: one that a first look found may be older.
func (t watchPage) since(l *Timeline, at time.Time) string {
	said := fmt.Sprintf(t.tr("since %s", "%s から"), t.moment(at))
	if !l.First.IsZero() && at.UnixMilli() <= l.First.UnixMilli() { // a store keeps the first look in milliseconds
		said = fmt.Sprintf(t.tr("since %s or before", "%s 以前から"), t.moment(at))
	}
	if d := l.Looked.Sub(at); d >= time.Minute {
		said += " (" + t.lasting(d) + ")"
	}
	return said
}

// timelineHead says how the domain stands, and when it was looked at.
func (t watchPage) timelineHead(l *Timeline) (status diag.Status, verdict, looks string) {
	every := fmt.Sprintf(t.tr("every %s", "%sごと"), t.lasting(l.Every))
	if l.Looked.IsZero() {
		return diag.Unknown, t.tr("not looked at yet", "未確認"), every
	}
	status = statusNamed(l.Status)
	if !l.Due.After(l.Looked) { // nobody has planned a look: cron does, or who starts next
		return status, statusText(status).In(t.o.Lang), fmt.Sprintf(t.tr("looked at %s, %s",
			"最終確認 %s、%s"), t.moment(l.Looked), every)
	}
	return status, statusText(status).In(t.o.Lang), fmt.Sprintf(t.tr("looked at %s, %s, next %s",
		"最終確認 %s、%s、次回 %s"), t.moment(l.Looked),
		every, t.moment(l.Due))
}

// timelineNext are commands to go on with.
func (t watchPage) timelineNext(l *Timeline) []codes.Command {
	return []codes.Command{t.o.SameWorld(checkDomain(l.Domain)),
		t.o.SameWorld(codes.Todoku("watch", "show", "DOMAIN", "--now").With(codes.PlaceDomain, l.Domain))}
}

// timelineText prints a timeline: what stands since when, then what happened, the newest first.
func timelineText(w *page.Out, o Options, l *Timeline) error {
	t := makeWatchPage(w, o)
	status, word, looks := t.timelineHead(l)
	t.page.Line(append(page.Words(domainName(l.Domain)+"  "), verdict(status, word)))
	t.para("  ", markColumn, looks)
	for _, h := range t.standingLines(l) {
		t.line("")
		t.entry(h)
	}
	list := t.happenedTo(l)
	t.line("")
	if len(list) == 0 {
		t.para("", 0, t.nothingHappened(l))
	} else {
		t.para("", 0, t.happenedTitle(l))
	}
	for i, h := range list {
		if i == shownHappened {
			t.line("")
			t.line(t.say(wMore, codes.Num("n", len(list)-i)))
			break
		}
		t.line("")
		t.entry(h)
	}
	t.cutLine(l)
	t.tail(roundView{Next: t.timelineNext(l)})
	return t.page.Flush()
}

func (t watchPage) cutLine(l *Timeline) {
	if l.Cut {
		t.line("")
		t.para("", 0, t.cutWords())
	}
}

func (t watchPage) cutWords() string {
	return t.tr("More happened than is shown: --since shows a shorter time.",
		"すべては表示していません。--since で期間を絞ると、続きを確認できます。")
}

func (t watchPage) happenedTitle(l *Timeline) string {
	if l.Since.IsZero() {
		return t.tr("What happened, the newest first", "これまでの変化(新しい順)")
	}
	return fmt.Sprintf(t.tr("What happened since %s, the newest first", "%s 以降の変化(新しい順)"), t.moment(l.Since))
}

func (t watchPage) nothingHappened(l *Timeline) string {
	if l.Looked.IsZero() {
		return t.tr("It was added and waits for its first look.", "追加済みで、最初の確認を待っています。")
	}
	if !l.Since.IsZero() {
		return fmt.Sprintf(t.tr("Nothing changed since %s.", "%s 以降の変化はありません。"), t.moment(l.Since))
	}
	return t.tr("Nothing changed since it is watched.", "監視を始めてからの変化はありません。")
}

// entry prints one thing that stands or happened.
func (t watchPage) entry(h happened) {
	head := page.Words("  ")
	if h.Head.Mark != "" {
		head = append(head, mark(statusNamed(h.Head.Class))).Then(" ")
	}
	t.page.Para(head, 2*markColumn, page.Words(h.Head.Text))
	t.para(strings.Repeat(" ", 2*markColumn), 2*markColumn, h.When)
	if h.Text != "" {
		t.para(strings.Repeat(" ", 2*markColumn), 2*markColumn, h.Text)
	}
	t.values("- ", page.Red, h.Was)
	t.values("+ ", page.Green, h.Is)
	if h.Detail != "" {
		t.para(strings.Repeat(" ", 2*markColumn), 2*markColumn, h.Detail)
	}
	t.page.FlushIfLarge()
}

// values prints the values that a record set lost or got.
func (t watchPage) values(sign string, colour page.Colour, list []string) {
	for i, v := range list {
		if i == shownValues {
			t.line(strings.Repeat(" ", 2*markColumn) + t.say(wMore, codes.Num("n", len(list)-i)))
			return
		}
		t.page.Para(page.Styled{{Text: strings.Repeat(" ", 2*markColumn)}, {Text: sign, Colour: colour}}, 3*markColumn, page.Words(shown(v)))
	}
}
