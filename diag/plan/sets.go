package plan

import (
	"context"
	"slices"
	"sync"

	"todoku/codes"
	"todoku/diag/resolve"
)

// maxAsked bounds the questions for today's records that are under way at once.
const maxAsked = 32

// Sets are the record sets as they would be. What a change only adds to or takes from is asked of today's world; where that
// gives no answer, nobody knows what the set will hold. A set that is to go and to come in the same plan comes.
func (p *Plan) Sets(ctx context.Context, today resolve.Resolver) []resolve.Set {
	type group struct {
		set   resolve.Set
		whole bool
		gone  []resolve.Record
	}
	var groups []*group
	index := map[string]*group{}
	for _, c := range p.Changes {
		id := c.Type.String() + " " + c.Name
		g := index[id]
		if g == nil {
			g = &group{set: resolve.Set{Name: c.Name, Type: c.Type, File: p.File, List: p.list}}
			index[id], groups = g, append(groups, g)
		}
		g.whole = g.whole || c.Whole
		if !c.Unknown.IsZero() {
			g.set.Unknown, g.set.Line = c.Unknown, c.Line
		}
		g.gone = append(g.gone, c.Before...)
		g.set.Records = append(g.set.Records, c.After...)
	}
	turns := make(chan struct{}, maxAsked)
	var wg sync.WaitGroup
	for _, g := range groups {
		if g.whole || !g.set.Unknown.IsZero() {
			continue
		}
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			a, err := today.Ask(ctx, g.set.Name, g.set.Type)
			switch {
			case err != nil:
				g.set.Unknown = codes.Text{EN: "what the name has today is not known, so neither is what the change makes of it",
					JA: "現在のレコードを確認できないため、変更後の値も分かりません"}
			case len(a.Chain) == 0: // what an alias leads to is not the name's own
				g.set.Records = mixed(a, g.gone, g.set.Records)
			}
		})
	}
	wg.Wait()
	out := make([]resolve.Set, len(groups))
	for i, g := range groups {
		out[i] = g.set
	}
	return out
}

// mixed are the records of today without those that go, and with those that come.
func mixed(today resolve.Answer, gone, come []resolve.Record) []resolve.Record {
	out := slices.Clone(come)
	has := func(list []resolve.Record, r resolve.Record) bool {
		return slices.ContainsFunc(list, func(o resolve.Record) bool { return o.Value(today.Type) == r.Value(today.Type) })
	}
	for _, r := range today.Records {
		if !has(gone, r) && !has(out, r) {
			out = append(out, r.At(0))
		}
	}
	return out
}
