package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/diag/mx"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// DKIMOptions is what the DKIM check may be told.
type DKIMOptions struct {
	Selectors    []string // to look at; empty: find them
	AllSelectors bool     // ask for all known selectors, not only the usual ones
	Seen         []string // that mails or reports have shown: asked for, too, where selectors are to be found
}

// DKIM looks at the public keys that the domain publishes. Selectors cannot be
// listed: what was not found under the usual names may stand under others.
func DKIM(o DKIMOptions) *diag.Check {
	return &diag.Check{
		Name:  "dkim",
		Title: codes.Text{EN: "DKIM", JA: "DKIM"},
		Rules: []*diag.Rule{DKIMSelectorNone, DKIMMisplaced, DKIMCNAMEBroken, DKIMCNAMEUnused, DKIMMultiple, DKIMKeySplit, DKIMSyntax,
			DKIMKeyUnusable, DKIMKeyShort, DKIMKeyWeak, DKIMKeyLarge, DKIMRevoked, DKIMTesting, DKIMKeyType, DKIM2Key, DKIMNoneFound},
		Run: func(ctx context.Context, p *diag.Pass) error { return runDKIM(ctx, p, o) },
	}
}

const (
	wildcardAt    = 5 // the same at so many selectors is one wildcard record
	maxDKIMErrors = 5 // told in words; whoever counts sees all
	maxKeys       = 8 // of one selector
)

// dkimProbe is one selector and what DNS said of it.
type dkimProbe struct {
	selector, name, source string
	provider               string // that made us ask
	answer                 resolve.Answer
	err                    error
	keys                   []resolve.Record // TXT records meant as keys
	read                   []readKey        // what they say, each at the place of its record
	asked                  bool
}

// readKey is a record of a key as it was read.
type readKey struct {
	*dkim.Key
	faults []dkim.Fault
}

// dkimSearch is the look for the keys of one domain.
type dkimSearch struct {
	*diag.Pass
	o                       DKIMOptions
	facts                   *DKIMFacts
	probes                  []*dkimProbe
	given                   bool
	below, mx, txt          resolve.Answer // _domainkey, and the records that name providers
	belowErr, mxErr, txtErr error
	wrong                   []dkimPlace
	signs                   map[string]bool // the providers at which there is a key that can be used
	usable                  bool            // there is one anywhere
}

func runDKIM(ctx context.Context, p *diag.Pass, o DKIMOptions) error {
	s := &dkimSearch{Pass: p, o: o, facts: &DKIMFacts{Selectors: []DKIMSelector{}}, given: len(o.Selectors) > 0}
	p.Facts(s.facts)
	if s.given {
		for _, given := range o.Selectors {
			sel, err := SelectorOf(given, p.Domain())
			if err != nil {
				return err
			}
			s.add(sel, "given", "")
		}
		s.ask(ctx)
	} else {
		s.discover(ctx)
	}
	s.around(ctx)
	for _, pr := range s.probes {
		if pr.asked {
			s.facts.Probed++
		}
	}
	s.facts.expected = s.given || slices.ContainsFunc(s.probes, s.dangling)
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
	s.probes = append(s.probes, &dkimProbe{selector: selector, name: selector + "._domainkey." + s.Domain(), source: source, provider: by})
}

// ask asks for what is on the list and was not asked for.
func (s *dkimSearch) ask(ctx context.Context) {
	var wg sync.WaitGroup
	s.start(ctx, &wg)
	wg.Wait()
	s.pickKeys()
}

// maxAtOnce is how many selectors of a domain are asked for at once in a list of domains. Other domains are asked about at the
// same time, and each open question takes memory; but where answers take long, a domain should not be under way for long.
const maxAtOnce = 12

// Times after which a question that has no answer yet no longer holds up the next ones: one domain that stays silent would
// hold up a whole list for many times the time limit of one question.
const (
	placeTime = 200 * time.Millisecond // a selector gives its place among maxAtOnce to the next one
	belowTime = time.Second            // the selectors are asked for without knowing whether there are any
)

// start asks for what is on the list; one domain gets all its questions out in
// one round trip.
func (s *dkimSearch) start(ctx context.Context, wg *sync.WaitGroup) {
	var open []*dkimProbe
	for _, pr := range s.probes {
		if !pr.asked {
			pr.asked = true
			open = append(open, pr)
		}
	}
	n := len(open)
	if !s.Eager {
		n = min(n, maxAtOnce)
	}
	var next atomic.Int32
	for range n {
		wg.Go(func() { s.askNext(ctx, wg, open, &next) })
	}
}

// askNext asks for one selector after the other. It ends where all are asked for, or where it has given its place away.
func (s *dkimSearch) askNext(ctx context.Context, wg *sync.WaitGroup, open []*dkimProbe, next *atomic.Int32) {
	given := make(chan struct{})
	late := time.AfterFunc(time.Hour, func() {
		defer close(given)
		wg.Go(func() { s.askNext(ctx, wg, open, next) })
	})
	defer late.Stop()
	for i := int(next.Add(1)) - 1; i < len(open); i = int(next.Add(1)) - 1 {
		late.Reset(placeTime)
		open[i].answer, open[i].err = s.DNS.Ask(ctx, open[i].name, resolve.TypeTXT)
		if !late.Stop() {
			<-given
			return
		}
	}
}

// discover tries the usual selectors and those of the providers that the
// domain's MX and SPF name, in two round trips.
func (s *dkimSearch) discover(ctx context.Context) {
	usual := s.Providers.WellKnown()
	if s.o.AllSelectors {
		usual = s.Providers.AllSelectors()
	}
	for _, sel := range usual {
		s.add(sel, "well-known", "")
	}
	for _, seen := range s.o.Seen {
		if sel, err := SelectorOf(seen, s.Domain()); err == nil { // one of another domain says nothing here
			s.add(sel, "seen", "")
		}
	}
	var about, keys sync.WaitGroup
	if s.Eager {
		s.start(ctx, &keys)
	}
	about.Go(func() {
		s.below, s.belowErr = s.DNS.Ask(ctx, "_domainkey."+s.Domain(), resolve.TypeTXT)
	})
	if s.Providers != nil {
		about.Go(func() { s.mx, s.mxErr = s.DNS.Ask(ctx, s.Domain(), resolve.TypeMX) })
		about.Go(func() { s.txt, s.txtErr = s.DNS.Ask(ctx, s.Domain(), resolve.TypeTXT) })
	}
	if !s.Eager && !endsWithin(&about, belowTime) {
		s.start(ctx, &keys)
	}
	about.Wait()
	keys.Wait()
	s.infer()
	all := s.probes
	if s.nothingBelow() {
		s.probes = all[:1] // one question is enough
	}
	s.ask(ctx)
	s.probes = all
}

// nothingBelow reports that there can be no key. NXDOMAIN of _domainkey alone does not say so: some servers say it though names
// stand below. It does where DNSSEC proves it, and where nobody has registered the domain.
func (s *dkimSearch) nothingBelow() bool {
	if s.belowErr != nil || !s.below.NoSuchName() {
		return false
	}
	return s.below.Authentic || !s.exists() && s.Domain() == dmarc.Registered(s.Domain())
}

// exists reports whether the domain itself does: false only where both answers about it say so.
func (s *dkimSearch) exists() bool {
	return s.mxErr != nil || !s.mx.NoSuchName() || s.txtErr != nil || !s.txt.NoSuchName()
}

// keysBelow reports that something is below _domainkey, at selectors that nobody knows: the name exists without records, and
// others below it do not.
func (s *dkimSearch) keysBelow() bool {
	return s.belowErr == nil && onlyHolds(s.below) && s.anyMissing()
}

// anyMissing reports whether a selector was asked for that does not exist.
func (s *dkimSearch) anyMissing() bool {
	return slices.ContainsFunc(s.probes, func(pr *dkimProbe) bool { return pr.asked && pr.err == nil && pr.answer.NoSuchName() })
}

// endsWithin waits until what is under way has ended, at most for a time, and reports whether it has.
func endsWithin(wg *sync.WaitGroup, limit time.Duration) bool {
	ended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case <-ended:
		return true
	case <-late.C:
		return false
	}
}

// infer adds the selectors of the providers that the domain points to: no more
// than our catalogue of providers has.
func (s *dkimSearch) infer() {
	for _, r := range mx.Sorted(s.mx.Records) {
		if by, ok := s.Providers.ByMX(r.Host); ok {
			s.addAll(s.Providers.Selectors(by), by.Name.EN)
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
					s.addAll(s.Providers.Selectors(by), by.Name.EN)
				}
			}
		}
	}
}

func (s *dkimSearch) addAll(selectors []string, by string) {
	for _, sel := range selectors {
		s.add(sel, "provider:"+by, by)
	}
}

// pickKeys picks the keys out of the answers.
func (s *dkimSearch) pickKeys() {
	for _, pr := range s.probes {
		if pr.asked && pr.keys == nil && pr.err == nil {
			for _, r := range pr.answer.Records {
				if dkim.IsKey(r.Text) {
					pr.keys = append(pr.keys, r)
				}
			}
			slices.SortStableFunc(pr.keys, func(a, b resolve.Record) int { return strings.Compare(a.Text, b.Text) })
			for _, r := range pr.keys {
				k, faults := dkim.ParseKey(r.Text)
				pr.read = append(pr.read, readKey{k, faults})
			}
		}
	}
}

// errors tells what could not be found out.
func (s *dkimSearch) errors() error {
	all := []error{s.belowErr, s.mxErr, s.txtErr}
	for _, pr := range s.probes {
		all = append(all, pr.err)
		if more := len(pr.keys) - maxKeys; more > 0 {
			keys := codes.Text{EN: "keys of the selector " + pr.selector, JA: "セレクター " + pr.selector + " の鍵"}
			all = append(all, diag.Beyond(s.Domain(), "DKIM", keys, maxKeys, more))
		}
	}
	all = slices.DeleteFunc(all, func(err error) bool { return err == nil })
	if len(all) == 0 {
		return nil
	}
	return unanswered(all)
}

// unanswered is what could not be found out.
type unanswered []error

// Unwrap gives all of it.
func (u unanswered) Unwrap() []error { return u }

// Error tells the first few, and how many more there are.
func (u unanswered) Error() string {
	said := errors.Join(u[:min(len(u), maxDKIMErrors)]...).Error()
	if more := len(u) - maxDKIMErrors; more > 0 {
		said += fmt.Sprintf("\n%d more questions about DKIM had no answer", more)
	}
	return said
}
