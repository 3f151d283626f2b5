// Package fix makes one plan of all records that the findings of a report offer: for each record set what stands now, and
// what has to stand after the change.
//
// Who publishes records by an interface replaces whole sets, so a set of the plan holds also what has nothing to do with the
// findings. Where findings offer different records for one place, Make takes those after which the checks find least, and
// runs the checks again with all records of the plan in place.
package fix

import (
	"context"
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// Change is one record set that has to be other than it is.
type Change struct {
	Zone     string   // that holds the name
	Name     string   // no final dot
	Type     string   // "TXT"
	TTL      uint32   // seconds
	Was      []string // what stands now: a TXT record as one text, other types as a zone file has them
	Values   []string // what has to stand, all of it
	Findings []diag.Finding
}

// Advice reports whether nothing is wrong without the change.
func (c Change) Advice() bool {
	return !slices.ContainsFunc(c.Findings, func(f diag.Finding) bool { return f.Rule.Severity > diag.Info })
}

// Reason is why a record that a finding offers is not part of the plan.
type Reason string

// The reasons.
const (
	Alias   Reason = "alias"   // the name is an alias: no other record may stand beside it (RFC 1034 §3.6.2)
	Unread  Reason = "unread"  // what stands there now could not be found out
	Strange Reason = "strange" // the set holds what no form can carry safely
	Worse   Reason = "worse"   // with it the checks find more than without it
)

// Left is a record set that is not part of the plan.
type Left struct {
	Name, Type string
	Reason     Reason
	Alias      string // where the name leads
	Findings   []diag.Finding
	Err        error
}

// Plan is what mends a domain.
type Plan struct {
	Before  *diag.Report
	After   *diag.Report // what the checks find with all changes in place; nil where nothing changes
	Changes []Change
	Left    []Left
	Bounded error // a bound of ours was reached: not every way was tried
}

// Other lists the findings that offer no record, and that no record of the plan mends either. Those that are ignored are
// not among them.
func (p *Plan) Other() []diag.Finding {
	var out []diag.Finding
	for _, r := range p.Before.Results {
		for _, f := range r.Findings {
			if len(f.Records) == 0 && !p.mends(r.Check, f) && !f.Ignored() {
				out = append(out, f)
			}
		}
	}
	return out
}

// mends reports whether a check that ran again has a finding no more.
func (p *Plan) mends(c *diag.Check, f diag.Finding) bool {
	return p.After != nil && !has(p.After, f) &&
		slices.ContainsFunc(p.After.Results, func(r diag.Result) bool { return r.Check == c && r.Err == nil })
}

// Still lists the findings that ask for a change and are there after it.
func (p *Plan) Still() []diag.Finding {
	var out []diag.Finding
	for _, c := range p.Changes {
		for _, f := range c.Findings {
			if has(p.After, f) && !has(&diag.Report{Results: []diag.Result{{Findings: out}}}, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Newly lists the findings that come with the changes.
func (p *Plan) Newly() []diag.Finding {
	if p.After == nil {
		return nil
	}
	var out []diag.Finding
	for _, r := range p.After.Results {
		for _, f := range r.Findings {
			if !has(p.Before, f) && !f.Ignored() {
				out = append(out, f)
			}
		}
	}
	return out
}

// Unsure lists the results that are unknown only with the changes in place.
func (p *Plan) Unsure() []diag.Result {
	if p.After == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.After.Results), func(r diag.Result) bool {
		return r.Err == nil || slices.ContainsFunc(p.Before.Results, func(b diag.Result) bool { return b.Check == r.Check && b.Err != nil })
	})
}

// has reports whether a report has a finding of the same rule about the same subject.
func has(r *diag.Report, f diag.Finding) bool {
	return slices.ContainsFunc(r.Results, func(res diag.Result) bool {
		return slices.ContainsFunc(res.Findings, func(o diag.Finding) bool { return o.Rule == f.Rule && o.Subject == f.Subject })
	})
}

// Make plans the records of a report's findings. The checks are those that made the report, and env the world of theirs.
func Make(ctx context.Context, env diag.Env, checks []*diag.Check, before *diag.Report) *Plan {
	m := &maker{env: env, plan: &Plan{Before: before}, checks: checks}
	for _, s := range offered(before) {
		m.take(ctx, s)
	}
	if len(m.sets) == 0 {
		return m.plan
	}
	m.choose(ctx)
	m.dropWorse(ctx)
	for _, s := range m.sets {
		c := s.change(s.picks())
		if slices.Equal(c.Was, c.Values) {
			continue
		}
		c.Zone = m.zoneOf(ctx, c.Name)
		m.plan.Changes = append(m.plan.Changes, c)
	}
	return m.plan
}

// maker is one Make.
type maker struct {
	env    diag.Env
	plan   *Plan
	checks []*diag.Check
	sets   []*set
	tries  int
}

// take asks what stands at the place of a set, which the plan has to keep.
func (m *maker) take(ctx context.Context, s *set) {
	a, err := m.env.DNS.Ask(ctx, s.name, s.typ)
	left := Left{Name: s.name, Type: s.typ.String(), Findings: s.findings(), Err: err}
	switch {
	case err != nil:
		left.Reason = Unread
	case len(a.Chain) > 0:
		left.Reason, left.Alias = Alias, a.Chain[0]
	default:
		s.now = a
		if s.plain() {
			m.sets = append(m.sets, s)
			return
		}
		left.Reason = Strange
	}
	m.plan.Left = append(m.plan.Left, left)
}

// maxTries bounds how often the checks run again.
const maxTries = 12

// choose settles which records each set takes, where findings offer several.
func (m *maker) choose(ctx context.Context) {
	m.plan.After = m.try(ctx)
	best := weigh(m.plan.After)
	for _, s := range m.sets {
		for _, slot := range s.slots {
			kept := slot.pick
			for i := range slot.variants {
				if i == kept {
					continue
				}
				if m.spent() {
					slot.pick = kept
					return
				}
				slot.pick = i
				r := m.try(ctx)
				if w := weigh(r); slices.Compare(w, best) < 0 {
					best, kept, m.plan.After = w, i, r
				}
			}
			slot.pick = kept
		}
	}
}

// spent reports whether nothing more is tried, and notes that something is left.
func (m *maker) spent() bool {
	if m.tries >= maxTries {
		m.plan.Bounded = diag.Beyond(m.plan.Before.Target.ASCII, "fix", codes.Text{EN: "ways to mend it", JA: "修正方法の組み合わせ"}, maxTries, 1)
	}
	return m.plan.Bounded != nil
}

// dropWorse leaves out the sets without which the checks find less: a place for reports about mail that a domain cannot get,
// a record whose policy nobody serves. What the mildest findings ask for goes first.
func (m *maker) dropWorse(ctx context.Context) {
	best := weigh(m.plan.After)
	for i := len(m.sets) - 1; i >= 0 && m.troubles(); i-- {
		if m.spent() {
			return
		}
		all := m.sets
		m.sets = slices.Delete(slices.Clone(all), i, i+1)
		r := m.try(ctx)
		w := weigh(r)
		if slices.Compare(w, best) >= 0 {
			m.sets = all
			continue
		}
		best, m.plan.After = w, r
		m.plan.Left = append(m.plan.Left, Left{Name: all[i].name, Type: all[i].typ.String(), Reason: Worse, Findings: all[i].findings()})
	}
}

// troubles reports whether the changes bring a finding that is more than advice.
func (m *maker) troubles() bool {
	return slices.ContainsFunc(m.plan.Newly(), func(f diag.Finding) bool { return f.Rule.Severity >= diag.Warn })
}

// try runs the checks with the records of the sets in place.
func (m *maker) try(ctx context.Context) *diag.Report {
	m.tries++
	env := m.env
	var meant []resolve.Set
	for _, s := range m.sets {
		set, _ := s.meant()
		meant = append(meant, set)
	}
	env.DNS = resolve.NewOverlay(env.DNS, meant)
	env.Direct = nil // the servers of the zone themselves know nothing of the change
	checks := slices.DeleteFunc(slices.Clone(m.checks), func(c *diag.Check) bool { return c.Name == "ns" })
	return diag.Run(ctx, env, m.plan.Before.Target, checks)
}

// weigh is how bad a report is, the worst first.
func weigh(r *diag.Report) []int {
	w := make([]int, 4)
	for _, res := range r.Results {
		if res.Err != nil {
			w[1]++
		}
		for _, f := range res.Findings {
			switch f.Rule.Severity {
			case diag.Fail:
				w[0]++
			case diag.Warn:
				w[2]++
			default:
				w[3]++
			}
		}
	}
	return w
}

// zoneOf finds the zone that holds a name by its SOA record. Where none is found, it is the registered domain.
func (m *maker) zoneOf(ctx context.Context, name string) string {
	least := dmarc.Registered(name)
	if least == "" || !resolve.Within(name, least) || resolve.Within(name, "arpa") {
		least = resolve.Parent(name)
	}
	for at := name; at != "" && resolve.Within(at, least); at = resolve.Parent(at) {
		if a, err := m.env.DNS.Ask(ctx, at, resolve.TypeSOA); err == nil && a.Status == resolve.Found && len(a.Chain) == 0 {
			return at
		}
	}
	return least
}
