package diag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"todoku/codes"
	"todoku/diag/dkim"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// DKIM looks at the public keys that the domain publishes. Selectors cannot be
// listed: what was not found under the usual names may stand under others.
var DKIM = &Check{
	Name:  "dkim",
	Title: codes.Text{EN: "DKIM", JA: "DKIM"},
	Rules: []*Rule{dkimSelectorNone, dkimCNAMEBroken, dkimMultiple, dkimSyntax, dkimKeyShort, dkimKeyWeak, dkimRevoked, dkimTesting, dkimKeyType, dkimNoneFound},
	Run:   runDKIM,
}

const (
	wildcardAt    = 5  // the same at so many selectors is one wildcard record
	maxSelectors  = 40 // inferred ones
	maxDKIMErrors = 5
)

// probe is one selector and what DNS said of it.
type probe struct {
	selector, name, source string
	provider               string // that made us ask
	answer                 resolve.Answer
	err                    error
	keys                   []resolve.Record // TXT records meant as keys
	asked                  bool
}

// dkimSearch is the look for the keys of one domain.
type dkimSearch struct {
	*Pass
	facts                   *DKIMFacts
	probes                  []*probe
	given                   bool
	below, mx, txt          resolve.Answer // _domainkey, and the records that name providers
	belowErr, mxErr, txtErr error
}

func runDKIM(ctx context.Context, p *Pass) error {
	s := &dkimSearch{Pass: p, facts: &DKIMFacts{Selectors: []DKIMSelector{}}, given: len(p.Options.Selectors) > 0}
	p.Facts(s.facts)
	if s.given {
		for _, sel := range p.Options.Selectors {
			s.add(strings.TrimSuffix(sel, "."), "given", "")
		}
		s.ask(ctx)
	} else {
		s.discover(ctx)
	}
	s.facts.Probed = len(s.probes)
	err := s.errors()
	s.judge(err == nil)
	return err
}

// add puts a selector on the list, once. Knowing a provider says more than the
// name being usual.
func (s *dkimSearch) add(selector, source, by string) {
	selector = strings.ToLower(selector)
	for _, pr := range s.probes {
		if pr.selector == selector {
			if by != "" && pr.provider == "" {
				pr.source, pr.provider = source, by
			}
			return
		}
	}
	s.probes = append(s.probes, &probe{selector: selector, name: selector + "._domainkey." + s.Domain(), source: source, provider: by})
}

// ask asks for what is on the list and was not asked for.
func (s *dkimSearch) ask(ctx context.Context) {
	var wg sync.WaitGroup
	s.start(ctx, &wg)
	wg.Wait()
	s.sort()
}

// lanes is how many selectors of a domain are asked for at once in a list of
// domains: there are always others to ask for meanwhile, and each question
// under way takes memory.
const lanes = 5

// start asks for what is on the list; one domain gets all its questions out in
// one round trip.
func (s *dkimSearch) start(ctx context.Context, wg *sync.WaitGroup) {
	var open []*probe
	for _, pr := range s.probes {
		if !pr.asked {
			pr.asked = true
			open = append(open, pr)
		}
	}
	var next atomic.Int32
	n := len(open)
	if !s.Options.EagerSelectors {
		n = min(n, lanes)
	}
	for range n {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(open); i = int(next.Add(1)) - 1 {
				open[i].answer, open[i].err = s.DNS.Ask(ctx, open[i].name, resolve.TypeTXT)
			}
		})
	}
}

// discover tries the usual selectors and those of the providers that the
// domain's MX and SPF name, in two round trips.
func (s *dkimSearch) discover(ctx context.Context) {
	usual := s.Providers.WellKnown()
	if s.Options.AllSelectors {
		usual = s.Providers.AllSelectors()
	}
	for _, sel := range usual {
		s.add(sel, "well-known", "")
	}
	var wg sync.WaitGroup
	if s.Options.EagerSelectors {
		s.start(ctx, &wg)
	}
	wg.Go(func() {
		s.below, s.belowErr = s.DNS.Ask(ctx, "_domainkey."+s.Domain(), resolve.TypeTXT)
	})
	if s.Providers != nil {
		wg.Go(func() { s.mx, s.mxErr = s.DNS.Ask(ctx, s.Domain(), resolve.TypeMX) })
		wg.Go(func() { s.txt, s.txtErr = s.DNS.Ask(ctx, s.Domain(), resolve.TypeTXT) })
	}
	wg.Wait()
	s.infer()
	s.sort()
	if s.nothingBelow() {
		return
	}
	s.ask(ctx)
}

// nothingBelow reports that no selector can exist (RFC 8020). A server that
// gave a key all the same is not believed.
func (s *dkimSearch) nothingBelow() bool {
	if s.belowErr != nil || s.below.Status != resolve.NoName || len(s.below.Chain) > 0 {
		return false
	}
	return !slices.ContainsFunc(s.probes, func(pr *probe) bool {
		return pr.asked && pr.err == nil && (pr.answer.Status != resolve.NoName || len(pr.answer.Chain) > 0)
	})
}

// infer adds the selectors of the providers that the domain points to.
func (s *dkimSearch) infer() {
	var names []string
	for _, r := range s.mx.Records {
		names = append(names, fmt.Sprintf("%05d %s", r.Pref, r.Host))
	}
	slices.Sort(names)
	limit := len(s.probes) + maxSelectors
	for _, n := range names {
		if by, ok := s.Providers.ByMX(n[6:]); ok {
			s.addAll(s.Providers.Selectors(by), by.Name, limit)
		}
	}
	for _, txt := range s.txt.Texts() {
		if !spf.IsSPF(txt) {
			continue
		}
		rec, _ := spf.Parse(txt)
		for i := range rec.Terms {
			if t := &rec.Terms[i]; t.Kind == spf.Include || t.Kind == spf.Redirect {
				if by, ok := s.Providers.ByInclude(string(t.Domain)); ok {
					s.addAll(s.Providers.Selectors(by), by.Name, limit)
				}
			}
		}
	}
}

func (s *dkimSearch) addAll(selectors []string, by string, limit int) {
	for _, sel := range selectors {
		if len(s.probes) < limit {
			s.add(sel, "provider:"+by, by)
		}
	}
}

// sort picks the keys out of the answers.
func (s *dkimSearch) sort() {
	for _, pr := range s.probes {
		if pr.asked && pr.keys == nil && pr.err == nil {
			for _, r := range pr.answer.Records {
				if dkim.IsKey(r.Text) {
					pr.keys = append(pr.keys, r)
				}
			}
			slices.SortStableFunc(pr.keys, func(a, b resolve.Record) int { return strings.Compare(a.Text, b.Text) })
		}
	}
}

// errors tells what could not be found out: the first few, and how many more.
func (s *dkimSearch) errors() error {
	all := []error{s.belowErr, s.mxErr, s.txtErr}
	for _, pr := range s.probes {
		all = append(all, pr.err)
	}
	all = slices.DeleteFunc(all, func(err error) bool { return err == nil })
	if more := len(all) - maxDKIMErrors; more > 0 {
		all = append(all[:maxDKIMErrors:maxDKIMErrors], fmt.Errorf("%d more questions about DKIM had no answer", more))
	}
	return errors.Join(all...)
}

// dangling reports an alias that leads to nothing. An alias that also stands
// for _domainkey is a wildcard of the whole domain and not about DKIM.
func (s *dkimSearch) dangling(pr *probe) bool {
	a := pr.answer
	return pr.asked && pr.err == nil && a.Status != resolve.Found && len(a.Chain) > 0 && !slices.Equal(a.Chain, s.below.Chain)
}

func (s *dkimSearch) judge(complete bool) {
	var heard []*probe // that have a key or a broken alias
	same := map[string]int{}
	for _, pr := range s.probes {
		if len(pr.keys) > 0 || s.dangling(pr) {
			heard = append(heard, pr)
			same[pr.sign()]++
		}
	}
	for _, pr := range heard {
		n := same[pr.sign()]
		if !s.given && n >= wildcardAt {
			pr.selector, pr.name, pr.source = "*", "*._domainkey."+s.Domain(), "well-known"
			pr.provider = ""
			same[pr.sign()] = -1 // told once
		}
		if n > 0 {
			s.one(pr)
		}
	}
	if s.given {
		s.absent()
	} else if complete && len(heard) == 0 {
		s.Report(dkimNoneFound, s.Domain(), Num("found", 0), Num("probed", s.facts.Probed)).Saw(s.below)
	}
}

// sign is what a wildcard gives to all selectors.
func (pr *probe) sign() string {
	var b strings.Builder
	for _, k := range pr.keys {
		b.WriteString(k.Text + "\x00")
	}
	if len(pr.keys) == 0 && len(pr.answer.Chain) > 0 {
		b.WriteString(pr.answer.Chain[len(pr.answer.Chain)-1])
	}
	return b.String()
}

// absent judges the selectors that the user named.
func (s *dkimSearch) absent() {
	for _, pr := range s.probes {
		if pr.err == nil && len(pr.keys) == 0 && !s.dangling(pr) {
			status := "nodata"
			switch pr.answer.Status {
			case resolve.NoName:
				status = "nxdomain"
			case resolve.Found:
				status = "no key"
			}
			s.Report(dkimSelectorNone, pr.selector, Str("selector", pr.selector), Str("name", pr.name), Str("status", status)).Saw(pr.answer)
		}
	}
}

// one judges one selector.
func (s *dkimSearch) one(pr *probe) {
	sel, name := Str("selector", pr.selector), Str("name", pr.name)
	alias, by := "", pr.provider
	for _, alias = range pr.answer.Chain { // the last name that is recognised says most
		if known, ok := s.Providers.ByCNAME(alias); ok {
			by = known.Name
		}
	}
	if len(pr.keys) == 0 {
		s.Report(dkimCNAMEBroken, pr.selector, sel, name, Str("alias", alias), Str("provider", by)).Saw(pr.answer)
		return
	}
	if len(pr.keys) > 1 {
		s.Report(dkimMultiple, pr.selector, sel, name, Num("records", len(pr.keys))).Saw(pr.answer)
	}
	for _, r := range pr.keys {
		k, faults := dkim.ParseKey(r.Text)
		s.facts.Selectors = append(s.facts.Selectors, DKIMSelector{
			Selector: pr.selector, Domain: s.Domain(), Source: pr.source, KeyType: k.Type, KeyBits: k.Bits,
			Flags: append([]string{}, k.Flags...), Revoked: k.Revoked, Testing: k.Testing(),
			CNAME: alias, Provider: by, Record: r.Text, TTL: r.TTL,
		})
		s.key(pr, k, faults, alias != "")
	}
}

// key judges one record.
func (s *dkimSearch) key(pr *probe, k *dkim.Key, faults []dkim.Fault, alias bool) {
	sel, name := Str("selector", pr.selector), Str("name", pr.name)
	publish := func(f *Finding) {
		f.Saw(pr.answer)
		if mended := k.Mended(); mended != "" && !alias && len(pr.keys) == 1 && k.Bits >= shortBits(k) {
			f.Publish(pr.name, "TXT", mended)
		}
	}
	var broken []string
	for _, f := range faults {
		if f.Kind.Breaks() {
			broken = append(broken, fmt.Sprintf("%s@%d", f.Kind, f.Offset))
		}
	}
	if len(broken) > 0 {
		publish(s.Report(dkimSyntax, pr.selector, sel, name, List("faults", broken)))
	}
	if !k.Revoked && k.Type != "rsa" && k.Type != "ed25519" {
		s.Report(dkimKeyType, pr.selector, sel, name, Str("type", k.Type)).Saw(pr.answer)
	}
	bits := Num("bits", k.Bits)
	switch {
	case k.Revoked:
		if pr.selector != "*" { // a wildcard without a key says on purpose that nothing is signed
			s.Report(dkimRevoked, pr.selector, sel, name).Saw(pr.answer)
		}
		return // neither tests nor sizes matter
	case k.Type == "rsa" && 0 < k.Bits && k.Bits < shortBits(k):
		s.Report(dkimKeyShort, pr.selector, sel, name, bits).Saw(pr.answer)
	case k.Type == "rsa" && 0 < k.Bits && k.Bits < weakBits:
		s.Report(dkimKeyWeak, pr.selector, sel, name, bits).Saw(pr.answer)
	}
	if k.Testing() {
		publish(s.Report(dkimTesting, pr.selector, sel, name))
	}
}

const weakBits = 2048 // RFC 8301 §3.2: SHOULD

// shortBits is the least that verifiers accept (RFC 8301 §3.2).
func shortBits(k *dkim.Key) int {
	if k.Type == "rsa" {
		return 1024
	}
	return 0
}
