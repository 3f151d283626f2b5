package check

import (
	"context"
	"strings"

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
		names := append(wrongNames(pr.selector+"._domainkey", pr.selector+".domainkey", s.Domain(), zone, true),
			pr.selector+"._domainkey._domainkey."+s.Domain(), pr.selector+"._domainkeys."+s.Domain(), pr.selector+"."+s.Domain(),
			pr.selector+"_domainkey."+s.Domain(), "_domainkey."+pr.selector+"."+s.Domain(), "_domainkey."+s.Domain(), s.Domain())
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
	parents := wrongNames("_domainkey", "domainkey", s.Domain(), zone, s.exists())
	switch {
	case s.keysBelow(): // as with a key that was found, only the label may be there twice
		parents = []string{"_domainkey._domainkey." + s.Domain()}
	case s.exists():
		parents = append(parents, "_domainkeys."+s.Domain())
	}
	for i, a := range askAll(ctx, s.DNS, parents) {
		if !onlyHolds(a) {
			continue
		}
		var at []dkimPlace
		for _, pr := range s.probes {
			at = append(at, dkimPlace{selector: pr.selector, name: pr.name, place: pr.selector + "." + parents[i]})
		}
		// Where the first selector seems to hold others too, every name does: that of a wildcard record of another type.
		if first, err := s.DNS.Ask(ctx, at[0].place, resolve.TypeTXT); err == nil && !onlyHolds(first) {
			s.lookAt(ctx, at)
		}
	}
}

// onlyHolds reports an answer as a name gives it that has no records, but others below it.
func onlyHolds(a resolve.Answer) bool { return a.Status == resolve.NoData && len(a.Chain) == 0 }

// lookAt asks for keys at some names and takes the first of each selector.
func (s *dkimSearch) lookAt(ctx context.Context, at []dkimPlace) {
	names := make([]string, len(at))
	for i, p := range at {
		names[i] = p.place
	}
	taken := map[string]bool{}
	for i, a := range askAll(ctx, s.DNS, names) {
		if p := at[i]; !taken[p.selector] {
			taken[p.selector] = s.misplacedIn(p.selector, p.name, a)
		}
	}
}

// misplacedIn takes a key out of what a wrong name says.
func (s *dkimSearch) misplacedIn(selector, name string, a resolve.Answer) bool {
	for _, r := range a.Records {
		if !dkim.IsKey(r.Text) {
			continue
		}
		if _, ok := dkim.Mend(r.Text); ok || strings.Contains(strings.ToLower(r.Text), "dkim") {
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
