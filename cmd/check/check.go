// Package check holds the commands that look at a domain or a recipient: check domain, spf, dmarc, recipient, campaign.
package check

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/scope"
	"todoku/codes"
	"todoku/diag"
	changes "todoku/diag/plan"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

func New(a *app.App) *cobra.Command {
	return a.Group(app.About{
		Use:     "check COMMAND",
		Short:   codes.Text{EN: "look at what decides whether mail arrives", JA: "メールが届くかどうかを左右するものを検査します"},
		Long:    codes.Text{EN: "The checks ask DNS now and judge what it answers.", JA: "DNSに問い合わせ、その答えを検査します。"},
		Example: codes.Text{EN: "  todoku check domain example.jp\n  todoku check spf example.jp --ip 192.0.2.7", JA: "  todoku check domain example.jp\n  todoku check spf example.jp --ip 192.0.2.7"},
	}, NewDomain(a, nil), NewSPF(a, nil), NewDMARC(a, nil), NewRecipient(a, nil), NewMessage(a, nil), NewCampaign(a))
}

// checkRun is one run of checks over targets.
type checkRun struct {
	checks    []*diag.Check
	workers   int
	targets   *targets
	again     codes.Command // the command to look again after a change
	world     world.Options // beyond the global flags
	found     *app.Findings // where the last report goes; may be nil
	form      page.Form[*diag.Report]
	run       makeReports // nil: the checks on the targets
	known     *baselineRun
	sets      []resolve.Set   // what if: a change that is only meant; none: the world as it is
	before    bool            // so are the zone files
	sent      *sentMail       // mails that are judged too; nil: none
	plans     map[string]plan // of the domains that the config file knows, where there are several targets
	except    *diag.Exceptions
	meant     []*changes.Plan // what if: plans of other tools
	planFiles []string        // of --plan
}

// makeReports makes the reports of a run, and hands each out.
type makeReports func(ctx context.Context, w *world.World, env diag.Env, emit func(*diag.Report) error) error

// runChecks runs checks and prints reports as they come.
func runChecks(ctx context.Context, a *app.App, s checkRun) error {
	var err error
	if s.form, err = app.FormOf(a, report.Reports); err != nil {
		return err
	}
	checks, err := s.selected(a, s.checks)
	if err != nil {
		return err
	}
	if err := s.known.open(ctx, a); err != nil {
		return err
	}
	s.except = scope.Exceptions(a)
	opened, err := a.OpenWorld(ctx, s.world)
	if err != nil {
		return err
	}
	defer opened.Close()
	var result outcome
	err = a.Write(ctx, func(w *page.Out) error {
		result, err = printReports(ctx, a, w, opened, s, checks)
		return err
	})
	if err != nil {
		return err
	}
	if !result.cutShort && context.Cause(ctx) == nil {
		tellUnused(a, s.except)
	}
	if err := s.known.close(ctx, a); err != nil {
		return err
	}
	if status := result.exit(); status != app.ExitOK {
		return status
	}
	return nil
}

// listGarbage is how much garbage a list may leave before it is collected, in percent of what is in use: most of it lives for
// a moment only. The soft limit of memory holds all the same.
const listGarbage = 200

// printReports prints a report for each target. An interrupt or the deadline ends it
// early, with what is done so far.
func printReports(ctx context.Context, a *app.App, w *page.Out, opened *world.World, s checkRun, checks []*diag.Check) (outcome, error) {
	var out outcome
	env := opened.Run()
	many := s.targets.isList()
	env.Eager = !many // one domain: the answer soon; a list: few questions
	if many && a.Env("GOGC") == "" && a.OwnsProcess {
		defer debug.SetGCPercent(debug.SetGCPercent(listGarbage))
	}
	style := a.Style(w, many)
	style.Again, style.Fails = s.again, s.fails(a)
	printer := s.form.Open(w, style)
	progress, stopWaiting := newProgress(a, many), func() {}
	if !many {
		stopWaiting = a.ShowWaiting()
	}
	defer stopWaiting()
	run := s.run
	switch {
	case s.mends():
		run = whatIf(a, s, checks, s.inOrder(w))
	case run == nil:
		run = lookAt(a, s, checks, s.inOrder(w))
	}
	err := run(ctx, opened, env, func(r *diag.Report) error {
		if many && unfinished(r) {
			return nil
		}
		s.except.Apply(r)
		s.known.apply(r)
		out.add(s.planOf(a, r.Target, nil).failOn.Exit(r.Status()))
		if s.found != nil {
			s.found.Report = r
		}
		progress.done.Add(1)
		stopWaiting()
		var err error
		progress.ClearWhile(func() { err = printer.Put(r) })
		return err
	})
	progress.Stop()
	done := int(progress.done.Load())
	switch {
	case err == nil && done == 0 && s.targets.bad == 0 && s.targets.err == nil:
		out.badInput = true
		a.Tell(codes.Say(codes.Text{EN: "the list is empty: it names nothing to check", JA: "リストが空です(検査の対象がありません)"}))
	case errors.Is(err, app.ErrDeadline):
		out.cutShort = true
		a.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was looked at ({n} done)", JA: "期限({limit})までにすべてを調べられませんでした({n}件は完了)"}, codes.Str("limit", a.Limit.String()), codes.Num("n", done)))
	case err != nil && !errors.Is(err, app.ErrInterrupted):
		return out, err
	}
	out.badInput = out.badInput || s.targets.bad > 0
	if s.targets.err != nil {
		return out, s.targets.err
	}
	return out, printer.Close()
}

// lookAt looks at each target once.
func lookAt(a *app.App, s checkRun, base []*diag.Check, inOrder bool) makeReports {
	return func(ctx context.Context, _ *world.World, env diag.Env, emit func(*diag.Report) error) error {
		look := func(ctx context.Context, t diag.Target) *diag.Report {
			p := s.planOf(a, t, base)
			return diag.Run(ctx, env, t, slices.Concat(p.checks, s.sent.checks(p.of, nil)))
		}
		return diag.RunEach(ctx, s.targets.each(ctx), s.workers, inOrder, look, emit)
	}
}

// inOrder reports whether the reports come in the order of their targets. Somebody at a terminal sees each as soon as it is
// ready, so that a domain that does not answer hides no other.
func (s checkRun) inOrder(w *page.Out) bool {
	_, watched := w.Terminal()
	return !s.form.Stream && !(watched && s.form.Format == page.TextFormat)
}

// unfinished reports whether an interrupt ended some check of a report.
func unfinished(r *diag.Report) bool {
	for _, res := range r.Results {
		if errors.Is(res.Err, context.Canceled) {
			return true
		}
	}
	return false
}
