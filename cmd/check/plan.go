package check

import (
	"context"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/scope"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// plan is what is looked at of one domain, and from which status on its report is wrong.
type plan struct {
	name   string // of the target, as people write it
	of     check.DomainOptions
	checks []*diag.Check
	failOn app.Threshold
}

// plansOf are those of the domains that the config file knows, by their name in ASCII. d is as the flags have it.
func (s checkRun) plansOf(ctx context.Context, a *app.App, d *scope.Domain) (map[string]plan, error) {
	if a.Settings == nil || len(a.Settings.Domains) == 0 {
		return nil, nil
	}
	plans := map[string]plan{}
	for i := range a.Settings.Domains {
		e := &a.Settings.Domains[i]
		if !s.targets.mayHave(e.Target) {
			continue
		}
		own, apart := *d, scope.Apart(a)
		if err := own.Fill(apart, e); err != nil {
			return nil, err
		}
		checks, err := own.Checks(ctx, apart)
		if err == nil {
			checks, err = s.selected(apart, checks)
		}
		if err != nil {
			return nil, err
		}
		d.BIMI.Roots = own.BIMI.Roots
		plans[e.Target.ASCII] = plan{e.Target.Name, own.DomainOptions, checks, apart.Global.FailOn}
	}
	return plans, nil
}

// mayHave reports whether a domain can be one of the targets: the lines of lists are not known yet.
func (ts *targets) mayHave(t diag.Target) bool {
	for _, s := range ts.sources {
		if s.list != nil || s.target.ASCII == t.ASCII {
			return true
		}
	}
	return false
}

// planOf is the plan of a target. base are the checks of those that the config file does not know.
func (s checkRun) planOf(a *app.App, t diag.Target, base []*diag.Check) plan {
	if p, ok := s.plans[t.ASCII]; ok && t.Kind == "domain" {
		return p
	}
	p := plan{checks: base, failOn: a.Global.FailOn}
	if s.sent != nil {
		p.of = s.sent.of
	}
	return p
}

// fails is what a printer asks of a status: each target by its own --fail-on.
func (s checkRun) fails(a *app.App) func(target, status string) bool {
	byName := map[string]app.Threshold{}
	for _, p := range s.plans {
		byName[p.name] = p.failOn
	}
	return func(target, status string) bool {
		if t, ok := byName[target]; ok {
			return t.Fails(target, status)
		}
		return a.Global.FailOn.Fails(target, status)
	}
}

// fileTargets are the domains of the config file; nil where it has none.
func fileTargets(a *app.App) *targets {
	if a.Settings == nil || len(a.Settings.Domains) == 0 {
		return nil
	}
	ts := &targets{app: a, parse: app.DomainTarget, several: true}
	for _, d := range a.Settings.Domains {
		ts.sources = append(ts.sources, source{target: d.Target})
	}
	return ts
}

// tellUnused says, once a run, which exceptions of the config file were about nothing although their checks looked.
func tellUnused(a *app.App, x *diag.Exceptions) {
	unused := x.Unused()
	if len(unused) == 0 {
		return
	}
	const shown = 5
	var names []string
	for i, e := range unused {
		if i == shown {
			names = append(names, "…")
			break
		}
		names = append(names, e.Rule+" ("+e.Place+")")
	}
	a.Tell(codes.Say(codes.Text{EN: "nothing was found that these exceptions are about, so they may go: {exceptions}",
		JA: "次の除外に該当する指摘はありませんでした(不要であれば削除できます): {exceptions}"}, codes.Str("exceptions", strings.Join(names, ", "))))
}
