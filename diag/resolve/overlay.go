package resolve

import (
	"cmp"
	"context"
	"slices"
)

// Overlay is a world in which some record sets are other than they are: it answers for these sets, follows the aliases among
// them, and asks another resolver for all else. A name that has a set, or has one below it, exists (RFC 8020). A set that is
// gone leaves its name there: whether it holds anything else is not asked.
type Overlay struct {
	inner   Resolver
	sets    map[key]Set
	touched map[string]bool // names that have a set; the value: they exist by it
}

// OverlayName is who answers for the sets of an overlay.
const OverlayName = "--set"

// NewOverlay lays sets, as JoinSets makes them, over a resolver.
func NewOverlay(inner Resolver, sets []Set) *Overlay {
	o := &Overlay{inner: inner, sets: map[key]Set{}, touched: map[string]bool{}}
	for _, s := range sets {
		o.sets[key{name: s.Name, t: s.Type}] = s
		there := len(s.Records) > 0 || !s.Unknown.IsZero()
		o.touched[s.Name] = o.touched[s.Name] || there
		for above := Parent(s.Name); there && above != ""; above = Parent(above) {
			o.touched[above] = true
		}
	}
	return o
}

// asker asks a resolver in one manner.
type asker func(ctx context.Context, name string, t Type) (Answer, error)

// Ask implements Resolver.
func (o *Overlay) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	return o.ask(ctx, key{name: name, t: t}, o.inner.Ask)
}

// AskUnchecked implements Unchecked.
func (o *Overlay) AskUnchecked(ctx context.Context, name string, t Type) (Answer, error) {
	inner, can := o.inner.(Unchecked)
	if !can {
		return Answer{}, badName(key{name: name, t: t}, errNoUnchecked)
	}
	return o.ask(ctx, key{name: name, t: t}, inner.AskUnchecked)
}

func (o *Overlay) ask(ctx context.Context, k key, inner asker) (Answer, error) {
	k, err := k.canonical()
	if err != nil {
		return Answer{}, err
	}
	a, more, err := o.at(ctx, k, inner)
	for err == nil && more != "" {
		if len(a.Chain) > maxChain {
			return Answer{}, k.fail(KindLoop, OverlayName, "CNAME records lead too far")
		}
		var hop Answer
		if hop, more, err = o.at(ctx, key{name: more, t: k.t}, inner); err != nil {
			break
		}
		links := hop.Chain
		hop.Name, hop.Chain, hop.Sent = k.name, slices.Clone(a.Chain), a.Sent+hop.Sent
		hop.Authentic, hop.FromFile = hop.Authentic && a.Authentic, hop.FromFile || a.FromFile // no safer than its weakest link
		a = hop
		for _, link := range links {
			if a.closes(link) {
				a.Status, a.Records = NoData, nil
				return a, nil
			}
			a.Chain = append(a.Chain, link)
		}
	}
	return a, err
}

// at is what a name has. more is the end of the chain, where that is a name of which the overlay knows something.
func (o *Overlay) at(ctx context.Context, k key, inner asker) (a Answer, more string, err error) {
	ours := Answer{Name: k.name, Type: k.t, Status: NoData, Server: OverlayName, FromFile: true}
	set, replaced := o.sets[k]
	if err := set.Undecided(); err != nil {
		return ours, "", err
	}
	if len(set.Records) > 0 {
		ours.Status, ours.Records, ours.list = Found, set.Records, set.List
		ours.signedAsToday(ctx, k, set.File, inner)
		return ours, "", nil
	}
	alias, moved := o.sets[key{name: k.name, t: TypeCNAME}]
	if err := alias.Undecided(); err != nil {
		return ours, "", err
	}
	if len(alias.Records) > 0 {
		to := alias.Records[0].Host
		ours.signedAsToday(ctx, key{name: k.name, t: TypeCNAME}, alias.File, inner)
		ours.Chain = []string{to}
		if to == k.name {
			return ours, "", nil // an alias of itself leads nowhere
		}
		return ours, to, nil
	}
	a, err = inner(ctx, k.name, k.t)
	isAlias := err == nil && len(a.Chain) > 0
	switch {
	case moved && isAlias, replaced && !isAlias && (err != nil && ctx.Err() == nil || err == nil && a.Status != NoName):
		ours.Sent = a.Sent
		return ours, "", nil
	case err != nil:
		return a, "", err
	}
	for i, link := range a.Chain {
		if _, known := o.touched[link]; known {
			a.Chain, a.Records, a.Status, a.Authentic = slices.Clone(a.Chain[:i+1]), nil, NoData, false
			return a, link, nil
		}
	}
	if a.NoSuchName() && o.touched[k.name] {
		a.Status = NoData
	}
	return a, "", nil
}

// Place is where a line of the set's file is; zero for line 0.
func (s Set) Place(line int) Place { return placeIn(s.File, s.List, line) }

// Undecided is the error of a question for a set of which nobody knows yet what it will hold; nil for others.
func (s Set) Undecided() error {
	if s.Unknown.IsZero() {
		return nil
	}
	return &Error{Kind: KindUndecided, Name: s.Name, Type: s.Type.String(), Says: s.Unknown,
		Server: cmp.Or(s.Place(s.Line).String(), s.File, OverlayName)}
}

// signedAsToday takes over whether DNSSEC secures what a name has: the zone stays signed, or not, whatever changes in it.
// Nobody asks that of a text. Where today is not known, neither is this.
func (a *Answer) signedAsToday(ctx context.Context, k key, file string, inner asker) {
	if file != "" {
		a.Server = file
	}
	if k.t == TypeTXT {
		return
	}
	today, err := inner(ctx, k.name, k.t)
	a.Sent = today.Sent
	if err == nil {
		a.Authentic, a.FromFile = today.Authentic, today.FromFile
		if file == "" {
			a.Server = today.Server
		}
	}
}
