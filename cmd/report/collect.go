package report

import (
	"cmp"
	"fmt"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/sender/collect"
	"todoku/sender/event"
	"todoku/sender/history"
)

// What is shown of each kind.
const (
	shownChanges   = 100
	shownUnmatched = 10
)

// collectPage tells of what came back, in the form of sendings.
type collectPage struct{ sendingPage }

// collectText prints what a look at the sources told: what changed, what is told beside it, what belongs to no sending.
func collectText(w *page.Out, o Options, r *collect.Round) error {
	t := collectPage{makeSendingPage(w, o)}
	t.para("", 0, collectAnswer(r).In(o.Lang))
	for i, x := range append(r.Changes[:len(r.Changes):len(r.Changes)], r.Told...) {
		if i == shownChanges {
			t.more(t.told(r) - i)
			break
		}
		t.line("")
		t.recorded(x)
		t.page.FlushIfLarge()
	}
	t.unmatched(r)
	return t.page.Flush()
}

// collectAnswer is the sentence that answers.
func collectAnswer(r *collect.Round) codes.Text {
	n := r.Counts
	var en, ja []string
	add := func(count int64, one, many, japanese string) {
		if count == 0 {
			return
		}
		words := many
		if count == 1 {
			words = one
		}
		en, ja = append(en, fmt.Sprintf(words, count)), append(ja, fmt.Sprintf(japanese, count))
	}
	add(n.Bounced, "%d turned from ok to error (90000)", "%d turned from ok to error (90000)",
		"「正常」から「エラー」(90000)に変わった送信が%d件")
	add(n.Settled, "%d is known to be delivered now", "%d are known to be delivered now", "配信を確認できた送信が%d件")
	add(n.Delayed, "%d is delayed", "%d are delayed", "遅延が%d件")
	add(n.Complaint, "%d complaint", "%d complaints", "迷惑メール報告が%d件")
	add(n.AutoReply, "%d automatic answer", "%d automatic answers", "自動応答が%d件")
	add(n.Waits, "%d waits for the end of its sending", "%d wait for the end of their sendings",
		"送信の結果待ちが%d件")
	add(n.Other, "%d about a mail whose result stays", "%d about mails whose result stays",
		"結果の変わらない通知が%d件")
	add(n.Unmatched, "%d of no mail in the history", "%d of no mails in the history", "送信履歴にないメールの通知が%d件")
	switch {
	case len(en) > 0:
		return codes.Text{EN: "New: " + strings.Join(en, ", ") + ".", JA: strings.Join(ja, "、") + "あります。"}
	case len(r.Failed) > 0:
		return codes.Text{EN: "Nothing new in what could be read: not everything could.", JA: "読み取れた範囲に、新しい通知はありません(読めないものがありました)。"}
	case n.Known > 0:
		return codes.Text{EN: fmt.Sprintf("Nothing new: %d events were known before.", n.Known), JA: fmt.Sprintf("新しい通知はありません(%d件は記録済みです)。", n.Known)}
	case n.Ignored > 0:
		return codes.Text{EN: fmt.Sprintf("Nothing about mails of the history: %d deliveries of others.", n.Ignored),
			JA: fmt.Sprintf("送信履歴のメールについての通知はありません(ほかのメールの配信記録が%d件)。", n.Ignored)}
	}
	return codes.Text{EN: "Nothing new: no bounce, complaint or other notice was found.", JA: "新しい通知(エラーメール、迷惑メール報告など)はありません。"}
}

// more says that a list goes on.
func (t collectPage) more(n int) {
	t.line("  " + t.moreWords(n))
}

func (t collectPage) moreWords(n int) string {
	return fmt.Sprintf(t.tr("… and %d more", "ほか%d件"), n)
}

// told is how many events there are of mails of the history.
func (collectPage) told(r *collect.Round) int {
	n := r.Counts
	return int(n.Bounced + n.Settled + n.Delayed + n.Complaint + n.AutoReply + n.Other + n.Waits)
}

// recorded tells of one sending what became of it, and who says so.
func (t collectPage) recorded(x history.Recorded) {
	e := x.Event
	status, what := diag.Info, t.actionWord(e)
	switch e.Effect {
	case history.Bounced:
		status = diag.Fail
		what = t.tr("ok → error", "正常 → エラー") + " " + x.After.Code
	case history.Confirmed:
		status = diag.OK
		what = x.Before.Code + " → " + t.tr("ok", "正常") + " " + x.After.Code
	}
	t.headLine(marked(status, page.Clean(x.Before.Recipient)+"  "+what))
	t.labelled(t.tr("sending", "送信"), x.Before.ID+" · "+x.Before.Started.In(t.o.Now.Location()).Format("2006-01-02 15:04")+" · "+
		page.Clean(x.Before.Subject))
	if e.Reason != "" && e.Effect != history.Confirmed {
		why := t.reasonTitle(e.Reason)
		if e.RemoteMTA != "" {
			why += t.tr(" at ", " ・ ") + page.Clean(e.RemoteMTA)
		}
		t.labelled(t.tr("why", "要因"), why)
	}
	t.labelled(t.tr("reply", "応答"), shown(firstLine(e.Reply)))
	t.labelled(t.tr("told by", "通知"), t.toldBy(e))
	if e.Effect == history.Bounced {
		t.labelled(t.tr("address", "宛先"), t.flagWords(x))
	}
}

// actionWord is what was told, for what changes no result.
func (t collectPage) actionWord(e history.Event) string {
	if e.Effect == history.Waits {
		return t.tr("not sent yet: looked at again", "送信が終わっていないため、次回に確認します")
	}
	switch event.Action(e.Action) {
	case event.Delayed:
		return t.tr("delayed, may yet arrive", "遅延(まだ届く可能性があります)")
	case event.Complaint:
		return t.tr("the recipient complained", "受信者が迷惑メールとして報告") + feedbackWord(e.Feedback)
	case event.AutoReply:
		return t.tr("an automatic answer", "自動応答")
	case event.Failed, event.Expired:
		return t.tr("the error is told again", "エラー(すでに記録された結果と同じです)")
	}
	return t.tr("delivered, as was known", "配信済み(記録された結果と同じです)")
}

func feedbackWord(kind string) string {
	if kind == "" {
		return ""
	}
	return " (" + page.Clean(kind) + ")"
}

// toldBy is where it was read, and how its sending was found.
func (t collectPage) toldBy(e history.Event) string {
	place := page.Clean(e.File)
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
	}
	how := map[string]string{"envelope_id": "ENVID", "verp": "VERP", "message_id": "Message-ID",
		"recipient": t.tr("recipient and time", "宛先と日時")}[e.MatchedBy]
	return place + " (" + how + ")"
}

// flagWords say how the address stands.
func (t collectPage) flagWords(x history.Recorded) string {
	switch {
	case x.Struck:
		return fmt.Sprintf(t.tr("invalid now: %d errors in a row",
			"有効フラグが無効になりました(連続エラー%d回)"), x.Flag.Errors)
	case !x.Flag.Valid:
		return t.tr("invalid, as before", "有効フラグは無効です(変更なし)")
	}
	return fmt.Sprintf(t.tr("valid; errors in a row: %d", "有効フラグは有効です(連続エラー%d回)"), x.Flag.Errors)
}

// unmatched lists the first events that belong to no sending.
func (t collectPage) unmatched(r *collect.Round) {
	if len(r.Others) == 0 {
		return
	}
	t.line("")
	t.line(t.ofNoMail())
	for i, e := range r.Others {
		if i == shownUnmatched {
			t.more(int(r.Counts.Unmatched) - i)
			break
		}
		t.unmatchedLine(e)
	}
	t.commandAfter(t.allOfThem()+": ", t.o.SameWorld(codes.Todoku("history", "list", "--unmatched")))
}

// ofNoMail stands above the events that belong to no sending, allOfThem before the command that lists them.
func (t collectPage) ofNoMail() string {
	return t.tr("Of no mail in the history:", "送信履歴にないメールの通知:")
}

func (t collectPage) allOfThem() string { return t.tr("all of them", "すべて表示") }

func (t collectPage) unmatchedLine(e history.Event) { t.para("  ", 4, t.unmatchedWords(e)) }

func (t collectPage) unmatchedWords(e history.Event) string {
	return page.Clean(cmp.Or(e.Recipient, e.MessageID)) + "  " + t.shortTime(e.Time) + "  " + page.Clean(e.Action) + "  " +
		t.reasonTitle(e.Reason) + " – " + unmatchedText(e.Why).In(t.o.Lang)
}

// unmatchedRow is a line of the list of what belongs to no sending.
func unmatchedRow(w *page.Out, o Options, e history.Event) error {
	t := collectPage{makeSendingPage(w, o)}
	t.unmatchedLine(e)
	t.para("      ", 6, t.tr("read from ", "読み取り元 ")+page.Clean(e.File)+": "+shown(firstLine(e.Reply)))
	return t.page.Flush()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// unmatchedText says why an event belongs to no sending.
func unmatchedText(why history.Unmatched) codes.Text {
	switch why {
	case history.UnknownEnvelope:
		return codes.Text{EN: "it names a sending of another history", JA: "別の送信履歴にある送信の通知です"}
	case history.UnknownMessage:
		return codes.Text{EN: "its Message-ID is of no mail in this history", JA: "Message-IDが送信履歴にありません"}
	case history.UnknownAddress:
		return codes.Text{EN: "nothing went to this address from here", JA: "この宛先への送信履歴がありません"}
	case history.OutOfTime:
		return codes.Text{EN: "what went to this address was sent at another time", JA: "この宛先への送信はありますが、日時が合いません"}
	case history.OtherMail:
		return codes.Text{EN: "what went to this address is another mail", JA: "この宛先への送信はありますが、別のメールです"}
	case history.NotSent:
		return codes.Text{EN: "what fits never left, or was refused at once", JA: "該当する送信は、送信前か、即時エラーで終わっています"}
	case history.Ambiguous:
		return codes.Text{EN: "several recipients had this mail, and none has this address", JA: "同じメールの宛先が複数あり、特定できません"}
	}
	return codes.Text{EN: "it names neither a mail nor a recipient", JA: "メールも宛先も記載されていません"}
}
