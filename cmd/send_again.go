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
		return err
	}
	raw, err := d.store.Content(ctx, s.ID)
	if errors.Is(err, history.ErrNotFound) {
		return codes.Wrong(codes.Say(codes.Text{EN: "the mail of {id} was not kept (only up to 1 MiB is)", JA: "{id} のメールは保存されていません(保存できるのは1 MiBまで)"}, codes.Str("id", s.ID)),
			codes.Say(codes.Text{EN: "send it anew, with --eml FILE for example", JA: "--eml FILE などで新しく送信してください"}))
	}
	if err != nil {
		return err
	}
	e := errand{earlier: &s}
	if e.to, err = mail.ParseAddress("To", s.Recipient); err != nil {
		return err
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
	var was codes.Message
	switch {
	case s.Result == history.Preparing && s.Lease.After(d.now()):
		return codes.Wrong(codes.Say(codes.Text{EN: "another process works on {id}", JA: "{id} は別のプロセスが処理中です"}, codes.Str("id", s.ID)),
			codes.Say(codes.Text{EN: "wait for it; {command} tells how it stands", JA: "終了をお待ちください。状況は {command} で確認できます"}, codes.Typed("command", report.ShowSending(s.ID))))
	case d.m.yes:
		return nil
	case s.Result == history.Preparing:
		was = codes.Say(codes.Text{EN: "nobody knows how {id} ended: the server may have taken the mail", JA: "{id} の結果は不明です。サーバーがすでに受け取っている可能性があります"}, codes.Str("id", s.ID))
	case s.Code == untoldCode:
		was = codes.Say(codes.Text{EN: "{id} is perhaps delivered: nobody knows whether the server took it", JA: "{id} は配信された可能性があります。サーバーが受け取ったかどうかは分かりません"}, codes.Str("id", s.ID))
	case s.Result == history.OK:
		was = codes.Say(codes.Text{EN: "{id} was taken by the server already ({code})", JA: "{id} はすでにサーバーが受け取っています({code})"}, codes.Str("id", s.ID), codes.Str("code", s.Code))
	default:
		was = codes.Say(codes.Text{EN: "{id} was sent already and refused ({code})", JA: "{id} は送信済みで、エラーになっています({code})"}, codes.Str("id", s.ID), codes.Str("code", s.Code))
	}
	return codes.Wrong(was, codes.Say(codes.Text{EN: "give --yes to send it again", JA: "再送するには --yes を付けてください"}))
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
	return p, err
}
