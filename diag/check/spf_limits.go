package check

import (
	"net/netip"
	"slices"

	"todoku/codes"
	"todoku/diag/spf"
)

// limits counts by RFC 7208 §4.6.4. What is counted is certain, also where
// other parts of the tree stayed unknown.
func (c *spfRun) limits() {
	t, root := c.tree, c.tree.Root
	if t.Lookups > spf.MaxLookups {
		saw(c.Report(SPFLookups, c.domain, codes.Str("domain", c.domain), codes.Num("lookups", t.Lookups),
			codes.Num("limit", spf.MaxLookups), codes.Num("includes", t.Includes)), root.Answer)
		left := t.Lookups
		for _, s := range c.facts.Cheaper {
			left -= s.Saves
		}
		if n := len(c.facts.Cheaper); n > 0 && left <= spf.MaxLookups {
			c.propose(root, c.facts.Cheaper[n-1].Record)
		}
	}
	if t.VoidLookups <= spf.MaxVoidLookups {
		if t.Lookups <= spf.MaxLookups {
			c.strictVoids()
		}
		return
	}
	var terms []string
	own := map[string]bool{}
	t.Each(func(n *spf.Node) {
		if n.Voids > 0 {
			terms = append(terms, n.Term)
			own[n.Term] = own[n.Term] || n.At == root.Domain && n.Result != spf.NodeOK
		}
	})
	saw(c.Report(SPFVoidLookups, c.domain, codes.Str("domain", c.domain), codes.Num("lookups", t.VoidLookups),
		codes.Num("limit", spf.MaxVoidLookups), codes.List("terms", terms)), root.Answer)
	c.proposeWithout(root, func(term *spf.Term) bool { return own[term.Text] })
}

// mayBeVoid reports whether there can be more answers without records than receivers allow.
func (c *spfRun) mayBeVoid() bool {
	most := 0
	c.tree.Each(func(n *spf.Node) {
		switch {
		case n.Kind == spf.MX, n.Kind == spf.PTR, n.Result == spf.NodeRepeated: // what is below counts once more
			most += spf.MaxNames
		case n.Kind == spf.A, n.Kind == spf.Exists:
			most++
		}
	})
	return most > spf.MaxVoidLookups
}

// strictVoids looks for senders of one address family that come behind too many answers without records: hosts that have
// no address of that family. Receivers count them differently (RFC 7208 §4.6.4), and the strict ones answer permerror.
func (c *spfRun) strictVoids() {
	if !c.mayBeVoid() {
		return
	}
	var told [2]bool
	evals := slices.Clone(c.evals)
	ips := slices.Clone(c.o.IPs)
	open := false // terms whose questions differ from address to address: one address does not stand for others
	c.tree.Each(func(n *spf.Node) { open = open || n.Kind == spf.PTR || n.Result == spf.NodeUnexpanded })
	for _, ip6 := range []bool{false, true} {
		ip, ok := c.reach().LastSender(ip6)
		if !ok || open || slices.ContainsFunc(c.o.IPs, func(a netip.Addr) bool { return a.Unmap().Is6() == ip6 }) {
			continue
		}
		q := c.query
		q.IP = ip
		evals, ips = append(evals, spf.Check(c.ctx, c.dns, q)), append(ips, ip)
	}
	for i, e := range evals {
		family := 0
		if ips[i].Unmap().Is6() {
			family = 1
		}
		if e.Err != nil || e.VoidAnswers <= spf.MaxVoidLookups || told[family] || e.Result != spf.Pass && e.Problem.Kind != spf.ProblemVoid {
			continue
		}
		told[family] = true
		root := c.tree.Root
		saw(c.Report(SPFVoidStrict, c.domain, codes.Str("domain", c.domain), codes.Str("ip", ips[i].String()),
			codes.Num("lookups", e.VoidAnswers), codes.Num("limit", spf.MaxVoidLookups), codes.List("terms", e.VoidTerms)), root.Answer)
		c.propose(root, root.Record.BlocksFirst())
	}
}
