package sources

import (
	"slices"

	"todoku/codes"
	"todoku/diag/spf"
)

// MendKind is what has to be done.
type MendKind string

// The kinds.
const (
	AddToSPF   MendKind = "spf_add"    // the record does not name the source
	CheckSPF   MendKind = "spf_check"  // nobody could look whether the record names the source
	AlignSPF   MendKind = "spf_align"  // the envelope is of another domain
	StrictSPF  MendKind = "spf_strict" // the envelope is of a domain that aspf=s does not take
	SignDKIM   MendKind = "dkim_sign"  // nothing is signed for the domain
	MendKey    MendKind = "dkim_key"   // the signature of the domain does not hold
	AlignDKIM  MendKind = "dkim_align" // the signature is of a domain that adkim=s does not take
	AskService MendKind = "ask"        // nobody knows whose it is: ask who uses it
)

// Mend is one thing to do for the mails of a group. DKIM or SPF alone is enough for DMARC.
type Mend struct {
	Kind     MendKind
	Domain   string
	Selector string
	Include  string // what an SPF record includes for this operator
	Mails    int64  // that fail for this
	Command  codes.Command
}

// mends lists what is to be done for the mails of a group that fail, or would; count is how many of a stream matter.
func (w *work) mends(g *Group, list []*mails, count func(*mails) int64) []Mend {
	if g.Class != Ours && !g.Perhaps {
		return nil
	}
	order, at := []Mend{}, map[mendKey]int{}
	add := func(m Mend, n int64) {
		key := mendKey{m.Kind, m.Domain, m.Selector}
		i, there := at[key]
		if !there {
			i = len(order)
			order, at[key] = append(order, m), i
		}
		order[i].Mails = sum(order[i].Mails, n)
	}
	strictDKIM, strictSPF := w.policy.ADKIM == "s", w.policy.ASPF == "s"
	if w.change != nil {
		p := w.meant()
		strictDKIM, strictSPF = p.ADKIM == "s", p.ASPF == "s"
	}
	for _, m := range list {
		if byDKIM, bySPF := w.alignedBy(m, strictDKIM, strictSPF); byDKIM || bySPF {
			continue
		}
		n := count(m)
		if n == 0 {
			continue
		}
		if g.Perhaps {
			add(Mend{Kind: AskService, Domain: w.name}, n)
		}
		add(w.mendDKIM(m), n)
		if s, ok := w.mendSPF(g, m); ok {
			add(s, n)
		}
	}
	slices.SortStableFunc(order, func(a, b Mend) int {
		switch {
		case a.Kind == b.Kind:
		case a.Kind == AskService:
			return -1
		case b.Kind == AskService:
			return 1
		}
		return compare(a.Mails, b.Mails, string(a.Kind), string(b.Kind))
	})
	return order[:min(len(order), maxMends)]
}

// maxMends bounds the steps of a group.
const maxMends = 5

// mendKey is what mends have in common that are the same.
type mendKey struct {
	kind             MendKind
	domain, selector string
}

// mendDKIM is what DKIM lacks for mails.
func (w *work) mendDKIM(m *mails) Mend {
	for _, k := range m.dkim {
		switch {
		case k.domain == "" || !w.isOurs(k.domain):
			continue
		case k.result == "pass":
			return Mend{Kind: AlignDKIM, Domain: m.from, Selector: k.selector}
		}
		return Mend{Kind: MendKey, Domain: k.domain, Selector: k.selector,
			Command: codes.Todoku("check", "domain", "DOMAIN", "--only", "dkim", "--selector", "NAME").
				With(codes.PlaceDomain, k.domain).With(codes.PlaceSelector, k.selector)}
	}
	return Mend{Kind: SignDKIM, Domain: m.from}
}

// mendSPF is what SPF lacks for mails; false where nothing can be said.
func (w *work) mendSPF(g *Group, m *mails) (Mend, bool) {
	switch domain := m.spf.domain; {
	case domain == "":
		return Mend{}, false
	case !w.isOurs(domain):
		return Mend{Kind: AlignSPF, Domain: domain}, true
	case m.spf.result == "pass":
		return Mend{Kind: StrictSPF, Domain: m.from}, true
	case m.at.asked && m.at.records[domain] != nil && m.at.records[domain].passes():
		return Mend{}, false // it is named now
	case !m.at.lacks(domain):
		return Mend{Kind: CheckSPF, Domain: domain, Command: codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP").
			With(codes.PlaceDomain, domain).With(codes.PlaceIP, m.at.ip.String())}, true
	default:
		s := Mend{Kind: AddToSPF, Domain: domain}
		if list := w.world.Providers.Includes(g.Operator.ID); g.Operator.ID != "" && len(list) > 0 {
			s.Include = list[0]
			s.Command = codes.Todoku("check", "domain", "DOMAIN", "--only", "spf", "--require-include", "ENVELOPE").
				With(codes.PlaceDomain, domain).With(codes.PlaceEnvelope, s.Include)
			return s, true
		}
		s.Command = codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP").With(codes.PlaceDomain, domain).
			With(codes.PlaceIP, m.at.ip.String())
		return s, true
	}
}

// lacks reports whether the SPF record of a domain was looked at, and does not let the address pass.
func (a *address) lacks(domain string) bool {
	r := a.records[domain]
	if !a.asked || r == nil || r.err != nil {
		return false
	}
	switch r.result {
	case spf.None, spf.Neutral, spf.SoftFail, spf.Fail:
		return true
	}
	return false
}
