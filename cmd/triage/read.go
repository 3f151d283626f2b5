package triage

import (
	"context"
	"errors"
	"iter"
	"sync"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/stores"
	"todoku/codes"
	"todoku/diag/triage"
	"todoku/diag/world"
	"todoku/sender/event"
	"todoku/sender/mailbox"
)

// reader reads inputs, and judges and counts their events.
type reader struct {
	a        *app.App
	o        *options
	mu       sync.Mutex // of the counts and the output, where a log is followed
	judge    *event.Judge
	tally    *triage.Tally
	progress progress
	world    *world.World      // in which mailboxes on servers are; nil: the real one
	kept     *stores.Recording // what became of the mails, in a store; nil: nowhere
	turns    turns             // of the log that is followed
	inputs   []triage.Input
	unread   mailboxes.Unread // inputs that could not be read, or of which nothing was recognised
	cut      bool             // the reading was ended before the end
}

func newReader(a *app.App, o *options, c *codes.Catalogue) *reader {
	keepers := triage.NewKeepers()
	return &reader{a: a, o: o, judge: keepers.Judge(c),
		tally:  triage.New(triage.Options{Filter: o.filter, By: triage.By(o.by), Known: keepers.Known}),
		unread: mailboxes.Unread{App: a}}
}

// read yields the events of all inputs that are asked for, judged and counted. An input that cannot be read is told, and
// the others are read. The error is the end of the run.
func (r *reader) read(ctx context.Context, args []string) iter.Seq2[*event.Event, error] {
	return func(yield func(*event.Event, error) bool) {
		defer r.kept.End(ctx)
		if r.o.follow {
			defer r.kept.Following(ctx)()
		} else {
			r.progress.total = sizeOf(args)
			defer r.a.Stderr.ShowProgress(r.a.Lang, r.progress.line).Stop()
		}
		defer mailboxes.BoundMemory(r.a)()
		args, changed := mailbox.Order(args)
		if changed {
			r.a.Tell(codes.Say(codes.Text{EN: "read in the order of time: {files}", JA: "次の順(古い順)に読み取ります: {files}"}, codes.List("files", args)))
		}
		for _, arg := range args {
			if !r.readInput(ctx, arg, yield) {
				return
			}
			r.kept.FlushFull(ctx)
		}
	}
}

// readInput reads what one argument names. false: nobody wants more events.
func (r *reader) readInput(ctx context.Context, arg string, yield func(*event.Event, error) bool) bool {
	box, err := r.box(ctx, arg)
	if err != nil {
		r.addInputs(triage.Input{Input: event.Input{File: arg}, Err: r.unread.Complain(arg, err)})
		return true
	}
	defer box.Close()
	sum := summary{arg: arg}
	defer func() { r.addInputs(sum.inputs()...) }()
	for item, err := range box.Items(ctx) {
		if err != nil {
			if r.ended(ctx) {
				return false
			}
			sum.err = r.unread.Complain(arg, err)
			continue
		}
		in, octets, more := r.readItem(ctx, item, yield)
		sum.add(item, in, octets)
		if !more {
			return false
		}
	}
	if !sum.recognised && sum.err == nil && !r.ended(ctx) {
		sum.err = r.notRecognised(arg, &sum)
	}
	return true
}

func (r *reader) addInputs(in ...triage.Input) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inputs = append(r.inputs, in...)
}

// box opens what an argument names; "" is what the lab has.
func (r *reader) box(ctx context.Context, arg string) (mailbox.Box, error) {
	switch {
	case arg == "":
		return morning(), nil
	case r.o.follow:
		return followed{a: r.a, name: arg, turned: r.turns.at}, nil
	}
	return r.o.login.Open(ctx, r.a, r.world, arg, mailbox.Options{})
}

// readItem reads one file or mail.
func (r *reader) readItem(ctx context.Context, item mailbox.Item, yield func(*event.Event,
	error) bool) (in triage.Input, octets int64, more bool) {
	in.File = item.Name
	f, err := item.Open(ctx)
	if err != nil {
		if r.ended(ctx) {
			return in, 0, false
		}
		in.Err = r.unread.Complain(item.Name, err)
		return in, 0, true
	}
	defer f.Close()
	c := &counted{ctx: ctx, r: f, p: &r.progress}
	source := event.Source{Name: item.Name, Reader: c, Modified: item.Modified, Workers: r.o.workers, Input: &in.Input}
	r.turns.begin(r.kept)
	err = event.Each(context.WithoutCancel(ctx), source, func(e *event.Event) error { // c ends with ctx
		if n := r.progress.events.Add(1); n%flushAfter == 0 {
			r.kept.FlushFull(ctx)
		}
		if !r.count(e, yield) {
			return errEnough
		}
		return nil
	})
	switch {
	case c.cut:
		r.cut = true
		return in, c.n, false
	case errors.Is(err, errEnough), err != nil && r.ended(ctx):
		return in, c.n, false
	case err != nil:
		in.Err = r.unread.Complain(item.Name, err)
	}
	return in, c.n, true
}

// count judges and counts an event, and hands it on if it is asked for.
func (r *reader) count(e *event.Event, yield func(*event.Event, error) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.judge.Judge(e)
	r.turns.input(r.kept, e).Add(e)
	return !r.tally.Add(e) || yield(e, nil)
}

// flushAfter is after how many events it is looked whether what is to be kept is much.
const flushAfter = 10_000

// errEnough says that nobody wants more events.
var errEnough = errors.New("the reader has enough")

// ended reports whether the run has come to its end, and notes that the reading was cut off.
func (r *reader) ended(ctx context.Context) bool {
	if ctx.Err() != nil {
		r.cut = true
	}
	return r.cut
}

// notRecognised tells of an input of which nothing was recognised.
func (r *reader) notRecognised(arg string, s *summary) error {
	if s.octets == 0 && len(r.inputs) > 0 { // a log that was just begun
		return nil
	}
	says := codes.Text{EN: "nothing in it is recognised", JA: "読み取れる形式のものがありません"}
	if s.octets == 0 {
		says = codes.Text{EN: "it is empty", JA: "中身が空です"}
	}
	return r.unread.Complain(arg, &codes.UserError{Place: arg, Unable: true, Says: codes.Say(says), Remedy: codes.Say(codes.Text{
		EN: "give a log of a mail server (Postfix, Exim, Sendmail, qmail, OpenSMTPD, Exchange, PowerMTA, KumoMTA), bounces and complaints (.eml, mbox, Maildir), or events of a sending service (JSON, CSV)",
		JA: "メールサーバーのログ(Postfix、Exim、Sendmail、qmail、OpenSMTPD、Exchange、PowerMTA、KumoMTA)、エラーメールや迷惑メール報告(.eml、mbox、Maildir)、配信サービスのイベント(JSON、CSV)のいずれかを指定してください"})})
}
