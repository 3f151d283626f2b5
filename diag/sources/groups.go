package sources

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"todoku/codes"
	"todoku/diag/resolve"
)

// MaxGroups is how many groups of a domain are told one by one.
const MaxGroups = 200

// gathering is a group under way.
type gathering struct {
	Group
	days      days
	reporters uint64
	sure      map[Sure]int64
	reasons   map[ReasonID]int64
	by        map[*source]*Address
	signers   map[result]int64
	envelopes map[result]int64
	from      map[string]int64
	list      []*mails
}

// groupKey is what mails of a group have in common.
type groupKey struct {
	class   Class
	perhaps bool
	key     string
}

// groups puts the mails together by class and operator.
func (w *work) groups() []*Group {
	all := map[groupKey]*gathering{}
	forged, byOperator := int64(0), map[string]int64{}
	for _, m := range w.list {
		if m.class == Forger {
			forged = sum(forged, m.mails)
			byOperator[m.at.named.key] = sum(byOperator[m.at.named.key], m.mails)
		}
	}
	for _, m := range w.list {
		k, op := w.keyOf(m)
		if m.class == Forger && byOperator[m.at.named.key] < forged/20 { // where forgers sit matters little
			k.key, op = "", Operator{Kind: Nobody}
		}
		g := all[k]
		if g == nil {
			g = newGathering(m.class, m.perhaps, op)
			all[k] = g
		}
		g.add(m)
	}
	list := slices.Collect(maps.Values(all))
	slices.SortFunc(list, func(a, b *gathering) int { return compare(a.Mails, b.Mails, a.order(), b.order()) })
	list = folded(list)
	out := make([]*Group, len(list))
	for i, g := range list {
		out[i] = w.finish(g)
	}
	slices.SortStableFunc(out, func(a, b *Group) int {
		return cmp.Compare(slices.Index(Classes(), a.Class), slices.Index(Classes(), b.Class))
	})
	return out
}

// keyOf is the group of mails.
func (w *work) keyOf(m *mails) (groupKey, Operator) {
	k, op := groupKey{m.class, m.perhaps, m.at.named.key}, m.at.named.op
	switch {
	case k.key != "":
	case m.class == Unknown && (m.reason == ServerRegular || m.reason == BeganLately) || m.class == Ours || m.class == Forwarder:
		bits := 24
		if m.at.ip.Is6() {
			bits = 48
		}
		if p, err := m.at.ip.Prefix(bits); err == nil && p.IsValid() { // without an address there is no network
			return groupKey{m.class, m.perhaps, p.String()}, Operator{Kind: ByNetwork, Name: codes.Same(p.String())}
		}
		op = Operator{Kind: Nobody}
	default:
		op = Operator{Kind: Nobody}
	}
	return k, op
}

func newGathering(c Class, perhaps bool, op Operator) *gathering {
	return &gathering{Group: Group{Class: c, Perhaps: perhaps, Operator: op}, sure: map[Sure]int64{}, reasons: map[ReasonID]int64{},
		by: map[*source]*Address{}, signers: map[result]int64{}, envelopes: map[result]int64{}, from: map[string]int64{}}
}

// order makes the order of groups the same in all runs.
func (g *gathering) order() string {
	return string(g.Class) + string(g.Operator.Kind) + g.Operator.Name.EN
}

func (g *gathering) add(m *mails) {
	g.Sum.add(m)
	g.days.merge(&m.days)
	g.reporters |= m.reporters
	g.sure[m.sure] = sum(g.sure[m.sure], m.mails)
	g.reasons[m.reason] = sum(g.reasons[m.reason], m.mails)
	g.list = append(g.list, m)
	a := g.by[m.at]
	if a == nil {
		a = &Address{IP: m.at.ip}
		g.by[m.at] = a
	}
	a.Mails = sum(a.Mails, m.mails)
	if !m.passes() {
		a.Fail = sum(a.Fail, m.mails)
	}
	for _, k := range m.dkim {
		g.signers[k] = sum(g.signers[k], m.mails)
	}
	if m.spf.result != "" {
		g.envelopes[m.spf] = sum(g.envelopes[m.spf], m.mails)
	}
	g.from[m.from] = sum(g.from[m.from], m.mails)
}

// folded puts the smallest groups of each class together where there are too many.
func folded(list []*gathering) []*gathering {
	if len(list) <= MaxGroups {
		return list
	}
	rest := map[Class]*gathering{}
	for _, g := range list[MaxGroups:] {
		r := rest[g.Class]
		if r == nil {
			r = newGathering(g.Class, false, Operator{Kind: SmallerOne})
			rest[g.Class] = r
		}
		for _, m := range g.list {
			r.add(m)
		}
		r.Perhaps = r.Perhaps || g.Perhaps
	}
	list = list[:MaxGroups:MaxGroups]
	for _, c := range Classes() {
		if r := rest[c]; r != nil {
			list = append(list, r)
		}
	}
	return list
}

// finish makes the lists of a group.
func (w *work) finish(g *gathering) *Group {
	out := &g.Group
	out.Days = g.days.count()
	if first, last := g.days.ends(); last >= 0 {
		out.First, out.Last = timeOf(first), timeOf(last)
	}
	out.Reporters, out.AllAddress = reporters(g.reporters), len(g.by)
	for _, s := range []Sure{High, Medium, Low} {
		if out.Sure == "" || g.sure[s] > g.sure[out.Sure] {
			out.Sure = s
		}
	}
	for id, n := range g.reasons {
		out.Reasons = append(out.Reasons, Reason{id, n})
	}
	slices.SortFunc(out.Reasons, func(a, b Reason) int { return compare(a.Mails, b.Mails, string(a.ID), string(b.ID)) })
	for s, a := range g.by {
		if r := s.lets; r != nil {
			a.Term = r.term
		}
		if len(s.hosts) > 0 {
			a.Host = s.hosts[0]
		}
		a.Error = s.whyNot()
		out.Addresses = append(out.Addresses, *a)
	}
	slices.SortFunc(out.Addresses, func(a, b Address) int { return cmp.Or(cmp.Compare(b.Mails, a.Mails), a.IP.Compare(b.IP)) })
	out.Addresses = most(out.Addresses)
	for k, n := range g.signers {
		out.Signers = append(out.Signers, Signer{k.domain, k.selector, k.result, n})
	}
	slices.SortFunc(out.Signers, func(a, b Signer) int {
		return compare(a.Mails, b.Mails, a.Domain+" "+a.Selector+" "+a.Result, b.Domain+" "+b.Selector+" "+b.Result)
	})
	out.Signers = most(out.Signers)
	for k, n := range g.envelopes {
		out.Envelopes = append(out.Envelopes, Envelope{k.domain, k.result, n})
	}
	slices.SortFunc(out.Envelopes, func(a, b Envelope) int { return compare(a.Mails, b.Mails, a.Domain+a.Result, b.Domain+b.Result) })
	out.Envelopes = most(out.Envelopes)
	for name, n := range g.from {
		out.From = append(out.From, Share{name, n})
	}
	slices.SortFunc(out.From, func(a, b Share) int { return compare(a.Mails, b.Mails, a.Domain, b.Domain) })
	out.From = most(out.From)
	w.lose(out, g.list)
	out.Mends = w.mends(out, g.list, func(m *mails) int64 { return m.mails })
	if w.change != nil {
		p := w.meant()
		out.first = w.mends(out, g.list, func(m *mails) int64 {
			l := w.lossOf(m, p)
			return sum(sum(l.Lost, l.partly), l.Harder)
		})
	}
	return out
}

// most is the beginning of a list.
func most[T any](list []T) []T { return list[:min(len(list), MaxListed)] }

// whyNot is why DNS said nothing of a source, in a word. What it says of the records of other domains does not matter.
func (s *source) whyNot() string {
	if !s.asked {
		return "not_asked"
	}
	errs := []error{s.err}
	for _, name := range s.names {
		errs = append(errs, s.records[name].err)
	}
	if err := errors.Join(errs...); err != nil {
		var failed *resolve.Error
		if errors.As(err, &failed) {
			return string(failed.Kind)
		}
		return "unknown"
	}
	return ""
}
