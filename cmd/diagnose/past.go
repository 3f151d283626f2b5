package diagnose

import (
	"context"
	"errors"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/stores"
	"todoku/codes"
	"todoku/diag/watch/past"
	"todoku/diag/watch/store"
)

// openStore opens the store that knows what changed before; nil where there is none. A store that does not answer is no reason
// not to diagnose: each cause tells that its past is not known. --verify looks at what is now, so that it needs no store.
func (d *options) openStore(ctx context.Context, a *app.App) (*store.Store, error) {
	typed := d.store.Where != "" && !a.Filled("store")
	if d.verify && typed {
		return nil, codes.At("--store", codes.Wrong(codes.Say(codes.Text{EN: "--verify looks at what is now, not at what was",
			JA: "--verify は現在の状態を確認します(以前の変化は見ません)"}), codes.Say(codes.Text{EN: "leave one of them out", JA: "どちらかを外してください"})))
	}
	if d.verify {
		return nil, nil
	}
	s, err := d.store.Open(ctx, a, false)
	said, ok := errors.AsType[*codes.UserError](err)
	switch {
	case err == nil:
		d.past = stores.Past(s)
		return s, nil
	case ok && said.Unable:
		d.past = func(context.Context, string, time.Time, time.Time) (past.History, error) { return past.History{}, err }
		return nil, nil
	case !typed && stores.IsMissing(err):
		return nil, nil
	}
	return nil, err
}
