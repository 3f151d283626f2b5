package watch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
)

// Bounds of --every, and its default.
const (
	defaultEvery = 24 * time.Hour
	leastEvery   = time.Minute
	mostEvery    = 31 * 24 * time.Hour
)

// parseEvery takes an interval: 1h, 24h, 7d.
func parseEvery(s string) (time.Duration, error) {
	d, err := app.ParseDays(s)
	if err == nil && (d < leastEvery || d > mostEvery) {
		err = codes.Wrong(codes.Say(codes.Text{EN: "{value} is not between one minute and 31 days", JA: "{value} は1分から31日までの範囲にありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return d, err
}

// adding is what `add` and `import` do.
type adding struct {
	place place
	every time.Duration
	names names
	files bool // the arguments name files
}

func newAdd(a *app.App) *cobra.Command {
	o := &adding{every: defaultEvery}
	c := a.Command(app.About{
		Use:     "add [NAME…]",
		Uses:    []string{usage.Lab},
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "watch domains", JA: "ドメインを監視対象に追加します"},
		Long: codes.Text{
			EN: "NAME may be written in any script. @FILE reads one domain a line and - reads\nstandard input. Without NAME the domains of the config file, todoku.yaml, are\nadded. Nothing is looked at: `once` or `run` does that. One that is watched\nalready stays as it is; another --every holds from now on.",
			JA: "NAME は日本語ドメイン名でもかまいません。@FILE は1行に1ドメインを書いたファイル、\n- は標準入力を読みます。NAME を省くと、設定ファイル(todoku.yaml)のドメインを追加\nします。追加だけでは確認しません(once または run で確認します)。監視中のドメインは\nそのままで、--every を変えた場合は新しい間隔になります。"},
		Example: codes.Text{
			EN: "  todoku watch add example.jp example.com\n  todoku watch add @domains.txt --every 6h",
			JA: "  todoku watch add example.jp example.com\n  todoku watch add @domains.txt --every 6h"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "all are watched", JA: "すべて監視対象になりました"}},
			{Status: app.ExitUsage, Means: codes.Text{EN: "a line names no domain; the others are watched", JA: "ドメイン名ではない行がありました(ほかは追加済み)"}}},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return o.run(ctx, a, args) })
	c.ValidArgsFunction = scope.CompleteDomains(a)
	o.flags(a, c)
	return c
}

func newImport(a *app.App) *cobra.Command {
	o := &adding{every: defaultEvery, files: true}
	c := a.Command(app.About{
		Use:     "import FILE…",
		Uses:    []string{usage.Lab},
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "watch the domains of files: lists, or columns of CSV", JA: "ファイル(リストやCSV)のドメインを監視対象に追加します"},
		Long: codes.Text{
			EN: "A FILE has one domain a line, or is CSV (.csv, or --column): then the column with\nthat name or number is read, else the one called domain, else the first. - reads\nstandard input. A line that names no domain is told with its number; the others\nare watched.",
			JA: "FILE は1行に1ドメインを書いたファイル、またはCSV(.csv、または --column を指定)です。\nCSVでは --column の列(名前または番号)を読みます。省略時は domain という列、なければ\n先頭の列です。- は標準入力を読みます。ドメイン名ではない行は行番号とともに報告し、\nほかの行を追加します。"},
		Example: codes.Text{
			EN: "  todoku watch import domains.txt\n  todoku watch import customers.csv --column domain --every 12h",
			JA: "  todoku watch import domains.txt\n  todoku watch import customers.csv --column ドメイン --every 12h"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "all are watched", JA: "すべて監視対象になりました"}},
			{Status: app.ExitUsage, Means: codes.Text{EN: "a line names no domain; the others are watched", JA: "ドメイン名ではない行がありました(ほかは追加済み)"}}},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return o.run(ctx, a, args) })
	o.flags(a, c)
	c.Flags().Var(app.ValueOf(&o.names.column, app.ParseNonEmpty, "NAME"), "column", a.T(codes.Text{
		EN: "column of CSV files, by its name or number", JA: "CSVの列(名前または番号)"}))
	return c
}

func (o *adding) flags(a *app.App, c *cobra.Command) {
	c.Flags().Var(app.ValueOf(&o.every, parseEvery, "TIME"), "every", a.T(codes.Text{
		EN: "look at them once in this time: 1h, 7d (default 24h)", JA: "確認の間隔: 1h、7d など(既定は 24h)"}))
	o.place.add(a, c.Flags())
	_ = app.CompleteFlag(a, c, "every", cobra.FixedCompletions([]string{"1h", "6h", "24h", "7d"}, cobra.ShellCompDirectiveNoFileComp))
}

func (o *adding) run(ctx context.Context, a *app.App, args []string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	o.names.app = a
	var all []source
	switch {
	case len(args) > 0:
		all, err = o.names.open(ctx, args, o.files)
	case a.Settings == nil || len(a.Settings.Domains) == 0:
		return codes.Wrong(codes.Say(codes.Text{EN: "give the domains to watch", JA: "監視するドメインを指定してください"}),
			codes.Say(codes.Text{EN: "write their names, or @FILE; without any, those of todoku.yaml are added", JA: "ドメイン名、または @FILE を指定してください。省略すると、todoku.yaml のドメインを追加します"}))
	default:
		for _, d := range a.Settings.Domains {
			all = append(all, source{ascii: d.Target.ASCII})
		}
	}
	if err != nil {
		return err
	}
	s, err := o.place.write(ctx, a)
	if err != nil {
		closeAll(all)
		return err
	}
	defer s.Close()
	add := s.AddNew
	if a.Origins.Of("every").Kind != app.FromDefault {
		add = s.Add
	}
	added, err := add(ctx, o.names.each(ctx, all), o.every)
	count := report.WatchCount{New: added.New, Known: added.Known, Moved: added.Moved, Missing: []string{}, Bad: o.names.bad}
	if err = errors.Join(err, o.names.err, context.Cause(ctx)); err != nil {
		return err
	}
	if o.names.read == 0 && o.names.bad == 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "the list is empty: it names nothing to watch", JA: "リストが空です(監視の対象がありません)"}), codes.Message{})
	}
	if err := app.PrintOne[report.List](ctx, a, form, count, a.StyleOfOne); err != nil {
		return err
	}
	if o.names.bad > 0 {
		return app.ExitUsage
	}
	return nil
}

func newRemove(a *app.App) *cobra.Command {
	var p place
	c := a.Command(app.About{
		Use:     "remove NAME…",
		Uses:    []string{usage.Lab},
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "watch domains no more, and forget them", JA: "ドメインを監視対象から外します"},
		Long: codes.Text{
			EN: "What is known of the domains is deleted, their changes and record sets, too. NAME,\n@FILE and - are as those of add.",
			JA: "そのドメインについて保存した内容(変化やレコードの履歴を含む)も削除します。NAME、\n@FILE、- の書き方は add と同じです。"},
		Example: codes.Text{
			EN: "  todoku watch remove example.jp\n  todoku watch remove @gone.txt",
			JA: "  todoku watch remove example.jp\n  todoku watch remove @gone.txt"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "removed", JA: "削除しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "one was not watched", JA: "監視していないドメインがありました"}}},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return remove(ctx, a, &p, args) })
	c.ValidArgsFunction = p.complete(a)
	p.add(a, c.Flags())
	return c
}

func remove(ctx context.Context, a *app.App, p *place, args []string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	n := names{app: a}
	all, err := n.open(ctx, args, false)
	if err != nil {
		return err
	}
	list := slices.Collect(n.each(ctx, all))
	if err := errors.Join(n.err, context.Cause(ctx)); err != nil {
		return err
	}
	s, err := p.read(ctx, a)
	if err != nil {
		return err
	}
	defer s.Close()
	removed, missing, err := s.Remove(ctx, list)
	if err != nil {
		return err
	}
	for i, name := range missing {
		if i == app.MaxComplaints {
			break
		}
		a.Complain(p.notWatched(a, name))
	}
	count := report.WatchCount{Removed: removed, Missing: append([]string{}, missing...), Bad: n.bad}
	if err := app.PrintOne[report.List](ctx, a, form, count, a.StyleOfOne); err != nil {
		return err
	}
	switch {
	case len(missing) > 0:
		return app.ExitWrong
	case n.bad > 0:
		return app.ExitUsage
	}
	return nil
}

// notWatched is the error of a domain that is not in the store.
func (p place) notWatched(a *app.App, name string) error {
	add := p.ready(a, codes.Todoku("watch", "add", "DOMAIN").With(codes.PlaceDomain, name))
	return codes.At(name, codes.Wrong(codes.Say(codes.Text{EN: "this domain is not watched", JA: "監視していないドメインです"}),
		codes.Say(codes.Text{EN: "{add} adds it; {list} shows those that are", JA: "{add} で追加できます。一覧は {list} で確認できます"},
			codes.Typed("add", add), codes.Typed("list", p.ready(a, codes.Todoku("watch", "list"))))))
}
