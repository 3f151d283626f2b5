package cmd

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// sendWorkers is how many mails of a list are under way at once; each server
// gets one session at a time, a relay a few.
const sendWorkers = 8

// campaign is the kind of the mails of a list.
const campaign = "campaign"

// run sends everything and tells how that went.
func (d *dispatch) run(ctx context.Context, form page.Form[report.Sending]) error {
	tally := &tally{}
	err := d.write(ctx, func(w *page.Out) error {
		o := d.m.history.style(d.app, w, d.many())
		o.Catalogue = d.catalogue
		p := report.OpenSendings(form, w, o)
		err := d.sendAll(ctx, p, tally)
		p.Count(tally.ok, tally.failed+tally.blind, d.list)
		return errors.Join(err, p.Close())
	})
	switch {
	case err == nil || errors.Is(err, errInterrupted):
	case errors.Is(err, errDeadline) || errors.Is(context.Cause(ctx), errDeadline):
		d.tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was sent ({n} done)", JA: "期限({limit})までにすべてを送信できませんでした({n}件は完了)"}, codes.Str("limit", d.limit.String()), codes.Num("n", tally.done())))
		tally.cutShort = true
	default:
		return d.brokenOff(err, tally)
	}
	if d.skipped > 0 {
		d.tell(codes.Say(codes.Text{EN: "invalid addresses left out: {n}", JA: "無効な宛先{n}件には送信していません"}, codes.Num("n", d.skipped)))
	}
	if d.list != "" {
		if err := d.weigh(ctx, tally); err != nil {
			return err
		}
	}
	if status := tally.exit(d.skipped); status != exitOK {
		return status
	}
	return nil
}

// weigh lets what is left of a list count: one that is gone on with is right only
// when nobody of it is left.
func (d *dispatch) weigh(ctx context.Context, t *tally) error {
	s, err := d.tellEnd(ctx)
	if err != nil || !d.m.proceed.on {
		return err
	}
	t.failed += max(0, s.Refused+s.Temporary-t.failed-t.blind)
	t.cutShort = t.cutShort || s.Busy > 0 || s.Queued > d.skipped || d.before.Perhaps > 0
	return nil
}

// brokenOff is a run that could not go on. That nothing was sent, which is what a
// usage error means, must not be said when something was: a script would send
// it again.
func (d *dispatch) brokenOff(err error, t *tally) error {
	var usage *codes.UserError
	if t.done() == 0 || !errors.As(err, &usage) {
		return err
	}
	d.complain(err)
	d.tell(codes.Say(codes.Text{EN: "mails that had gone their way before: {n}; what the history knows of them: {command}", JA: "それまでに{n}件を処理しました。記録された結果は {command} で確認できます"}, codes.Num("n", t.done()), codes.Typed("command", historyList())))
	return exitBlind
}

// tally counts what decides the exit status.
type tally struct {
	sync.Mutex
	ok, failed, blind int
	broken            bool // a mail was given up on the way
	cutShort          bool // not every mail of the list has its result: the deadline came, or another process has it
}

// done is how many mails were tried.
func (t *tally) done() int { return t.ok + t.failed + t.blind }

func (t *tally) exit(skipped int) exitStatus {
	switch {
	case t.failed > 0:
		return exitWrong
	case skipped > 0:
		return exitUsage
	case t.blind > 0 || t.cutShort:
		return exitBlind
	}
	return exitOK
}

func (t *tally) count(o *sender.Outcome) {
	t.Lock()
	defer t.Unlock()
	switch {
	case o.Result != history.Failed:
		t.ok++
	case o.Ours && o.Reply.Code == 0 && !errors.Is(o.Err, sender.ErrNoTLS) && !errors.Is(o.Err, sender.ErrNoUTF8) && !errors.Is(o.Err, sender.ErrNo8Bit):
		t.blind++
	default:
		t.failed++
	}
}

// sendAll sends one mail as it goes, several by a few workers.
func (d *dispatch) sendAll(ctx context.Context, p *report.SendingOutput, t *tally) error {
	if d.list == "" && len(d.errands) == 1 {
		return d.one(ctx, d.errands[0], p, t)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan errand)
	var wg sync.WaitGroup
	for range sendWorkers {
		wg.Go(func() {
			for e := range work {
				if err := d.one(ctx, e, p, t); err != nil {
					cancel(err)
				}
			}
		})
	}
	handed := d.handOut(ctx, work)
	close(work)
	wg.Wait()
	switch err := context.Cause(ctx); {
	case handed == nil && errors.Is(err, errDeadline) && !t.broken: // it came behind the last mail
		return nil
	case err != nil:
		return err
	}
	return handed
}

// handOut gives the mails to the workers.
func (d *dispatch) handOut(ctx context.Context, work chan<- errand) error {
	for e, err := range d.queue(ctx) {
		if err != nil {
			return err
		}
		select {
		case work <- e:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// many reports whether this is a list, each mail of which gets a line.
func (d *dispatch) many() bool { return d.m.recipients != "" || d.m.proceed.on || len(d.errands) > 1 }

// one sends one mail. What ends the run is an error, what the servers say is not.
func (d *dispatch) one(ctx context.Context, e errand, p *report.SendingOutput, t *tally) error {
	j, err := d.job(e)
	if err != nil {
		return err
	}
	s := report.Sending{From: j.Message.From, Subject: j.Message.Subject, Size: j.Message.Size(), Relay: d.deliverer.Relay, Catalogue: d.catalogue, List: d.list}
	if d.m.dryRun {
		return d.rehearse(ctx, j, s, p, t)
	}
	s.Kept = d.deliverer.Journal != nil && !d.passing(d.m.history)
	v := d.deliverer
	if !d.many() {
		p.Begin(s, j)
		open := v.Open
		v.Events, v.Open = p.Event, func(ctx context.Context, to sender.Server) (sender.Session, codes.Reply, error) {
			p.Dial(to.Host, to.Addr)
			return open(ctx, to)
		}
	}
	out, err := v.Deliver(ctx, j)
	if d.list != "" && (errors.Is(err, history.ErrTaken) || errors.Is(err, history.ErrFinished)) {
		return nil // another process has it: its final dot was not sent here
	}
	if err != nil && out.Result == history.Preparing { // it ended before the mail did
		if ctx.Err() != nil {
			t.Lock()
			t.broken = true
			t.Unlock()
			p.Broken(out)
			return context.Cause(ctx)
		}
		return err
	}
	s.Outcome = out
	t.count(&out)
	err = errors.Join(p.Sending(s), err)
	if d.m.notify && out.Result == history.Failed && !out.Ours && out.Quit == "" {
		d.notify(ctx, j, out)
	}
	return err
}

// job makes the delivery of an errand.
func (d *dispatch) job(e errand) (sender.Job, error) {
	press := d.press
	if e.press != nil {
		press = e.press
	}
	j := sender.Job{Kind: d.kind(), To: e.to, From: press.from, QuitAfter: d.m.quitAfter, DSN: d.m.dsn, Bcc: d.m.bcc, ID: history.NewID(d.now())}
	to, cc := d.m.to, d.m.cc
	if j.Kind == campaign {
		to, cc = []mail.Address{e.to}, nil
	}
	if len(to)+len(cc) == 0 { // only Bcc: the header names the sender
		to = []mail.Address{press.from}
	}
	if s := e.earlier; s != nil {
		j.Kind = s.Kind
		if j.DSN.ENVID == "" {
			j.DSN.ENVID = s.EnvelopeID
		}
		if e.claimed {
			j.ID, j.Claimed, j.Listed = s.ID, true, d.list != "" && e.press == nil
		}
	}
	var err error
	if j.Message, err = press.message(to, cc); err != nil {
		return j, err
	}
	if d.m.errorsTo.given {
		j.From = d.m.errorsTo.Address
	}
	if (d.m.verp || press.verp) && !j.From.IsZero() {
		j.From, err = mail.VERP(j.From, j.ID, j.To)
	}
	return j, err
}

// rehearse finds the way of a mail and sends nothing.
func (d *dispatch) rehearse(ctx context.Context, j sender.Job, s report.Sending, p *report.SendingOutput, t *tally) error {
	s.DryRun, s.Message = true, j.Message
	out := sender.Outcome{ID: j.ID, Result: history.Preparing, From: j.From, To: j.To, MessageID: j.Message.ID, ENVID: j.DSN.ENVID, Started: d.now()}
	if d.deliverer.Relay == nil {
		out.Route, out.Err = sender.FindRoute(ctx, d.deliverer.Router, j.To)
		var none *sender.NoRouteError
		if out.Err != nil {
			out.Result, out.Event, out.Ours = history.Failed, codes.EventNoRoute, !errors.As(out.Err, &none)
			out.Verdict = d.catalogue.Classify(codes.Reply{}, codes.Context{Event: codes.EventNoRoute})
			t.count(&out)
		}
	}
	out.Elapsed = d.now().Sub(out.Started)
	s.Outcome = out
	return p.Sending(s)
}

// notify mails the address for errors. That this fails too is told, and changes
// nothing.
func (d *dispatch) notify(ctx context.Context, j sender.Job, out sender.Outcome) {
	to := d.press.from
	if d.m.errorsTo.given {
		to = d.m.errorsTo.Address
	}
	notice, err := sender.Notice(out, j.Message.From, to, page.Command(report.ShowSending(out.ID)))
	if err != nil {
		d.complain(fmt.Errorf("--notify-errors: %w", err))
		return
	}
	v, err := d.newDeliverer(ctx)
	if err != nil {
		d.complain(err)
		return
	}
	v.Journal, v.Retry, v.Rate, v.Keep = nil, sender.Retry{}, sender.Rate{}, false
	result, err := v.Deliver(ctx, sender.Job{Kind: "notice", Message: notice, To: to})
	if err == nil && result.Result == history.OK {
		d.tell(codes.Say(codes.Text{EN: "{address} was told of the error by mail", JA: "エラー時返信先 {address} にメールで知らせました"}, codes.Str("address", to.String())))
		return
	}
	said := result.Reply.String()
	if said == "" {
		said = fmt.Sprint(errors.Join(err, result.Err))
	}
	d.tell(codes.Say(codes.Text{EN: "{address} could not be told of the error: {code} {reply}", JA: "エラー時返信先 {address} に知らせることができませんでした: {code} {reply}"}, codes.Str("address", to.String()), codes.Str("code", result.Verdict.Delivery.ID), codes.Str("reply", said)))
}
