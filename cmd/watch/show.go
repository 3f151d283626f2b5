package watch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/watch/store"
)

// show is the timeline of one domain.
type show struct {
	place place
	look  looking
	since time.Time
	now   bool
	how   []string // the flags that say how it looks
}

// mostShown is how many changes, record sets and events of a domain are read.
const mostShown = 1000

func newShow(a *app.App) *cobra.Command {
	o := &show{}
	c := a.Command(app.About{
		Use:     "show DOMAIN",
		Uses:    []string{usage.World, usage.Checks},
		Formats: report.Timelines.Formats(),
		Short:   codes.Text{EN: "one watched domain: how it stands, and what happened", JA: "監視中の1ドメインの状態と経過を表示します"},
		Long: codes.Text{
			EN: "What stands since when, what changed between which looks, record sets before and\nafter, and what logs and notices told of its mails. --now looks at it at once: a\nworker of run or work does so where one is at work, else this process does. Flags of\nthe look are those of once, and make this process look.",
			JA: "いつから何が続いているか、どの確認の間に何が変わったか、レコードの変更前後、ログや\n通知に記録されたメールの結果を表示します。--now を付けると、今すぐ確認します。run や\nwork が動いていればそのプロセスが、なければこのコマンド自身が確認します。確認に関する\nフラグは once と同じで、指定するとこのコマンド自身が確認します。"},
		Example: codes.Text{
			EN: "  todoku watch show example.jp\n  todoku watch show example.jp --since 7d --format json\n  todoku watch show example.jp --now",
			JA: "  todoku watch show example.jp\n  todoku watch show example.jp --since 7d --format json\n  todoku watch show example.jp --now"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "shown", JA: "表示しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "the domain is not watched", JA: "監視していないドメインです"}}},
		MinArgs: 1, MaxArgs: 1,
	}, func(ctx context.Context, args []string) error { return o.run(ctx, a, args[0]) })
	c.ValidArgsFunction = o.place.complete(a)
	o.look.flags(a, c)
	o.how = strings.Fields(usage.World + " " + usage.Checks)
	c.Flags().VisitAll(func(f *pflag.Flag) { o.how = append(o.how, f.Name) })
	c.Flags().Var(app.ValueOf(&o.since, a.ParseSince, "WHEN"), "since", a.T(codes.Text{
		EN: "only what happened from then on: 7d, 2026-01-31", JA: "これ以降の経過だけを表示します: 7d、2026-01-31"}))
	c.Flags().BoolVar(&o.now, "now", false, a.T(codes.Text{EN: "look at the domain first", JA: "先に、今すぐ確認します"}))
	o.place.add(a, c.Flags())
	_ = app.CompleteFlag(a, c, "since", cobra.FixedCompletions([]string{"1d", "7d", "30d", "90d"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (o *show) run(ctx context.Context, a *app.App, arg string) error {
	name, err := app.ParseDomain(arg)
	if err != nil {
		return err
	}
	form, s, err := open(ctx, a, o.place, report.Timelines)
	if err != nil {
		return err
	}
	defer s.Close()
	if o.now {
		if a.IsGuest() {
			return codes.At("--now", app.NoFiles())
		}
		if err = o.place.sameWorld(ctx, a, s); err == nil {
			err = o.lookNow(ctx, a, s, name)
		}
	}
	var t store.Timeline
	if err == nil {
		t, err = s.Show(ctx, name, o.since, mostShown)
	}
	if errors.Is(err, store.ErrNotWatched) {
		a.Complain(o.place.notWatched(a, name))
		return app.ExitWrong
	}
	if err != nil {
		return err
	}
	var catalogue *codes.Catalogue
	if !form.Format.ForPrograms() && len(t.Events) > 0 {
		if catalogue, err = a.Load(); err != nil {
			return err
		}
	}
	return app.PrintOne(ctx, a, form, timelineOf(t, o.since), func(w *page.Out) page.Options {
		opts := o.place.style(a, w, false)
		opts.Catalogue = catalogue
		return opts
	})
}

// taken is how long a worker may take to begin with a look that somebody waits for; it asks for such looks every second.
const taken = 10 * time.Second

// lookNow has somebody look at one domain, who saves what was found: a worker, which looks from the same place as before and in
// the same way, or this process.
func (o *show) lookNow(ctx context.Context, a *app.App, s *store.Store, name string) error {
	defer a.ShowWaiting()()
	job, err := s.Job(ctx, name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(o.how, func(flag string) bool { return a.Origins[flag].Kind == app.FromFlag }) {
		q, err := queueOf(ctx, s, river.Options{})
		if err != nil {
			return err
		}
		if done, err := q.Ask(ctx, job, taken); done || err != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
	return o.lookHere(ctx, a, s, job)
}

// lookHere looks in this process.
func (o *show) lookHere(ctx context.Context, a *app.App, s *store.Store, job watch.Job) error {
	seen, err := o.look.open(ctx, a)
	if err != nil {
		return err
	}
	defer seen.world.Close()
	q := watch.NewInline(s.DB())
	q.Dead = 1
	if err := q.Add(ctx, nil, watch.Now, []watch.Job{job}); err != nil {
		return err
	}
	var failed error
	e := &watch.Engine{Store: s, Queue: q, Looker: seen.Looker, Now: a.Now, Tell: func(e watch.Event) { failed = e.Err }}
	if err := q.Drain(ctx, 1, e.Do); err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	return failed
}

// timelineOf is a timeline as it is printed.
func timelineOf(t store.Timeline, since time.Time) *report.Timeline {
	out := &report.Timeline{Domain: t.Name, Every: t.Every, Added: t.Added, First: t.First, Looked: t.Looked, Due: t.Due, Status: t.Status,
		State: t.State, Since: since, Past: t.Past, Cut: t.Cut}
	for _, c := range t.Changes {
		out.Changes = append(out.Changes, c.Change)
	}
	for _, e := range t.Events {
		out.Events = append(out.Events, report.MailEvents{Hour: e.Hour, Reason: e.Reason, Class: e.Class, Provider: e.Provider, Code: e.Code,
			Count: e.Count, First: e.First, Last: e.Last, Example: e.Example, Source: e.Source})
	}
	return out
}
