package send

import (
	"context"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/secrets"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/mx"
	"todoku/diag/world"
	"todoku/sender"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// sendRun is a run of `send`: everything is read and open.
type sendRun struct {
	*app.App
	options   *options
	batch     *batch.Batch
	store     history.Store // nil without a history
	world     *world.World
	catalogue *codes.Catalogue
	deliverer *sender.Deliverer
	password  func() string
	expected  *expecting // nil where no mailbox is looked into
	closers   []func() error
}

// openSend reads and opens what a run needs. Nothing has been said to anybody
// when it fails.
func openSend(ctx context.Context, a *app.App, m *options) (*sendRun, error) {
	d := &sendRun{App: a, options: m}
	d.batch = &batch.Batch{Options: m.batch(), History: history.Empty{}, Now: a.Now, Skipped: d.skip}
	if err := d.prepare(ctx); err != nil {
		d.close()
		return nil, d.explainRefusal(err)
	}
	return d, nil
}

// batch are the flags that say how a batch goes out.
func (m *options) batch() batch.Options {
	o := batch.Options{
		To: m.to, Cc: m.cc, Bcc: m.bcc, ReplyTo: m.replyTo, FromList: m.recipients != "", VERP: m.verp, QuitAfter: m.quitAfter, DSN: m.dsn,
		Force: m.force, Confirmed: m.yes, Resume: m.resume.given, ResumeID: m.resume.list, DryRun: m.dryRun,
	}
	if m.errorsTo.given {
		o.ErrorsTo = &m.errorsTo.Address
	}
	if m.via.Host != "" {
		o.Via = m.via.String()
	}
	return o
}

func (d *sendRun) prepare(ctx context.Context) (err error) {
	if d.options.resend == "" {
		if d.batch.Composer, err = newComposer(ctx, d.App, d.options); err != nil {
			return err
		}
		list, err := recipients(ctx, d.App, d.options)
		if err != nil {
			return err
		}
		d.batch.SetRecipients(list)
	}
	if d.catalogue, err = d.LoadCatalogue(ctx, d.options.rules); err != nil {
		return err
	}
	if err := d.openStore(ctx); err != nil {
		return err
	}
	if err := d.choose(ctx); err != nil {
		return err
	}
	if d.world, err = d.OpenWorld(ctx, world.Options{LabKept: sendings.LabKept(d.App)}); err != nil {
		return err
	}
	d.closers = append(d.closers, func() error { d.world.Close(); return nil })
	if err := d.openExpected(ctx); err != nil {
		return err
	}
	if d.deliverer, err = d.newDeliverer(ctx); err != nil {
		return err
	}
	d.closers = append(d.closers, func() error { d.deliverer.Close(); return nil })
	if d.store == nil || !d.options.delivers() || !d.batch.Many() {
		return nil
	}
	resumed, err := d.batch.Enlist(ctx)
	if err == nil {
		d.tellStart(resumed)
	}
	return err
}

// choose finds out which mails go out.
func (d *sendRun) choose(ctx context.Context) error {
	if d.options.resend != "" {
		if err := d.batch.Resend(ctx, d.options.resend); err != nil {
			return err
		}
	}
	if err := d.batch.LeaveOutInvalid(ctx); err != nil {
		return err
	}
	if d.options.dryRun && d.options.resume.given {
		return d.batch.LeaveOutSent(ctx)
	}
	return nil
}

// openStore opens the history: to write where a mail goes out, to look where
// none does.
func (d *sendRun) openStore(ctx context.Context) error {
	switch {
	case d.options.history.Off:
		return nil
	case !d.options.delivers():
		if sendings.IsTemporary(d.App, d.options.history) {
			return nil
		}
		if _, err := sendings.Path(d.App, d.options.history); err != nil && d.options.resend == "" {
			return nil // nothing to look into
		}
		store, err := sendings.Read(ctx, d.App, d.options.history)
		if err != nil {
			return err
		}
		d.store, d.batch.History = store, store
		d.closers = append(d.closers, store.Close)
		return nil
	}
	store, done, err := sendings.Open(ctx, d.App, d.options.history)
	if err != nil {
		return err
	}
	d.store, d.batch.History = store, store
	d.closers = append(d.closers, done)
	return nil
}

// close ends what prepare opened, the last first.
func (d *sendRun) close() {
	for i := len(d.closers) - 1; i >= 0; i-- {
		if err := d.closers[i](); err != nil {
			d.Complain(err)
		}
	}
	d.closers = nil
}

func (d *sendRun) newDeliverer(ctx context.Context) (*sender.Deliverer, error) {
	m := d.options
	v := &sender.Deliverer{
		Router: mx.Router{DNS: d.world.DNS}, Codes: d.catalogue, TLS: m.tls, Port: m.port, Rate: m.rate, Bearer: m.bearer,
		Retry: sender.Retry{For: m.retryFor, First: firstWait(m.retryFor)}, Keep: d.batch.Many(),
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
			secret, err := secrets.Find(ctx, d.App, secrets.Wanted{Host: m.via.Host, User: m.user, File: m.passwordFile})
			if err != nil {
				return nil, err
			}
			d.password = func() string { return secret } // what is printed by mistake is no secret
		}
		v.Password = d.password
	}
	helo := m.helo
	if helo == "" {
		helo = d.world.Helo
	}
	v.Open = sender.Dialer{Dial: d.world.Dial, Roots: d.world.Roots, Helo: helo, Timeout: d.Global.Timeout}.Open
	return v, nil
}

// firstWait is the pause before the second attempt: a tenth of all the time, a
// minute at most.
func firstWait(all time.Duration) time.Duration {
	return min(max(all/10, 100*time.Millisecond), time.Minute)
}
