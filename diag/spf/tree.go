package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// sum is what a record costs with all below it.
type sum struct{ lookups, voids, includes int }

// A bomb of repeated includes grows without end: counts stop here.
const manyLookups = 1 << 20

func (s *sum) add(o sum) {
	s.lookups = min(s.lookups+o.lookups, manyLookups)
	s.voids = min(s.voids+o.voids, manyLookups)
	s.includes = min(s.includes+o.includes, manyLookups)
}

// builder makes the nodes in the order of evaluation.
type builder struct {
	tree  *Tree
	total sum
	path  []*Source
	shown int
	errs  []error
}

func (b *builder) fail(err error) {
	if err != nil && !slices.Contains(b.errs, err) {
		b.errs = append(b.errs, err)
	}
}

// nodes lists the terms of a record that ask, with all below them.
func (b *builder) nodes(s *Source) []*Node {
	terms := s.reached()
	before := b.total
	b.path = append(b.path, s)
	room := make([]Node, len(terms))
	list := make([]*Node, 0, len(terms))
	for k, i := range terms {
		n := &room[k]
		b.node(n, s, i)
		if b.shown++; b.shown > maxNodes {
			b.tree.Cut = true
			continue
		}
		list = append(list, n)
	}
	b.path = b.path[:len(b.path)-1]
	b.tree.sums[s] = sum{b.total.lookups - before.lookups, b.total.voids - before.voids, b.total.includes - before.includes}
	return list
}

func (b *builder) node(n *Node, s *Source, i int) {
	t, f := &s.Record.Terms[i], &s.found[i]
	*n = Node{Term: t.Text, Domain: strings.ToLower(f.target), Cost: 1, Kind: t.Kind, At: s.Domain, Result: NodeOK, Children: []*Node{}}
	b.total.add(sum{lookups: 1})
	switch {
	case !f.expanded:
		n.Result = NodeUnexpanded
	case t.Kind == Include || t.Kind == Redirect:
		b.source(n)
	case f.err != nil:
		n.Result, n.Err = NodeTempError, f.err
		b.fail(f.err)
	case f.cut:
		n.Result = NodeCut
		b.tree.Cut = true
	case f.tooMany:
		n.Result = NodePermError
	case t.Kind != PTR && (len(f.addrs) == 0 && !f.any):
		n.Result = NodeVoid
	}
	if t.Kind == Include {
		b.total.add(sum{includes: 1})
	}
	if t.Kind != Include && t.Kind != Redirect {
		n.Voids = f.voids
		b.total.add(sum{voids: n.Voids})
	}
	n.Running = b.total.lookups
}

// source judges the target of an include or a redirect, and goes into it when
// it is new.
func (b *builder) source(n *Node) {
	s := b.tree.sources[n.Domain]
	n.Source = s
	switch {
	case !askable(n.Domain): // RFC 7208 §4.3: malformed, so there is no record
		n.Result = NodeNone
	case s == nil:
		n.Result = NodeCut
	case s.Err != nil:
		n.Result, n.Err = NodeTempError, s.Err
		b.fail(s.Err)
	case len(s.Texts) == 0:
		n.Result = NodeNone
		if len(s.Answer.Records) == 0 {
			n.Voids = 1
			b.total.add(sum{voids: 1})
		}
	case slices.Contains(b.path, s):
		n.Result = NodeLoop
	case len(s.Texts) > 1 || len(s.Faults) > 0:
		n.Result = NodePermError
	default:
		if known, ok := b.tree.sums[s]; ok {
			n.Result = NodeRepeated
			b.total.add(known)
			return
		}
		n.Children = b.nodes(s)
	}
}

// Redirected lists the root and where its redirects lead, as far as there is
// one readable record (RFC 7208 §6.1). The last one's all decides.
func (t *Tree) Redirected() []*Source {
	var out []*Source
	for s := t.Root; s != nil && s.found != nil && !slices.Contains(out, s); {
		out = append(out, s)
		var next *Source
		for _, i := range s.reached() {
			if s.Record.Terms[i].Kind == Redirect {
				next = t.sources[strings.ToLower(s.found[i].target)]
			}
		}
		s = next
	}
	return out
}

// Effective is the last source of Redirected, or the root.
func (t *Tree) Effective() *Source {
	if all := t.Redirected(); len(all) > 0 {
		return all[len(all)-1]
	}
	return t.Root
}

// Source is what a domain of the tree publishes, or nil.
func (t *Tree) Source(domain string) *Source { return t.sources[domain] }

// Result is what the record gives everybody who comes to its end: none,
// permerror or temperror; empty where the message decides.
func (t *Tree) Result() Result {
	switch {
	case t.Root.Err != nil:
		return TempError
	case len(t.Root.Texts) == 0:
		return None
	case len(t.Root.Texts) > 1 || len(t.Root.Faults) > 0 || t.costly():
		return PermError
	}
	var result Result
	t.Each(func(n *Node) {
		switch n.Result {
		case NodePermError, NodeNone, NodeLoop:
			result = PermError
		}
	})
	if result == "" && t.Err != nil {
		return TempError
	}
	return result
}

// Passes reports whether all of a block may be said to pass: it does unless the
// addresses that pass are known and some of the block are not among them.
func (t *Tree) Passes(block netip.Prefix) bool {
	f, ok := t.passes(t.Root, nil)
	return !ok || len(f.kept) > 0 || covers(f.pass, []netip.Prefix{block})
}

// Each visits all nodes in the order of evaluation.
func (t *Tree) Each(visit func(*Node)) { each(t.Nodes, visit) }

func each(nodes []*Node, visit func(*Node)) {
	for _, n := range nodes {
		visit(n)
		each(n.Children, visit)
	}
}
