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
		for _, l := range s.Record.Lints() {
			switch l.Kind {
			case spf.LintAfterAll:
				after = append(after, l.Text)
			case spf.LintNoAll, spf.LintNeutralAll, spf.LintPassAll:
				if s == last || l.Text != "" && l.Kind == spf.LintPassAll {
					c.lint(s, l)
				}
			default:
				c.lint(s, l)
			}
		}
		if len(after) > 0 {
			f := saw(c.Report(SPFAfterAll, s.Domain, codes.Str("domain", s.Domain), codes.List("terms", after)), s.Answer)
			f.Publish(s.Domain, "TXT", s.Record.AllLast())
		}
	}
}

func (c *spfRun) lint(s *spf.Source, l spf.Lint) {
	r := s.Record
	var rule *diag.Rule
	data := []codes.Datum{codes.Str("domain", s.Domain), codes.Str("term", l.Text)}
	record := ""
	switch l.Kind {
	case spf.LintPassAll:
		rule, record = SPFAllPass, r.WithAll("~all")
	case spf.LintNeutralAll:
		rule, record = SPFNeutralAll, r.WithAll("~all")
	case spf.LintNoAll:
		rule, record = SPFNoAll, r.WithAll("~all")
		data = data[:1]
	case spf.LintPTR:
		rule = SPFPTR
		if len(c.o.IPs) > 0 {
			if rest, faults := spf.Parse(r.Without(func(t *spf.Term) bool { return t.Kind == spf.PTR })); len(faults) == 0 {
				record = rest.Insert(len(rest.Text), c.missing(rest)...)
			}
		}
	case spf.LintMacro:
		rule = SPFMacro
	case spf.LintIgnored:
		rule, record = SPFIgnored, ignoredMended(r, l)
	case spf.LintLong, spf.LintTooLong:
		rule = SPFLong
		data = []codes.Datum{codes.Str("domain", s.Domain), codes.Num("length", len(r.Text)), codes.Num("limit", spf.LongRecord)}
		if merged := c.tree.Merged(); s == c.tree.Root && len(merged) <= spf.LongRecord && merged != "" {
			record = merged
		}
	default:
		return
	}
	f := saw(c.Report(rule, s.Domain, data...), s.Answer)
	if record != "" && c.own(s.Domain) {
		f.Publish(s.Domain, "TXT", record)
	}
}

// ignoredMended writes ip4=192.0.2.1 as it was meant: with a colon.
func ignoredMended(r *spf.Record, l spf.Lint) string {
	mended := strings.Replace(l.Text, "=", ":", 1)
	record := r.Text[:l.Offset] + mended + r.Text[l.Offset+len(l.Text):]
	if _, faults := spf.Parse(record); len(faults) > 0 {
		return ""
	}
	return record
}

// everybody looks for an included record that lets the whole world pass: then
// the including record does so too.
func (c *spfRun) everybody() {
	var visit func([]*spf.Node)
	visit = func(nodes []*spf.Node) {
		for _, n := range nodes {
			if n.Kind != spf.Include || n.Source == nil || n.Source.Record == nil || strings.ContainsAny(n.Term[:1], "-~?") {
				continue
			}
			for _, l := range n.Source.Record.Lints() {
				if l.Kind == spf.LintPassAll {
					f := saw(c.Report(SPFAllPass, n.Domain, codes.Str("domain", n.Domain), codes.Str("term", l.Text)), n.Source.Answer)
					if at := c.tree.Source(n.At); at == c.tree.Root {
						c.publishWithout(f, at, func(t *spf.Term) bool { return t.Text == n.Term })
					}
				}
			}
			visit(n.Children)
		}
	}
	visit(c.tree.Nodes)
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
		f := saw(c.Report(SPFMissingInclude, c.domain, codes.Str("domain", c.domain), codes.Str("include", name)), root.Answer)
		if usable(root) {
			f.Publish(c.domain, "TXT", root.Record.Insert(len(root.Record.Text), "include:"+name))
		} else if len(root.Texts) == 0 {
			f.Publish(c.domain, "TXT", "v=spf1 include:"+name+" ~all")
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
		if e.first.Err != nil || e.last.Err != nil {
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
		f := saw(c.Report(SPFMissingIP, c.domain, codes.Str("domain", c.domain), codes.Str("ip", ip),
			codes.Str("result", string(result))), root.Answer)
		if usable(root) {
			f.Publish(c.domain, "TXT", root.Record.Insert(min(c.decidedAt(&e.first, &e.last), c.firstTurning()), spf.NetworkTerm(want)))
		} else if len(root.Texts) == 0 {
			f.Publish(c.domain, "TXT", "v=spf1 "+spf.NetworkTerm(want)+" ~all")
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
		case e.Err != nil:
		case e.Result == spf.Fail || e.Result == spf.SoftFail || e.Result == spf.Neutral:
			failing, evals = append(failing, c.o.IPs[i]), append(evals, e)
		}
	}
	for i := range c.evals {
		e := &c.evals[i]
		if e.Err != nil || e.Result == spf.Pass || e.Result == spf.None {
			continue
		}
		ip := c.o.IPs[i]
		by := e.Mechanism
		if by == "" { // no term was reached: the record as a whole is at fault
			by = string(e.Problem.Kind)
		}
		f := saw(c.Report(SPFIPFail, ip.String(), codes.Str("ip", ip.String()), codes.Str("domain", c.domain),
			codes.Str("result", string(e.Result)), codes.Str("mechanism", by), codes.Str("problem", e.Problem.String())), root.Answer)
		if slices.Contains(failing, ip) && usable(root) {
			f.Publish(c.domain, "TXT", root.Record.Insert(c.decidedAt(evals...), networks(failing)...))
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

// missing lists the sending addresses that a record does not name itself.
func (c *spfRun) missing(r *spf.Record) []string {
	var out []string
	for _, term := range networks(c.o.IPs) {
		if !slices.ContainsFunc(r.Terms, func(t spf.Term) bool { return t.Text == term }) {
			out = append(out, term)
		}
	}
	return out
}
