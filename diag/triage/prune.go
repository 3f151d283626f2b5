package triage

import (
	"cmp"
	"slices"

	"todoku/codes"
	"todoku/sender/event"
)

// prune puts the smaller half of the groups together: there are more of them than are kept apart.
func (t *Tally) prune() {
	list := make([]*Group, 0, len(t.groups))
	for _, g := range t.groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), a.key.compare(b.key)) })
	for _, g := range list[len(list)/2:] {
		t.spare += len(g.Telling.Returned.Data)
		g.Telling.Returned = event.ReturnedMail{}
		k := key{action: g.Action}
		r := t.rest[k.action]
		if r == nil {
			r = &Group{key: k, Action: g.Action, Rest: true, Example: g.Example, Telling: g.Telling, Places: g.Places}
			r.mixed = mixed{true, true, true}
			t.rest[k.action] = r
		}
		r.merge(g)
		delete(t.groups, g.key)
	}
}

// merge takes over what is counted in another group.
func (g *Group) merge(o *Group) {
	g.Reason, g.Provider, g.Code = codes.Reason{}, "", ""
	g.Count += o.Count
	g.Merged++
	o.into = g
	g.Recipients.merge(&o.Recipients)
	g.Times.merge(&o.Times)
	if !o.First.IsZero() {
		g.began.before(o.First)
		g.ended.after(o.Last)
		g.First, g.Last = g.began.Time, g.ended.Time
	}
	g.Later.Delivered += o.Later.Delivered
	g.Later.Failed += o.Later.Failed
	g.Followed += o.Followed
}
