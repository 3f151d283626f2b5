package cmd

import (
	"context"
	"errors"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

// dispatch is a run of `send`: everything is read and open.
type dispatch struct {
	*app
	m         *mailing
	press     *press
	errands   []errand
	skipped   int // invalid addresses of a list
	store     history.Store
	out       *outside
	catalogue *codes.Catalogue
	deliverer *sender.Deliverer
	password  func() string
	closers   []func() error
}

// errand is one mail to one recipient.
type errand struct {
	to      sender.Address
	earlier *history.Sending // what is sent again, or gone on with
	claimed bool             // the earlier one goes on: nothing of it had been sent
}

// dispatch reads and opens what a run needs. Nothing has been said to anybody
// when it fails.
func (a *app) dispatch(ctx context.Context, m *mailing) (*dispatch, error) {
	d := &dispatch{app: a, m: m}
	if err := d.prepare(ctx); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *dispatch) prepare(ctx context.Context) (err error) {
	if d.m.resend == "" {
		if d.press, err = d.app.press(d.m); err != nil {
			return err
		}
		list, err := d.addressees(d.m)
		if err != nil {
			return err
		}
		for _, to := range list {
			d.errands = append(d.errands, errand{to: to})
		}
	}
	if d.catalogue, err = codes.Load(codes.Files); err != nil {
		return err
	}
	if err := d.openStore(ctx); err != nil {
		return err
	}
	if d.m.resend != "" {
		if err := d.takeUp(ctx); err != nil {
			return err
		}
	}
	if err := d.refuseInvalid(ctx); err != nil {
		return err
	}
	if d.out, err = d.outside(); err != nil {
		return err
	}
	d.closers = append(d.closers, func() error { d.out.close(); return nil })
	d.deliverer, err = d.newDeliverer()
	return err
}

// openStore opens the history: to write where a mail goes out, to look where
// none does.
func (d *dispatch) openStore(ctx context.Context) error {
	switch {
	case d.m.history.none:
		return nil
	case d.m.dryRun || d.m.quitAfter != "":
		if d.global.lab && d.m.history.file == "" {
			return nil
		}
		if _, err := d.historyPath(d.m.history); err != nil && d.m.resend == "" {
			return nil // nothing to look into
		}
		store, none, err := d.readHistory(ctx, d.m.history)
		if none || err != nil {
			return err
		}
		d.store = store
		d.closers = append(d.closers, store.Close)
		return nil
	}
	store, done, err := d.openHistory(ctx, d.m.history)
	if err != nil {
		return err
	}
	d.store = store
	d.closers = append(d.closers, done)
	return nil
}

// close ends what prepare opened, the last first.
func (d *dispatch) close() {
	for i := len(d.closers) - 1; i >= 0; i-- {
		if err := d.closers[i](); err != nil {
			d.complain(err)
		}
	}
	d.closers = nil
}

func (d *dispatch) newDeliverer() (*sender.Deliverer, error) {
	m := d.m
	v := &sender.Deliverer{
		Router: router{d.out.dns}, Codes: d.catalogue, TLS: m.tls, Port: m.port, Rate: m.rate, Bearer: m.bearer,
		Retry: sender.Retry{For: m.retryFor, First: firstWait(m.retryFor)},
	}
	if d.store != nil && !m.dryRun && m.quitAfter == "" {
		v.Journal = d.store
	}
	if m.via.Host != "" {
		relay := m.via
		if m.user != "" {
			relay.User = m.user
		}
		v.Relay = &relay
		m.user = relay.User
	}
	if m.user != "" && !m.dryRun {
		if d.password == nil {
			secret, err := d.secret(m)
			if err != nil {
				return nil, err
			}
			d.password = func() string { return secret } // what is printed by mistake is no secret
		}
		v.Password = d.password
	}
	helo := m.helo
	if helo == "" {
		helo = d.out.helo
	}
	v.Open = sender.Dialer{Dial: d.out.dial, Roots: d.out.roots, Helo: helo, Timeout: d.global.timeout}.Open
	return v, nil
}

// firstWait is the pause before the second attempt: a tenth of all the time, a
// minute at most.
func firstWait(all time.Duration) time.Duration {
	return min(max(all/10, 100*time.Millisecond), time.Minute)
}

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
		return misuse(say(codes.Text{EN: "the mail of %s was not kept (only up to 1 MiB is)", JA: "%s のメールは保存されていません(保存できるのは1 MiBまで)"}, s.ID),
			say(codes.Text{EN: "send it anew, with --eml FILE for example", JA: "--eml FILE などで新しく送信してください"}))
	}
	if err != nil {
		return err
	}
	e := errand{earlier: &s}
	if e.to, err = sender.ParseAddress("To", s.Recipient); err != nil {
		return inputFault(err)
	}
	if d.press, err = pressOf(s, raw); err != nil {
		return err
	}
	d.errands = []errand{e}
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
	case s.Phase != history.Done && s.Lease.After(d.now()):
		return misuse(say(codes.Text{EN: "another process works on %s", JA: "%s は別のプロセスが処理中です"}, s.ID),
			say(codes.Text{EN: "wait for it; todoku history show %s tells how it stands", JA: "終了をお待ちください。状況は todoku history show %s で確認できます"}, s.ID))
	case d.m.yes:
		return nil
	case s.Phase != history.Done:
		was = say(codes.Text{EN: "nobody knows how %s ended: the server may have taken the mail", JA: "%s の結果は不明です。サーバーがすでに受け取っている可能性があります"}, s.ID)
	case s.Result == history.OK:
		was = say(codes.Text{EN: "%s was taken by the server already (%s)", JA: "%s はすでにサーバーが受け取っています(%s)"}, s.ID, s.Code)
	default:
		was = say(codes.Text{EN: "%s was sent already and refused (%s)", JA: "%s は送信済みで、エラーになっています(%s)"}, s.ID, s.Code)
	}
	return misuse(was, say(codes.Text{EN: "give --yes to send it again", JA: "再送するには --yes を付けてください"}))
}

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
	p.from, err = sender.ParseAddress("From", s.ErrorsTo)
	if base, _, _, ok := sender.ParseVERP(s.ErrorsTo); ok {
		p.from, p.verp = base, true
	}
	return p, inputFault(err)
}

// refuseInvalid keeps mail from addresses whose flag is invalid: one that was
// named is a usage error, those of a list are passed over.
func (d *dispatch) refuseInvalid(ctx context.Context) error {
	if d.store == nil || d.m.force {
		return nil
	}
	valid := d.errands[:0]
	for _, e := range d.errands {
		v, err := d.store.Flag(ctx, e.to.String())
		if err != nil {
			return d.historyFault(err)
		}
		if v.Valid {
			valid = append(valid, e)
			continue
		}
		wrong := misuse(say(codes.Text{EN: "%s is marked invalid: errors in a row: %d, the last one %s", JA: "%s は有効フラグが無効です(連続エラー%d回、最後のコード %s)"}, v.Address, v.Errors, v.Code),
			say(codes.Text{EN: "after mending the cause: todoku history revalidate %s; or send all the same with --force",
				JA: "原因を解消したら todoku history revalidate %s を実行してください。--force を付けるとそのまま送信します"}, v.Address))
		if d.m.recipients == "" {
			return wrong
		}
		if d.skipped++; d.skipped <= maxComplaints {
			d.complain(wrong)
		}
	}
	d.errands = valid
	return nil
}

func notInHistory(id string) error {
	return misuse(say(codes.Text{EN: "the history has no sending %q", JA: "送信履歴に %q はありません"}, id),
		say(codes.Text{EN: "todoku history list shows them", JA: "todoku history list で一覧を確認できます"}))
}

func ambiguous(id string) error {
	return misuse(say(codes.Text{EN: "several sendings begin with %q", JA: "%q で始まる送信が複数あります"}, id),
		say(codes.Text{EN: "give more of the id", JA: "IDをもう少し長く指定してください"}))
}
