package cmd

import (
	"context"
	"time"

	"todoku/codes"
	"todoku/diag/mx"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// dispatch is a run of `send`: everything is read and open.
type dispatch struct {
	*app
	m         *mailing
	press     *press
	errands   []errand
	digest    string           // of all recipients
	skipped   int              // invalid addresses of a list
	list      string           // id of the list that the history keeps, else ""
	before    history.Standing // of the list, when this run began
	store     history.Store
	out       *outside
	catalogue *codes.Catalogue
	deliverer *sender.Deliverer
	password  func() string
	closers   []func() error
}

// errand is one mail to one recipient.
type errand struct {
	to      mail.Address
	press   *press           // of the earlier one, else nil
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
		if d.press, err = d.app.press(ctx, d.m); err != nil {
			return err
		}
		list, err := d.addressees(ctx, d.m)
		if err != nil {
			return err
		}
		for _, to := range list {
			d.errands = append(d.errands, errand{to: to})
		}
		d.digest = digestOf(d.errands)
	}
	if d.catalogue, err = d.loadCatalogue(ctx, d.m.rules); err != nil {
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
	if d.m.dryRun && d.m.proceed.on {
		if err := d.leaveOut(ctx); err != nil {
			return err
		}
	}
	if d.out, err = d.outside(ctx); err != nil {
		return err
	}
	d.closers = append(d.closers, func() error { d.out.close(); return nil })
	if d.deliverer, err = d.newDeliverer(ctx); err != nil {
		return err
	}
	d.closers = append(d.closers, func() error { d.deliverer.Close(); return nil })
	if d.listed() {
		return d.enlist(ctx)
	}
	return nil
}

// openStore opens the history: to write where a mail goes out, to look where
// none does.
func (d *dispatch) openStore(ctx context.Context) error {
	switch {
	case d.m.history.none:
		return nil
	case !d.m.delivers():
		if d.passing(d.m.history) {
			return nil
		}
		if _, err := d.historyPath(d.m.history); err != nil && d.m.resend == "" {
			return nil // nothing to look into
		}
		store, err := d.readHistory(ctx, d.m.history)
		if err != nil {
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

func (d *dispatch) newDeliverer(ctx context.Context) (*sender.Deliverer, error) {
	m := d.m
	v := &sender.Deliverer{
		Router: mx.Router{DNS: d.out.dns}, Codes: d.catalogue, TLS: m.tls, Port: m.port, Rate: m.rate, Bearer: m.bearer,
		Retry: sender.Retry{For: m.retryFor, First: firstWait(m.retryFor)}, Keep: d.many(),
	}
	if d.store != nil && m.delivers() {
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
			secret, err := d.secret(ctx, m)
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

// refuseInvalid keeps mail from addresses whose flag is invalid: one that was
// named is a usage error, those of a list are passed over.
func (d *dispatch) refuseInvalid(ctx context.Context) error {
	valid := d.valid
	if d.m.recipients != "" && d.store != nil && !d.m.force { // many: one question for all of them
		invalid := map[string]history.Validity{}
		for v, err := range d.store.Invalid(ctx) {
			if err != nil {
				return err
			}
			invalid[history.Key(v.Address)] = v
		}
		valid = func(_ context.Context, to mail.Address) (bool, error) {
			v, marked := invalid[history.Key(to.String())]
			if !marked {
				return true, nil
			}
			return false, d.refuse(v)
		}
	}
	left := d.errands[:0]
	for _, e := range d.errands {
		ok, err := valid(ctx, e.to)
		if err != nil {
			return err
		}
		if ok {
			left = append(left, e)
		}
	}
	d.errands = left
	return nil
}

// valid asks the history whether an address may be sent to. An invalid one is
// refused.
func (d *dispatch) valid(ctx context.Context, to mail.Address) (bool, error) {
	if d.store == nil || d.m.force {
		return true, nil
	}
	v, err := d.store.Flag(ctx, to.String())
	if err != nil {
		return false, err
	}
	if v.Valid {
		return true, nil
	}
	return false, d.refuse(v)
}

// refuse is the error of an invalid address, unless it stands on a list: then that
// is told, and the address is passed over.
func (d *dispatch) refuse(v history.Validity) error {
	wrong := codes.Wrong(codes.Say(codes.Text{EN: "{address} is marked invalid: errors in a row: {n}, the last one {code}", JA: "{address} は有効フラグが無効です(連続エラー{n}回、最後のコード {code})"}, codes.Str("address", v.Address), codes.Num("n", v.Errors), codes.Str("code", v.Code)),
		codes.Say(codes.Text{EN: "after mending the cause: {command}; or send all the same with --force",
			JA: "原因を解消したら {command} を実行してください。--force を付けるとそのまま送信します"}, codes.Typed("command", codes.Todoku("history", "revalidate", "ADDR").With(codes.PlaceAddr, v.Address))))
	if d.m.recipients == "" && d.m.proceed.list == "" {
		return wrong
	}
	if d.skipped++; d.skipped <= maxComplaints {
		d.complain(wrong)
	}
	return nil
}
