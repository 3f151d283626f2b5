package watch

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/watch/store"
)

// choice are the flags that choose domains.
type choice struct {
	store.Filter
	place place
}

func (f *choice) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ValueOf(&f.Rule, parseRule, "RULE"), "rule", t("only domains that break this rule",
		"このルールに違反するドメインだけを表示します"))
	fs.Var(app.ValueOf(&f.Status, app.OneOf(statuses()...), "STATUS"), "status",
		t("only domains that stand so: fail, unknown, warn,\ninfo, pass",
			"この状態のドメインだけを表示します: fail、unknown、\nwarn、info、pass"))
	fs.Var(app.ValueOf(&f.Under, app.ParseDomain, "DOMAIN"), "under", t("only this domain and those below it",
		"このドメインと、その配下だけを表示します"))
	fs.Var(app.ValueOf(&f.Culprit, app.ParseNonEmpty, "NAME"), "culprit",
		t("only domains that suffer from this provider,\naddress or resolver",
			"この事業者、アドレス、DNSサーバーが原因の\nドメインだけを表示します"))
	fs.BoolVar(&f.Silent, "silent", false, t("only domains that could not be looked at",
		"確認できなかったドメインだけを表示します"))
	f.place.add(a, fs)
	complete := func(flag string, words []string) {
		_ = app.CompleteFlag(a, c, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	complete("status", statuses())
	_ = app.CompleteFlag(a, c, "rule", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
	})
}

// statuses are the words of --status, the worst first.
func statuses() []string {
	return []string{diag.Fail.String(), diag.Unknown.String(), diag.Warn.String(), diag.Info.String(), diag.OK.String()}
}

func ruleIDs() []string {
	var ids []string
	for _, r := range check.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// parseRule takes the id of a rule.
func parseRule(s string) (string, error) {
	if ids := ruleIDs(); !slices.Contains(ids, s) {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "no rule has the id {id}", JA: "{id} というIDのルールはありません"}, codes.QuotedStart("id", s, 60)),
			codes.DidYouMean(s, "", ids, codes.Say(codes.Text{EN: "{command} lists all rules", JA: "ルールの一覧は {command} で確認できます"},
				codes.Typed("command", codes.Todoku("explain", "--list", "rules")))))
	}
	return s, nil
}

func newList(a *app.App) *cobra.Command {
	f := &choice{}
	c := a.Command(app.About{
		Use:     "list",
		Uses:    []string{usage.Lab},
		Formats: report.Watched.Formats(),
		Short:   codes.Text{EN: "list the watched domains, and how they stand", JA: "監視中のドメインと状態を一覧表示します"},
		Long: codes.Text{
			EN: "One domain a line, by name: the rules that it breaks (without those that only\ninform) and the checks that could not look.",
			JA: "1行に1ドメインを名前順に表示します。違反しているルール(参考情報だけのルールを除く)\nと、確認できなかった検査を示します。"},
		Example: codes.Text{
			EN: "  todoku watch list\n  todoku watch list --status fail\n  todoku watch list --rule dmarc-none --format csv",
			JA: "  todoku watch list\n  todoku watch list --status fail\n  todoku watch list --rule dmarc-none --format csv"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "listed", JA: "表示しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "no domain fits", JA: "該当するドメインがありません"}}},
	}, func(ctx context.Context, _ []string) error { return list(ctx, a, f) })
	f.flags(a, c)
	return c
}

func list(ctx context.Context, a *app.App, f *choice) error {
	form, s, err := open(ctx, a, f.place, report.Watched)
	if err != nil {
		return err
	}
	defer s.Close()
	n := 0
	err = a.Write(ctx, func(w *page.Out) error {
		return page.PutAll(form.Open(w, f.place.style(a, w, true)), func(yield func(report.WatchedRow, error) bool) {
			for r, err := range s.List(ctx, f.Filter) {
				n++
				if !yield(watchedRow(r), err) {
					return
				}
			}
		})
	})
	switch {
	case err != nil:
		return err
	case n == 0 && form.Format.ForPrograms():
		return app.ExitWrong
	case n == 0:
		if _, all, err := s.All(ctx); err == nil && all == 0 {
			a.Complain(f.place.nobodyWatched(a, s.Place()))
			return app.ExitWrong
		}
		a.Complain(codes.Wrong(codes.Say(codes.Text{EN: "no domain fits", JA: "該当するドメインはありません"}), codes.Message{}))
		return app.ExitWrong
	}
	return nil
}

// watchedRow is a domain of a list.
func watchedRow(r store.Row) report.WatchedRow {
	out := report.WatchedRow{Domain: r.Name, Name: resolve.ToUnicode(r.Name), Every: int64(r.Every / time.Second), Status: r.Status,
		Findings: len(r.State.Findings), Rules: []string{}, Silent: []string{}, Since: report.Stamp(r.State.Oldest()),
		Added: report.Stamp(r.Added), First: report.Stamp(r.First), Looked: report.Stamp(r.Looked), Due: report.Stamp(r.Due)}
	for _, f := range r.State.Findings {
		if f.Severity != diag.Info.String() && !slices.Contains(out.Rules, f.Rule) {
			out.Rules = append(out.Rules, f.Rule)
		}
	}
	for _, q := range r.State.Silent {
		out.Silent = append(out.Silent, q.Check)
	}
	return out
}

// open gives the form in which a document is to be printed, and opens the store that it is read from. A terminal is spared what is
// no text.
func open[T any](ctx context.Context, a *app.App, p place, d page.Document[T]) (page.Form[T], *store.Store, error) {
	form, err := app.FormOf(a, d)
	if err != nil {
		return form, nil, err
	}
	if _, shown := a.Stdout.Terminal(); form.Format == page.Parquet && shown && !a.Global.WritesApart() {
		return form, nil, codes.At("--format", codes.Wrong(codes.Say(codes.Text{EN: "a terminal cannot show Parquet", JA: "Parquetは端末に表示できません"}),
			codes.Say(codes.Text{EN: "write it to a file: -o FILE.parquet", JA: "-o FILE.parquet でファイルに書き出してください"})))
	}
	s, err := p.read(ctx, a)
	return form, s, err
}
