package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/lab"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// once is a look at all domains.
type once struct {
	place place
	look  looking
	kept  bool // what is found is kept: it is not the lab that is looked at for a moment
}

func newOnce(a *app.App) *cobra.Command {
	o := &once{}
	c := a.Command(app.About{
		Use:     "once",
		Uses:    []string{usage.World, usage.Checks, usage.FailOn},
		Formats: report.WatchRounds.Formats(),
		Short:   codes.Text{EN: "look at all watched domains now, and tell what changed", JA: "監視中の全ドメインを今すぐ確認し、変化を報告します"},
		Long: codes.Text{
			EN: "Looks at every domain, due or not, and tells what is otherwise than at the look\nbefore and was not told yet. What the first look at a domain finds is new. A\nchange counts as told when the output is complete. For cron; whoever wants more\nthan that uses run.\n\nWhat a domain's entry of todoku.yaml says holds, and its exceptions do. In the lab\n(--lab), where nothing is watched yet, all domains of the lab are looked at, and\nnothing is kept.",
			JA: "すべてのドメインを、次回の時刻にかかわらず確認し、前回から変化してまだ報告していない\nものを報告します。初回の確認で見つかったものは、すべて新規です。出力が完了した時点で\n報告済みになります。cron での利用に向いています(常時確認するには run を使います)。\n\ntodoku.yaml のドメインごとの設定と除外も使います。--lab では、監視対象がまだなければ、\nラボの全ドメインを確認し、結果は保存しません。"},
		Example: codes.Text{
			EN: "  todoku watch once\n  todoku watch once --format json -o changes.json\n  todoku --lab watch once",
			JA: "  todoku watch once\n  todoku watch once --format json -o changes.json\n  todoku --lab watch once"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "nothing changed", JA: "変化はありません"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "something changed", JA: "変化がありました"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "could not look, and nothing else changed", JA: "確認できませんでした(ほかに変化なし)"}}},
	}, func(ctx context.Context, _ []string) error { return o.run(ctx, a) })
	o.look.flags(a, c)
	o.place.add(a, c.Flags())
	return c
}

// open opens the store. In the lab, where none is named and that of the user is not one of the lab, it is a temporary one with
// the domains of the lab.
func (o *once) open(ctx context.Context, a *app.App) (s *store.Store, done func(), err error) {
	named := o.place.Where != ""
	if a.Global.Lab && !o.place.isThere(a) {
		return openLab(ctx, a)
	}
	if a.IsGuest() {
		return nil, nil, codes.At("--store", app.NoFiles())
	}
	if s, err = o.place.read(ctx, a); err != nil {
		return nil, nil, err
	}
	done, o.kept = func() { _ = s.Close() }, true
	if err = o.place.sameWorld(ctx, a, s); err == nil {
		return s, done, nil
	}
	done()
	o.kept = false
	if a.Global.Lab && !named && errors.Is(err, errOtherWorld) {
		return openLab(ctx, a)
	}
	return nil, nil, err
}

// openLab opens a temporary store with the domains of the lab.
func openLab(ctx context.Context, a *app.App) (s *store.Store, done func(), err error) {
	dir, err := os.MkdirTemp("", "todoku-lab-")
	if err != nil {
		return nil, nil, err
	}
	clean := func() { _ = os.RemoveAll(dir) }
	if s, err = store.Open(ctx, filepath.Join(dir, "watch.db"), store.Options{Now: a.Now}); err != nil {
		clean()
		return nil, nil, err
	}
	done = func() { _ = s.Close(); clean() }
	if _, err = s.Add(ctx, slices.Values(labNames()), defaultEvery); err != nil {
		done()
		return nil, nil, err
	}
	return s, done, nil
}

// labNames are the domains that the lab shows.
func labNames() []string {
	var names []string
	for _, s := range lab.Scenarios() {
		if ascii, err := app.ParseDomain(s.Name); err == nil {
			names = append(names, ascii)
		}
	}
	return names
}

// sideBySide is how many chunks are under way at once: while the last domains of one are slow, the next one begins.
const sideBySide = 3

func (o *once) run(ctx context.Context, a *app.App) error {
	form, err := app.FormOf(a, report.WatchRounds)
	if err != nil {
		return err
	}
	s, done, err := o.open(ctx, a)
	if err != nil {
		return err
	}
	defer done()
	seen, err := o.look.open(ctx, a)
	if err != nil {
		return err
	}
	defer seen.world.Close()
	defer collectLess(a)()
	r := &round{app: a, place: o.place, store: s, looker: seen.Looker, started: a.Now(), failed: map[watch.Job]watch.Event{}}
	if err := r.look(ctx); err != nil {
		return r.ended(ctx, err)
	}
	told := &telling{store: s}
	doc := &report.WatchRound{Started: r.started, Elapsed: a.Now().Sub(r.started), Domains: int(r.domains.Load()), First: int(r.first.Load()),
		Silent: int(r.silent.Load()), Failed: r.missed(), Changes: told.changes(ctx)}
	if err := app.PrintOne(ctx, a, form, doc, func(w *page.Out) page.Options {
		opts := o.place.style(a, w, false)
		opts.NoStore = !o.kept
		return opts
	}); err != nil {
		return err
	}
	if err := told.mark(ctx); err != nil {
		return err
	}
	return r.exit(told)
}

// round is one look at all chunks, in this process.
type round struct {
	app     *app.App
	place   place
	store   *store.Store
	looker  *watch.Looker
	started time.Time

	all     int64        // domains there are
	domains atomic.Int64 // that were looked at
	first   atomic.Int64 // for the first time
	silent  atomic.Int64 // of which nothing could be seen

	mu     sync.Mutex
	failed map[watch.Job]watch.Event // the last try of jobs that nobody has done
}

// tries is how often a chunk is tried whose look could not be saved.
const tries = 3

// look looks at all chunks.
func (r *round) look(ctx context.Context) error {
	jobs, all, err := r.store.All(ctx)
	if err != nil {
		return err
	}
	if r.all = int64(all); all == 0 {
		return r.place.nobodyWatched(r.app, r.store.Place())
	}
	q := watch.NewInline(r.store.DB())
	q.Dead = tries
	if err := q.Add(ctx, nil, watch.Usual, jobs); err != nil {
		return err
	}
	shown := r.app.Stderr.ShowProgress(r.app.Lang, func(took time.Duration) codes.Message {
		return progressLine(r.domains.Load(), r.all, took)
	})
	defer shown.Stop()
	e := &watch.Engine{Store: r.store, Queue: q, Looker: r.looker, Now: r.app.Now, Tell: r.count}
	if err := q.Drain(ctx, sideBySide, e.Do); err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	depth, err := q.Depth(ctx)
	if err != nil || depth.Dead == 0 {
		return err
	}
	for _, e := range r.failed {
		if err = e.Err; r.domains.Load() > 0 { // what the others found is told
			r.app.Complain(err)
			err = nil
		}
		break
	}
	return err
}

// missed is how many domains could not be looked at. Those that another process has looked at, or removed, are not among them.
func (r *round) missed() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.failed {
		if e.Domains == 0 { // nobody knows how many
			return int(r.all - r.domains.Load())
		}
		n += e.Domains
	}
	return n
}

// count takes what happened to a chunk.
func (r *round) count(e watch.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := errors.Is(e.Err, watch.ErrLost)
	if e.Err != nil && !lost {
		r.failed[e.Job] = e
		return
	}
	if delete(r.failed, e.Job); !lost {
		r.domains.Add(int64(e.Domains))
		r.first.Add(int64(e.First))
		r.silent.Add(int64(e.Silent))
	}
}

// ended tells how far a round came that was ended early. What was looked at is saved, and told at the next time.
func (r *round) ended(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), app.ErrDeadline) {
		r.app.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before every domain was looked at ({n} of {all}); what was seen is kept, and told at the next time",
			JA: "期限({limit})までにすべてを確認できませんでした({all}件のうち{n}件は完了)。確認した内容は保存済みで、次回報告します"},
			codes.Str("limit", r.app.Limit.String()), codes.Num("n", int(r.domains.Load())), codes.Num("all", int(r.all))))
		return app.ExitUnknown
	}
	return err
}

// exit is the exit status of a complete round.
func (r *round) exit(t *telling) error {
	status := app.ExitOK
	switch n := r.domains.Load(); {
	case t.real > 0:
		status = app.ExitWrong
	case t.unknown > 0, r.missed() > 0, n > 0 && r.silent.Load() == n:
		status = app.ExitUnknown
	}
	if status = r.app.Global.FailOn.Weigh(status); status == app.ExitOK {
		return nil
	}
	return status
}
