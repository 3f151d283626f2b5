package send

import (
	"context"
	"errors"
	"fmt"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// run sends everything and tells how that went.
func (d *sendRun) run(ctx context.Context, form page.Form[report.Sending]) error {
	var tally *batch.Tally
	var arrived app.ExitStatus
	err := d.Write(ctx, func(w *page.Out) error {
		o := d.options.history.Style(d.App, w, d.batch.Many())
		o.Catalogue = d.catalogue
		p := report.OpenSendings(form, w, o)
		var err error
		tally, err = d.batch.Run(ctx, d.deliveryFor(p), &observer{d, p})
		if tally.Complete && errors.Is(err, app.ErrDeadline) { // it came behind the last mail
			err = nil
		}
		switch {
		case d.expected == nil:
		case err == nil:
			arrived, err = d.expected.finish(ctx, p)
		default: // what was sent before is told all the same
			err = errors.Join(err, d.expected.release(p, nil))
		}
		p.Count(tally.OK, tally.Failed+tally.OwnFailures, d.batch.ListID)
		return errors.Join(err, p.Close())
	})
	if tally == nil { // the place of the output could not be opened
		tally = &batch.Tally{}
	}
	switch {
	case err == nil || errors.Is(err, app.ErrInterrupted):
	case errors.Is(err, app.ErrDeadline) || errors.Is(context.Cause(ctx), app.ErrDeadline):
		d.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was sent ({n} done)", JA: "期限({limit})までにすべてを送信できませんでした({n}件は完了)"}, codes.Str("limit", d.Limit.String()), codes.Num("n", tally.Done())))
		tally.Unfinished = true
	default:
		return d.failed(err, tally)
	}
	if d.batch.LeftOut > 0 {
		d.Tell(codes.Say(codes.Text{EN: "invalid addresses left out: {n}", JA: "無効な宛先{n}件には送信していません"}, codes.Num("n", d.batch.LeftOut)))
	}
	if d.batch.ListID != "" {
		if err := d.tellEnd(ctx, tally); err != nil {
			return err
		}
	}
	if status := exitOf(tally, d.batch.LeftOut); status != app.ExitOK {
		return status
	}
	if arrived != app.ExitOK {
		return arrived
	}
	return nil
}

// failed ends a run that could not go on because of err. That nothing was sent, which is what a usage error means, must
// not be said when something was: a script would send it again.
func (d *sendRun) failed(err error, t *batch.Tally) error {
	err = d.explainRefusal(err)
	var usage *codes.UserError
	if t.Done() == 0 || !errors.As(err, &usage) {
		return err
	}
	d.Complain(err)
	d.Tell(codes.Say(codes.Text{EN: "mails that had gone their way before: {n}; what the history knows of them: {command}", JA: "それまでに{n}件を処理しました。記録された結果は {command} で確認できます"}, codes.Num("n", t.Done()), codes.Typed("command", d.inHistory(sendings.ListCommand()))))
	return app.ExitUnknown
}

// exitOf is the exit status of a run; skipped are the invalid addresses that were left out.
func exitOf(t *batch.Tally, skipped int) app.ExitStatus {
	switch {
	case t.Failed > 0:
		return app.ExitWrong
	case skipped > 0:
		return app.ExitUsage
	case t.OwnFailures > 0 || t.Unfinished:
		return app.ExitUnknown
	}
	return app.ExitOK
}

// skip tells an address of a list that gets no mail.
func (d *sendRun) skip(v history.Validity) {
	if d.batch.LeftOut <= app.MaxComplaints {
		d.Complain(d.markedInvalid(v))
	}
}

// deliveryFor gives what delivers; a dry run only looks for the route. A single mail is told step by step.
func (d *sendRun) deliveryFor(p *report.SendingOutput) batch.Deliverer {
	v := d.deliverer
	if d.options.dryRun {
		return batch.DryRun{Router: v.Router, Relay: v.Relay, Codes: d.catalogue, Now: d.Now}
	}
	if !d.batch.Many() {
		open := v.Open
		v.Events, v.Open = p.Event, func(ctx context.Context, to sender.Server) (sender.Session, codes.Reply, error) {
			p.Dial(to.Host, to.Addr)
			return open(ctx, to)
		}
	}
	return v
}

// observer prints what happens to the mails of a run.
type observer struct {
	*sendRun
	p *report.SendingOutput
}

// sendingOf is a mail as the output has it, before its result.
func (w *observer) sendingOf(j sender.Job) report.Sending {
	s := report.Sending{
		From: j.Message.From, Subject: j.Message.Subject, Size: j.Message.Size(), Relay: w.deliverer.Relay,
		List: w.batch.ListID,
	}
	if w.options.dryRun {
		s.DryRun, s.Message = true, j.Message
	} else {
		s.Kept = w.kept()
	}
	return s
}

// Begin prints the head of a single mail.
func (w *observer) Begin(j sender.Job) {
	if !w.options.dryRun && !w.batch.Many() {
		w.p.Begin(w.sendingOf(j), j)
	}
}

// End prints how a mail ended, and mails the address for errors where that is wanted.
func (w *observer) End(ctx context.Context, j sender.Job, out sender.Outcome) error {
	s := w.sendingOf(j)
	s.Outcome = out
	var err error
	if w.expected == nil || !w.expected.sent(w.p, s, j.Message) {
		err = w.p.Sending(s)
	}
	if w.options.notifyErrors && !w.options.dryRun && out.Result == history.Failed && !out.Ours && out.Quit == "" {
		w.notify(ctx, j, out)
	}
	return err
}

// Broken prints a mail that was given up on the way: it has no result yet.
func (w *observer) Broken(j sender.Job, out sender.Outcome) {
	s := w.sendingOf(j)
	s.Outcome = out
	w.p.Broken(s)
}

// kept reports whether the history will still have the mails of this run when it has ended.
func (d *sendRun) kept() bool {
	return d.deliverer.Journal != nil && !sendings.IsTemporary(d.App, d.options.history)
}

// showCommand is the command that shows a mail of this run, as it is typed; "" where the history does not keep it.
func (d *sendRun) showCommand(id string) string {
	if !d.kept() {
		return ""
	}
	return page.Command(d.inHistory(report.ShowSending(id)))
}

// inHistory is a command as it has to be typed to look into the history of this run.
func (d *sendRun) inHistory(c codes.Command) codes.Command {
	return d.options.history.Style(d.App, d.Stdout, false).SameWorld(c)
}

// notify mails the address for errors. That this fails too is told, and changes
// nothing.
func (d *sendRun) notify(ctx context.Context, j sender.Job, out sender.Outcome) {
	to := d.batch.Composer.From
	if d.options.errorsTo.given {
		to = d.options.errorsTo.Address
	}
	notice, err := sender.Notice(out, j.Message.From, to, d.showCommand(out.ID))
	if err != nil {
		d.Complain(codes.At("--notify-errors", err))
		return
	}
	v, err := d.newDeliverer(ctx)
	if err != nil {
		d.Complain(err)
		return
	}
	v.Journal, v.Retry, v.Rate, v.Keep = nil, sender.Retry{}, sender.Rate{}, false
	result, err := v.Deliver(ctx, sender.Job{Kind: "notice", Message: notice, To: to})
	if err == nil && result.Result == history.OK {
		d.Tell(codes.Say(codes.Text{EN: "{address} was told of the error by mail", JA: "エラー時返信先 {address} にメールで知らせました"}, codes.Str("address", to.String())))
		return
	}
	said := result.Reply.String()
	if said == "" {
		said = fmt.Sprint(errors.Join(err, result.Err))
	}
	d.Tell(codes.Say(codes.Text{EN: "{address} could not be told of the error: {code} {reply}", JA: "エラー時返信先 {address} に知らせることができませんでした: {code} {reply}"}, codes.Str("address", to.String()), codes.Str("code", result.Verdict.Delivery.ID), codes.Str("reply", said)))
}
