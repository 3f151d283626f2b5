package sources

import (
	"cmp"
	"slices"

	"todoku/diag/spf"
)

// add counts a stream.
func (s *Sum) add(m *mails) {
	s.Mails = sum(s.Mails, m.mails)
	if m.passes() {
		s.Pass = sum(s.Pass, m.mails)
	} else {
		s.Fail = sum(s.Fail, m.mails)
	}
	if m.passDKIM {
		s.DKIM = sum(s.DKIM, m.mails)
	}
	if m.passSPF {
		s.SPF = sum(s.SPF, m.mails)
	}
	s.Delivered, s.Quarantine, s.Refused = sum(s.Delivered, m.done[0]), sum(s.Quarantine, m.done[1]), sum(s.Refused, m.done[2])
}

// report sums up what was judged.
func (w *work) report() *Domain {
	d := &Domain{Name: w.name, Policy: w.policy, First: w.first, Last: w.last, Days: w.days.count(), Gaps: w.days.gaps(),
		Beyond: w.beyond, More: w.more, ByClass: map[Class]Sum{}, Selectors: []Selector{}, BrokenSPF: map[string]string{}}
	for _, c := range Classes() {
		d.ByClass[c] = Sum{}
	}
	mask := uint64(0)
	for _, m := range w.list {
		d.add(m)
		s := d.ByClass[m.class]
		s.add(m)
		d.ByClass[m.class] = s
		if m.differs[0] {
			d.Differs.DKIM = sum(d.Differs.DKIM, m.mails)
		}
		if m.differs[1] {
			d.Differs.SPF = sum(d.Differs.SPF, m.mails)
		}
		if m.differs[0] || m.differs[1] {
			mask |= m.reporters
		}
	}
	d.Differs.Reporters = reporters(mask)
	d.Mails = sum(d.Mails, w.beyond)
	_, d.ByList = w.orgs.org(w.name)
	if walk := w.orgs.walks[w.name]; walk != nil {
		d.Err = walk.Err
		d.NoRecord = walk.Steps != nil && walk.Err == nil && walk.Policy == nil
	}
	w.brokenRecords(d)
	for _, r := range w.reporters {
		d.Reporters = append(d.Reporters, Reporter{Org: r.org, Reports: r.reports, Mails: r.mails, Days: r.days.count(), First: r.first,
			Last: r.last, Treewalk: r.discovery["treewalk"], List: r.discovery["psl"]})
	}
	slices.SortFunc(d.Reporters, func(a, b Reporter) int { return compare(a.Mails, b.Mails, a.Org, b.Org) })
	d.Groups = w.groups()
	w.selectors(d)
	return d
}

// brokenRecords notes the SPF records that give no result to anybody.
func (w *work) brokenRecords(d *Domain) {
	for _, m := range w.list { // in their order, so that the error is the same in all runs
		for _, name := range m.at.names {
			switch r := m.at.records[name]; {
			case r.err != nil:
				d.BrokenSPF[name] = "temperror"
				if d.Err == nil {
					d.Err = r.err
				}
			case r.result == spf.PermError:
				d.BrokenSPF[name] = cmp.Or(string(r.problem), "permerror")
			}
		}
	}
}

// selectors lists the selectors of the domain, and counts those that only forgers name.
func (w *work) selectors(d *Domain) {
	type count struct {
		pass, fail days
		Selector
		real bool
	}
	all := map[result]*count{}
	for _, m := range w.list {
		for _, k := range m.dkim {
			if !w.isOurs(k.domain) || k.selector == "" {
				continue
			}
			passes := k.result == "pass"
			k.result = ""
			c := all[k]
			if c == nil {
				c = &count{Selector: Selector{Domain: k.domain, Name: k.selector}}
				all[k] = c
			}
			c.real = c.real || passes || m.class != Forger
			if passes {
				c.Pass = sum(c.Pass, m.mails)
				c.pass.merge(&m.days)
			} else {
				c.Fail = sum(c.Fail, m.mails)
				c.fail.merge(&m.days)
			}
		}
	}
	for k, c := range all {
		if !c.real {
			d.Fakes++
			continue
		}
		if _, last := c.pass.ends(); last >= 0 {
			c.LastPass = timeOf(last)
		}
		if _, last := c.fail.ends(); last >= 0 {
			c.LastFail = timeOf(last)
		}
		if h := w.keys[k]; h != nil {
			c.Operators = len(h.pass)
		}
		d.Selectors = append(d.Selectors, c.Selector)
	}
	slices.SortFunc(d.Selectors, func(a, b Selector) int {
		return compare(sum(a.Pass, a.Fail), sum(b.Pass, b.Fail), a.Domain+" "+a.Name, b.Domain+" "+b.Name)
	})
	d.MoreKeys = max(0, len(d.Selectors)-MaxSelectors)
	d.Selectors = d.Selectors[:len(d.Selectors)-d.MoreKeys]
}
