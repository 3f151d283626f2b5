package cmd

import (
	"context"
	"errors"

	"todoku/cmd/report"
	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// takeUp finds the sending that is to be sent again. One of which nothing has
// reached a server is gone on with; any other becomes a new one.
func (d *dispatch) takeUp(ctx context.Context) error {
	none := func() error { return notInHistory(d.m.resend) }
	if d.store == nil {
		return none()
	}
	s, err := d.store.Get(ctx, d.m.resend)
	switch {
	case errors.Is(err, history.ErrNotFound):
		return none()
	case errors.Is(err, history.ErrAmbiguous):
		return ambiguous(d.m.resend)
	case err != nil:
		return d.historyFault(err)
	}
	raw, err := d.store.Content(ctx, s.ID)
	if errors.Is(err, history.ErrNotFound) {
		return misuse(say(codes.Text{EN: "the mail of %s was not kept (only up to 1 MiB is)", JA: "%s のメールは保存されていません(保存できるのは1 MiBまで)"}, s.ID),
			say(codes.Text{EN: "send it anew, with --eml FILE for example", JA: "--eml FILE などで新しく送信してください"}))
	}
	if err != nil {
		return d.historyFault(err)
	}
	e := errand{earlier: &s}
	if e.to, err = mail.ParseAddress("To", s.Recipient); err != nil {
		return inputFault(err)
	}
	if e.press, err = pressOf(s, raw); err != nil {
		return err
	}
	d.press, d.errands = e.press, []errand{e}
	if d.m.dryRun {
		return nil
	}
	if s.Phase == history.Queued {
		if _, err := d.store.Take(ctx, s.ID); err == nil {
			d.errands[0].claimed = true
			return nil
		}
	}
	return d.mayRepeat(s)
}

// mayRepeat refuses what could arrive twice without anybody wanting that.
func (d *dispatch) mayRepeat(s history.Sending) error {
	var was phrase
	switch {
	case s.Result == history.Preparing && s.Lease.After(d.now()):
		return misuse(say(codes.Text{EN: "another process works on %s", JA: "%s は別のプロセスが処理中です"}, s.ID),
			say(codes.Text{EN: "wait for it; %s tells how it stands", JA: "終了をお待ちください。状況は %s で確認できます"}, report.ShowSending(s.ID)))
	case d.m.yes:
		return nil
	case s.Result == history.Preparing:
		was = say(codes.Text{EN: "nobody knows how %s ended: the server may have taken the mail", JA: "%s の結果は不明です。サーバーがすでに受け取っている可能性があります"}, s.ID)
	case s.Code == untoldCode:
		was = say(codes.Text{EN: "%s is perhaps delivered: nobody knows whether the server took it", JA: "%s は配信された可能性があります。サーバーが受け取ったかどうかは分かりません"}, s.ID)
	case s.Result == history.OK:
		was = say(codes.Text{EN: "%s was taken by the server already (%s)", JA: "%s はすでにサーバーが受け取っています(%s)"}, s.ID, s.Code)
	default:
		was = say(codes.Text{EN: "%s was sent already and refused (%s)", JA: "%s は送信済みで、エラーになっています(%s)"}, s.ID, s.Code)
	}
	return misuse(was, say(codes.Text{EN: "give --yes to send it again", JA: "再送するには --yes を付けてください"}))
}

// untoldCode is the delivery code of a mail that went out to its end without a
// valid reply.
const untoldCode = "40001"

// pressOf makes the mail of an earlier sending, as it was.
func pressOf(s history.Sending, raw []byte) (*press, error) {
	msg, err := eml(raw)
	if err != nil {
		return nil, err
	}
	p := &press{whole: msg}
	if s.ErrorsTo == "" {
		return p, nil
	}
	p.from, err = mail.ParseAddress("From", s.ErrorsTo)
	if base, _, _, ok := mail.ParseVERP(s.ErrorsTo); ok {
		p.from, p.verp = base, true
	}
	return p, inputFault(err)
}

// historyList is the command that shows what the history has.
func historyList() codes.Command { return codes.Todoku("history", "list") }

func notInHistory(id string) error {
	return misuse(say(codes.Text{EN: "the history has no sending %q", JA: "送信履歴に %q はありません"}, id),
		say(codes.Text{EN: "%s shows them", JA: "%s で一覧を確認できます"}, historyList()))
}

func ambiguous(id string) error {
	return misuse(say(codes.Text{EN: "several ids begin with %q", JA: "%q で始まるIDが複数あります"}, id),
		say(codes.Text{EN: "give more of the id", JA: "IDをもう少し長く指定してください"}))
}
