package check

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// dangling reports an alias that leads to nothing.
func (s *dkimSearch) dangling(pr *dkimProbe) bool {
	a := pr.answer
	return pr.asked && pr.err == nil && a.Status != resolve.Found && len(a.Chain) > 0 && !s.everywhere(a.Chain)
}

// everywhere reports an alias that also stands for _domainkey: a wildcard of
// the whole domain, not about DKIM. Without an answer for _domainkey it takes a
// selector that does not exist to say that there is none (RFC 4592 §2.2.1).
func (s *dkimSearch) everywhere(chain []string) bool {
	if s.belowErr == nil {
		return slices.Equal(chain, s.below.Chain)
	}
	return !s.anyMissing()
}

func (s *dkimSearch) judge(complete bool) {
	var present []*dkimProbe // that have a key or a broken alias
	same := map[string]int{}
	for _, pr := range s.probes {
		if len(pr.keys) > 0 || s.dangling(pr) {
			present = append(present, pr)
			same[pr.fingerprint()]++
		}
	}
	s.live(present)
	for _, pr := range present {
		n := same[pr.fingerprint()]
		if !s.given && n >= wildcardAt {
			pr.selector, pr.name, pr.source = "*", "*._domainkey."+s.Domain(), "well-known"
			pr.provider = ""
			same[pr.fingerprint()] = -1 // told once
		}
		if n > 0 {
			s.judgeSelector(pr)
		}
	}
	if s.given {
		s.absent()
	} else if complete && len(present) == 0 {
		s.Report(DKIMNoneFound, s.Domain(), codes.Num("found", 0), codes.Num("probed", s.facts.Probed)).Saw(s.below)
	}
	s.misplaced()
}

// live notes at which providers the domain has a key that can be used.
func (s *dkimSearch) live(present []*dkimProbe) {
	s.signs = map[string]bool{}
	for _, pr := range present {
		for _, k := range pr.read {
			if k.Bits > 0 && len(breaking(k.faults)) == 0 {
				s.signs[s.host(pr)], s.usable = true, true
			}
		}
	}
}

// host says whose alias stands at a selector: the provider that is recognised, else the domain where it ends; "" without one.
func (s *dkimSearch) host(pr *dkimProbe) string {
	host := ""
	for _, alias := range pr.answer.Chain {
		if host = dmarc.Registered(alias); host == "" {
			host = alias
		}
	}
	for _, alias := range pr.answer.Chain {
		if known, ok := s.Providers.ByCNAME(alias); ok {
			host = known.ID
		}
	}
	return host
}

// fingerprint is the same for all selectors that one wildcard record answers: their keys, else the end of their alias.
func (pr *dkimProbe) fingerprint() string {
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
			s.Report(DKIMSelectorNone, pr.selector, codes.Str("selector", pr.selector), codes.Str("name", pr.name),
				codes.Str("status", absence(pr.answer))).Saw(pr.answer)
		}
	}
}

// judgeSelector judges one selector and adds its keys to the facts.
func (s *dkimSearch) judgeSelector(pr *dkimProbe) {
	sel, name := codes.Str("selector", pr.selector), codes.Str("name", pr.name)
	alias, by := "", pr.provider
	for _, alias = range pr.answer.Chain { // the last name that is recognised says most
		if known, ok := s.Providers.ByCNAME(alias); ok {
			by = known.Name.EN
		}
	}
	if len(pr.keys) == 0 {
		rule := DKIMCNAMEBroken
		if !s.given && s.signs[s.host(pr)] { // the service signs with another selector, and has this one for later
			rule = DKIMCNAMEUnused
		}
		sawAlias(s.Report(rule, pr.selector, sel, name, codes.Str("alias", alias), codes.Str("provider", by)), pr.answer)
		return
	}
	whole := s.several(pr)
	for i, r := range pr.keys[:min(len(pr.keys), maxKeys)] {
		k := pr.read[i]
		s.facts.Selectors = append(s.facts.Selectors, DKIMSelector{
			Selector: pr.selector, Domain: s.Domain(), Source: pr.source, KeyType: k.Type, KeyBits: k.Bits,
			Flags: append([]string{}, k.Flags...), Revoked: k.Revoked, Testing: k.Testing(),
			CNAME: alias, Provider: by, Record: r.Text, TTL: r.TTL,
		})
		if whole {
			s.judgeKey(pr, r, k.Key, k.faults)
		}
	}
}

// several judges the number of TXT records at a selector, of which a key has to be the only one. It reports whether what
// looks like a key is a whole one.
func (s *dkimSearch) several(pr *dkimProbe) bool {
	all := pr.answer.Records
	if len(all) < 2 {
		return true
	}
	rule, mended, whole := DKIMMultiple, "", true
	if len(pr.keys) <= maxKeys {
		texts := pr.answer.Texts()
		joined, cut := dkim.JoinTags(texts[:min(len(texts), maxKeys)])
		if !cut && len(pr.keys) == 1 {
			if joined, cut = dkim.Join(pr.keys[0].Text, texts); cut {
				joined, _ = dkim.Mend(joined)
			}
		}
		switch {
		case cut:
			rule, mended, whole = DKIMKeySplit, joined, false
		case len(pr.keys) == 1:
			mended, _ = dkim.Mend(pr.keys[0].Text)
		default:
			mended, _ = dkim.MendAll(recordTexts(pr.keys))
		}
	}
	f := s.Report(rule, pr.selector, codes.Str("selector", pr.selector), codes.Str("name", pr.name),
		codes.Num("records", len(all))).Saw(pr.answer)
	if mended != "" && len(pr.answer.Chain) == 0 {
		f.Publish(pr.name, "TXT", mended)
	}
	return whole
}

func recordTexts(records []resolve.Record) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.Text
	}
	return out
}

// judgeKey judges one record.
func (s *dkimSearch) judgeKey(pr *dkimProbe, r resolve.Record, k *dkim.Key, faults []dkim.Fault) {
	sel, name := codes.Str("selector", pr.selector), codes.Str("name", pr.name)
	seen := pr.answer
	seen.Records = []resolve.Record{r}
	mended := sync.OnceValue(func() string { text, _ := dkim.Mend(r.Text); return text })
	publish := func(f *diag.Finding, mended string) {
		f.Saw(seen)
		if again, _ := dkim.ParseKey(mended); mended != "" && len(pr.answer.Chain) == 0 && len(pr.keys) == 1 && again.Bits >= shortBits(again) {
			f.Publish(pr.name, "TXT", mended)
		}
	}
	broken := breaking(faults)
	later := k.ForDKIM2() && !k.Revoked
	unknown := !k.Revoked && !later && k.Type != "rsa" && k.Type != "ed25519"
	switch {
	case len(broken) > 0:
		publish(s.Report(DKIMSyntax, pr.selector, append([]codes.Datum{sel, name}, faultData(broken)...)...), mended())
	case later:
		s.Report(DKIM2Key, pr.selector, sel, name, codes.Str("type", k.Type)).Saw(seen)
	case unknown:
		publish(s.Report(s.typeRule(), pr.selector, sel, name, codes.Str("type", k.Type)), mended())
	}
	if k.Revoked { // neither tests nor sizes matter
		if pr.selector != "*" { // a wildcard without a key says on purpose that nothing is signed
			s.Report(DKIMRevoked, pr.selector, sel, name).Saw(seen)
		}
		return
	}
	if rule := sizeRule(k); rule != nil {
		s.Report(rule, pr.selector, sel, name, codes.Num("bits", k.Bits)).Saw(seen)
	}
	if !k.Testing() {
		return
	}
	live := mended()
	if len(broken) == 0 && !unknown && len(pr.answer.Records) == 1 {
		again, _ := dkim.ParseKey(live)
		live = again.Live().Mended()
	}
	publish(s.Report(DKIMTesting, pr.selector, sel, name), live)
}

// typeRule is the rule that a key of an unknown type breaks: it is worse where no selector has a key that can be used.
func (s *dkimSearch) typeRule() *diag.Rule {
	if !s.given && s.usable {
		return DKIMKeyType
	}
	return DKIMKeyUnusable
}

// breaking lists the faults that make a key unusable.
func breaking(faults []dkim.Fault) []dkim.Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f dkim.Fault) bool { return !f.Kind.Breaks() })
}

// faultData tells the first of some faults, and where all stand.
func faultData(faults []dkim.Fault) []codes.Datum {
	var places []string
	for _, f := range faults {
		places = append(places, string(f.Kind)+"@"+strconv.Itoa(f.Offset))
	}
	first := faults[0]
	return []codes.Datum{codes.Num("offset", first.Offset), codes.Str("fault", string(first.Kind)), codes.Str("tag", first.Tag),
		codes.Str("text", first.Text), codes.Str("expected", first.Expected), codes.List("faults", places), codes.List("further", places[1:])}
}

// sizeRule is the rule that the length of an RSA key breaks, or nil.
func sizeRule(k *dkim.Key) *diag.Rule {
	switch {
	case k.Type != "rsa" || k.Bits <= 0:
		return nil
	case k.Bits < shortBits(k):
		return DKIMKeyShort
	case k.Bits < weakBits:
		return DKIMKeyWeak
	case k.Bits > largeBits:
		return DKIMKeyLarge
	}
	return nil
}

// RFC 8301 §3.2: signers SHOULD use 2048 bits, verifiers MUST take up to 4096.
const (
	weakBits  = 2048
	largeBits = 4096
)

// shortBits is the least that verifiers accept (RFC 8301 §3.2).
func shortBits(k *dkim.Key) int {
	if k.Type == "rsa" {
		return 1024
	}
	return 0
}

// sawAlias adds the way from alias to alias, and that nothing is at its end.
func sawAlias(f *diag.Finding, a resolve.Answer) *diag.Finding {
	from := a.Name
	for _, to := range a.Chain {
		f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: from, Type: resolve.TypeCNAME.String(), Value: to})
		from = to
	}
	a.Name = from
	return f.Saw(a)
}
