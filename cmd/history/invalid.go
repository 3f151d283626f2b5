package history

import (
	"context"
	"iter"
	"maps"
	"slices"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/sender/history"
)

// checkInvalid refuses flags that choose sendings where addresses are asked for; more are those of one command alone.
func (f *filterFlags) checkInvalid(a *app.App, more map[string]bool) error {
	given := map[string]bool{"code": f.Code != "", "result": f.Result != "", "list": f.List != "", "since": !f.Since.IsZero()}
	maps.Copy(given, more)
	for _, flag := range slices.Sorted(maps.Keys(given)) {
		if given[flag] && !a.Filled(flag) {
			return codes.At("--"+flag, codes.Wrong(codes.Say(codes.Text{EN: "this chooses sendings, and --invalid lists addresses", JA: "送信を絞り込むフラグです。--invalid は宛先の一覧です"}),
				codes.Say(codes.Text{EN: "leave out one of them; --recipient, --domain and --limit hold for both", JA: "どちらかを外してください。--recipient、--domain、--limit は両方に使用できます"})))
		}
	}
	return nil
}

// invalidAddresses are the addresses that are marked invalid and that the flags choose.
func (f *filterFlags) invalidAddresses(s history.Store, ctx context.Context) iter.Seq2[history.Validity, error] {
	return func(yield func(history.Validity, error) bool) {
		n := 0
		for v, err := range s.Invalid(ctx) {
			if err == nil && !f.fits(v.Address) {
				continue
			}
			if n++; f.limited() && f.Limit > 0 && n > f.Limit || !yield(v, err) {
				return
			}
		}
	}
}
