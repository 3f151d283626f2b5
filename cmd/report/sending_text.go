package report

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/sender/history"
)

// maxSteps bounds the steps that are shown; todoku explain has all of them.
const maxSteps = 4

// sendingResult prints how a mail ended: the code, what it means, what to do.
func (t sendingPage) sendingResult(s Sending) {
	label := t.tr("result", "送信結果")
	sign, said := t.verdictWords(s)
	parts := []string{said}
	if s.Elapsed > 0 {
		parts = append(parts, t.millis(s.Elapsed))
	}
	if s.Attempts > 1 {
		parts = append(parts, fmt.Sprintf(t.tr("%d attempts", "%d回試行"), s.Attempts))
	}
	if s.RetryAfter > 0 && s.Result == history.Failed {
		parts = append(parts, fmt.Sprintf(t.tr("again from %s on", "%s 以降に再送"),
			s.Started.Add(s.Elapsed+s.RetryAfter).Format("15:04:05")))
	}
	t.labelledCommand(label, marked(sign, strings.Join(parts, " · ")), " · ", t.showSending(s))
	switch {
	case s.Result == history.Failed:
		t.explainError(s)
	case s.Verdict.Delivery.ID == codes.DeliveryNoReply && s.Err != nil:
		t.labelled(t.tr("seen", "事象"), failureWords(s.Err, t.o.Lang))
	}
	for _, n := range t.sendingNotes(s) {
		t.labelled(t.tr("note", "補足"), n)
	}
}

// showSending is the command that shows a mail which the history has, none for others.
func (t sendingPage) showSending(s Sending) codes.Command {
	if !s.Kept || s.Quit != "" {
		return codes.Command{}
	}
	return t.o.SameWorld(ShowSending(s.ID))
}

// perhaps says in short what codes.DeliveryNoReply is, and perhapsNote what it means for a resend.
func (t sendingPage) perhaps() string {
	return t.tr("perhaps delivered", "配信された可能性があります")
}

func (t sendingPage) perhapsNote() string {
	return t.tr("the mail went out to its end, and no valid reply came: it counts as delivered and is not repeated by "+
		"itself; sending it again may double it",
		"メールを最後まで送信しましたが、有効な応答がありませんでした。"+
			"配信済みとして扱い、自動では再送しません。再送すると二重に届く可能性があります")
}

// verdictWords is what the mark stands for, and result, code and title.
func (t sendingPage) verdictWords(s Sending) (diag.Status, string) {
	v := s.Verdict
	switch {
	case s.Result == history.Failed && v.Delivery.ID == "":
		return diag.Fail, t.resultWord(s.Result)
	case s.Result == history.Failed:
		return diag.Fail, t.resultWord(s.Result) + " " + v.Delivery.ID + " " + s.title().In(t.o.Lang)
	case s.Quit != "":
		return diag.OK, fmt.Sprintf(t.tr("ended after %s, as asked: nothing was delivered",
			"指定どおり %s で終了しました(配送していません)"), s.Quit)
	case v.Delivery.ID == codes.DeliveryNoReply:
		return diag.Warn, t.resultWord(s.Result) + " " + codes.DeliveryNoReply + " " + t.perhaps()
	}
	return diag.OK, t.resultWord(s.Result) + " " + v.Delivery.ID + " " + v.Delivery.Title.In(t.o.Lang)
}

// title is what stands beside the delivery code. That of the code says what a mail of a list goes through, and that the
// recipient's server refused; where that is not so, the reason stands there.
func (s Sending) title() codes.Text {
	if s.atRelay() || s.Verdict.Delivery.ID == codes.DeliveryExpired && s.Attempts <= 1 {
		return s.Verdict.Reason.Title
	}
	return s.Verdict.Delivery.Title
}

// atRelay reports whether it failed between us and our own relay.
func (s Sending) atRelay() bool { return s.Relay != nil && s.Ours }

// resultWord is a result in the words of the platform's screens.
func (t sendingPage) resultWord(r history.Result) string {
	switch r {
	case history.OK:
		return t.tr("ok", "正常")
	case history.Failed:
		return t.tr("error", "エラー")
	}
	return t.tr("preparing", "準備中")
}

// explainError says why, whether a resend helps, and what to do.
func (t sendingPage) explainError(s Sending) {
	v := s.Verdict
	if s.Reply.Code == 0 && s.Err != nil {
		t.labelled(t.tr("seen", "事象"), failureWords(s.Err, t.o.Lang))
	}
	if v.Reason.ID == "" {
		return
	}
	if v.Delivery.ID != "" { // else the line above says it
		t.labelled(t.tr("why", "要因"), meaning(v).In(t.o.Lang))
	}
	kind := []string{reasonName(v.Reason, t.o.Lang), t.permanence(v)}
	if t.o.Catalogue != nil && v.Provider != "" {
		if p, ok := t.o.Catalogue.Provider(v.Provider); ok {
			kind = append(kind, p.Name.In(t.o.Lang))
		}
	}
	t.labelled("", strings.Join(kind, " · "))
	if v.Other != nil {
		t.labelled("", t.tr("or ", "または ")+v.Other.Reason.Title.In(t.o.Lang)+": "+v.Other.When.In(t.o.Lang))
	}
	switch {
	case s.atRelay():
		t.labelled("", t.tr("this is between us and our own relay: it says nothing about the address",
			"送信側と自社の中継サーバーの間の問題です。宛先に問題があるかどうかは判断できません"))
	case s.Ours:
		t.labelled("", t.tr("this may be our own DNS or network: it says nothing about the address",
			"送信側のDNSかネットワークの問題の可能性があり、宛先に問題があるかどうかは判断できません"))
	}
	t.steps(v.Remedies, s.known())
}

// permanence says whether sending again makes sense.
func (t *text) permanence(v codes.Verdict) string {
	switch {
	case v.RetryAfter > 0:
		return fmt.Sprintf(t.tr("temporary: send again after %s", "一時的: %s以上おいて再送してください"), t.span(v.RetryAfter))
	case v.WorthLater():
		return t.tr("permanent: sending again at once will not help; try again after some time",
			"恒久的: すぐに再送しても届きません。時間をおいて再送してください")
	case v.Permanent == codes.Yes:
		return t.tr("permanent: sending again will not help", "恒久的: そのまま再送しても届きません")
	case v.Permanent == codes.No:
		return t.tr("temporary: sending again later may pass", "一時的: 時間をおいて再送すると届く可能性があります")
	}
	return t.tr("temporary or permanent: the reply does not tell", "一時的か恒久的かは応答からは分かりません")
}

// steps lists what to do, in the order to follow, each with its command.
func (t sendingPage) steps(list []codes.Remedy, known codes.Values) {
	if t.into != nil {
		t.into.gatherSteps(t, list, known)
		return
	}
	for i, r := range list {
		if i == maxSteps {
			t.para("", t.column(), t.say(wMore, codes.Num("n", len(list)-i)))
			break
		}
		label := ""
		if i == 0 {
			label = t.tr("do", "対策")
		}
		s := remedyWords(r, t.o.Lang)
		n := strconv.Itoa(i+1) + ". "
		column := t.column() + len(n)
		t.para(t.page.Pad(label, t.column())+n, column, s)
		if !r.Check.IsZero() {
			t.commandLines("", column, t.o.SameWorld(stepCommand(r, known)))
		}
	}
}

// remedyWords are what to do, and when.
func remedyWords(r codes.Remedy, l codes.Lang) string {
	if when := r.When.In(l); when != "" {
		return r.Text.In(l) + codes.Text{EN: " (" + when + ")", JA: "(" + when + ")"}.In(l)
	}
	return r.Text.In(l)
}

// stepCommand is the command of a step, with its places filled by what is known. If it needs a sending of the history and
// there is none, it is another form of the command that needs none.
func stepCommand(r codes.Remedy, known codes.Values) codes.Command {
	c := r.Check.Fill(known)
	if c.HasOpen(codes.PlaceID) {
		for _, form := range r.Guide {
			if other := form.Fill(known); len(other.Open()) == 0 {
				return other
			}
		}
	}
	return c
}

// known is what may be put into the command of a step. What is not known stays
// open, in capitals. The id is known to the history only.
func (s Sending) known() codes.Values {
	known := codes.Values{codes.PlaceAddr: s.To.String(), codes.PlaceSender: s.From.String(), codes.PlaceDomain: s.From.Domain(),
		codes.PlaceCode: s.Verdict.Delivery.ID, codes.PlaceTime: s.Started.Format(time.RFC3339)}
	if s.Kept {
		known[codes.PlaceID] = s.ID
	}
	if s.Relay != nil {
		known[codes.PlaceHost] = s.Relay.String()
	}
	if name := s.helo(); name != "" {
		known[codes.PlaceHELO] = name
	}
	return known
}

// helo is the name that our side gave last in EHLO or HELO, "" where it gave none.
func (s Sending) helo() string {
	for _, session := range slices.Backward(s.Sessions) {
		for _, step := range slices.Backward(session.Steps) {
			if word, name, _ := strings.Cut(step.Sent, " "); word == "EHLO" || word == "HELO" {
				return name
			}
		}
	}
	return ""
}

// ShowSending is the command that shows a sending of the history.
func ShowSending(id string) codes.Command {
	return codes.Todoku("history", "show", "ID").With(codes.PlaceID, id)
}

// sendingNotes are what the sender should know beside the result.
func (t sendingPage) sendingNotes(s Sending) []string {
	var out []string
	if s.Verdict.Delivery.ID == codes.DeliveryNoReply {
		out = append(out, t.perhapsNote())
	}
	if s.NoDSN {
		out = append(out, t.tr("the server knows no delivery notifications: none will come from it",
			"宛先メールサーバーは配送状況通知(DSN)に対応していないため、通知は届きません"))
	}
	return out
}

// sendingLine is a mail of a list, on one line.
func (t sendingPage) sendingLine(s Sending) {
	status, code, to, rest := t.lineWords(s)
	used := 2 + 5 + 2 + t.page.StringWidth(to)
	t.page.Line(marked(status, code+"  "+to+"  "+t.page.Truncate(rest, max(t.page.Width-used-2, 12), "…")))
}

// lineWords is a mail of a list in a few words.
func (t sendingPage) lineWords(s Sending) (status diag.Status, code, to, rest string) {
	status, code = diag.OK, s.Verdict.Delivery.ID
	switch {
	case s.Result == history.Failed:
		status = diag.Fail
	case code == codes.DeliveryNoReply:
		status = diag.Warn
	}
	if code == "" {
		code = "  –  "
	}
	rest = s.Verdict.Reason.Title.In(t.o.Lang)
	if s.Result == history.OK {
		rest = s.Host
	} else if s.Err != nil && s.Verdict.Delivery.ID == "" {
		rest = failureWords(s.Err, t.o.Lang)
	}
	return status, code, page.Clean(s.To.String()), page.Clean(shown(rest))
}

// dryRun shows a mail that was not sent, and its way.
func (t sendingPage) dryRun(s Sending, whole bool) {
	t.labelled(t.tr("to", "宛先"), s.To.String())
	t.labelled(t.tr("errors", "返送先"), "<"+s.Outcome.From.String()+">")
	switch {
	case s.Relay != nil:
		t.labelled(t.tr("way", "経路"), s.Relay.String())
	default:
		for i, h := range s.Route.Hosts {
			label := ""
			if i == 0 {
				label = t.tr("way", "経路")
			}
			var at []string
			for _, a := range h.Addresses {
				at = append(at, a.String())
			}
			t.labelled(label, fmt.Sprintf("%d %s  %s", h.Preference, h.Name, strings.Join(at, " ")))
		}
	}
	t.labelled(t.tr("size", "サイズ"), fmt.Sprintf(t.tr("%d bytes", "%dバイト"), s.Size))
	if s.Err != nil {
		t.sendingResult(s)
	}
	if t.into != nil {
		return
	}
	t.line(t.say(wNotSent))
	if !whole {
		return
	}
	t.line("")
	t.mail(s)
}

// mail prints a mail as it would be sent.
func (t sendingPage) mail(s Sending) {
	for _, piece := range s.Message.Pieces() {
		for line := range bytes.Lines(piece) {
			t.line("  " + string(bytes.TrimRight(line, "\r\n")))
			t.page.FlushIfLarge()
		}
	}
}
