package check

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

// addSetFlag adds the flag of a change that is only meant.
func addSetFlag(a *app.App, c *cobra.Command, sets *[]resolve.Set) {
	c.Flags().Var(app.SplitOf(sets, nil, resolve.ParseSet, "RECORD"), "set", a.T(codes.Text{
		EN: "what if NAME had this record: 'NAME TYPE VALUE';\nwithout VALUE: if it had none (repeatable)",
		JA: "このレコードに変更した場合を調べます:\n'NAME TYPE VALUE'(VALUE を省くと削除。複数指定可)"}))
}

// withSets is the run with the change that --set means. It refuses what a change cannot be looked at with. No command to look
// again is told: nothing is changed yet.
func (s checkRun) withSets(o check.DomainOptions) (checkRun, error) {
	if len(s.sets) == 0 {
		return s, nil
	}
	if o.Authoritative {
		return s, codes.At("--set", codes.Wrong(codes.Say(codes.Text{
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

// whatIf looks at each target twice: as the world is, and as it would be with the sets. What both need is asked once; web
// pages are fetched again, since the change may move them to other servers.
func whatIf(s checkRun, checks []*diag.Check, inOrder bool) makeReports {
	return func(ctx context.Context, w *world.World, env diag.Env, emit func(*diag.Report) error) error {
		after := w.Run()
		after.DNS, after.SMTP, after.Direct, after.Eager = resolve.NewOverlay(env.DNS, s.sets), env.SMTP, nil, env.Eager
		change := check.Change(check.ChangeOptions{Sets: s.sets, Before: env.DNS})
		with := append([]*diag.Check{change}, checks...)
		look := func(ctx context.Context, t diag.Target) *diag.Report {
			before := diag.Run(ctx, env, t, checks)
			r := diag.Run(ctx, after, t, with)
			r.Started, r.Elapsed = before.Started, before.Elapsed+r.Elapsed
			r.Queries.Sent += before.Queries.Sent
			r.WhatIf = baseline.Compare(before, r)
			return r
		}
		return diag.RunEach(ctx, s.targets.each(ctx), s.workers, inOrder, look, emit)
	}
}
