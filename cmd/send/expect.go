package send

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/report"
	"todoku/cmd/secrets"
	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
	"todoku/sender/mailbox"
)

// expectFlags say in which mailboxes a mail is looked for after it was sent.
type expectFlags struct {
	in           []string
	patience     time.Duration
	passwordFile string
}

// defaultPatience is how long a mail is waited for: greylisting takes minutes.
const defaultPatience = 5 * time.Minute

// expectVariable is where the environment holds the password of the mailboxes: TODOKU_PASSWORD is the relay's.
const expectVariable = "TODOKU_MAILBOX_PASSWORD"

// check refuses what can be seen not to work before anything is sent.
func (e expectFlags) check() error {
	for _, name := range e.in {
		if err := mailbox.Check(name); err != nil {
			return codes.At("--expect-in", err)
		}
	}
	return nil
}

// expecting collects the mails that were sent, and prints them once it is known where they arrived, where programs read.
type expecting struct {
	*sendRun
	boxes []mailbox.Box

	sync.Mutex // several mails end at the same time
	held       []report.Sending
	names      []string // of the header fields that went out
	ended      time.Time
}

// openExpected opens the mailboxes before anything is sent: a wrong password is found in time.
func (d *sendRun) openExpected(ctx context.Context) error {
	e := d.options.expect
	if len(e.in) == 0 || !d.options.delivers() {
		return nil
	}
	d.expected = &expecting{sendRun: d}
	for _, name := range e.in {
		o := mailbox.Options{Tell: func(codes.Message) {}, Secret: func(ctx context.Context, host, user string) (string, error) {
			return mailboxes.Secret(ctx, d.App, secrets.Wanted{Host: host, User: user, File: e.passwordFile,
				FileFlag: "--expect-password-file", Variable: expectVariable})
		}}
		box, err := (&mailboxes.Flags{}).Open(ctx, d.App, d.world, name, o)
		if err != nil {
			return codes.At("--expect-in "+mailbox.Name(name), err)
		}
		d.expected.boxes = append(d.expected.boxes, box)
		d.closers = append(d.closers, box.Close)
	}
	return nil
}

// sent notes a mail that went out, and reports whether it is printed later.
func (x *expecting) sent(p *report.SendingOutput, s report.Sending, m *mail.Message) (later bool) {
	x.Lock()
	defer x.Unlock()
	x.ended = time.Now()
	if x.names == nil {
		if r, err := mail.Read(m.Bytes()); err == nil {
			x.names = namesOf(r.Header)
		}
	}
	x.held = append(x.held, s)
	return !p.ForPeople()
}

func namesOf(header []mail.Header) (out []string) {
	for _, h := range header {
		out = append(out, h.Name)
	}
	return out
}

// finish waits for the mails, tells where they are, and prints those that were held back.
func (x *expecting) finish(ctx context.Context, p *report.SendingOutput) (status app.ExitStatus, err error) {
	var ids []string
	for _, s := range x.held {
		if s.Result == history.OK && s.Quit == "" && !slices.Contains(ids, s.MessageID) {
			ids = append(ids, s.MessageID)
		}
	}
	var all []report.Expected
	if len(ids) > 0 {
		stop := x.ShowWaiting()
		all = x.wait(ctx, ids)
		stop()
	}
	for _, e := range all {
		switch e.State() {
		case "junk":
			status = app.ExitWrong
		case "missing", "unreadable":
			if status == app.ExitOK {
				status = app.ExitUnknown
			}
		}
	}
	p.Expected(all)
	return status, x.release(p, all)
}

// release prints the mails that were held back.
func (x *expecting) release(p *report.SendingOutput, all []report.Expected) error {
	if p.ForPeople() {
		return nil
	}
	for i, s := range x.held {
		s.Expected = ofSending(all, x.held, i)
		if err := p.Sending(s); err != nil {
			return err
		}
	}
	return nil
}

// ofSending are the mailboxes that tell of a sending: by the name of the recipient among those that were delivered; those
// that have no mail stand with the first.
func ofSending(all []report.Expected, held []report.Sending, i int) (out []report.Expected) {
	for _, e := range all {
		owner := slices.IndexFunc(held, func(s report.Sending) bool {
			user, _, _ := strings.Cut(s.To.String(), "@")
			return s.Result == history.OK &&
				(strings.Contains(e.Mailbox, "//"+user+"@") || strings.Contains(e.Mailbox, "//"+user+"%40"))
		})
		if max(owner, 0) == i {
			out = append(out, e)
		}
	}
	return out
}

// wait looks into all mailboxes side by side until the mail is there, or the time is over.
func (x *expecting) wait(ctx context.Context, ids []string) []report.Expected {
	all := make([]report.Expected, len(x.boxes))
	var wg sync.WaitGroup
	for i, box := range x.boxes {
		wg.Go(func() { all[i] = x.waitIn(ctx, mailbox.Name(x.options.expect.in[i]), box, ids) })
	}
	wg.Wait()
	return all
}

// Pauses between two looks.
const (
	firstLook = 500 * time.Millisecond
	mostPause = 15 * time.Second
)

func (x *expecting) waitIn(ctx context.Context, name string, box mailbox.Box, ids []string) report.Expected {
	out := report.Expected{Mailbox: name}
	started := time.Now()
	limited, cancel := context.WithTimeout(ctx, x.options.expect.patience)
	defer cancel()
	for pause := firstLook; ; pause = min(2*pause, mostPause) {
		found, ok, err := box.(mailbox.Finder).Find(limited, ids)
		out.Waited = time.Since(started)
		switch {
		case ok:
			x.arrived(&out, found)
			return out
		case limited.Err() != nil:
			out.Err = ctx.Err() // of the run; nil: the time is over
			return out
		case err != nil:
			out.Err = err
		default:
			out.Err = nil
		}
		if box.Wait(limited, pause) != nil && ctx.Err() != nil {
			out.Err = ctx.Err()
			return out
		}
	}
}

// arrived fills in what a mail tells.
func (x *expecting) arrived(out *report.Expected, f mailbox.Found) {
	out.Found, out.Err = &f, nil
	if out.Delay = time.Until(x.ended).Abs(); !f.Arrived.IsZero() {
		out.Delay = max(0, f.Arrived.Sub(x.ended))
	}
	rest := slices.Clone(x.names)
	for _, h := range f.Header {
		if i := slices.IndexFunc(rest, func(n string) bool { return strings.EqualFold(n, h.Name) }); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		if strings.EqualFold(h.Name, "Received") {
			out.Hops++
		}
		if !slices.Contains(out.Added, h.Name) {
			out.Added = append(out.Added, h.Name)
		}
		if strings.EqualFold(h.Name, "Authentication-Results") && len(out.Results) == 0 {
			out.Results = mail.ParseAuthResults(h.Value)
		}
	}
}
