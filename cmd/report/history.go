package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/sender/history"
)

// historyText lists sendings as they come, one a line.
func historyText(w *page.Out, o Options) page.Printer[history.Sending] {
	return &historyLines{sendingPage: makeSendingPage(w, o.WithWidth())}
}

type historyLines struct {
	sendingPage
	begun bool
}

func (p *historyLines) Put(s history.Sending) error {
	if !p.begun {
		p.begun = true
		p.historyHead()
	}
	p.historyLine(s)
	return p.page.Flush()
}

// Close has nothing to end.
func (p *historyLines) Close() error { return nil }

// The columns of a list of sendings.
const (
	idColumn     = 14
	sentColumn   = 11
	resultColumn = 9 // with its mark
	codeColumn   = 5
	toColumn     = 22
)

// historyHead says what stands in the columns.
func (t sendingPage) historyHead() {
	h := historyHeads(t.text)
	t.line(t.page.Pad(h[0], idColumn) + "  " + t.page.Pad(h[1], sentColumn) + "  " + t.page.Pad(h[2], resultColumn) + "  " +
		t.page.Pad(h[3], codeColumn+1) + " " + t.page.Pad(h[4], toColumn) + "  " + h[5])
}

// historyHeads are the names of the columns.
func historyHeads(t *text) []string {
	return []string{t.tr("id", "送信ID"), t.tr("sent", "送信日時"), t.tr("result", "送信結果"), t.tr("code", "コード"),
		t.tr("to", "宛先"), t.tr("subject or reason", "件名・要因")}
}

// about is what a line says of a sending at its end: the reason of an error, else the subject.
func (t sendingPage) about(s history.Sending) string {
	if s.Result == history.Failed {
		return t.reasonTitle(s.Reason)
	}
	return s.Subject
}

// historyLine is one sending of a list.
func (t sendingPage) historyLine(s history.Sending) {
	sign, word := t.resultOf(s)
	head := t.page.Pad(page.Clean(s.ID), idColumn) + "  " + t.page.Pad(t.shortTime(s.Started), sentColumn) + "  "
	room := t.page.Width - t.page.StringWidth(head) - resultColumn - 2 - codeColumn - 2
	to := t.page.Truncate(page.Clean(s.Recipient), max(room, 20), "…")
	left := room - max(t.page.StringWidth(to), toColumn) - 2
	rest := ""
	if left >= 6 {
		rest = "  " + t.page.Truncate(page.Clean(t.about(s)), left, "…")
	}
	t.page.Line(append(page.Words(head), sign).Then(" " + t.page.Pad(word, resultColumn-2) + "  " +
		t.page.Pad(cmp.Or(s.Code, "–"), codeColumn) +
		"  " + t.page.Pad(to, toColumn) + rest))
}

// shortTime is a day and a time of this year, else the day.
func (t sendingPage) shortTime(at time.Time) string {
	at = at.In(t.o.Now.Location())
	if at.Year() == t.o.Now.Year() {
		return at.Format("01-02 15:04")
	}
	return at.Format(time.DateOnly)
}

// reasonTitle is a reason in words.
func (t sendingPage) reasonTitle(id string) string {
	if t.o.Catalogue != nil {
		if r, ok := t.o.Catalogue.Reason(id); ok {
			return r.Title.In(t.o.Lang)
		}
	}
	return id
}

// resultOf is the mark of a sending and the word for its result, which is the platform's.
func (t sendingPage) resultOf(s history.Sending) (sign page.Piece, word string) {
	switch {
	case s.OutcomeUnknown(t.o.Now):
		return mark(diag.Unknown), t.tr("unknown", "不明")
	case s.Result == history.Preparing:
		return page.Piece{Text: "…"}, t.tr("sending", "準備中")
	case s.Result == history.Failed:
		return mark(diag.Fail), t.tr("error", "エラー")
	case s.Code == codes.DeliveryNoReply:
		return mark(diag.Warn), t.tr("ok", "正常")
	}
	return mark(diag.OK), t.tr("ok", "正常")
}

// validityText says which address is invalid since when.
func validityText(w *page.Out, o Options, v history.Validity) error {
	t := makeText(w, o)
	said := fmt.Sprintf(t.tr("%s  errors in a row: %d  since %s", "%s  連続エラー%d回  %s から"), v.Code, v.Errors,
		v.Changed.In(o.Now.Location()).Format(time.DateOnly))
	t.page.Line(marked(diag.Fail, t.page.Pad(page.Clean(v.Address), 34)+"  "+said))
	return t.page.Flush()
}

// Revalidation is an address before and after it was set valid again.
type Revalidation struct{ Before, After history.Validity }

func asRevalidation(r Revalidation, _ Options) history.Validity { return r.After }

// revalidationText says what became of the flag of an address.
func revalidationText(w *page.Out, o Options, r Revalidation) error {
	t := makeText(w, o)
	t.page.Para(marked(diag.OK, ""), markColumn, page.Words(t.revalidationWords(r)))
	return t.page.Flush()
}

// revalidationWords say what became of the flag of an address.
func (t *text) revalidationWords(r Revalidation) string {
	said := t.tr("%s is valid again (it had errors in a row: %d, the last one %s)",
		"%s の有効フラグを有効に戻しました(連続エラー%d回、最後のコード %s)")
	if r.Before.Valid {
		said = t.tr("%s was valid; its count of consecutive errors (%d, the last one %s) starts again",
			"%s の有効フラグは有効でした。連続エラー(%d回、最後のコード %s)の回数を0に戻しました")
	}
	if r.Before.Errors == 0 && r.Before.Valid {
		return fmt.Sprintf(t.tr("%s is valid, and was", "%s の有効フラグは、もともと有効です"), r.After.Address)
	}
	return fmt.Sprintf(said, r.After.Address, r.Before.Errors, r.Before.Code)
}

// keptText prints everything about one sending of the history.
func keptText(w *page.Out, o Options, s history.Sending) error {
	t := makeSendingPage(w, o)
	t.keptFields(s)
	if len(s.Transcript) > 0 {
		t.line("")
		t.keptTranscript(s.Transcript)
	}
	collectPage{t}.keptEvents(s.Events)
	t.line("")
	t.keptResult(s)
	return t.page.Flush()
}

func (t sendingPage) keptFields(s history.Sending) {
	when := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(t.o.Now.Location()).Format("2006-01-02 15:04:05 -0700")
	}
	attempts := ""
	if s.Attempts > 1 {
		attempts = fmt.Sprint(s.Attempts)
	}
	rows := []struct{ en, ja, value string }{
		{"id", "送信ID", s.ID},
		{"sent", "メールを送信した日時", when(s.Started)},
		{"from", "送信者E-mailアドレス", named(s.Name, s.Sender)},
		{"to", "宛先E-mailアドレス", s.Recipient},
		{"cc", "Cc", strings.Join(s.Cc, ", ")},
		{"bcc", "Bcc", strings.Join(s.Bcc, ", ")},
		{"reply-to", "返信先", s.ReplyTo},
		{"errors-to", "エラー時返信先", s.ErrorsTo},
		{"subject", "件名", s.Subject},
		{"message-id", "Message-ID", s.MessageID},
		{"envelope-id", "ENVID", s.EnvelopeID},
		{"server", "宛先メールサーバー", strings.TrimSpace(s.MX + " " + s.Address)},
		{"via", "中継サーバー", s.Via},
		{"attempts", "試行回数", attempts},
		{"ended", "終了日時", when(s.Finished)},
	}
	width := 0
	for _, r := range rows {
		width = max(width, t.page.StringWidth(t.tr(r.en, r.ja)))
	}
	for _, r := range rows {
		switch {
		case r.value == "":
		case t.into != nil:
			t.into.rows = labelled(t.into.rows, t.tr(r.en, r.ja), textItem(shown(r.value)))
		default:
			t.para(t.page.Pad(t.tr(r.en, r.ja), width+2), width+2, shown(r.value))
		}
	}
}

// keptEvents prints what was told of a sending after it.
func (t collectPage) keptEvents(events []history.Event) {
	if len(events) > 0 {
		t.line("")
		t.line(t.say(wCameBack))
	}
	for _, e := range events {
		for i, line := range t.eventLines(e) {
			t.para([]string{"  ", "    "}[min(i, 1)], 4, line)
		}
	}
}

// eventLines are one of them: what happened, then why and who says so.
func (t collectPage) eventLines(e history.Event) (out []string) {
	what := t.actionWord(e)
	switch e.Effect {
	case history.Bounced:
		what = t.tr("ok → error", "正常 → エラー") + " " + codes.DeliveryBounced
	case history.Confirmed:
		what = codes.DeliveryNoReply + " → " + t.tr("ok", "正常") + " " + codes.DeliveryOK
	}
	out = append(out, e.Time.In(t.o.Now.Location()).Format("2006-01-02 15:04:05")+"  "+what)
	if e.Reason != "" && e.Effect != history.Confirmed {
		out = append(out, t.reasonTitle(e.Reason))
	}
	if e.Reply != "" {
		out = append(out, shown(firstLine(e.Reply)))
	}
	return append(out, strings.TrimSpace(page.Clean(cmp.Or(e.RemoteMTA, e.ReportingMTA))+"  "+t.toldBy(e)))
}

func named(name, address string) string {
	if name == "" {
		return address
	}
	return name + " <" + address + ">"
}

// keptResult prints how a sending stands.
func (t sendingPage) keptResult(s history.Sending) {
	now, c := t.o.Now, t.o.Catalogue
	sign, _ := t.resultOf(s)
	d, _ := c.Delivery(s.Code)
	words := " " + t.resultWord(s.Result)
	var goOn codes.Command
	switch {
	case s.OutcomeUnknown(now):
		words += " · " + t.perhaps() + t.tr(": its process ended before the reply",
			"(応答を受け取る前にプロセスが終了しました)")
	case s.Phase == history.Queued && s.Lease.After(now) && !s.NextAttempt.IsZero():
		words += " · " + t.tr("next attempt ", "次回の再送 ") + s.NextAttempt.In(now.Location()).Format("2006-01-02 15:04:05")
	case s.Result == history.Preparing && s.Lease.After(now):
		words += " · " + t.tr("on its way", "送信中です")
	case s.Result == history.Preparing && s.Phase == history.Queued:
		words += " · " + t.tr("nothing was delivered and nobody works on it; go on with:",
			"配送されておらず、処理中のプロセスもありません。続けるには:")
		goOn = t.o.SameWorld(codes.Todoku("send", "--resend", "ID").With(codes.PlaceID, s.ID))
	case s.Code == codes.DeliveryNoReply:
		words += " " + codes.DeliveryNoReply + " " + t.perhaps()
	default:
		title := d.Title
		if r, ok := c.Reason(s.Reason); ok && s.Code == codes.DeliveryExpired && s.Attempts <= 1 {
			title = r.Title // it was not tried again
		}
		words += " " + s.Code + " " + title.In(t.o.Lang)
	}
	t.labelledCommand(t.tr("result", "送信結果"), page.Styled{sign}.Then(words), " ", goOn)
	if err := lastError(s); err != nil {
		t.labelled(t.tr("seen", "事象"), failureWords(err, t.o.Lang))
	} else {
		label := t.tr("reply", "応答")
		for line := range strings.SplitSeq(s.Reply, "\n") {
			t.labelled(label, shown(line))
			label = ""
		}
	}
	if s.Code == codes.DeliveryNoReply {
		t.labelled(t.tr("note", "補足"), t.perhapsNote())
	}
	if s.Result != history.Failed {
		return
	}
	if r, ok := c.Reason(s.Reason); ok {
		t.labelled(t.tr("why", "要因"), r.Meaning.In(t.o.Lang))
		t.labelled("", reasonName(r, t.o.Lang))
		_, domain, _ := strings.Cut(s.Sender, "@")
		t.steps(remedies(c, r), codes.Values{codes.PlaceAddr: s.Recipient, codes.PlaceSender: s.Sender,
			codes.PlaceDomain: domain, codes.PlaceCode: s.Code, codes.PlaceID: s.ID})
	}
}

// lastError is what went wrong where no server had the last word, nil elsewhere.
func lastError(s history.Sending) error {
	sessions, err := conversations(s.Transcript)
	if err != nil || len(sessions) == 0 || s.Reply != "" && s.Reply[0] >= '2' && s.Reply[0] <= '5' {
		return nil
	}
	steps := sessions[len(sessions)-1].Steps
	if len(steps) == 0 {
		return nil
	}
	return steps[len(steps)-1].Err
}

// remedies are the steps of a reason, in their order.
func remedies(c *codes.Catalogue, r codes.Reason) []codes.Remedy {
	var out []codes.Remedy
	for _, id := range r.Remedies {
		if m, ok := c.Remedy(id); ok {
			out = append(out, m)
		}
	}
	return out
}
