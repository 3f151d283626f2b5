package fix

import (
	"context"
	"strings"

	"todoku/diag/resolve"
)

// overlay is a world in which the changed sets stand.
type overlay struct {
	resolve.Resolver
	sets map[place]resolve.Answer
}

// place is where a record set stands.
type place struct {
	name string
	typ  resolve.Type
}

// over puts the changed sets over a world.
func over(r resolve.Resolver, sets []*set) *overlay {
	o := &overlay{Resolver: r, sets: map[place]resolve.Answer{}}
	for _, s := range sets {
		a := s.now
		c := s.change(s.picks())
		a.Name, a.Type, a.Status, a.Records = s.name, s.typ, resolve.Found, nil
		for _, v := range c.Values {
			a.Records = append(a.Records, s.record(v, c.TTL))
		}
		o.sets[place{s.name, s.typ}] = a
	}
	return o
}

// Ask implements resolve.Resolver.
func (o *overlay) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if a, ours := o.sets[place{resolve.Lower(strings.TrimSuffix(name, ".")), t}]; ours {
		return a, nil
	}
	a, err := o.Resolver.Ask(ctx, name, t)
	if n := len(a.Chain); err == nil && n > 0 { // an alias of what is changed
		if to, ours := o.sets[place{a.Chain[n-1], t}]; ours {
			a.Status, a.Records = to.Status, to.Records
		}
	}
	return a, err
}
