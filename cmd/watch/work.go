package watch

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/watch/store"
	"todoku/diag/world"
)

// working is a process that looks at what is due, until it is ended.
type working struct {
	place  place
	look   looking
	chunks int

	app   *app.App
	store *store.Store
	count counts
	also  func(watch.Event) // gets what happens, too; nil: nobody wants it
}

// counts are what a process has done.
type counts struct {
	domains, changes, chunks, failed atomic.Int64
}

// How often the scheduler looks for chunks whose time has come.
const scheduleEvery = 5 * time.Second

func (o *working) flags(a *app.App, c *cobra.Command) {
	o.chunks = 2
	o.look.flags(a, c)
	c.Flags().Var(app.ValueOf(&o.chunks, parseNumber(64), "N"), "chunks", a.T(codes.Text{
		EN: "chunks of 500 domains under way at once (default 2)", JA: "同時に処理するチャンク(500ドメイン)の数\n(既定は 2)"}))
	o.place.add(a, c.Flags())
}

func newWork(a *app.App) *cobra.Command {
	o := &working{}
	c := a.Command(app.About{
		Use:   "work",
		Uses:  []string{usage.World, usage.Checks},
		Short: codes.Text{EN: "help run on another machine, over PostgreSQL", JA: "別のコンピューターで run を手伝います(PostgreSQL)"},
		Long: codes.Text{
			EN: "Looks at what is due in a store that others share, until Ctrl-C: what is under way\nthen has ten seconds to end, and is given back after that. The work of a process\nthat was lost goes to another one within half a minute. It sends no alerts; run\ndoes, on one machine or on several.",
			JA: "共有の監視対象のうち時刻の来たものを、Ctrl-C で終了するまで確認します。終了時は、\n実行中の作業を10秒待ち、終わらないものは返却します。停止したプロセスの作業は、30秒\n以内にほかのプロセスが引き継ぎます。通知は送信しません(run が送信します)。"},
		Example: codes.Text{
			EN: "  todoku watch work --store postgres://todoku@db.example.jp/todoku\n  TODOKU_STORE=postgres://todoku@db.example.jp/todoku todoku watch work",
			JA: "  todoku watch work --store postgres://todoku@db.example.jp/todoku\n  TODOKU_STORE=postgres://todoku@db.example.jp/todoku todoku watch work"},
	}, func(ctx context.Context, _ []string) error {
		return o.run(ctx, a, nil)
	})
	o.flags(a, c)
	return c
}

// starter starts what a process does besides looking, and gives chores and how to end it.
type starter func(context.Context, *world.World) ([]river.Chore, func(), error)

// run works until ctx ends. more starts what else the process does, and gives what is done once in a while for all processes.
func (o *working) run(ctx context.Context, a *app.App, more starter) (err error) {
	o.app = a
	if a.IsGuest() {
		return codes.At("--store", app.NoFiles())
	}
	if o.store, err = o.place.write(ctx, a); err != nil {
		return err
	}
	defer o.store.Close()
	if err := o.place.sameWorld(ctx, a, o.store); err != nil {
		return err
	}
	seen, err := o.look.open(ctx, a)
	if err != nil {
		return err
	}
	defer seen.world.Close()
	defer collectLess(a)()
	e := &watch.Engine{Store: o.store, Looker: seen.Looker, Now: a.Now, Tell: o.happened}
	chores := []river.Chore{{Name: "schedule", Every: scheduleEvery, Do: func(ctx context.Context) error {
		_, err := e.Schedule(ctx)
		return o.trouble(ctx, err)
	}}}
	if more != nil {
		others, end, err := more(ctx, seen.world)
		if err != nil {
			return err
		}
		defer end()
		chores = append(chores, others...)
	}
	q, err := queueOf(ctx, o.store, river.Options{Chores: chores, Reach: o.reached, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	e.Queue = q
	a.Tell(codes.Say(codes.Text{EN: "watching the domains of {store} (Ctrl-C ends it)", JA: "{store} のドメインを監視しています(Ctrl-C で終了します)"},
		codes.Str("store", o.store.Place())))
	shown := a.Stderr.ShowProgress(a.Lang, o.progress)
	err = e.Work(ctx, o.chunks)
	shown.Stop()
	a.Stderr.Until(context.WithoutCancel(ctx))
	a.Tell(codes.Say(codes.Text{EN: "ended: {n} looks at domains, {changes} changes", JA: "終了しました: 確認したドメイン{n}件、変化{changes}件"},
		codes.Num("n", int(o.count.domains.Load())), codes.Num("changes", int(o.count.changes.Load()))))
	return err
}

// happened counts what happened to a job, and tells what went wrong.
func (o *working) happened(e watch.Event) {
	if o.also != nil {
		o.also(e)
	}
	switch {
	case errors.Is(e.Err, watch.ErrLost):
	case e.Err != nil:
		o.count.failed.Add(1)
		_ = o.trouble(context.Background(), e.Err)
	default:
		o.count.chunks.Add(1)
		o.count.domains.Add(int64(e.Domains))
		o.count.changes.Add(int64(e.Changes))
	}
}

// reached tells once that the store is out of reach, and once that it is back.
func (o *working) reached(err error) {
	if err == nil {
		o.app.Tell(codes.Say(codes.Text{EN: "{store} can be reached again", JA: "{store} への接続が復旧しました"}, codes.Str("store", o.store.Place())))
		return
	}
	o.app.Complain(store.Fault(o.store, err))
	o.app.Tell(codes.Say(codes.Text{EN: "looks wait until the store is back", JA: "保存先が復旧するまで、確認を見合わせます"}))
}

// trouble tells an error that does not end the process: it is tried again.
func (o *working) trouble(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		o.app.Complain(store.Fault(o.store, err)) // the queue says what the driver says
	}
	return err
}

// progress says what was done so far.
func (o *working) progress(took time.Duration) codes.Message {
	n := o.count.domains.Load()
	return codes.Say(codes.Text{EN: "looked at: {n} ({changes} changes), for {took} (Ctrl-C ends it)", JA: "確認済み: {n}件(変化{changes}件)、経過{took}(Ctrl-Cで終了)"},
		codes.Num("n", int(n)), codes.Num("changes", int(o.count.changes.Load())), codes.Str("took", took.Round(time.Second).String()))
}
