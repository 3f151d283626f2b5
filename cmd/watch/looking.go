package watch

import (
	"context"
	"runtime/debug"
	"strconv"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/watch"
	"todoku/diag/world"
)

// looking is how domains are looked at: the flags of `check domain` that make sense for many.
type looking struct {
	domain  scope.Domain
	workers int // domains under way at once
	pace    int // questions a second; 0: as many as the servers take
}

func (l *looking) flags(a *app.App, c *cobra.Command) {
	l.workers = diag.Workers
	l.domain.AddFlags(a, c)
	c.Flags().Var(app.ValueOf(&l.workers, parseNumber(4096), "N"), "workers", a.T(codes.Text{
		EN: "most domains under way at once (default 256)", JA: "同時に調べるドメインの数の上限(既定は256)"}))
	c.Flags().Var(app.ValueOf(&l.pace, parseNumber(1_000_000), "N"), "pace", a.T(codes.Text{
		EN: "most DNS questions a second (default: no bound)", JA: "1秒あたりのDNS問い合わせ数の上限(既定はなし)"}))
}

// parseNumber takes a number from 1 on.
func parseNumber(most int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a number from 1 to {most}", JA: "{value} は1から{most}までの数ではありません"},
				codes.Quoted("value", s), codes.Num("most", most)), codes.Message{})
		}
		return n, nil
	}
}

// plan is what is looked at of one domain.
type plan struct {
	of     check.DomainOptions
	checks []*diag.Check
	app    *app.App // with the --only and --skip of the domain
}

// with are the checks of the plan, for a domain with selectors that mails or reports have shown.
func (p plan) with(selectors []string) []*diag.Check {
	if len(selectors) == 0 {
		return p.checks
	}
	of := p.of
	of.DKIM.Seen = selectors
	if checks, err := scope.Select(p.app, check.Domain(of)); err == nil {
		return checks
	}
	return p.checks
}

// planOf makes a plan of the flags as they are in an app.
func planOf(ctx context.Context, a *app.App, d *scope.Domain) (plan, error) {
	checks, err := d.Checks(ctx, a)
	if err == nil {
		checks, err = scope.Select(a, checks)
	}
	return plan{d.DomainOptions, checks, a}, err
}

// sight is what is looked at, and how.
type sight struct {
	*watch.Looker
	world *world.World
}

// open opens the world, which the caller closes, and makes the looker.
func (l *looking) open(ctx context.Context, a *app.App) (sight, error) {
	base := l.domain
	all, err := planOf(ctx, a, &base)
	if err != nil {
		return sight{}, err
	}
	own := map[string]plan{}
	receiving := all.of.Receiving
	if a.Settings != nil {
		for i := range a.Settings.Domains {
			e := &a.Settings.Domains[i]
			d, apart := l.domain, scope.Apart(a)
			if err := d.Fill(apart, e); err != nil {
				return sight{}, err
			}
			d.BIMI.Roots = base.BIMI.Roots
			p, err := planOf(ctx, apart, &d)
			if err != nil {
				return sight{}, err
			}
			own[e.Target.ASCII] = p
			receiving = receiving || p.of.Receiving
		}
	}
	o := world.Options{TrustAD: base.TrustAD, Pace: l.pace}
	if receiving {
		if o.Replies, err = a.Load(); err != nil {
			return sight{}, err
		}
	}
	opened, err := a.OpenWorld(ctx, o)
	if err != nil {
		return sight{}, err
	}
	looker := &watch.Looker{Env: opened.Run, Words: report.ErrorWords, Says: report.FindingWords, Places: make(chan struct{}, l.workers),
		Exceptions: func() *diag.Exceptions { return scope.Exceptions(a) },
		Checks: func(k watch.Kept) []*diag.Check {
			if p, known := own[k.Name]; known {
				return p.with(k.Selectors)
			}
			return all.with(k.Selectors)
		}}
	return sight{looker, opened}, nil
}

// manyGarbage is how much garbage looks at many domains may leave before it is collected, in percent of what is in use: most of
// it lives for a moment only.
const manyGarbage = 200

// collectLess sets that, unless the user said otherwise. done sets it back.
func collectLess(a *app.App) (done func()) {
	if a.Env("GOGC") != "" || a.IsGuest() {
		return func() {}
	}
	before := debug.SetGCPercent(manyGarbage)
	return func() { debug.SetGCPercent(before) }
}
