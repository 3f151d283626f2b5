package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// triagePage prints a triage for people: the answer, the groups with what their numbers tell, what the biggest ones are
// now, and what to do with the mails.
type triagePage struct {
	*text
	r         *triage.Triage
	list      []*triage.Group // those first that weigh most
	diagnoses diagnoses
}

// shownGroups is how many groups a page has.
const shownGroups = 10

func triageText(w *page.Out, o Options, r *triage.Triage) error {
	p := triagePage{makeText(w, o), r, r.ByWeight(), makeDiagnoses(w, o)}
	p.para("", 0, triageAnswer(r, o).In(o.Lang))
	for _, s := range besides(r) {
		p.para("  ", 2, s.In(o.Lang))
	}
	for _, s := range inputLines(r) {
		p.para("  ", 2, s.In(o.Lang))
	}
	p.groups()
	p.looks()
	p.plan()
	return p.page.Flush()
}

// triageAnswer is the sentence that answers.
func triageAnswer(r *triage.Triage, o Options) codes.Text {
	failed, ended := r.Counts.Trouble(), r.Counts.Ended()
	switch {
	case r.Counts.Events == 0 && r.Read() > 0:
		return filled(codes.Text{EN: "None of the {n} events that were read is asked for.", JA: "読み取ったイベント{n}件のうち、指定した条件に合うものはありません。"},
			figure("n", r.Read()))
	case r.Counts.Events == 0:
		return codes.Text{EN: "Nothing was found: no event of a mail is in what was read.", JA: "読み取った範囲に、メールの結果は見つかりませんでした。"}
	case failed == 0 && r.Counts.Delivered == 0:
		return codes.Text{EN: "Nothing failed for good so far.", JA: "配信できずに終わったメールはありません。"}
	case failed == 0:
		return filled(codes.Text{EN: "Nothing failed: {n} delivered.", JA: "失敗はありません({n}件を配信しました)。"}, figure("n", r.Counts.Delivered))
	}
	says := codes.Text{EN: "{failed} of {all} failed", JA: "{all}件のうち{failed}件が失敗しました。"}
	if r.Counts.Delivered == 0 {
		says = codes.Text{EN: "{failed} failed", JA: "{failed}件が失敗しました。"}
	}
	says = filled(says, figure("failed", failed), figure("all", ended))
	most := mostFrequent(r)
	if most == nil {
		return codes.Text{EN: says.EN + ".", JA: says.JA}
	}
	more := mostly(r, most, o)
	return codes.Text{EN: says.EN + "; " + more.EN + ".", JA: says.JA + more.JA + "。"}
}

// mostly says what most of the failures are: "half since 09:12 at Gmail: authentication". Where the biggest group is only a
// part of those with its reason, it is the reason wherever it was.
func mostly(r *triage.Triage, g *triage.Group, o Options) codes.Text {
	n, since, at := ofReason(r, g.Reason.ID), codes.Text{}, codes.Text{}
	if 5*g.Count >= 3*n || g.Reason.ID == "" {
		n, at = g.Count, whereText(g, o)
		for _, p := range g.Patterns {
			if p.Kind == triage.Sudden {
				when := clock(r, p.At)
				since = codes.Text{EN: " since " + when, JA: when + "以降の"}
			}
		}
	}
	part, what := partText(n, r.Counts.Trouble()), groupTitle(g)
	in := codes.Text{EN: since.EN, JA: since.JA}
	if !at.IsZero() {
		in = codes.Text{EN: in.EN + " at " + at.EN, JA: in.JA + at.JA + "宛ての"}
	}
	if since.IsZero() && 10*n < 3*r.Counts.Trouble() {
		return codes.Text{EN: "most often" + in.EN + ": " + what.EN + " (" + part.EN + ")", JA: "最も多いのは" + in.JA + "「" + what.JA + "」です(" + part.JA + ")"}
	}
	return codes.Text{EN: part.EN + in.EN + ": " + what.EN, JA: part.JA + "は" + in.JA + "「" + what.JA + "」です"}
}

// ofReason is how many mails failed for a reason, at all receivers together.
func ofReason(r *triage.Triage, id string) int64 {
	var n int64
	for _, g := range r.Groups {
		if g.Reason.ID == id && (g.Action == event.Failed || g.Action == event.Expired) {
			n += g.Count
		}
	}
	return n
}

// mostFrequent is the group of mails that failed that tells most: of the most frequent reason the biggest one.
func mostFrequent(r *triage.Triage) *triage.Group {
	var most *triage.Group
	var n int64
	for _, g := range r.Groups {
		if g.Action != event.Failed && g.Action != event.Expired || g.Rest {
			continue
		}
		of := ofReason(r, g.Reason.ID)
		if g.Reason.Class == codes.ClassUnspecified && 2*of < r.Counts.Trouble() { // it says nothing
			of = 0
		}
		if most == nil || of > n {
			most, n = g, of
		}
	}
	return most
}

// partText is a part of a whole in words.
func partText(n, all int64) codes.Text {
	switch share := float64(n) / float64(max(all, 1)); {
	case n == all:
		return codes.Text{EN: "all", JA: "すべて"}
	case share > 0.47 && share < 0.53:
		return codes.Text{EN: "half", JA: "半数"}
	default:
		s := percent(share)
		return codes.Text{EN: s, JA: "うち" + s}
	}
}

// whereText is at whom a group is: the provider, the only domain, or nothing.
func whereText(g *triage.Group, o Options) codes.Text {
	if g.Provider != "" {
		return providerName(g.Provider, o)
	}
	if d := g.Domains.Only(); d != "" {
		return codes.Text{EN: shown(d), JA: shown(d) + " "}
	}
	return codes.Text{}
}

// providerName is the name of a provider, its id where nobody knows it.
func providerName(id string, o Options) codes.Text {
	if known, ok := o.Catalogue.Provider(id); ok && o.Catalogue != nil {
		return known.Name
	}
	return codes.Text{EN: id, JA: id}
}

// groupTitle is what the events of a group have in common, in a few words.
func groupTitle(g *triage.Group) codes.Text {
	switch {
	case g.Reason.ID != "":
		return g.Reason.Title
	case g.Action == event.Complaint:
		return codes.Text{EN: "marked as spam by the recipient", JA: "受信者による迷惑メール報告"}
	case g.Action == event.AutoReply:
		return codes.Text{EN: "automatic reply", JA: "自動応答"}
	case g.Rest:
		return codes.Text{EN: "small groups together", JA: "小さなグループの合計"}
	case g.Action == event.Other:
		return codes.Text{EN: "other events", JA: "その他のイベント"}
	}
	return codes.Text{EN: "several reasons", JA: "複数の要因"}
}

// besides are the counts that the answer does not have.
func besides(r *triage.Triage) []codes.Text {
	var out []codes.Text
	if r.Counts.Delayed > 0 {
		says := codes.Text{EN: "{n} times an attempt was put off ({late} of these mails arrived later, {waiting} have not yet)", JA: "一時的なエラーによる延期: {n}回(その後届いたメール {late}件、未着 {waiting}件)"}
		if r.Late == 0 && r.Waiting == 0 {
			says = codes.Text{EN: "{n} times an attempt was put off", JA: "一時的なエラーによる延期: {n}回"}
		}
		out = append(out, filled(says, figure("n", r.Counts.Delayed), figure("late", r.Late), figure("waiting", r.Waiting)))
	}
	if n := r.Counts.Complaint; n > 0 {
		out = append(out, filled(codes.Text{EN: "{n} complaints: recipients marked the mail as spam", JA: "迷惑メールとしての報告: {n}件"}, figure("n", n)))
	}
	if n := r.Counts.AutoReply; n > 0 {
		out = append(out, filled(codes.Text{EN: "{n} automatic replies", JA: "自動応答: {n}件"}, figure("n", n)))
	}
	if n := r.Counts.Other; n > 0 {
		out = append(out, filled(codes.Text{EN: "{n} other events", JA: "その他のイベント: {n}件"}, figure("n", n)))
	}
	if r.Cut {
		out = append(out, codes.Text{EN: "INCOMPLETE: the reading was ended before the end of the input", JA: "途中まで: 入力の終わりまで読み取る前に中断しました"})
	}
	return out
}

// maxInputLines is how many inputs a page tells of.
const maxInputLines = 5

// inputLines say what was read, and what was inferred.
func inputLines(r *triage.Triage) []codes.Text {
	var out []codes.Text
	for i, in := range r.Inputs {
		if i == maxInputLines {
			n := codes.Num("n", len(r.Inputs)-i)
			out = append(out, filled(codes.Text{EN: "and {n} more inputs", JA: "ほかの入力 {n}件"}, n))
			break
		}
		says := codes.Text{EN: "{file}: {format}, {lines} {line}, {events} {event}", JA: "{file}: {format}、{lines}行、イベント{events}件"}
		switch {
		case in.Format == "":
			says = codes.Text{EN: "{file}: nothing was recognised in it", JA: "{file}: 読み取れる形式ではありません"}
		case in.Format == "mbox" || strings.HasPrefix(in.Format, "mail"):
			says = codes.Text{EN: "{file}: {format}, {lines} {mail}, {events} {event}", JA: "{file}: {format}、メール{lines}通、イベント{events}件"}
		}
		line := filled(says, codes.Str("file", shown(in.File)), codes.Str("format", in.Format), figure("lines", in.Lines),
			codes.Str("line", noun("line", in.Lines)), codes.Str("mail", noun("mail", in.Lines)),
			figure("events", in.Events), codes.Str("event", noun("event", in.Events)))
		if in.Unread > 0 {
			line = joined(line, filled(codes.Text{EN: "; {n} records could not be read", JA: "、読み取れなかった記録{n}件"}, figure("n", in.Unread)))
		}
		out = append(out, line)
		out = append(out, in.Notes...)
	}
	if r.Counts.Events > 0 && !r.First.IsZero() {
		out = append(out, filled(codes.Text{EN: "from {first} to {last}", JA: "期間: {first} ～ {last}"},
			codes.Str("first", r.First.Format("2006-01-02 15:04")), codes.Str("last", r.Last.Format("2006-01-02 15:04"))))
	}
	return out
}

// noun is an English word as it stands behind a number.
func noun(word string, n int64) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// filled puts values into both languages of a text.
func filled(t codes.Text, data ...codes.Datum) codes.Text {
	return codes.Text{EN: fill(t, data, codes.English), JA: fill(t, data, codes.Japanese)}
}

func joined(a, b codes.Text) codes.Text { return codes.Text{EN: a.EN + b.EN, JA: a.JA + b.JA} }

// figure is a number with its thousands apart.
func figure(key string, n int64) codes.Datum { return codes.Str(key, thousands(n)) }

// thousands writes a number as people read it: 1,338.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a share: 71 %, 0.4 %.
func percent(share float64) string {
	switch p := share * 100; {
	case p > 0 && p < 0.1:
		return "<0.1%"
	case p < 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", p), ".0") + "%"
	case p < 100 && p > 99.5:
		return ">99%"
	default:
		return fmt.Sprintf("%.0f%%", p)
	}
}

// clock is a time as the page writes it: with its day where the events are of several days.
func clock(r *triage.Triage, t time.Time) string {
	if !r.First.IsZero() {
		t = t.In(r.First.Location())
		if y, m, d := r.First.Date(); !sameDay(r.Last.In(r.First.Location()), y, m, d) {
			return t.Format("01-02 15:04")
		}
	}
	return t.Format("15:04")
}

func sameDay(t time.Time, year int, month time.Month, day int) bool {
	y, m, d := t.Date()
	return y == year && m == month && d == day
}
