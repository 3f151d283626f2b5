package cmd

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/world"
)

func newCheck(a *app) *cobra.Command {
	return a.group(about{
		use:     "check COMMAND",
		short:   codes.Text{EN: "look at what decides whether mail arrives", JA: "メールが届くかどうかを左右するものを検査します"},
		long:    codes.Text{EN: "The checks ask DNS now and judge what it answers.", JA: "DNSに問い合わせ、その答えを検査します。"},
		example: codes.Text{EN: "  todoku check domain example.jp\n  todoku check spf example.jp --ip 192.0.2.7", JA: "  todoku check domain example.jp\n  todoku check spf example.jp --ip 192.0.2.7"},
	}, newCheckDomain(a, nil), newCheckSPF(a, nil), newCheckDMARC(a, nil), newCheckRecipient(a, nil))
}

// survey is one run of checks over targets.
type survey struct {
	checks  []*diag.Check
	workers int
	targets *targets
	world   world.Options // beyond the global flags
	found   *findings     // where the last report goes; may be nil
	form    page.Form[*diag.Report]
}

// choose applies --only and --skip.
func (a *app) choose(checks []*diag.Check) ([]*diag.Check, error) {
	g := a.global
	left := slices.DeleteFunc(checks, func(c *diag.Check) bool {
		return len(g.only) > 0 && !slices.Contains(g.only, c.Name) || slices.Contains(g.skip, c.Name)
	})
	if len(left) == 0 {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "--only and --skip leave no check to run", JA: "--only と --skip の指定により、実行する検査がありません"}), codes.Message{})
	}
	return left, nil
}

// survey runs checks and prints reports as they come.
func (a *app) survey(ctx context.Context, s survey) error {
	var err error
	if s.form, err = formOf(a, report.Reports); err != nil {
		return err
	}
	checks, err := a.choose(s.checks)
	if err != nil {
		return err
	}
	w, err := a.openWorld(ctx, s.world)
	if err != nil {
		return err
	}
	defer w.Close()
	env := w.Run()
	var result outcome
	err = a.write(ctx, func(w *page.Out) error {
		result, err = a.report(ctx, w, env, s, checks)
		return err
	})
	if err != nil {
		return err
	}
	if status := result.exit(a.global.failOn); status != exitOK {
		return status
	}
	return nil
}

// report prints a report for each target. An interrupt or the deadline ends it
// early, with what is done so far.
func (a *app) report(ctx context.Context, w *page.Out, env diag.Env, s survey, checks []*diag.Check) (outcome, error) {
	var out outcome
	many := s.targets.many()
	env.Eager = !many // one domain: the answer soon; a list: few questions
	printer := s.form.Open(w, a.style(w, many))
	progress, still := a.progress(w, many), func() {}
	if !many {
		still = a.waiting()
	}
	defer still()
	s.targets.tell = progress.above
	err := diag.RunAll(ctx, env, s.targets.each(ctx), checks, s.workers, !s.form.Stream, func(r *diag.Report) error {
		if many && unfinished(r) {
			return nil
		}
		out.worst = max(out.worst, r.Status())
		if s.found != nil {
			s.found.report = r
		}
		progress.count()
		still()
		return printer.Put(r)
	})
	seen := progress.end()
	switch {
	case err == nil && seen == 0 && s.targets.bad == 0 && s.targets.err == nil:
		out.badInput = true
		a.tell(codes.Say(codes.Text{EN: "the list names no domain", JA: "リストにドメインがありません"}))
	case errors.Is(err, errDeadline):
		out.cutShort = true
		a.tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was looked at ({n} done)", JA: "期限({limit})までにすべてを調べられませんでした({n}件は完了)"}, codes.Str("limit", a.limit.String()), codes.Num("n", seen)))
	case err != nil && !errors.Is(err, errInterrupted):
		return out, err
	}
	out.badInput = out.badInput || s.targets.bad > 0
	if s.targets.err != nil {
		return out, s.targets.err
	}
	return out, printer.Close()
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
