package report

import (
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// TimelineSchemaName is what timelines call their schema.
const TimelineSchemaName = "todoku/timeline/1"

// The types below are the schema todoku/timeline/1.
type timelineJSON struct {
	Schema   string         `json:"schema"`
	Tool     toolJSON       `json:"tool"`
	Domain   string         `json:"domain"`
	Name     string         `json:"name"`
	Every    int64          `json:"every_s"`
	Added    string         `json:"added"`
	First    string         `json:"first_look"`
	Looked   string         `json:"looked"`
	Due      string         `json:"due"`
	Status   string         `json:"status"`
	Since    string         `json:"since"`
	Standing []FleetRow     `json:"standing"`
	Records  []recordSet    `json:"records"`
	Expires  []endingJSON   `json:"certificates"`
	Changes  []ChangeRow    `json:"changes"`
	Turned   []turnoverJSON `json:"record_changes"`
	Events   []MailEvents   `json:"events"`
	Cut      bool           `json:"cut"`
}

type recordSet struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Values []string `json:"values"`
	First  string   `json:"first_seen"`
}

type turnoverJSON struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Before []string `json:"before"`
	After  []string `json:"after"`
	From   string   `json:"last_seen_before"`
	To     string   `json:"first_seen_after"`
	Seen   bool     `json:"after_seen"`
}

func asTimeline(l *Timeline, o Options) timelineJSON {
	out := timelineJSON{Schema: TimelineSchemaName, Tool: toolJSON{"todoku", o.Version}, Domain: l.Domain, Name: resolve.ToUnicode(l.Domain),
		Every: int64(l.Every / time.Second), Added: Stamp(l.Added), First: Stamp(l.First), Looked: Stamp(l.Looked), Due: Stamp(l.Due),
		Status: l.Status, Since: Stamp(l.Since), Standing: StandingRows(l.Domain, l.Looked, l.State, o.Lang), Records: []recordSet{},
		Expires: []endingJSON{}, Changes: []ChangeRow{}, Turned: []turnoverJSON{}, Events: notNil(l.Events), Cut: l.Cut}
	for _, v := range l.State.Values {
		out.Records = append(out.Records, recordSet{v.Name, v.Type, notNil(v.Values), Stamp(v.First)})
	}
	for _, e := range l.State.Expires {
		out.Expires = append(out.Expires, endingJSON{l.Domain, e.Host, e.Use, Stamp(e.At)})
	}
	for _, c := range l.Changes {
		out.Changes = append(out.Changes, ChangeRowOf(c, o.Lang))
	}
	for _, t := range l.Turnovers() {
		out.Turned = append(out.Turned, turnoverJSON{t.Name, t.Type, notNil(t.Before), notNil(t.After), Stamp(t.From),
			Stamp(t.To), !t.Unfinished})
	}
	return out
}

// StandingRows are what stands of a domain: its findings, then the checks that cannot look.
func StandingRows(domain string, looked time.Time, s watch.State, l codes.Lang) []FleetRow {
	out := []FleetRow{}
	name, at := resolve.ToUnicode(domain), Stamp(looked)
	for _, f := range s.Findings {
		out = append(out, FleetRow{domain, name, f.Check, f.Rule, f.Subject, f.Severity, Stamp(f.First), at, f.Message.In(l), f.Culprit})
	}
	for _, q := range s.Silent {
		out = append(out, FleetRow{domain, name, q.Check, "", "", "unknown", Stamp(q.Since), at, q.Message.In(l), q.Culprit})
	}
	return out
}

// timelineView is a timeline as its template shows it.
type timelineView struct {
	Head     markedView
	Looks    string
	Standing []happenedView
	Title    string
	Happened []happenedView
	Rest     []markedView
	Next     nextView
}

type happenedView struct {
	Head         markedView
	When         string
	Lines        []string
	Was, Is      []string
	WasSays, New string
}

func timelineHTML(l *Timeline, o Options) timelineView {
	t := makeWatchPage(nil, o)
	status, word, looks := t.timelineHead(l)
	v := timelineView{Head: markedLine(status, domainName(l.Domain)+" "+word), Looks: looks, Title: t.happenedTitle(l)}
	for _, h := range t.standingLines(l) {
		v.Standing = append(v.Standing, t.happenedView(h))
	}
	list := t.happenedTo(l)
	for i, h := range list {
		if i == shownHappened {
			v.Rest = append(v.Rest, markedView{Text: t.say(wMore, codes.Num("n", len(list)-i))})
			break
		}
		v.Happened = append(v.Happened, t.happenedView(h))
	}
	if len(list) == 0 {
		v.Title = t.nothingHappened(l)
	}
	if l.Cut {
		v.Rest = append(v.Rest, markedView{Text: t.cutWords()})
	}
	v.Next = webText(t).next(t.say(wNext), t.timelineNext(l))
	return v
}

func (t watchPage) happenedView(h happened) happenedView {
	v := happenedView{Head: h.Head, When: h.When, Was: t.bounded(h.Was), Is: t.bounded(h.Is), WasSays: t.tr("before",
		"変更前"), New: t.tr("after", "変更後")}
	for _, s := range []string{h.Text, h.Detail} {
		if s != "" {
			v.Lines = append(v.Lines, s)
		}
	}
	return v
}

// bounded are the first values of a record set.
func (t watchPage) bounded(list []string) []string {
	var out []string
	for i, s := range list {
		if i == shownValues {
			return append(out, t.say(wMore, codes.Num("n", len(list)-i)))
		}
		out = append(out, shown(s))
	}
	return out
}

// timelineMarkdown writes a timeline for a ticket.
func timelineMarkdown(w *page.Out, o Options, l *Timeline) error {
	t, m := makeWatchPage(w, o), page.NewMarkdown(w)
	v := timelineHTML(l, o)
	m.Put("**%s** · %s\n", page.Escaped(v.Head.Text), page.Escaped(v.Looks))
	part := func(list []happenedView) {
		for _, h := range list {
			m.Put("\n- %s **%s** · %s\n", page.Escaped(h.Head.Mark), page.Escaped(h.Head.Text), page.Escaped(h.When))
			for _, s := range h.Lines {
				m.Put("  - %s\n", page.Escaped(s))
			}
			for _, s := range h.Was {
				m.Put("  - %s: %s\n", page.Escaped(h.WasSays), page.Code(s))
			}
			for _, s := range h.Is {
				m.Put("  - %s: %s\n", page.Escaped(h.New), page.Code(s))
			}
		}
	}
	part(v.Standing)
	m.Put("\n### %s\n", page.Escaped(v.Title))
	part(v.Happened)
	for _, r := range v.Rest {
		m.Put("\n%s\n", page.Escaped(r.Text))
	}
	for _, c := range t.timelineNext(l) {
		m.Put("\n%s %s\n", page.Escaped(t.say(wNext)), page.Code(page.Command(c)))
	}
	return m.Flush()
}

// timelineTitle is what a page of a timeline is called.
var timelineTitle = codes.Text{EN: "What happened to a domain", JA: "ドメインの経過"}
