package history

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/sender/history"
)

// checkUnmatched refuses flags that choose sendings where events without one are asked for.
func (f *filterFlags) checkUnmatched(a *app.App) error {
	given := map[string]bool{"code": f.Code != "", "result": f.Result != "", "list": f.List != "", "unfinished": f.unfinished,
		"invalid": f.invalid}
	for _, flag := range slices.Sorted(maps.Keys(given)) {
		if given[flag] && !a.Filled(flag) {
			return codes.At("--"+flag, codes.Wrong(codes.Say(codes.Text{EN: "this chooses sendings, and --unmatched lists what belongs to none", JA: "送信を絞り込むフラグです。--unmatched は送信と照合できなかった通知の一覧です"}),
				codes.Say(codes.Text{EN: "leave out one of them; --recipient, --domain, --since and --limit hold for both", JA: "どちらかを外してください。--recipient、--domain、--since、--limit は両方に使用できます"})))
		}
	}
	return nil
}

// unmatchedEvents are the events without a sending that the flags choose, the newest first.
func (f *filterFlags) unmatchedEvents(s history.Store, ctx context.Context) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		n := 0
		for e, err := range s.Events().Unmatched(ctx, f.Since, 0) {
			if err == nil && !f.fits(e.Recipient) {
				continue
			}
			if n++; f.Limit > 0 && n > f.Limit || !yield(e, err) {
				return
			}
		}
	}
}

// fits reports whether the flags choose an address.
func (f *filterFlags) fits(address string) bool {
	domain := address[strings.LastIndexByte(address, '@')+1:]
	ascii, err := app.ParseDomain(domain)
	return (f.Recipient == "" || strings.EqualFold(f.Recipient, address)) &&
		(f.Domain == "" || strings.EqualFold(f.Domain, domain) || err == nil && strings.EqualFold(f.Domain, ascii))
}
