package check

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

// addSetFlags adds the flags of a change that is only meant.
func addSetFlags(a *app.App, c *cobra.Command, s *checkRun) {
	c.Flags().Var(app.SplitOf(&s.sets, nil, resolve.ParseSet, "RECORD"), "set", a.T(codes.Text{
		EN: "what if NAME had this record: 'NAME TYPE VALUE';\nwithout VALUE: if it had none (repeatable)",
		JA: "このレコードに変更した場合を調べます:\n'NAME TYPE VALUE'(VALUE を省くと削除。複数指定可)"}))
	c.Flags().BoolVar(&s.before, "before", false, a.T(codes.Text{
		EN: "hold the world with the zone files (--zone)\nagainst the one without them",
		JA: "ゾーンファイル(--zone)を使う前と後を比較します"}))
	addPlanFlag(a, c, s)
}

// withSets is the run with the change that --set means. It refuses what a change cannot be looked at with. No command to look
// again is told: nothing is changed yet.
func (s checkRun) withSets(a *app.App, o check.DomainOptions) (checkRun, error) {
	if s.before && a.Filled("before") && len(a.Global.Zones) == 0 { // a value of the environment or the config file is for all commands
		s.before = false
	}
	if s.before && len(a.Global.Zones) == 0 {
		return s, codes.At("--before", codes.Wrong(codes.Say(codes.Text{EN: "there is no zone file to compare with", JA: "比較するゾーンファイルがありません"}),
			codes.Say(codes.Text{EN: "give it with --zone FILE; --set compares by itself", JA: "--zone FILE で指定してください(--set は指定するだけで比較します)"})))
	}
	if s.before && a.Global.Offline() {
		return s, codes.At("--before", codes.Wrong(codes.Say(codes.Text{EN: "with --offline nobody can be asked how it is today",
			JA: "--offline では現在の状態を問い合わせられません"}),
			codes.Say(codes.Text{EN: "leave one of them out", JA: "どちらか一方を外してください"})))
	}
	s.world.Apart = s.before
	if !s.mends() {
		return s, nil
	}
	if o.Authoritative {
		flag := "--set"
		switch {
		case len(s.meant) > 0:
			flag = "--plan"
		case s.before:
			flag = "--before"
		}
		return s, codes.At(flag, codes.Wrong(codes.Say(codes.Text{
			EN: "the name servers do not have the change yet, so they cannot be asked about it",
			JA: "変更はまだネームサーバーに反映されていないため、ネームサーバーには確認できません"}), codes.Say(codes.Text{
			EN: "leave out --authoritative (in place of --all: --receiving) and the check ns",
			JA: "--authoritative と検査 ns を外してください(--all の代わりには --receiving を使えます)"})))
	}
	var err error
	s.sets, err = resolve.JoinSets(s.sets)
	s.again = codes.Command{}
	return s, codes.At("--set", err)
}

// whatIf looks at each target twice: as the world is, and as it would be with the change. What both need is asked once; web
// pages are fetched again, since the change may move them to other servers.
func whatIf(a *app.App, s checkRun, checks []*diag.Check, inOrder bool) makeReports {
	return func(ctx context.Context, w *world.World, env diag.Env, emit func(*diag.Report) error) error {
		after, meant := w.Run(), check.ChangeOptions{Sets: s.sets, Before: env.DNS}
		after.DNS, after.SMTP, after.Direct, after.Eager = env.DNS, env.SMTP, nil, env.Eager
		if s.before {
			meant.Zones = w.Zones()
		}
		planned, whole := s.ofPlans(ctx, meant.Before)
		meant.Plan, meant.Zones = planned, slices.Concat(whole, meant.Zones)
		if len(meant.Zones) > 0 {
			after.DNS = resolve.NewZoned(after.DNS, meant.Zones)
		}
		after.DNS = resolve.NewOverlay(after.DNS, slices.Concat(s.sets, planned))
		change := check.Change(meant)
		look := func(ctx context.Context, t diag.Target) *diag.Report {
			p := s.planOf(a, t, checks)
			before := diag.Run(ctx, env, t, p.checks)
			r := diag.Run(ctx, after, t, slices.Concat([]*diag.Check{change}, s.sent.checks(p.of, meant.Before), p.checks))
			r.Started, r.Elapsed = before.Started, before.Elapsed+r.Elapsed
			r.Queries.Sent += before.Queries.Sent
			r.WhatIf = baseline.Compare(before, r)
			return r
		}
		return diag.RunEach(ctx, s.targets.each(ctx), s.workers, inOrder, look, emit)
	}
}
