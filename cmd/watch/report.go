package watch

import (
	"context"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// overview is what `report` and `status` ask for.
type overview struct {
	choice  choice
	since   time.Time
	changes bool
	limit   int
	revive  bool
}

func newReport(a *app.App) *cobra.Command {
	o := &overview{}
	c := a.Command(app.About{
		Use:     "report",
		Uses:    []string{usage.Lab},
		Formats: report.Fleets.Formats(),
		Short:   codes.Text{EN: "how all watched domains stand, or what changed", JA: "監視中の全ドメインの状態、または変化を出力します"},
		Long: codes.Text{
			EN: "How many domains stand how, what goes on, the rules that are broken, what could\nnot be looked at, the certificates that end first. JSON, CSV and Parquet have one\nrow a finding that stands. --changes lists what changed instead, the newest first.\n--rule, --status and the like choose the domains whose findings are written.",
			JA: "状態ごとのドメイン数、継続中の障害、違反しているルール、確認できないもの、期限の近い\n証明書を出力します。JSON、CSV、Parquetでは、1行が1つの指摘です。--changes を付けると、\n代わりに変化を新しい順に出力します。--rule や --status で、出力する指摘のドメインを\n絞り込めます。"},
		Example: codes.Text{
			EN: "  todoku watch report\n  todoku watch report -o fleet.html -o fleet.parquet\n  todoku watch report --changes --since 7d",
			JA: "  todoku watch report\n  todoku watch report -o fleet.html -o fleet.parquet\n  todoku watch report --changes --since 7d"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "written", JA: "出力しました"}}},
	}, func(ctx context.Context, _ []string) error { return o.report(ctx, a) })
	c.Flags().BoolVar(&o.changes, "changes", false, a.T(codes.Text{EN: "what changed, not how it stands", JA: "状態ではなく、変化を出力します"}))
	c.Flags().Var(app.ValueOf(&o.since, a.ParseSince, "WHEN"), "since", a.T(codes.Text{
		EN: "with --changes: from then on: 7d, 2026-01-31", JA: "--changes で、これ以降だけを出力します:\n7d、2026-01-31"}))
	c.Flags().Var(app.ValueOf(&o.limit, parseNumber(1_000_000), "N"), "limit", a.T(codes.Text{
		EN: "with --changes: at most so many", JA: "--changes で、件数の上限"}))
	o.choice.flags(a, c)
	_ = app.CompleteFlag(a, c, "since", cobra.FixedCompletions([]string{"1d", "7d", "30d"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (o *overview) report(ctx context.Context, a *app.App) error {
	if o.changes {
		return o.listChanges(ctx, a)
	}
	if !o.since.IsZero() || o.limit > 0 {
		flag := "limit"
		if !o.since.IsZero() {
			flag = "since"
		}
		if !a.Filled(flag) {
			return codes.At("--"+flag, codes.Wrong(codes.Say(codes.Text{EN: "it is for --changes: how the domains stand is as of now", JA: "--changes と併用するフラグです(状態は現在のものです)"}),
				codes.Say(codes.Text{EN: "add --changes, or leave it out", JA: "--changes を付けるか、このフラグを外してください"})))
		}
	}
	form, s, err := open(ctx, a, o.choice.place, report.Fleets)
	if err != nil {
		return err
	}
	defer s.Close()
	f, err := fleetOf(ctx, a, s)
	if err != nil {
		return err
	}
	f.Findings = o.findings(ctx, a, s)
	return app.PrintOne(ctx, a, form, f, func(w *page.Out) page.Options { return o.choice.place.style(a, w, false) })
}

// findings are what stands at the chosen domains.
func (o *overview) findings(ctx context.Context, a *app.App, s *store.Store) iter.Seq2[report.FleetRow, error] {
	return func(yield func(report.FleetRow, error) bool) {
		for r, err := range s.List(ctx, o.choice.Filter) {
			if err != nil {
				yield(report.FleetRow{}, err)
				return
			}
			for _, row := range report.StandingRows(r.Name, r.Looked, r.State, a.Lang) {
				if o.choice.Rule != "" && row.Rule != o.choice.Rule || o.choice.Culprit != "" && row.Culprit != o.choice.Culprit {
					continue
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// fleetOf reads how the fleet stands.
func fleetOf(ctx context.Context, a *app.App, s *store.Store) (*report.Fleet, error) {
	o, err := s.Overview(ctx)
	if err != nil {
		return nil, err
	}
	f := &report.Fleet{At: a.Now(), Domains: o.Domains, Chunks: o.Chunks, Never: o.Never, Overdue: o.Overdue, Lag: o.Lag, Rate: o.Rate,
		Took: o.Took, OldestLook: o.OldestLook, NewestLook: o.NewestLook, Summary: o.Summary, AlertsWaiting: o.Deliveries.Waiting,
		AlertsFailed: o.Deliveries.Failed}
	all, err := s.Incidents(ctx, time.Time{})
	for _, n := range all {
		if n.Recovered.IsZero() && len(f.Incidents) < report.MostIncidents {
			f.Incidents = append(f.Incidents, n)
		}
	}
	return f, err
}

// listChanges prints what changed, the newest first.
func (o *overview) listChanges(ctx context.Context, a *app.App) error {
	form, s, err := open(ctx, a, o.choice.place, report.Changes)
	if err != nil {
		return err
	}
	defer s.Close()
	n := 0
	err = a.Write(ctx, func(w *page.Out) error {
		return page.PutAll(form.Open(w, o.choice.place.style(a, w, true)), func(yield func(report.ChangeRow, error) bool) {
			for c, err := range s.Changes(ctx, store.ChangeFilter{Since: o.since}) {
				if err == nil && !o.takes(c.Change) {
					continue
				}
				if n++; o.limit > 0 && n > o.limit || !yield(report.ChangeRowOf(c.Change, a.Lang), err) {
					return
				}
			}
		})
	})
	if err == nil && n == 0 && !form.Format.ForPrograms() {
		a.Tell(codes.Say(codes.Text{EN: "nothing changed in this time", JA: "この期間に変化はありません"}))
	}
	return err
}

// takes reports whether the flags choose a change.
func (o *overview) takes(c watch.Change) bool {
	f := o.choice.Filter
	return (f.Rule == "" || c.Rule == f.Rule) && (f.Culprit == "" || c.Culprit == f.Culprit) && (f.Status == "" || c.Severity == f.Status) &&
		(f.Under == "" || resolve.Within(c.Domain, f.Under)) && (!f.Silent || c.Turn == watch.Unknown || c.Turn == watch.Known)
}

func newStatus(a *app.App) *cobra.Command {
	o := &overview{}
	c := a.Command(app.About{
		Use:     "status",
		Uses:    []string{usage.Lab},
		Formats: report.Fleets.Formats(),
		Short:   codes.Text{EN: "how far looking is: lag, rate, what waits or failed", JA: "確認の進み具合(遅れ、速度、待機や失敗)を表示します"},
		Long: codes.Text{
			EN: "How many domains wait for their look and for how long, how many are looked at a\nsecond, what was given up after many attempts, alerts that wait or could not be\ndelivered. --revive tries again what was given up.",
			JA: "確認待ちのドメインの数と遅れ、毎秒の確認数、繰り返し失敗して中止した作業、未送信や\n送信できなかった通知を表示します。--revive は、中止した作業を再開します。"},
		Example: codes.Text{
			EN: "  todoku watch status\n  todoku watch status --format json\n  todoku watch status --revive",
			JA: "  todoku watch status\n  todoku watch status --format json\n  todoku watch status --revive"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "nothing is late or given up", JA: "遅れや中止はありません"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "looks are late, or work or an alert was given up", JA: "遅れ、中止した作業、または送信できなかった通知があります"}}},
	}, func(ctx context.Context, _ []string) error { return o.status(ctx, a) })
	c.Flags().BoolVar(&o.revive, "revive", false, a.T(codes.Text{EN: "try again what was given up", JA: "中止した作業を再開します"}))
	o.choice.place.add(a, c.Flags())
	return c
}

func (o *overview) status(ctx context.Context, a *app.App) error {
	if o.revive && a.IsGuest() {
		return codes.At("--revive", app.NoFiles())
	}
	form, s, err := open(ctx, a, o.choice.place, report.Fleets)
	if err != nil {
		return err
	}
	defer s.Close()
	q, err := queueToRead(ctx, s)
	if err != nil {
		return err
	}
	if o.revive && q != nil {
		n, err := q.Revive(ctx)
		if err != nil {
			return err
		}
		a.Tell(codes.Say(codes.Text{EN: "tried again: {n}", JA: "再開した作業: {n}件"}, codes.Num("n", n)))
	}
	f, err := fleetOf(ctx, a, s)
	if err != nil {
		return err
	}
	f.Progress = true
	if q != nil {
		depth, err := q.Depth(ctx)
		if err != nil {
			return err
		}
		f.Queue = &depth
	}
	if err := app.PrintOne(ctx, a, form, f, func(w *page.Out) page.Options { return o.choice.place.style(a, w, false) }); err != nil {
		return err
	}
	if f.Overdue > 0 || f.AlertsFailed > 0 || f.Queue != nil && f.Queue.Dead > 0 {
		return app.ExitWrong
	}
	return nil
}
