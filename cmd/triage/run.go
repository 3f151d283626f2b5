package triage

import (
	"context"
	"errors"
	"iter"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/triage"
	"todoku/diag/world"
)

// run reads the inputs and prints what they tell.
func run(ctx context.Context, a *app.App, o *options, args []string) error {
	if len(args) == 0 && a.Global.Lab {
		args = []string{""}
	}
	if len(args) == 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "there is nothing to read", JA: "読み取る対象がありません"}),
			codes.Say(codes.Text{EN: "give a log, a bounce, a mailbox or a directory; - reads standard input", JA: "ログ、エラーメール、メールボックス、ディレクトリのいずれかを指定してください(- は標準入力)"}))
	}
	catalogue, err := a.LoadCatalogue(ctx, o.rules)
	if err != nil {
		return err
	}
	if err := o.check(a, catalogue, args); err != nil {
		return err
	}
	r := newReader(a, o, catalogue)
	if r.kept, err = o.store.Record(ctx, a); err != nil {
		return err
	}
	defer r.kept.Close()
	if a.Global.Lab { // it holds the mailboxes that may be read
		if r.world, err = r.openWorld(ctx, catalogue); err != nil {
			return err
		}
		defer r.world.Close()
	}
	if o.events {
		return r.printEvents(ctx, args)
	}
	form, err := app.FormOf(a, report.Triages)
	if err != nil {
		return err
	}
	style := func(w *page.Out) page.Options { return r.style(w, catalogue, args) }
	if err := bundles.Refuse(a, "--follow"); o.follow && err != nil {
		return err
	}
	if o.follow {
		return r.printGrowing(ctx, args, form, style)
	}
	return r.printOnce(ctx, args, form, catalogue, style)
}

// printOnce reads the inputs, looks for the causes and prints the page.
func (r *reader) printOnce(ctx context.Context, args []string, form page.Form[*triage.Triage], c *codes.Catalogue,
	style func(*page.Out) page.Options) error {
	for _, err := range r.read(ctx, args) {
		if err != nil {
			return err
		}
	}
	result := r.result()
	r.join(ctx, result)
	if !r.o.noDiagnose && r.o.diagnose > 0 && !r.cut {
		if err := r.diagnose(ctx, result, c); err != nil {
			return err
		}
	}
	if err := app.PrintOne(ctx, r.a, form, result, style); err != nil {
		return err
	}
	return r.exit(ctx, result)
}

// result is what was counted.
func (r *reader) result() *triage.Triage {
	t := r.tally.Result()
	t.Inputs, t.Cut = r.inputs, !r.o.follow && r.cut // who follows a log ends it some time
	return t
}

// join looks in the store for what changed before mails were refused.
func (r *reader) join(ctx context.Context, result *triage.Triage) {
	ask := r.kept.Past()
	if ask == nil || r.cut && !r.o.follow {
		return
	}
	if err := result.Join(context.WithoutCancel(ctx), ask, r.a.Zone()); err != nil {
		r.a.Complain(r.a.ReadError("--store", err, codes.Text{EN: "what changed before is not known", JA: "以前の変化を確認できません"}, codes.Text{}))
	}
}

// style is how the page looks.
func (r *reader) style(w *page.Out, c *codes.Catalogue, args []string) page.Options {
	s := r.a.Style(w, false)
	s.Catalogue, s.ByteOrderMark, s.Again = c, r.o.bom, r.o.again(s.World, args)
	return s
}

// diagnose looks at the biggest groups. Where there is no world to ask, that is told and the counts stand alone.
func (r *reader) diagnose(ctx context.Context, result *triage.Triage, c *codes.Catalogue) error {
	if !result.Diagnosable() {
		return nil
	}
	w := r.world
	if w == nil {
		var err error
		w, err = r.openWorld(ctx, c)
		switch {
		case errors.Is(err, app.ErrNoZone), errors.Is(err, world.ErrNobody):
			r.a.Tell(codes.Say(codes.Text{EN: "only counted: there is nobody to ask about the causes (--no-diagnose asks for that)", JA: "集計のみ行いました。要因の問い合わせ先がありません(--no-diagnose を付けると集計だけを行います)"}))
			return nil
		case err != nil:
			return err
		}
		defer w.Close()
	}
	env := guide.Env{Env: w.Run(), Codes: c, Public: true, Past: r.kept.Past(), Zone: r.a.Zone()}
	stop := r.a.ShowWaiting()
	defer stop()
	result.Diagnose(ctx, env, r.o.diagnose, nil)
	return nil
}

// openWorld opens what a diagnosis asks.
func (r *reader) openWorld(ctx context.Context, c *codes.Catalogue) (*world.World, error) {
	o := world.Options{}
	if !r.o.noSMTP {
		o.Replies = c
	}
	return r.a.OpenWorld(ctx, o)
}

// printEvents writes the events as they come.
func (r *reader) printEvents(ctx context.Context, args []string) error {
	form, err := app.FormOf(r.a, report.Events)
	if err != nil {
		return err
	}
	err = r.a.Write(ctx, func(w *page.Out) error {
		s := r.a.Style(w, true)
		s.ByteOrderMark = r.o.bom
		p := form.Open(w, s)
		stop := func() {}
		if flusher, ok := p.(interface{ Flush() error }); ok && r.o.follow {
			stop = everySecond(func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				_ = flusher.Flush() // its error comes again with the next row
			})
		}
		return page.PutAll(p, r.rows(ctx, args, stop))
	})
	if err != nil {
		return err
	}
	result := r.result()
	for _, in := range result.Inputs {
		for _, n := range in.Notes {
			r.a.Tell(codes.Say(codes.Text{EN: "{file}: {note}", JA: "{file}: {note}"}, codes.Str("file", in.File), codes.Str("note", n.In(r.a.Lang))))
		}
	}
	return r.exit(ctx, result)
}

// rows are the events as programs read them; ended is called behind the last one. Where the reading was cut off, the error is
// the reason.
func (r *reader) rows(ctx context.Context, args []string, ended func()) iter.Seq2[report.EventRow, error] {
	return func(yield func(report.EventRow, error) bool) {
		defer ended()
		for e, err := range r.read(ctx, args) {
			if err != nil {
				yield(report.EventRow{}, err)
				return
			}
			if !yield(report.RowOf(e), nil) {
				return
			}
		}
		if r.cut && !r.o.follow {
			yield(report.EventRow{}, context.Cause(ctx))
		}
	}
}

// exit is the exit status of what was read.
func (r *reader) exit(ctx context.Context, t *triage.Triage) error {
	cut := r.cut && !r.o.follow
	if cut && errors.Is(context.Cause(ctx), app.ErrDeadline) {
		r.a.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was read", JA: "期限({limit})までにすべてを読み取れませんでした"}, codes.Str("limit", r.a.Limit.String())))
	}
	r.unread.TellRest()
	switch {
	case r.unread.Count > 0 || cut:
		return app.ExitUnknown
	case t.Counts.Trouble() > 0 || t.Counts.Complaint > 0 || t.Waiting > 0:
		return app.ExitWrong
	}
	return nil
}

// printGrowing prints what a log tells that grows: on a terminal the page is renewed, as NDJSON a document a line, else once
// at the end.
func (r *reader) printGrowing(ctx context.Context, args []string, form page.Form[*triage.Triage],
	style func(*page.Out) page.Options) error {
	var result *triage.Triage
	err := r.a.Write(ctx, func(w *page.Out) error {
		s := style(w)
		_, watched := w.Terminal()
		redraw := watched && form.Format == page.TextFormat
		p := form.Open(w, s)
		printed := int64(0)
		put := func(last bool) error {
			result = r.result()
			if last {
				r.join(ctx, result)
			}
			if result.Counts.Events == printed && printed > 0 && !(last && result.Joined()) {
				return nil
			}
			printed = result.Counts.Events
			if redraw {
				w.Clear()
			}
			return p.Put(result)
		}
		if redraw || form.Format == page.NDJSON {
			stop := everySecond(func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				_ = put(false) // its error comes again at the end
			})
			defer stop()
		}
		for _, err := range r.read(ctx, args) {
			if err != nil {
				return err
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		return errors.Join(put(true), p.Close())
	})
	if err != nil {
		return err
	}
	return r.exit(ctx, result)
}
