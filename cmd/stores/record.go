package stores

import (
	"context"
	"errors"
	"sync"
	"time"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/watch/past"
	"todoku/diag/watch/store"
)

// Recording keeps in a store what becomes of mails, while it is read. A nil Recording keeps nothing. It is safe for concurrent use.
type Recording struct {
	a     *app.App
	flags Flags
	rows  *past.Recorder

	mu     sync.Mutex
	store  *store.Store // nil: it is away
	failed error        // of the last try
}

// patience is how long a store may take to write down what is new.
const patience = 20 * time.Second

// Record opens the store to write to; nil where none is named. A store that is away is tried again when there is something to
// keep: it does not keep anybody from reading.
func (f Flags) Record(ctx context.Context, a *app.App) (*Recording, error) {
	if f.Where == "" {
		return nil, nil
	}
	r := &Recording{a: a, flags: f, rows: past.NewRecorder(a.Zone())}
	r.store, r.failed = f.Open(ctx, a, true)
	if r.store == nil && r.failed == nil {
		return nil, nil
	}
	if said, ok := errors.AsType[*codes.UserError](r.failed); r.failed != nil && (!ok || !said.Unable) {
		return nil, r.failed
	}
	return r, nil
}

// Input begins a file or a mail.
func (r *Recording) Input() *past.Input {
	if r == nil {
		return nil
	}
	return r.rows.Input()
}

// Flush writes down what is new. What the store does not take is kept for the next time.
func (r *Recording) Flush(ctx context.Context) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if r.store == nil {
		if r.store, r.failed = r.flags.Open(ctx, r.a, true); r.failed != nil {
			return
		}
	}
	r.failed = r.rows.Flush(ctx, r.store)
}

// FlushFull writes down what is new where that is much.
func (r *Recording) FlushFull(ctx context.Context) {
	if r != nil && r.rows.Full() {
		r.Flush(ctx)
	}
}

// flushEvery is how often what is new is written down while a log is followed.
const flushEvery = 10 * time.Second

// Following writes down what is new again and again, until stop is called.
func (r *Recording) Following(ctx context.Context) (stop func()) {
	if r == nil {
		return func() {}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticks := time.NewTicker(flushEvery)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				r.Flush(ctx)
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		wg.Wait()
	}
}

// End writes down what is left, and tells what the store did not take.
func (r *Recording) End(ctx context.Context) {
	if r == nil {
		return
	}
	r.Flush(ctx)
	events, rows := r.rows.Left()
	if r.failed != nil && rows > 0 {
		r.a.Complain(r.a.ReadError("--store", r.failed, codes.Text{EN: "the store did not take what was read", JA: "読み取った内容を保存できませんでした"},
			codes.Text{EN: "read the same inputs again later: what was kept counts once", JA: "あとで同じ入力をもう一度読み取ってください。保存済みのものは重複して数えません"}))
	}
	if events > 0 {
		r.a.Tell(codes.Say(codes.Text{EN: "{n} events are not in the store: there were too many kinds at once",
			JA: "種類が多すぎるため、{n}件のイベントは保存されていません"}, codes.Num("n", int(events))))
	}
}

// Past gives what the store knows of domains; nil where there is none, or it is away.
func (r *Recording) Past() guide.Past {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return Past(r.store)
}

// Close closes the store.
func (r *Recording) Close() error {
	if r == nil || r.store == nil {
		return nil
	}
	return r.store.Close()
}
