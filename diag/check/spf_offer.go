package check

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// proposal is what would mend a finding: a record in place of the one at a name. There are several where a text can be
// read in more than one way, the likeliest first.
type proposal struct {
	finding  int // which one: they are counted in the order of reporting
	rule     *diag.Rule
	name     string // where the record is asked for
	readings []string
}

// maxTexts is how many texts of one name are looked at for what they may mean.
const maxTexts = 20

// propose notes how to mend the finding that was reported last. A record without any sender is proposed to nobody who
// listed one: mail of those senders would be refused.
func (c *spfRun) propose(s *spf.Source, readings ...string) {
	had, known := c.had[s]
	if !known {
		had = slices.ContainsFunc(s.Answer.Records[:min(len(s.Answer.Records), maxTexts)],
			func(r resolve.Record) bool { return namesSenders(r.Text) })
		c.had[s] = had
	}
	readings = slices.DeleteFunc(slices.Clone(readings), func(record string) bool {
		return had && !spf.ListsSenders(record) || len(s.Texts) == 1 && record == s.Texts[0]
	})
	if _, ok := c.place(s); ok && len(readings) > 0 {
		i := c.Reported() - 1
		c.proposals = append(c.proposals, proposal{i, c.Finding(i).Rule, s.Domain, readings})
	}
}

// namesSenders reports whether a text is an SPF record, or meant as one, in which a sender can be read or may be hidden.
func namesSenders(text string) bool {
	readings := spf.Meant(text)
	if spf.IsSPF(text) {
		readings = spf.Readings(text)
	} else if len(readings) == 0 {
		return spf.NearMiss(text) != ""
	}
	return len(readings) == 0 || spf.ListsSenders(readings[0])
}

// readings are what the record of a source may mean, read once.
func (c *spfRun) readings(s *spf.Source) []string {
	if _, known := c.read[s]; !known {
		c.read[s] = spf.Readings(s.Record.Text)
	}
	return c.read[s]
}

// proposeWithout proposes the record without some terms. Those whose name depends on the message stay: nobody knows what
// they stand for.
func (c *spfRun) proposeWithout(s *spf.Source, drop func(*spf.Term) bool) {
	c.propose(s, s.Record.Without(func(t *spf.Term) bool { return drop(t) && !t.Domain.HasMacro() }))
}

// place is the name that holds what is found at a source: an alias is mended where it leads. ok is false where that is
// the name of somebody else.
func (c *spfRun) place(s *spf.Source) (name string, ok bool) {
	name = s.Domain
	if n := len(s.Answer.Chain); n > 0 {
		name = s.Answer.Chain[n-1]
	}
	return name, resolve.Within(name, c.domain)
}

// The bounds of mending: more records than this are not tried.
const maxTries = 24

// mending looks for records that together mend a domain.
type mending struct {
	run   *spfRun
	told  map[*diag.Rule]bool
	tried []map[string]string
}

// offer publishes the records that mend what was found, one for each name. They are tried first: with them in place the
// check finds nothing that fails.
func (c *spfRun) offer() {
	if len(c.proposals) == 0 {
		return
	}
	m := mending{run: c, told: map[*diag.Rule]bool{}}
	for _, p := range c.proposals {
		m.told[p.rule] = true
	}
	drafts, ok := m.from(c, map[string]string{}, false)
	if !ok {
		return
	}
	for _, p := range c.proposals {
		record, mended := drafts[p.name]
		s := c.tree.Source(p.name)
		if mended && s != nil {
			name, _ := c.place(s)
			c.Finding(p.finding).Publish(name, "TXT", record)
		}
	}
}

// from mends what a run has found, one proposal after the other. failing tells that the run still has a finding that
// fails, beside those that it proposes to mend.
func (m *mending) from(run *spfRun, drafts map[string]string, failing bool) (map[string]string, bool) {
	for _, p := range run.proposals {
		if !m.wanted(p) {
			continue
		}
		for _, reading := range p.readings {
			next := maps.Clone(drafts)
			next[p.name] = reading
			if maps.Equal(next, drafts) || slices.ContainsFunc(m.tried, func(d map[string]string) bool { return maps.Equal(d, next) }) {
				continue
			}
			if len(m.tried) >= maxTries {
				return nil, false
			}
			m.tried = append(m.tried, next)
			tried, fails := m.try(next)
			if len(p.readings) > 1 && tried.tree.VoidLookups > run.tree.VoidLookups {
				continue // it names what is not there
			}
			if got, ok := m.from(tried, next, fails); ok {
				return got, true
			}
		}
		return nil, false
	}
	return drafts, len(drafts) > 0 && !failing
}

// wanted reports whether a proposal is taken up: what fails must be mended, and what was found in the record as it is;
// what gives back a sender that nobody reads is mended too. Other advice is left for later: the record keeps what its
// owner wrote, also a redirect beside all, one of which has to go.
func (m *mending) wanted(p proposal) bool {
	switch p.rule {
	case SPFIgnored, SPFGlued, SPFSecondVersion:
		return true
	case SPFAfterAll:
		return m.told[p.rule] || len(p.readings) == 1
	}
	return p.rule.Severity == diag.Fail || m.told[p.rule]
}

// try runs the check in a world with other records.
func (m *mending) try(drafts map[string]string) (run *spfRun, failing bool) {
	c := m.run
	o := c.o
	if o.stranger { // whether the record lets it send is no measure of a mend
		o.IPs = nil
	}
	env := c.Env
	env.DNS = &published{Resolver: c.dns, records: drafts}
	env.Seen = nil // what DNS answers is seen behind it
	scratch := &diag.Check{Name: "spf", Run: func(ctx context.Context, p *diag.Pass) error {
		run = newSPFRun(ctx, p, o, p.DNS)
		run.judge()
		return nil
	}}
	report := diag.Run(c.ctx, env, c.Target, []*diag.Check{scratch})
	for _, f := range report.Results[0].Findings {
		failing = failing || f.Rule.Severity == diag.Fail
	}
	return run, failing
}

// published is a world in which other SPF records are published.
type published struct {
	resolve.Resolver
	records map[string]string // by name
}

// Ask implements resolve.Resolver.
func (p *published) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a, err := p.Resolver.Ask(ctx, name, t)
	record, ours := p.records[strings.ToLower(strings.TrimSuffix(name, "."))]
	if !ours || t != resolve.TypeTXT || err != nil {
		return a, err
	}
	records := slices.DeleteFunc(slices.Clone(a.Records), func(r resolve.Record) bool { return meantSPF(r.Text) })
	a.Status = resolve.Found
	a.Records = append(records, resolve.Record{Text: record})
	return a, nil
}

// memory asks each question once, also those that failed: what is tried costs no time where somebody is silent.
type memory struct {
	resolve.Resolver
	mu    sync.Mutex
	known map[asked]answered
}

type asked struct {
	name string
	t    resolve.Type
}

type answered struct {
	resolve.Answer
	err error
}

// Ask implements resolve.Resolver.
func (m *memory) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	k := asked{strings.ToLower(strings.TrimSuffix(name, ".")), t}
	m.mu.Lock()
	got, ok := m.known[k]
	m.mu.Unlock()
	if ok {
		return got.Answer, got.err
	}
	a, err := m.Resolver.Ask(ctx, name, t)
	m.mu.Lock()
	m.known[k] = answered{a, err}
	m.mu.Unlock()
	return a, err
}
