package collect

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/cmd/stores"
	"todoku/codes"
	"todoku/diag/triage"
	"todoku/diag/world"
	"todoku/sender/collect"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

// collecting is a run of the command.
type collecting struct {
	*app.App
	o         *options
	store     history.Store
	kept      *stores.Recording // what became of the mails; nil: nowhere
	catalogue *codes.Catalogue
	world     *world.World // of mailboxes on servers; nil where there are none
	sources   []collect.Source
	closed    []error // sources that could not be opened
	unread    bool    // a source could not be opened or read to its end
	news      bool
}

func run(ctx context.Context, a *app.App, o *options, args []string) (err error) {
	if o.moveTo != "" && o.remove {
		return codes.Wrong(codes.Say(codes.Text{EN: "--move-to and --delete exclude each other", JA: "--move-to と --delete は同時に指定できません"}), codes.Message{})
	}
	for _, arg := range args {
		if err := mailbox.Check(arg); err != nil {
			return err
		}
	}
	form, err := app.FormOf(a, report.Collections)
	if err != nil {
		return err
	}
	c := &collecting{App: a, o: o}
	if c.catalogue, err = a.LoadCatalogue(ctx, o.rules); err != nil {
		return err
	}
	if sendings.IsTemporary(a, o.history) {
		_, err := sendings.Read(ctx, a, o.history)
		return err
	}
	store, done, err := sendings.Open(ctx, a, o.history)
	if err != nil {
		return err
	}
	defer func() {
		if failed := done(); err == nil {
			err = failed
		}
	}()
	c.store = store
	defer c.close()
	if c.kept, err = o.store.Record(ctx, a); err != nil {
		return err
	}
	defer c.kept.Close()
	if err := c.open(ctx, args); err != nil {
		return err
	}
	if err := c.print(ctx, form); err != nil {
		return err
	}
	switch {
	case c.news:
		return exit(a, app.ExitWrong)
	case c.unread:
		return exit(a, app.ExitUnknown)
	}
	return nil
}

// exit is the end of a complete run, as --fail-on weighs it.
func exit(a *app.App, s app.ExitStatus) error {
	if s = a.Global.FailOn.Weigh(s); s == app.ExitOK {
		return nil
	}
	return s
}

// open opens the sources. One that cannot be opened is told, and the others are read.
func (c *collecting) open(ctx context.Context, args []string) (err error) {
	args, changed := mailbox.Order(args)
	if changed {
		c.Tell(codes.Say(codes.Text{EN: "read in the order of time: {files}", JA: "次の順(古い順)に読み取ります: {files}"}, codes.List("files", args)))
	}
	for _, arg := range args {
		if mailbox.IsURL(arg) && c.world == nil {
			if c.world, err = c.OpenWorld(ctx, world.Options{LabKept: sendings.LabKept(c.App)}); err != nil {
				return err
			}
		}
		if err := c.add(ctx, arg); err != nil {
			if context.Cause(ctx) != nil {
				return err
			}
			var said *codes.UserError
			if errors.As(err, &said) && !said.Unable {
				return err
			}
			c.unread, c.closed = true, append(c.closed, err)
			c.Complain(err)
		}
	}
	return nil
}

// add opens one source.
func (c *collecting) add(ctx context.Context, arg string) error {
	s := collect.Source{Name: nameOf(arg)}
	o := mailbox.Options{}
	if s.Name != "" {
		background := context.WithoutCancel(ctx)
		// What the history does not tell is read again, and known again.
		o.Mark = func() string { m, _ := c.store.Events().Mark(background, s.Name); return m }
		o.Passed = func(id string) bool {
			yes, err := c.store.Events().WasRead(background, s.Name, id)
			return err == nil && yes
		}
	}
	box, err := c.o.login.Open(ctx, c.App, c.world, arg, o)
	if err != nil {
		return err
	}
	s.Box = box
	c.sources = append(c.sources, s)
	return nil
}

// nameOf is what the history calls a source: the same from every directory; "" for standard input.
func nameOf(arg string) string {
	switch {
	case arg == "-":
		return ""
	case strings.Contains(arg, "://"):
		return mailbox.Name(arg)
	}
	if abs, err := filepath.Abs(arg); err == nil {
		return abs
	}
	return arg
}

// close closes all sources.
func (c *collecting) close() {
	for _, s := range c.sources {
		_ = s.Box.Close() // nothing that was to be kept is lost
	}
	if c.world != nil {
		c.world.Close()
	}
}

// print collects, once or again and again, and prints each round that tells something.
func (c *collecting) print(ctx context.Context, form page.Form[*collect.Round]) error {
	work := &collect.Collector{History: c.store, Judge: triage.NewKeepers().Judge(c.catalogue), Now: c.Now,
		MoveTo: c.o.moveTo, Delete: c.o.remove}
	if c.kept != nil {
		work.Seen = func() func(*event.Event) { return c.kept.Input().Add }
		defer c.kept.End(ctx)
	}
	return c.Write(ctx, func(w *page.Out) error {
		o := c.o.history.Style(c.App, w, c.o.watch)
		o.Catalogue = c.catalogue
		p := form.Open(w, o)
		err := c.rounds(ctx, work, p)
		return errors.Join(err, p.Close())
	})
}

func (c *collecting) rounds(ctx context.Context, work *collect.Collector, p page.Printer[*collect.Round]) error {
	defer mailboxes.BoundMemory(c.App)()
	for first := true; ; first = false {
		r, err := work.Round(ctx, c.sources)
		c.kept.Flush(ctx)
		for i, failed := range r.Failed {
			c.unread = true
			if i < app.MaxComplaints {
				c.Complain(failed)
			}
		}
		c.news = c.news || r.New()
		if first {
			r.Failed = append(c.closed, r.Failed...)
		}
		if err != nil { // it is told as the error of the run; but the answer must not be that there is nothing
			r.Failed = append(r.Failed, err)
		}
		if first || r.New() {
			if err := p.Put(r); err != nil {
				return err
			}
		}
		if err != nil || !c.o.watch || len(c.sources) == 0 {
			return err
		}
		if err := c.wait(ctx); err != nil {
			return err
		}
	}
}

// wait returns when one of the sources may have something new. The error is the end of ctx.
func (c *collecting) wait(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	woken := make(chan error, len(c.sources))
	for _, s := range c.sources {
		go func() { woken <- s.Box.Wait(waiting, c.o.interval) }()
	}
	for range c.sources {
		<-woken // its error is the end of waiting
		cancel()
	}
	return context.Cause(ctx)
}
