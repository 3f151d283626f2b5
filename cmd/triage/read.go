package triage

import (
	"context"
	"errors"
	"iter"
	"math"
	"runtime/debug"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/triage"
	"todoku/diag/world"
	"todoku/sender/event"
	"todoku/sender/mailbox"
)

// reader reads inputs, and judges and counts their events.
type reader struct {
	a          *app.App
	o          *options
	judge      *event.Judge
	tally      *triage.Tally
	progress   *progress
	world      *world.World // in which mailboxes on servers are; nil: the real one
	inputs     []event.Input
	unreadable int  // inputs that could not be read, or of which nothing was recognised
	cut        bool // the reading was ended before the end
}

func newReader(a *app.App, o *options, c *codes.Catalogue) *reader {
	known := domains()
	return &reader{a: a, o: o, judge: event.NewJudge(c, func(domain string) string { return providerOf(known, domain) }),
		tally: triage.New(triage.Options{Filter: o.filter, By: triage.By(o.by),
			Known: func(domain string) bool { return providerOf(known, domain) != "" }}),
		progress: &progress{app: a}}
}

// read yields the events of all inputs that are asked for, judged and counted. An input that cannot be read is told, and
// the others are read. The error is the end of the run.
func (r *reader) read(ctx context.Context, args []string) iter.Seq2[*event.Event, error] {
	return func(yield func(*event.Event, error) bool) {
		stop := r.progress.start(args)
		defer stop()
		defer boundMemory()()
		args, changed := mailbox.Order(args)
		if changed {
			r.a.Tell(codes.Say(codes.Text{EN: "read in the order of time: {files}", JA: "次の順(古い順)に読み取ります: {files}"}, codes.List("files", args)))
		}
		for _, arg := range args {
			if !r.readInput(ctx, arg, yield) {
				return
			}
		}
	}
}

// memory is how much is used while reading before the garbage is collected more often, in octets.
const memory = 36 << 20

// boundMemory keeps the memory small while inputs are read, unless the user has set a limit (GOMEMLIMIT). free ends that.
func boundMemory() (free func()) {
	before := debug.SetMemoryLimit(-1)
	if before != math.MaxInt64 {
		return func() {}
	}
	debug.SetMemoryLimit(memory)
	return func() { debug.SetMemoryLimit(before) }
}

// readInput reads what one argument names. false: nobody wants more events.
func (r *reader) readInput(ctx context.Context, arg string, yield func(*event.Event, error) bool) bool {
	box, err := r.box(ctx, arg)
	if err != nil {
		r.complain(arg, err)
		r.inputs = append(r.inputs, event.Input{File: arg})
		return true
	}
	defer box.Close()
	sum := summary{arg: arg}
	defer func() { r.inputs = append(r.inputs, sum.inputs()...) }()
	for item, err := range box.Items(ctx) {
		if err != nil {
			if r.ended(ctx) {
				return false
			}
			r.complain(arg, err)
			continue
		}
		in, more := r.readItem(ctx, item, yield)
		sum.add(item, in)
		if !more {
			return false
		}
	}
	if !sum.recognised && !r.ended(ctx) {
		r.notRecognised(arg, &sum)
	}
	return true
}

// box opens what an argument names; "" is what the lab has.
func (r *reader) box(ctx context.Context, arg string) (mailbox.Box, error) {
	if arg == "" {
		return morning{}, nil
	}
	return r.o.login.Open(ctx, r.a, r.world, arg, mailbox.Options{})
}

// readItem reads one file or mail.
func (r *reader) readItem(ctx context.Context, item mailbox.Item, yield func(*event.Event, error) bool) (in event.Input, more bool) {
	in.File = item.Name
	f, err := item.Open(ctx)
	if err != nil {
		if r.ended(ctx) {
			return in, false
		}
		r.complain(item.Name, err)
		return in, true
	}
	defer f.Close()
	source := event.Source{Name: item.Name, Reader: &counted{f, r.progress}, Modified: item.Modified, Workers: r.o.workers, Input: &in}
	err = event.Each(ctx, source, func(e *event.Event) error {
		r.progress.events.Add(1)
		r.judge.Judge(e)
		if r.tally.Add(e) && !yield(e, nil) {
			return errEnough
		}
		return nil
	})
	switch {
	case errors.Is(err, errEnough), err != nil && r.ended(ctx):
		return in, false
	case err != nil:
		r.complain(item.Name, err)
	}
	return in, true
}

// errEnough says that nobody wants more events.
var errEnough = errors.New("the reader has enough")

// ended reports whether the run has come to its end, and notes that the reading was cut off.
func (r *reader) ended(ctx context.Context) bool {
	if ctx.Err() != nil {
		r.cut = true
	}
	return r.cut
}

// complain tells of an input that could not be read.
func (r *reader) complain(place string, err error) {
	if r.unreadable++; r.unreadable > app.MaxComplaints {
		return
	}
	r.progress.clearWhile(func() {
		var known *codes.UserError
		if errors.As(err, &known) && known.Place != "" {
			r.a.Complain(err)
			return
		}
		r.a.Complain(r.a.ReadError(place, err, codes.Text{EN: "it cannot be read (to its end)", JA: "(最後まで)読めません"}, codes.Text{}))
	})
}

// notRecognised tells of an input of which nothing was recognised.
func (r *reader) notRecognised(arg string, s *summary) {
	if s.empty && len(r.inputs) > 0 { // a log that was just begun
		return
	}
	says := codes.Text{EN: "nothing in it is recognised", JA: "読み取れる形式のものがありません"}
	if s.empty {
		says = codes.Text{EN: "it is empty", JA: "中身が空です"}
	}
	r.complain(arg, &codes.UserError{Place: arg, Unable: true, Says: codes.Say(says), Remedy: codes.Say(codes.Text{
		EN: "todoku reads logs of mail servers (Postfix, Exim, Sendmail, qmail, OpenSMTPD, Exchange, PowerMTA), bounces and complaints (.eml, mbox, Maildir), and events of sending services (JSON, CSV)",
		JA: "読み取れるのは、メールサーバーのログ(Postfix、Exim、Sendmail、qmail、OpenSMTPD、Exchange、PowerMTA)、エラーメールや迷惑メール報告(.eml、mbox、Maildir)、配信サービスのイベント(JSON、CSV)です"})})
}

// domains are those that providers give addresses of, with the provider.
func domains() map[string]string {
	known := map[string]string{}
	for h := range provider.Headings() {
		for _, d := range h.Domains {
			known[d] = h.ID
		}
	}
	return known
}

// providerOf is the provider that keeps the mailboxes of a domain, "" where none is known.
func providerOf(known map[string]string, domain string) string {
	for domain != "" {
		if id, ok := known[domain]; ok {
			return id
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return ""
}
