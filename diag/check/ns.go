package check

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/diag/mx"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

// NSOptions is what the check of the name servers may be told.
type NSOptions struct {
	Selectors []string // of DKIM, whose records are compared too; none: the usual ones that there are
	ZoneOnly  bool     // whether the servers have the zone, not what they have for mail
}

// NS asks each name server of the zone that holds a domain, at each address, what it knows itself: whether the delegation
// leads to servers that have the zone, and whether all of them give the same records for mail.
func NS(o NSOptions) *diag.Check {
	return &diag.Check{
		Name:  "ns",
		Title: codes.Text{EN: "DNS", JA: "DNS"},
		Rules: []*diag.Rule{NSBogus, NSNoAddress, NSAlias, NSPrivateAddress, NSLame, NSParentDiffers, NSGlueDiffers, NSDiffers,
			NSSerialDiffers, NSOneServer, NSSingleNetwork, TTLLong},
		Run: func(ctx context.Context, p *diag.Pass) error { return runNS(ctx, p, o) },
	}
}

// nsRun is one run of the check.
type nsRun struct {
	*diag.Pass
	o          NSOptions
	facts      *NSFacts
	delegation *ns.Delegation
	survey     *ns.Survey
	selectors  []string   // full names that hold keys
	known      []resolved // what the resolver says
	different  bool       // the servers do not give the same records
}

// resolved is what the resolver says to a question.
type resolved struct {
	ns.Question
	answer resolve.Answer
	err    error
}

func runNS(ctx context.Context, p *diag.Pass, o NSOptions) error {
	c := &nsRun{Pass: p, o: o, facts: newNSFacts()}
	p.Facts(c.facts)
	if p.Direct == nil {
		return &resolve.Error{Kind: KindOffline, Name: p.Domain(), Type: "NS", Says: codes.Text{
			EN: "the name servers are not asked: what is in zone files takes their place",
			JA: "ゾーンファイルの内容を使用しているため、ネームサーバーには問い合わせていません"}}
	}
	var wg sync.WaitGroup
	var errSelectors, err error
	wg.Go(func() { errSelectors = c.findSelectors(ctx) })
	direct := &counting{Asker: Public(p.Direct)}
	defer direct.count(p.DNS)
	c.delegation, err = ns.Find(ctx, p.DNS, direct, p.Domain())
	wg.Wait()
	if err != nil {
		c.delegation = &ns.Delegation{Domain: p.Domain()}
		c.askResolver(ctx, p.Domain())
		return errors.Join(err, c.judgeResolver(ctx))
	}
	d := c.delegation
	if d.Zone == "" {
		return c.gone(ctx)
	}
	c.facts.Zone, c.facts.Parent, c.facts.Delegation, c.facts.Signed = d.Zone, d.Parent, d.Hosts(), len(d.DS) > 0
	wg.Go(func() { c.askResolver(ctx, d.Zone) })
	c.survey = ns.Look(ctx, p.DNS, direct, d, c.questions())
	wg.Wait()
	c.facts.fill(c.survey)
	errResolver := c.judgeResolver(ctx)
	if c.facts.Bogus { // it is known why
		errSelectors = nil
	}
	return errors.Join(errResolver, c.judge(), d.ErrDS, errSelectors)
}

// gone notes that the domain does not exist, where the resolver knows no better: one server of the zone above may lack what the
// others have.
func (c *nsRun) gone(ctx context.Context) error {
	c.askResolver(ctx, c.Domain())
	for _, k := range c.known {
		if k.err == nil && k.Name == c.Domain() && k.answer.Status != resolve.NoName {
			return &resolve.Error{Kind: resolve.KindMangled, Name: c.Domain(), Type: "NS", Server: c.delegation.From, Direct: true,
				Message: "a server of " + c.delegation.Parent + " says that there is no such name, and the resolver finds it"}
		}
	}
	c.facts.Exists = false
	return nil
}

// Public asks no address that is not of the internet: names from outside are not to lead into our own network.
func Public(d *resolve.Direct) ns.Asker { return public{d} }

type public struct{ *resolve.Direct }

// Ask implements ns.Asker.
func (a public) Ask(ctx context.Context, at netip.AddrPort, name string, t resolve.Type) (resolve.Said, error) {
	if !mx.Reachable(at.Addr()) {
		return resolve.Said{}, &resolve.Error{Kind: resolve.KindNetwork, Name: name, Type: t.String(), Server: at.String(),
			Message: "not an address of the internet", Direct: true}
	}
	return a.Direct.Ask(ctx, at, name, t)
}

// counting counts the messages and questions to name servers.
type counting struct {
	ns.Asker
	sent, asked atomic.Int64
}

// Ask implements ns.Asker.
func (c *counting) Ask(ctx context.Context, at netip.AddrPort, name string, t resolve.Type) (resolve.Said, error) {
	said, err := c.Asker.Ask(ctx, at, name, t)
	sent := said.Sent
	if fail, ok := errors.AsType[*resolve.Error](err); ok {
		sent = fail.Sent
	}
	c.sent.Add(int64(sent))
	c.asked.Add(1)
	return said, err
}

// count adds them to those of the report.
func (c *counting) count(report resolve.Resolver) {
	if r, counts := report.(interface{ Add(sent, unique int) }); counts {
		r.Add(int(c.sent.Load()), int(c.asked.Load()))
	}
}

// questions are those whose answers are compared; the last one asks for the keys of the zone.
func (c *nsRun) questions() []ns.Question {
	d := c.Domain()
	var out []ns.Question
	if !c.o.ZoneOnly {
		out = append(out, ns.Question{Name: d, Type: resolve.TypeMX}, ns.Question{Name: d, Type: resolve.TypeTXT},
			ns.Question{Name: "_dmarc." + d, Type: resolve.TypeTXT})
	}
	for _, name := range c.selectors {
		if resolve.Within(name, c.delegation.Zone) {
			out = append(out, ns.Question{Name: name, Type: resolve.TypeTXT})
		}
	}
	return append(out, ns.Question{Name: c.delegation.Zone, Type: resolve.TypeDNSKEY})
}

// maxNSSelectors bounds the selectors whose records are compared.
const maxNSSelectors = 8

// findSelectors finds the names of keys of DKIM: those that are given, else the usual ones at which the resolver finds a
// record. The DKIM check asks for the same, so that they cost nothing.
func (c *nsRun) findSelectors(ctx context.Context) error {
	if c.o.ZoneOnly {
		return nil
	}
	for _, s := range c.o.Selectors {
		if name, err := SelectorOf(s, c.Domain()); err == nil {
			c.selectors = append(c.selectors, name+"._domainkey."+c.Domain())
		}
	}
	if len(c.selectors) > 0 {
		return c.boundSelectors()
	}
	usual := c.Providers.WellKnown()
	answers, errs := make([]resolve.Answer, len(usual)), make([]error, len(usual))
	var wg sync.WaitGroup
	for i, s := range usual {
		wg.Go(func() { answers[i], errs[i] = c.DNS.Ask(ctx, s+"._domainkey."+c.Domain(), resolve.TypeTXT) })
	}
	wg.Wait()
	var failed error // one is enough to know that something was not seen
	same := map[string]int{}
	for i, a := range answers {
		if failed == nil {
			failed = errs[i]
		}
		if errs[i] == nil {
			same[stands(usual[i], a)]++
		}
	}
	for i, a := range answers {
		text := stands(usual[i], a)
		switch n := same[text]; {
		case errs[i] != nil || text == "" || n == 0:
			continue
		case n >= wildcardAt && !slices.ContainsFunc(a.Texts(), dkim.IsKey): // a wildcard record that is not about DKIM
			continue
		case n >= wildcardAt: // one name stands for all that it answers
			same[text] = 0
		}
		c.selectors = append(c.selectors, usual[i]+"._domainkey."+c.Domain())
	}
	return errors.Join(failed, c.boundSelectors())
}

// stands is what stands at a selector, "" where nothing does: of an alias its end, without what the selector gives it. All that
// one wildcard record or one DNAME answers has that in common.
func stands(selector string, a resolve.Answer) string {
	if len(a.Chain) > 0 {
		return "CNAME " + strings.TrimPrefix(a.Chain[len(a.Chain)-1], selector+"._domainkey.")
	}
	texts := a.Texts()
	slices.Sort(texts)
	return strings.Join(texts, "\x00")
}

func (c *nsRun) boundSelectors() error {
	left := len(c.selectors) - maxNSSelectors
	c.selectors = c.selectors[:min(len(c.selectors), maxNSSelectors)]
	return diag.Beyond(c.Domain(), "NS", codes.Text{EN: "DKIM selectors on each name server", JA: "ネームサーバーごとのDKIMセレクター"},
		maxNSSelectors, left)
}

// askResolver asks the resolver of the run about the zone and the records for mail.
func (c *nsRun) askResolver(ctx context.Context, zone string) {
	d := c.Domain()
	c.known = []resolved{{Question: ns.Question{Name: zone, Type: resolve.TypeSOA}}, {Question: ns.Question{Name: d, Type: resolve.TypeMX}}}
	if !c.o.ZoneOnly {
		c.known = append(c.known, resolved{Question: ns.Question{Name: d, Type: resolve.TypeTXT}},
			resolved{Question: ns.Question{Name: "_dmarc." + d, Type: resolve.TypeTXT}})
	}
	var wg sync.WaitGroup
	for i := range c.known {
		k := &c.known[i]
		wg.Go(func() { k.answer, k.err = c.DNS.Ask(ctx, k.Name, k.Type) })
	}
	wg.Wait()
}

// judgeResolver looks at what it said. Only what it cannot say of the zone itself is told: the rest is for other checks.
func (c *nsRun) judgeResolver(ctx context.Context) error {
	f, err := c.falseToResolver(ctx)
	if f != nil {
		c.facts.Bogus = true
		f.Evidence = append(f.Evidence, c.signing()...)
	}
	return err
}

// isSPF reports a TXT record that is meant as SPF: of those at the domain only it counts for mail.
func isSPF(r resolve.Record) bool {
	return strings.HasPrefix(resolve.Lower(strings.TrimSpace(r.Text)), "v=spf")
}

// keep is which records of a question are compared; nil: all.
func (c *nsRun) keep(q ns.Question) func(resolve.Record) bool {
	if q.Type == resolve.TypeTXT && q.Name == c.Domain() && !slices.Contains(c.selectors, q.Name) {
		return isSPF
	}
	return nil
}
