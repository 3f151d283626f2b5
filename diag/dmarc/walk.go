package dmarc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"todoku/diag/resolve"
)

// Step is one question of the walk and what came of it.
type Step struct {
	Domain string         // mail.example.test
	Name   string         // _dmarc.mail.example.test
	Answer resolve.Answer // all TXT records of the name
	Err    error          // why there is no answer
	Texts  []string       // those that are DMARC records
	Record *Record        // when there is exactly one (RFC 9989 §4.10)
	Faults []Fault        // of Record
}

// Status is "record", "none", "several" or "error".
func (s *Step) Status() string {
	switch {
	case s.Err != nil:
		return "error"
	case s.Record != nil:
		return "record"
	case len(s.Texts) > 1:
		return "several"
	}
	return "none"
}

// Almost lists the texts that are meant as DMARC records and are none.
func (s *Step) Almost() []string {
	var out []string
	for _, r := range s.Answer.Records {
		if Meant(r.Text) {
			out = append(out, r.Text)
		}
	}
	return out
}

// Dangling is where the alias leads that stands in the place of a record; "" where there is none, or where it leads to a
// record or to a text that is meant as one.
func (s *Step) Dangling() string {
	n := len(s.Answer.Chain)
	if n == 0 || s.Err != nil || len(s.Texts) > 0 || len(s.Almost()) > 0 {
		return ""
	}
	return s.Answer.Chain[n-1]
}

// Walk is the walk up the DNS tree from a domain (RFC 9989 §4.10).
type Walk struct {
	Domain string
	Steps  []Step // those that the walk reaches
	Org    string // the organisational domain; "" while Err is not nil
	Policy *Step  // whose record applies to the domain; nil when none does, or when that is not known
	Err    error  // what kept the walk from its end

	// Self is the TXT answer of the domain itself: whether it exists, and
	// whether the record stands there by mistake.
	Self    resolve.Answer
	SelfErr error

	asked  []Step
	pslOrg string
}

// Discover finds the policy that applies to mail from a domain and the
// organisational domain. All names that the walk can reach are asked at once.
func Discover(ctx context.Context, r resolve.Resolver, domain string) *Walk {
	w := &Walk{Domain: domain, pslOrg: Registered(domain)}
	names := targets(domain)
	if w.pslOrg != "" && !slices.Contains(names, w.pslOrg) {
		names = append(names, w.pslOrg) // below the names that a long walk leaves out
	}
	var wg sync.WaitGroup
	wg.Go(func() { w.Self, w.SelfErr = r.Ask(ctx, domain, resolve.TypeTXT) })
	w.ask(ctx, r, names)
	wg.Wait()
	w.finish(len(targets(domain)))
	return w
}

// organisational walks only to find the organisational domain.
func organisational(ctx context.Context, r resolve.Resolver, domain string) *Walk {
	w := &Walk{Domain: domain}
	names := targets(domain)
	w.ask(ctx, r, names)
	w.finish(len(names))
	return w
}

// maxLabels is how many labels the second question of a long walk has.
const maxLabels = 7

// targets lists the domains that the walk asks, at most eight, down to the
// single label.
func targets(domain string) []string {
	if domain == "" || domain == "." {
		return nil
	}
	n := strings.Count(domain, ".") + 1
	out := make([]string, 1, min(n, maxLabels+1))
	out[0] = domain
	at := domain
	// RFC 9989 §4.10 step 4: with eight labels or more, go on with seven.
	for n--; n > 0; n-- {
		at = resolve.Parent(at)
		if n <= maxLabels {
			out = append(out, at)
		}
	}
	return out
}

func (w *Walk) ask(ctx context.Context, r resolve.Resolver, domains []string) {
	w.asked = make([]Step, len(domains))
	var wg sync.WaitGroup
	for i, d := range domains {
		s := &w.asked[i]
		s.Domain, s.Name = d, "_dmarc."+d
		if i > 0 {
			wg.Go(func() { s.ask(ctx, r) })
		}
	}
	if len(domains) > 0 {
		w.asked[0].ask(ctx, r)
	}
	wg.Wait()
}

func (s *Step) ask(ctx context.Context, r resolve.Resolver) {
	if len(s.Name) > maxName {
		s.Answer = resolve.Answer{Name: s.Name, Type: resolve.TypeTXT, Status: resolve.NoName}
		return // too long to exist, which is knowledge
	}
	if s.Answer, s.Err = r.Ask(ctx, s.Name, resolve.TypeTXT); s.Err != nil {
		return
	}
	for _, rec := range s.Answer.Records {
		if IsDMARC(rec.Text) {
			s.Texts = append(s.Texts, rec.Text)
		}
	}
	if len(s.Texts) == 1 { // RFC 9989 §4.10 step 2: several are all discarded
		s.Record, s.Faults = Parse(s.Texts[0])
	}
}

const maxName = 253 // octets of a name as people write it (RFC 1035 §2.3.4)

// finish says how far the walk goes and what it finds. n is the number of its
// targets.
func (w *Walk) finish(n int) {
	reached := n
	var errs []error
	for i := range n {
		s := &w.asked[i]
		if s.Err != nil {
			errs = append(errs, s.Err)
			continue
		}
		// RFC 9989 §4.10 steps 2 and 6: psd=y and psd=n end the walk.
		if s.Record != nil && s.Record.PSD != 'u' {
			reached = i + 1
			break
		}
	}
	w.Steps, w.Err = w.asked[:reached], errors.Join(errs...)
	if w.Err == nil {
		w.Org = w.organisation()
	}
	w.Policy = w.governing()
}

// organisation selects the organisational domain (RFC 9989 §4.10.2).
func (w *Walk) organisation() string {
	org := w.Domain
	for i := range w.Steps {
		s := &w.Steps[i]
		switch {
		case s.Record == nil:
		case s.Record.PSD == 'n':
			return s.Domain
		case s.Record.PSD == 'y' && i > 0:
			return below(s.Domain, w.Domain)
		default:
			org = s.Domain // the fewest labels win: the last one stays
		}
	}
	return org
}

// below is the ancestor of domain, or domain itself, one label below suffix.
func below(suffix, domain string) string {
	head := strings.TrimSuffix(domain, "."+suffix)
	return domain[strings.LastIndexByte(head, '.')+1:]
}

// governing selects the record that applies (RFC 9989 §4.10.1): that of the
// domain, of its organisational domain, or of its public suffix.
func (w *Walk) governing() *Step {
	if len(w.Steps) > 0 && w.Steps[0].Record != nil {
		return &w.Steps[0]
	}
	if w.Err != nil {
		return nil
	}
	for i := range w.Steps {
		s := &w.Steps[i]
		if s.Record != nil && (s.Domain == w.Org || s.Record.PSD == 'y') {
			return s
		}
	}
	return nil
}

// Own is the step of the domain itself.
func (w *Walk) Own() *Step {
	if len(w.Steps) == 0 {
		return new(Step)
	}
	return &w.Steps[0]
}

// FromSuffix reports whether the record that applies is that of a public
// suffix above the domain: nobody of the domain can change it.
func (w *Walk) FromSuffix() bool {
	return w.Policy != nil && w.Policy.Record.PSD == 'y' && w.Policy.Domain != w.Domain
}

// Exists reports whether the domain exists: only NXDOMAIN says that it does not
// (RFC 9989 §3.2.13, RFC 8020). A name that is an alias exists.
func (w *Walk) Exists() (exists, known bool) {
	if w.SelfErr == nil {
		return !w.Self.NoSuchName(), true
	}
	own := w.Own() // where something is below the name, the name exists
	return true, own.Err == nil && !own.Answer.NoSuchName()
}

// Ours reports whether a name of the walk belongs to the owner of the domain, and not to the registry or to a hosting
// company above.
func (w *Walk) Ours(name string) bool { return resolve.Within(name, w.pslOrg) }

// Holds reports whether something stands at the name for the record of a domain, or may: a record cannot be put beside it.
func (w *Walk) Holds(domain string) bool {
	s := w.step(domain)
	return s == nil || s.Err != nil || len(s.Texts) > 0 || len(s.Answer.Chain) > 0 || len(s.Almost()) > 0
}

// OrgRecord is the record of the organisational domain; nil where it has none or where that is not known.
func (w *Walk) OrgRecord() *Record {
	if s := w.step(w.Org); s != nil {
		return s.Record
	}
	return nil
}

// Published is the policy that applies to the domain after sp and np, before t;
// "" when none does. known is false when something failed that decides it.
func (w *Walk) Published() (policy Policy, known bool) {
	if w.Policy == nil {
		return "", w.Err == nil
	}
	p, sp, np := w.Policy.Record.Policies()
	if w.Policy.Domain == w.Domain {
		return p, true
	}
	exists, known := w.Exists()
	switch {
	case sp == np:
		return sp, true
	case !known:
		return "", false
	case exists:
		return sp, true
	}
	return np, true
}

// Registered is the organisational domain of RFC 7489 §3.2, by the public
// suffix list; a public suffix stands for itself.
func Registered(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}
