package reports

import (
	"context"
	"errors"
	"io"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/codes"
	"todoku/diag/sources"
	"todoku/diag/world"
	"todoku/sender/aggregate"
	"todoku/sender/mailbox"
)

// reader reads inputs and adds their reports up.
type reader struct {
	a        *app.App
	o        *options
	tally    *sources.Tally
	opened   *aggregate.Reader
	world    *world.World // nil: nobody is asked
	progress progress
	garbage  garbage
	inputs   []sources.Input
	unread   mailboxes.Unread // inputs that could not be read (to their end), or that have no report
	cut      bool             // the reading was ended before the end
}

// read reads all inputs. One that cannot be read is told, and the others are read. The error is the end of the run.
func (r *reader) read(ctx context.Context, args []string) error {
	defer r.a.Stderr.ShowProgress(r.a.Lang, r.progress.line).Stop()
	for _, arg := range args {
		if err := r.input(ctx, arg); err != nil {
			return err
		}
		if r.cut {
			break
		}
	}
	return nil
}

// input reads what one argument names.
func (r *reader) input(ctx context.Context, arg string) error {
	in := sources.Input{File: arg}
	defer func() { r.inputs = append(r.inputs, in) }()
	box, err := r.box(ctx, arg)
	if err != nil {
		return r.failed(ctx, &in, arg, err)
	}
	defer box.Close()
	for item, err := range box.Items(ctx) {
		if err == nil {
			err = r.item(ctx, &in, item)
		}
		if err != nil {
			if err := r.failed(ctx, &in, item.Name, err); err != nil || r.cut {
				return err
			}
		}
	}
	if in.Reports == 0 && in.Err == nil && !r.cut {
		in.Err = r.unread.Complain(arg, &codes.UserError{Place: arg, Unable: true,
			Says: codes.Say(codes.Text{EN: "no DMARC or TLS report is in it", JA: "DMARCレポートもTLSレポートもありません"}),
			Remedy: codes.Say(codes.Text{EN: "give reports as receivers send them: XML, JSON, .gz, .zip, mails; {command} reads bounces and logs",
				JA: "受信側から届いたレポート(XML、JSON、.gz、.zip、メール)を指定してください。エラーメールやログは {command} で読み取れます"},
				codes.Typed("command", codes.Todoku("triage")))})
	}
	return nil
}

// box opens what an argument names; "" is what the lab has.
func (r *reader) box(ctx context.Context, arg string) (mailbox.Box, error) {
	if arg == "" {
		return labBox(), nil
	}
	return r.o.login.Open(ctx, r.a, r.world, arg, mailbox.Options{})
}

// item reads one file or mail.
func (r *reader) item(ctx context.Context, in *sources.Input, item mailbox.Item) error {
	f, err := item.Open(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.opened.Read(ctx, &counted{f, &r.progress}, item.Name, func(rep aggregate.Report) error {
		r.report(in, &rep)
		return nil
	})
}

// maxNotes bounds the notes of an input.
const maxNotes = 50

// report takes one report, or what is told of something that is none.
func (r *reader) report(in *sources.Input, rep *aggregate.Report) {
	if rep.DMARC == nil && rep.TLS == nil {
		in.Others++
	} else {
		r.tally.Add(rep)
		rows := 0
		if rep.DMARC != nil {
			rows = len(rep.DMARC.Rows)
		}
		r.garbage.after(1 + rows)
		if !rep.More {
			in.Reports++
			r.progress.reports.Add(1)
		}
	}
	for _, f := range rep.Faults {
		if f.Kind == aggregate.NotReport || f.Kind == aggregate.FailureReport {
			continue
		}
		if len(in.Notes) < maxNotes {
			in.Notes = append(in.Notes, sources.Note{Place: rep.Place.String(), Fault: f})
		}
		if f.Lost && in.Err == nil {
			in.Err = r.unread.Complain(rep.Place.String(), &codes.UserError{Place: rep.Place.String(), Unable: true, Says: f.Message()})
		}
	}
}

// failed tells of an input that could not be read. The error is the end of the run; where that is a deadline, what was read counts.
func (r *reader) failed(ctx context.Context, in *sources.Input, place string, err error) error {
	if ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), app.ErrDeadline) {
			r.cut = true
			return nil
		}
		return context.Cause(ctx)
	}
	in.Err = r.unread.Complain(place, err)
	return nil
}

// counted is a reader whose octets are counted.
type counted struct {
	r io.Reader
	p *progress
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.p.octets.Add(int64(n))
	return n, err
}
