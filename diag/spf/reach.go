package spf

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Leaf is a term that lets addresses pass by itself: all, ip4, ip6, a or mx.
type Leaf struct {
	Domain string // whose record holds it
	Term   string
	pass   []netip.Prefix // what it lets pass that nothing before turned away
}

// Reach is for whom a record passes, as far as its terms tell: those that need a message, the client's name or an answer
// that we do not have match nobody here.
type Reach struct {
	Everybody []Leaf // these let all of an address family pass, or all but a little
	Wide      []Leaf // these let far more pass than anybody sends from
	last      [2]netip.Addr
}

// The bounds of what is wide: no sender has a whole /8, and the largest providers have a /20 of IPv6.
const (
	wideIP4 = 8
	wideIP6 = 20
)

// Reach works out for whom the record passes. What counts is the sum: two halves of the Internet are all of it, and what
// was turned away before does not pass.
func (t *Tree) Reach() Reach {
	r := reacher{tree: t, closed: map[*Source]bool{}}
	if t.Root.Record != nil && len(t.Root.Faults) == 0 {
		r.record(t.Root, nil)
	}
	var out Reach
	for family := range 2 {
		leaves := r.family(family)
		if len(leaves) == 0 {
			continue
		}
		last := leaves[len(leaves)-1].pass
		out.last[family] = last[len(last)-1].Addr()
		if covered, all := publicShare(leaves, family); covered > all*15/16 {
			out.Everybody = largest(out.Everybody, leaves, family)
		} else if covered > wideSize(family)*15/16 { // private blocks lie in some of the wide ones
			out.Wide = largest(out.Wide, leaves, family)
		}
	}
	return out
}

// LastSender is an address of a family that passes, and for which the most terms are evaluated before; ok is false where
// none is known.
func (r Reach) LastSender(ip6 bool) (ip netip.Addr, ok bool) {
	ip = r.last[0]
	if ip6 {
		ip = r.last[1]
	}
	return ip, ip.IsValid()
}

// reacher collects the leaves of a tree in the order of evaluation.
type reacher struct {
	tree   *Tree
	leaves []Leaf
	closed map[*Source]bool // looked into already: its leaves are there
	count  int
}

// record adds the leaves of a record. turned is what was turned away before it.
func (r *reacher) record(s *Source, turned []netip.Prefix) {
	if s == nil || s.found == nil || len(s.Faults) > 0 || r.closed[s] {
		return
	}
	r.closed[s] = true
	for i := range s.Record.Terms {
		t, f := &s.Record.Terms[i], &s.found[i]
		switch {
		case !t.IsMechanism():
			continue
		case t.Kind == Include && t.Qualifier == '+':
			if f.expanded {
				r.record(r.tree.sources[strings.ToLower(f.target)], turned)
			}
			continue
		case t.Kind == Include:
			continue
		}
		set, known := matches(t, f)
		if known && t.Qualifier == '+' {
			r.add(Leaf{s.Domain, t.Text, subtract(set, turned)})
		} else if known {
			turned = normal(append(slices.Clip(turned), set...))
		}
		if t.Kind == All || len(turned) > maxTurned || r.count > 4*maxPrefixes {
			return
		}
	}
	for i := range s.Record.Terms {
		if s.Record.Terms[i].Kind == Redirect && s.found[i].expanded {
			r.record(r.tree.sources[strings.ToLower(s.found[i].target)], turned)
		}
	}
}

func (r *reacher) add(l Leaf) {
	if len(l.pass) > 0 {
		r.leaves = append(r.leaves, l)
		r.count += len(l.pass)
	}
}

// family lists the leaves with what they let pass of one family: 0 for IPv4, 1 for IPv6.
func (r *reacher) family(family int) []Leaf {
	var out []Leaf
	for _, l := range r.leaves {
		var pass []netip.Prefix
		for _, p := range l.pass {
			if p.Addr().Is4() == (family == 0) {
				pass = append(pass, p)
			}
		}
		if len(pass) > 0 {
			out = append(out, Leaf{l.Domain, l.Term, pass})
		}
	}
	return out
}

// publicShare is how many public addresses leaves let pass, and how many there are.
func publicShare(leaves []Leaf, family int) (covered, all float64) {
	var set []netip.Prefix
	for _, l := range leaves {
		set = append(set, l.pass...)
	}
	all = size(public()[family])
	if size(set) < wideSize(family) {
		return 0, all
	}
	return all - size(subtract(public()[family], normal(set))), all
}

// largest adds the leaves that make a set wide: those that are wide themselves, else the few largest.
func largest(out, leaves []Leaf, family int) []Leaf {
	leaves = slices.Clone(leaves)
	slices.SortStableFunc(leaves, func(a, b Leaf) int { return int(min(max(size(b.pass)-size(a.pass), -1), 1)) })
	few := min(len(leaves), 3)
	for few < len(leaves) && size(leaves[few].pass) >= wideSize(family) {
		few++
	}
	for i, l := range leaves[:few] {
		if i > 0 && size(l.pass) < wideSize(family) && size(leaves[0].pass) >= wideSize(family) {
			break
		}
		if !slices.ContainsFunc(out, func(o Leaf) bool { return o.Domain == l.Domain && o.Term == l.Term }) {
			out = append(out, l)
		}
	}
	return out
}

// size is how many addresses a set has.
func size(set []netip.Prefix) float64 {
	n := 0.0
	for _, p := range set {
		n += power(p.Addr().BitLen() - p.Bits())
	}
	return n
}

func power(bits int) float64 {
	n := 1.0
	for range bits {
		n *= 2
	}
	return n
}

func wideSize(family int) float64 {
	if family == 0 {
		return power(32 - wideIP4)
	}
	return power(128 - wideIP6)
}

// private lists the blocks that nobody on the Internet sends from (RFC 6890; those of documents count as public).
var private = sync.OnceValue(func() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.168.0.0/16", "224.0.0.0/3", "::/8", "fc00::/7", "fe80::/9", "ff00::/8"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return normal(out)
})

// public is the rest of IPv4, and of IPv6 what was given out (2000::/3).
var public = sync.OnceValue(func() [2][]netip.Prefix {
	return [2][]netip.Prefix{subtract(everything()[:1], private()), {netip.MustParsePrefix("2000::/3")}}
})

// Private reports whether nobody on the Internet can send from an address block of ip4 or ip6.
func (t *Term) Private() bool {
	return (t.Kind == IP4 || t.Kind == IP6) && covers(private(), []netip.Prefix{t.Prefix})
}
