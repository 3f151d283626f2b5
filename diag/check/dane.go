package check

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dane"
	"todoku/diag/mx"
	"todoku/diag/resolve"
)

// DANEOptions is what the DANE check may be told.
type DANEOptions struct {
	Visit bool        // hold the records against the certificates that the servers show
	SMTP  SMTPOptions // as the SMTP check visits them: each server is visited once
}

// DANE looks at the TLSA records of the hosts that take the domain's mail: whether a sender can use them, whether DNSSEC
// secures them, and whether they match what the servers show (RFC 6698, RFC 7671, RFC 7672).
func DANE(o DANEOptions) *diag.Check {
	return &diag.Check{
		Name:  "dane",
		Title: codes.Text{EN: "DANE", JA: "DANE"},
		Brief: !o.Visit,
		Rules: []*diag.Rule{DANEMismatch, DANEStartTLS, DANEUnsigned, DANESyntax, DANEUnusable, DANEPartial, DANERollover, DANENone},
		Run:   func(ctx context.Context, p *diag.Pass) error { return runDANE(ctx, p, o) },
	}
}

// KindUnvalidated is the kind of an error: nobody who may be believed validated an answer of a zone that seems to be signed.
const KindUnvalidated resolve.Kind = "not_validated"

// unvalidated is the error of an answer of which nobody knows whether it is secure.
func unvalidated(a resolve.Answer) error {
	return &resolve.Error{Kind: KindUnvalidated, Name: a.Name, Type: a.Type.String(), Server: a.Server, Says: codes.Text{
		EN: "the zone seems to be signed with DNSSEC, and no resolver that can be believed has validated the answer: ask a validating resolver on this host (or by DoT or DoH), or give --trust-ad",
		JA: "DNSSECで署名されたゾーンと思われますが、信頼できるリゾルバーによる検証結果がありません。このホスト上の検証リゾルバー(またはDoT・DoH)に問い合わせるか、--trust-ad を指定してください"}}
}

// unvalidated tells that once of a run: the reason and the way out are the same for all its answers, and the facts tell each.
func (c *daneRun) unvalidated(a resolve.Answer) {
	if !c.toldUnvalidated {
		c.toldUnvalidated = true
		c.errs = append(c.errs, unvalidated(a))
	}
}

// daneRun is one run of the check.
type daneRun struct {
	*diag.Pass
	o      DANEOptions
	facts  *DANEFacts
	answer resolve.Answer // the MX question
	hosts  []*daneHost
	cut    int // MX hosts beyond the bound
	errs   []error

	toldUnvalidated bool
}

// daneHost is one mail host with all that is known of it.
type daneHost struct {
	*dane.Set
	servers []daneServer
}

func runDANE(ctx context.Context, p *diag.Pass, o DANEOptions) error {
	c := &daneRun{Pass: p, o: o, facts: &DANEFacts{Hosts: []DANEHost{}}}
	p.Facts(c.facts)
	if err := c.find(ctx); err != nil {
		return err
	}
	if c.published() {
		c.signed(ctx)
		if o.Visit {
			c.visit(ctx)
		}
	}
	for _, h := range c.hosts {
		if !c.facts.Visited && len(h.Addresses.Addrs()) == 0 { // whether it is an alias, or a host at all, is not known
			c.errs = append(c.errs, h.Addresses.Err())
		}
	}
	c.judge()
	for _, h := range c.hosts {
		c.facts.Hosts = append(c.facts.Hosts, c.fact(h))
	}
	return errors.Join(append(c.errs, diag.Beyond(p.Domain(), "DANE", codes.Text{EN: "MX hosts", JA: "MXホスト"}, mx.MaxHosts, c.cut))...)
}

// find asks for the MX hosts and then for the records of all of them at once.
func (c *daneRun) find(ctx context.Context) (err error) {
	if c.answer, err = c.DNS.Ask(ctx, c.Domain(), resolve.TypeMX); err != nil {
		return err
	}
	var names []string
	seen := map[string]bool{}
	for _, rec := range mx.Sorted(c.answer.Records) {
		switch {
		case rec.Host == "." || seen[rec.Host] || isAddress(rec.Host):
		case len(names) == mx.MaxHosts:
			c.cut++
		default:
			names, seen[rec.Host] = append(names, rec.Host), true
		}
	}
	if c.answer.Status == resolve.NoData { // the domain's own addresses may take its mail (RFC 5321 §5.1)
		names = []string{c.Domain()}
	}
	c.hosts = make([]*daneHost, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { c.hosts[i] = &daneHost{Set: dane.Find(ctx, c.DNS, name)} })
		if c.Eager && !c.answer.FromFile {
			wg.Go(func() { dane.Ahead(ctx, c.DNS, name) })
		}
	}
	wg.Wait()
	c.hosts = slices.DeleteFunc(c.hosts, func(h *daneHost) bool {
		return c.answer.Status == resolve.NoData && len(h.Addresses.Addrs()) == 0 && h.Addresses.Err() == nil
	})
	for _, h := range c.hosts {
		c.errs = append(c.errs, h.Err, diag.Beyond(h.Host, "TLSA", codes.Text{EN: "TLSA records", JA: "TLSAレコード"}, dane.MaxRecords, h.Cut))
	}
	return nil
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// published reports whether a host has TLSA records.
func (c *daneRun) published() bool {
	for _, h := range c.hosts {
		if len(h.Records) > 0 {
			return true
		}
	}
	return false
}

// signed finds out whether the MX records are secure, without which senders need not use DANE with the hosts (RFC 7672
// §2.2.1). A domain without MX records is its own host.
func (c *daneRun) signed(ctx context.Context) {
	if c.answer.Status != resolve.Found || fromFile(c.answer) {
		return
	}
	is, name, err := dane.SecurityOf(ctx, c.DNS, c.answer)
	c.facts.secure(is)
	c.errs = append(c.errs, err)
	switch {
	case is == dane.Insecure && c.tellsItself():
	case is == dane.Insecure:
		c.Report(DANEUnsigned, c.Domain(), codes.Str("name", name), codes.Words("what", codes.Text{
			EN: "the MX records of " + c.Domain(), JA: c.Domain() + " のMXレコード"})).Saw(c.answer)
	case is == dane.Unknown && err == nil:
		c.unvalidated(c.answer)
	}
}

// tellsItself reports whether what is to be said of the MX records is said of the TLSA records of each host already: they are
// of the same owner, and not secure either.
func (c *daneRun) tellsItself() bool {
	return !slices.ContainsFunc(c.hosts, func(h *daneHost) bool {
		return len(h.Records) > 0 && (h.Security == dane.Secure || !sameOwner(h.Base, c.Domain()))
	})
}

// fromFile reports an answer out of a zone file, which does not say whether its zone will be signed.
func fromFile(a resolve.Answer) bool { return a.FromFile }
