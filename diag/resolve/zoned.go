package resolve

import (
	"context"
	"slices"
)

// Zoned is a world in which zone files answer in front of another resolver, as they do in a Client.
type Zoned struct {
	inner Resolver
	zones []*Zone
}

// NewZoned lays zone files over a resolver; the first that knows a name wins.
func NewZoned(inner Resolver, zones []*Zone) *Zoned { return &Zoned{inner, zones} }

// Ask implements Resolver.
func (z *Zoned) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	return z.ask(ctx, key{name: name, t: t}, z.inner.Ask)
}

// AskUnchecked implements Unchecked.
func (z *Zoned) AskUnchecked(ctx context.Context, name string, t Type) (Answer, error) {
	inner, can := z.inner.(Unchecked)
	if !can {
		return Answer{}, badName(key{name: name, t: t}, errNoUnchecked)
	}
	return z.ask(ctx, key{name: name, t: t}, inner.AskUnchecked)
}

func (z *Zoned) ask(ctx context.Context, k key, inner asker) (a Answer, err error) {
	if k, err = k.canonical(); err != nil {
		return a, err
	}
	source := func(ctx context.Context, k key, a *Answer) (more string, err error) {
		for _, zone := range z.zones {
			if more, ok := zone.lookup(k, a); ok {
				return more, nil
			}
		}
		*a, err = inner(ctx, k.name, k.t)
		return "", err
	}
	more, err := source(ctx, k, &a)
	if err == nil && more != "" {
		a.Chain = slices.Clone(a.Chain)
		err = follow(ctx, k, more, &a, source)
	}
	if err != nil {
		return Answer{}, err
	}
	return a, nil
}
