package check

import (
	"context"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// SelectorOf takes the selector out of what people give as one. That of another domain is an error.
func SelectorOf(given, domain string) (string, error) {
	sel, of := dkim.SplitSelector(given)
	if of != "" && !strings.EqualFold(of, domain) {
		return "", codes.Wrong(codes.Say(codes.Text{
			EN: "the selector {selector} is one of {other}, not of {domain}", JA: "セレクター {selector} は {domain} ではなく {other} のものです"},
			codes.Str("selector", given), codes.Str("other", of), codes.Str("domain", domain)), codes.Say(codes.Text{
			EN: "give the part before ._domainkey alone, or check {other}", JA: "._domainkey より前の部分だけを指定するか、{other} を調べてください"},
			codes.Str("other", of)))
	}
	return sel, nil
}

// dkimPlace is a name at which a key stands by mistake, and where it belongs.
type dkimPlace struct {
	selector, name string // where it belongs; the selector may be unknown
	place, text    string
	answer         resolve.Answer
}

// around looks, where a key is not found, at names at which people put it by mistake. What cannot be looked up here decides
// nothing.
func (s *dkimSearch) around(ctx context.Context) {
	zone := dmarc.Registered(s.Domain())
	if s.errors() != nil { // a domain that does not answer is asked no further
		return
	}
	if !s.given {
		if !s.found() {
			s.aroundAll(ctx, zone)
		}
		return
	}
	var at []dkimPlace
	for _, pr := range s.probes {
		if pr.err != nil || len(pr.keys) > 0 || s.dangling(pr) {
			continue
		}
		names := append(wrongNames(pr.selector+"._domainkey", pr.selector+".domainkey", s.Domain(), zone),
			pr.selector+"."+s.Domain(), pr.selector+"_domainkey."+s.Domain(), "_domainkey."+pr.selector+"."+s.Domain(),
			"_domainkey."+s.Domain(), s.Domain())
		for _, n := range names {
			at = append(at, dkimPlace{selector: pr.selector, name: pr.name, place: n})
		}
	}
	s.lookAt(ctx, at)
}

// found reports whether a key, or an alias in the place of one, was found.
func (s *dkimSearch) found() bool {
	for _, pr := range s.probes {
		if len(pr.keys) > 0 || s.dangling(pr) {
			return true
		}
	}
	return false
}

// aroundAll looks where nobody knows a selector: at the names above the selectors, and for all of them below a name that
// was written by mistake, if it exists.
func (s *dkimSearch) aroundAll(ctx context.Context, zone string) {
	for _, a := range []resolve.Answer{s.below, s.txt} {
		if s.misplacedIn("", "SELECTOR._domainkey."+s.Domain(), a) {
			return
		}
	}
	if s.txt.Status == resolve.NoName && len(s.txt.Chain) == 0 {
		return
	}
	for _, parent := range wrongNames("_domainkey", "domainkey", s.Domain(), zone) {
		// Only a name without records has others below it, or is none: one with a text is that of a wildcard.
		if a, err := s.DNS.Ask(ctx, parent, resolve.TypeTXT); err != nil || a.Status != resolve.NoData || len(a.Chain) > 0 {
			continue
		}
		var at []dkimPlace
		for _, pr := range s.probes {
			at = append(at, dkimPlace{selector: pr.selector, name: pr.name, place: pr.selector + "." + parent})
		}
		s.lookAt(ctx, at)
	}
}

// lookAt asks for keys at some names and takes the first of each selector.
func (s *dkimSearch) lookAt(ctx context.Context, at []dkimPlace) {
	answers := make([]resolve.Answer, len(at))
	var wg sync.WaitGroup
	for i, p := range at {
		wg.Go(func() {
			if a, err := s.DNS.Ask(ctx, p.place, resolve.TypeTXT); err == nil {
				answers[i] = a
			}
		})
	}
	wg.Wait()
	taken := map[string]bool{}
	for i, p := range at {
		if !taken[p.selector] {
			taken[p.selector] = s.misplacedIn(p.selector, p.name, answers[i])
		}
	}
}

// misplacedIn takes a key out of what a wrong name says.
func (s *dkimSearch) misplacedIn(selector, name string, a resolve.Answer) bool {
	for _, r := range a.Records {
		if _, ok := dkim.Mend(r.Text); ok || dkim.IsKey(r.Text) && strings.Contains(strings.ToLower(r.Text), "dkim") {
			s.wrong = append(s.wrong, dkimPlace{selector, name, a.Name, r.Text, a})
			return true
		}
	}
	return false
}

// misplaced tells of the keys that stand at other names.
func (s *dkimSearch) misplaced() {
	for _, p := range s.wrong {
		subject := p.selector
		if subject == "" {
			subject = s.Domain()
		}
		f := s.Report(DKIMMisplaced, subject, codes.Str("place", p.place), codes.Str("name", p.name)).Saw(p.answer)
		if mended, ok := dkim.Mend(p.text); ok && p.selector != "" && len(p.answer.Chain) == 0 {
			f.Publish(p.name, "TXT", mended)
		}
	}
}
