package triage

import (
	"context"
	"errors"
	"iter"

	"todoku/cmd/app"
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
	if err := o.check(catalogue, args); err != nil {
		return err
	}
	r := newReader(a, o, catalogue)
	if o.events {
		return r.printEvents(ctx, args)
	}
	form, err := app.FormOf(a, report.Triages)
	if err != nil {
		return err
	}
	for _, err := range r.read(ctx, args) {
		if err != nil {
			return err
		}
	}
	result := r.result()
	if !o.noDiagnose && o.diagnose > 0 && !r.cut {
		if err := r.diagnose(ctx, result, catalogue); err != nil {
			return err
		}
	}
	style := func(w *page.Out) page.Options { return r.style(w, catalogue, args) }
	if err := app.PrintOne(ctx, a, form, result, style); err != nil {
		return err
	}
	return r.exit(ctx, result)
}

// result is what was counted.
func (r *reader) result() *triage.Triage {
	t := r.tally.Result()
	t.Inputs, t.Cut = r.inputs, r.cut
	return t
}

// style is how the page looks.
func (r *reader) style(w *page.Out, c *codes.Catalogue, args []string) page.Options {
	s := r.a.Style(w, false)
	s.Catalogue, s.ByteOrderMark = c, r.o.bom
	s.Again = codes.Todoku("triage").In(s.World)
	for _, arg := range args {
		if arg == "-" { // it cannot be read again
			s.Again = codes.Command{}
			break
		}
		if arg == "" {
			continue
		}
		s.Again = s.Again.And(codes.Command{Args: []codes.Arg{codes.Arg{Place: codes.PlaceFile}.With(arg)}})
	}
	return s
}

// diagnose looks at the biggest groups. Where there is no world to ask, that is told and the counts stand alone.
func (r *reader) diagnose(ctx context.Context, result *triage.Triage, c *codes.Catalogue) error {
	if !result.Diagnosable() {
		return nil
	}
	o := world.Options{}
	if !r.o.noSMTP {
		o.Replies = c
	}
	w, err := r.a.OpenWorld(ctx, o)
	switch {
	case errors.Is(err, app.ErrNoZone), errors.Is(err, world.ErrNobody):
		r.a.Tell(codes.Say(codes.Text{EN: "only counted: there is nobody to ask about the causes (--no-diagnose asks for that)", JA: "集計のみ行いました。要因の問い合わせ先がありません(--no-diagnose を付けると集計だけを行います)"}))
		return nil
	case err != nil:
		return err
	}
	defer w.Close()
	env := guide.Env{Env: w.Run(), Codes: c}
	env.Lists, env.DomainLists = w.Blocklists(c)
	stop := r.a.ShowWaiting()
	defer stop()
	result.Diagnose(ctx, env, r.o.diagnose)
	return nil
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
		return page.PutAll(form.Open(w, s), r.rows(ctx, args))
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

// rows are the events as programs read them. Where the reading was ended, the error is the reason.
func (r *reader) rows(ctx context.Context, args []string) iter.Seq2[report.EventRow, error] {
	return func(yield func(report.EventRow, error) bool) {
		for e, err := range r.read(ctx, args) {
			if err != nil {
				yield(report.EventRow{}, err)
				return
			}
			if !yield(report.RowOf(e), nil) {
				return
			}
		}
		if r.cut {
			yield(report.EventRow{}, context.Cause(ctx))
		}
	}
}

// exit is the exit status of what was read.
func (r *reader) exit(ctx context.Context, t *triage.Triage) error {
	if r.cut && errors.Is(context.Cause(ctx), app.ErrDeadline) {
		r.a.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was read", JA: "期限({limit})までにすべてを読み取れませんでした"}, codes.Str("limit", r.a.Limit.String())))
	}
	if more := r.unreadable - app.MaxComplaints; more > 0 {
		r.a.Tell(codes.Say(codes.Text{EN: "and {n} more inputs that could not be read", JA: "ほかに{n}件の入力を読めませんでした"}, codes.Num("n", more)))
	}
	switch {
	case r.unreadable > 0 || r.cut:
		return app.ExitUnknown
	case t.Counts.Trouble() > 0 || t.Counts.Complaint > 0 || t.Waiting > 0:
		return app.ExitWrong
	}
	return nil
}
