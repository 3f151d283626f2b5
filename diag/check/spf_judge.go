package check

import (
	"net/netip"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/spf"
)

// lints tells what is unwise in the domain's own records: the one asked about
// and where redirects lead. What all says there decides.
func (c *spfRun) lints() {
	last := c.tree.Effective()
	for _, s := range c.tree.Redirected() {
		if len(s.Faults) > 0 { // what it means is clear only after they are mended
			continue
		}
		var after []string
		joined := false
		for _, l := range s.Record.Lints() {
			switch l.Kind {
			case spf.LintVersion:
				if !joined { // however many records were joined, it is one fault
					c.lint(s, l)
				}
				joined = true
			case spf.LintAfterAll:
				after = append(after, l.Text)
			case spf.LintNoAll, spf.LintNeutralAll:
				if s == last {
					c.lint(s, l)
				}
			default:
				c.lint(s, l)
			}
		}
		if len(after) > 0 {
			saw(c.Report(SPFAfterAll, s.Domain, codes.Str("domain", s.Domain), codes.List("terms", after)), s.Answer)
			c.propose(s, s.Record.AllLast()...)
		}
		c.private(s)
	}
}

// private tells of address blocks that nobody on the Internet sends from.
func (c *spfRun) private(s *spf.Source) {
	var terms []string
	for i := range s.Record.Terms {
		if t := &s.Record.Terms[i]; t.Private() && t.Qualifier == '+' {
			terms = append(terms, t.Text)
		}
	}
	if len(terms) > 0 {
		saw(c.Report(SPFPrivate, s.Domain, codes.Str("domain", s.Domain), codes.List("terms", terms)), s.Answer)
	}
}

func (c *spfRun) lint(s *spf.Source, l spf.Lint) {
	r := s.Record
	keep := func(*spf.Term) bool { return false }
	var rule *diag.Rule
	data := []codes.Datum{codes.Str("domain", s.Domain), codes.Str("term", l.Text)}
	var records []string
	switch l.Kind {
	case spf.LintNeutralAll:
		rule, records = SPFNeutralAll, []string{r.WithAll("~all", keep)}
	case spf.LintNoAll:
		rule, records = SPFNoAll, []string{r.WithAll("~all", keep)}
		data = data[:1]
	case spf.LintPTR:
		rule = SPFPTR
		if len(c.o.IPs) > 0 && !c.o.stranger {
			if rest, faults := spf.Parse(r.Without(func(t *spf.Term) bool { return t.Kind == spf.PTR })); len(faults) == 0 {
				records = []string{rest.Insert(len(rest.Text), c.missing(rest)...)}
			}
		}
	case spf.LintMacro:
		rule = SPFMacro
	case spf.LintIgnored:
		rule, records = SPFIgnored, c.readings(s)
	case spf.LintGlued:
		rule, records = SPFGlued, c.readings(s)
	case spf.LintVersion:
		rule, records = SPFSecondVersion, c.readings(s)
	case spf.LintLong, spf.LintTooLong:
		rule = SPFLong
		data = []codes.Datum{codes.Str("domain", s.Domain), codes.Num("length", len(r.Text)), codes.Num("limit", spf.LongRecord)}
		if merged := c.tree.Merged(); s == c.tree.Root && len(merged) <= spf.LongRecord && merged != "" {
			records = []string{merged}
		}
	default:
		return
	}
	saw(c.Report(rule, s.Domain, data...), s.Answer)
	c.propose(s, records...)
}

// wide looks at the sum of the addresses that pass: everybody, or far more than anybody sends from.
func (c *spfRun) wide() {
	reach := c.reach()
	if len(reach.Everybody) > 0 {
		c.open(SPFAllPass, reach.Everybody)
	}
	if len(reach.Wide) > 0 {
		c.open(SPFWide, reach.Wide)
	}
}

// reach is for whom the record passes, worked out once.
func (c *spfRun) reach() spf.Reach {
	if c.passing == nil {
		r := c.tree.Reach()
		c.passing = &r
	}
	return *c.passing
}

// open tells which terms let too many pass. Who includes such a record does so too.
func (c *spfRun) open(rule *diag.Rule, leaves []spf.Leaf) {
	at := leaves[0].Domain
	var terms []string
	for _, l := range leaves {
		terms = append(terms, l.Term)
		if l.Domain != at {
			at = c.domain
		}
	}
	s := c.tree.Source(at)
	saw(c.Report(rule, at, codes.Str("domain", at), codes.Str("term", strings.Join(terms, " "))), s.Answer)
	if rule != SPFAllPass {
		return
	}
	if slices.Contains(c.tree.Redirected(), s) {
		c.propose(s, s.Record.Narrowed("~all", func(t *spf.Term) bool { return slices.Contains(terms, t.Text) }))
		return
	}
	including := map[string]bool{}
	for _, n := range c.tree.Nodes {
		including[n.Term] = including[n.Term] || n.Kind == spf.Include && n.Domain == at
	}
	c.proposeWithout(c.tree.Root, func(t *spf.Term) bool { return including[t.Text] })
}

// requiredIncludes looks for domains that must be included or redirected to,
// at any depth. Where something stayed unknown, absence is not certain.
func (c *spfRun) requiredIncludes() {
	root := c.tree.Root
	if c.tree.Err != nil || c.tree.Cut {
		return
	}
	for _, want := range c.o.RequireIncludes {
		name := strings.ToLower(strings.TrimSuffix(want, "."))
		found := false
		c.tree.Each(func(n *spf.Node) {
			found = found || (n.Kind == spf.Include || n.Kind == spf.Redirect) && n.Domain == name
		})
		if found || name == c.domain {
			continue
		}
		saw(c.Report(SPFMissingInclude, c.domain, codes.Str("domain", c.domain), codes.Str("include", name)), root.Answer)
		if usable(root) {
			c.propose(root, root.Record.Insert(len(root.Record.Text), "include:"+name))
		} else if len(root.Texts) == 0 {
			c.propose(root, "v=spf1 include:"+name+" ~all")
		}
	}
}

// usable reports whether there is one record without faults to build on.
func usable(s *spf.Source) bool { return s.Record != nil && len(s.Faults) == 0 }

// requiredIPs looks whether blocks of addresses pass as a whole.
func (c *spfRun) requiredIPs() {
	root := c.tree.Root
	for i, want := range c.o.RequireIPs {
		want = want.Masked()
		e := &c.ends[i]
		if e.first.Err != nil || e.last.Err != nil || e.first.Needs+e.last.Needs != "" {
			continue
		}
		passes := e.first.Result == spf.Pass && e.last.Result == spf.Pass
		if passes && !want.IsSingleIP() {
			passes = c.tree.Passes(want)
		}
		if passes {
			continue
		}
		result := e.first.Result
		if result == spf.Pass {
			result = e.last.Result
		}
		ip := want.String()
		if want.IsSingleIP() {
			ip = want.Addr().String()
		}
		saw(c.Report(SPFMissingIP, c.domain, codes.Str("domain", c.domain), codes.Str("ip", ip),
			codes.Str("result", string(result))), root.Answer)
		if usable(root) {
			c.propose(root, root.Record.Insert(min(c.decidedAt(&e.first, &e.last), c.firstTurning()), spf.NetworkTerm(want)))
		} else if len(root.Texts) == 0 {
			c.propose(root, "v=spf1 "+spf.NetworkTerm(want)+" ~all")
		}
	}
}

// addresses judges the evaluations. Where there is no record, spf-none says so.
func (c *spfRun) addresses() {
	root := c.tree.Root
	var failing []netip.Addr
	var evals []*spf.Evaluation
	for i := range c.evals {
		switch e := &c.evals[i]; {
		case e.Err != nil || e.Needs != "":
		case e.Result == spf.Fail || e.Result == spf.SoftFail || e.Result == spf.Neutral:
			failing, evals = append(failing, c.o.IPs[i]), append(evals, e)
		}
	}
	for i := range c.evals {
		e := &c.evals[i]
		if e.Err != nil || e.Needs != "" || e.Result == spf.Pass || e.Result == spf.None {
			continue
		}
		ip := c.o.IPs[i]
		by := e.Mechanism
		if by == "" { // no term was reached: the record as a whole is at fault
			by = string(e.Problem.Kind)
		}
		saw(c.Report(SPFIPFail, ip.String(), codes.Str("ip", ip.String()), codes.Str("domain", c.domain),
			codes.Str("result", string(e.Result)), codes.Str("mechanism", by), codes.Str("problem", e.Problem.String())), root.Answer)
		if c.o.stranger {
			continue
		}
		if slices.Contains(failing, ip) && usable(root) {
			c.propose(root, root.Record.Insert(c.decidedAt(evals...), networks(failing)...))
		} else if e.Problem.Kind == spf.ProblemVoid && usable(root) { // before the terms that find nothing
			if first, faults := spf.Parse(root.Record.Insert(0, c.missing(root.Record)...)); len(faults) == 0 {
				c.propose(root, first.BlocksFirst())
			}
		}
	}
}

// decidedAt is where the first term of the record stands that turned one of
// these addresses away: a new term belongs in front of it.
func (c *spfRun) decidedAt(evals ...*spf.Evaluation) int {
	r := c.tree.Root.Record
	at := len(r.Text)
	for _, e := range evals {
		if len(e.Trail) == 0 || e.Result == spf.Pass {
			continue
		}
		for i := range r.Terms {
			if t := &r.Terms[i]; t.Text == e.Trail[0] {
				at = min(at, t.Offset)
				break
			}
		}
	}
	return at
}

// firstTurning is where the first term stands that may turn somebody away.
func (c *spfRun) firstTurning() int {
	r := c.tree.Root.Record
	for i := range r.Terms {
		if t := &r.Terms[i]; t.IsMechanism() && t.Qualifier != '+' {
			return t.Offset
		}
	}
	return len(r.Text)
}

// missing lists the sending addresses that a record does not name itself, alone or in a block that passes.
func (c *spfRun) missing(r *spf.Record) []string {
	var out []string
	for _, ip := range c.o.IPs {
		named := slices.ContainsFunc(r.Terms, func(t spf.Term) bool {
			return (t.Kind == spf.IP4 || t.Kind == spf.IP6) && t.Qualifier == '+' && t.Prefix.Contains(ip.Unmap())
		})
		if !named {
			out = append(out, networks([]netip.Addr{ip})...)
		}
	}
	return out
}
