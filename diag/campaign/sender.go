package campaign

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/mx"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// sender is what DNS says of the sending side. The fields are those of one look, and never change afterwards.
type sender struct {
	c       *Campaign
	env     diag.Env
	spf     *diag.Result // of the envelope domain
	spfFrom *diag.Result // of the domain of From; the same where the two are one
	dkim    []keyring
	dmarc   *diag.Result
	ptr     *diag.Result // nil where no address is told
	routes  []domainRoute
	aligned dmarc.Evaluation // as if all identifiers passed
	helo    resolve.Host
	key     *ownKey
	mail    *mailFacts // nil: there is no mail
}

// keyring holds the keys of one domain that signs.
type keyring struct {
	domain string
	*diag.Result
	facts *check.DKIMFacts
}

// domainRoute is how a domain of the sender takes mail.
type domainRoute struct {
	domain string
	route  *mx.Route
	err    error
}

// look asks everything about the sending side, side by side.
func look(ctx context.Context, env diag.Env, c *Campaign, mail *mailFacts, key *ownKey) *sender {
	s := &sender{c: c, env: env, mail: mail, key: key}
	var wg sync.WaitGroup
	wg.Go(func() { s.spf = s.lookSPF(ctx, s.envelopeDomain(), s.envelope()) })
	if s.envelopeDomain() != c.Domain {
		wg.Go(func() { s.spfFrom = s.lookSPF(ctx, c.Domain, "postmaster@"+c.Domain) })
	}
	wg.Go(func() { s.dmarc = one(ctx, env, c.Domain, check.DMARC(check.DMARCOptions{SendingOnly: true})) })
	if len(c.IPs) > 0 {
		wg.Go(func() { s.ptr = one(ctx, env, c.Domain, check.PTR(check.PTROptions{IPs: c.IPs, SendingOnly: true})) })
	}
	signers := s.signers()
	domains := slices.Sorted(maps.Keys(signers))
	s.dkim = make([]keyring, len(domains))
	for i, domain := range domains {
		k := &s.dkim[i]
		k.domain = domain
		wg.Go(func() {
			selectors := signers[domain]
			k.Result = one(ctx, env, domain, check.DKIM(check.DKIMOptions{Selectors: selectors, AllSelectors: key != nil}))
			k.facts, _ = k.Result.Facts.(*check.DKIMFacts)
		})
	}
	own := []string{c.Domain}
	if c.ESP == "" && s.envelopeDomain() != c.Domain {
		own = append(own, s.envelopeDomain())
	}
	s.routes = make([]domainRoute, len(own))
	for i, d := range own {
		wg.Go(func() {
			route, err := mx.Lookup(ctx, env.DNS, d, true)
			s.routes[i] = domainRoute{d, route, err}
		})
	}
	wg.Go(func() { s.aligned = dmarc.Evaluate(ctx, env.DNS, s.allPass()) })
	if name, err := resolve.ToASCII(c.HELO); err == nil && c.HELO != "" {
		wg.Go(func() { s.helo = resolve.AskHost(ctx, env.DNS, name) })
	}
	wg.Wait()
	if s.spfFrom == nil {
		s.spfFrom = s.spf
	}
	return s
}

// one runs one check on a domain.
func one(ctx context.Context, env diag.Env, domain string, c *diag.Check) *diag.Result {
	t := diag.Target{Kind: "domain", Name: resolve.ToUnicode(domain), ASCII: domain}
	return &diag.Run(ctx, env, t, []*diag.Check{c}).Results[0]
}

// envelopeDomain is that of the envelope sender: without one that of From.
func (s *sender) envelopeDomain() string {
	if s.c.Bounces != "" {
		return s.c.Bounces
	}
	return s.c.Domain
}

// envelope is the envelope sender as SPF evaluates it.
func (s *sender) envelope() string {
	if s.c.Envelope != "" {
		return s.c.Envelope
	}
	return "postmaster@" + s.c.Domain
}

// lookSPF evaluates SPF of a domain for all sending addresses. With a sending service the record has to include it.
func (s *sender) lookSPF(ctx context.Context, domain, identity string) *diag.Result {
	o := check.SPFOptions{IPs: s.c.IPs, Evaluate: len(s.c.IPs) > 0, MailFrom: identity, HELO: s.c.HELO}
	r := one(ctx, s.env, domain, check.SPF(o))
	if facts, ok := r.Facts.(*check.SPFFacts); ok && s.c.ESP != "" && r.Err == nil && !s.includes(facts.Tree) {
		if names := s.env.Providers.Includes(s.c.ESP); len(names) > 0 {
			o.RequireIncludes = names[:1]
			r = one(ctx, s.env, domain, check.SPF(o))
		}
	}
	return r
}

// includes reports whether a tree includes the sending service.
func (s *sender) includes(nodes []*spf.Node) bool {
	return slices.ContainsFunc(nodes, func(n *spf.Node) bool {
		if n.Kind == spf.Include || n.Kind == spf.Redirect {
			if by, ok := s.env.Providers.ByInclude(n.Domain); ok && by.ID == s.c.ESP {
				return true
			}
		}
		return s.includes(n.Children)
	})
}

// signers are the domains that sign, with the selectors of each; none means to look for them.
func (s *sender) signers() map[string][]string {
	out := map[string][]string{}
	for _, sel := range s.c.Selectors {
		out[sel.Domain] = append(out[sel.Domain], sel.Name)
	}
	if len(out) == 0 {
		out[s.c.Domain] = nil
	}
	return out
}

// allPass is the mail for DMARC as if everything passed: it tells what is aligned.
func (s *sender) allPass() dmarc.Input {
	in := dmarc.Input{From: s.c.From}
	if s.spfCounts() {
		in.SPF = []dmarc.AuthResult{{Result: "pass", Domain: s.envelopeDomain()}}
	}
	domains := slices.Sorted(maps.Keys(s.signers()))
	if s.mail != nil && len(s.mail.signatures) > 0 && s.mail.other == "" {
		domains = nil
		for _, x := range s.mail.signatures {
			if !slices.Contains(domains, x.domain) {
				domains = append(domains, x.domain)
			}
		}
	}
	for _, domain := range domains {
		in.DKIM = append(in.DKIM, dmarc.AuthResult{Result: "pass", Domain: domain})
	}
	return in
}

// spfCounts reports whether the envelope domain is known: a sending service has its own unless one is told.
func (s *sender) spfCounts() bool { return s.c.ESP == "" || s.c.Bounces != "" }

// failing are the findings of a result that break it.
func failing(r *diag.Result) []diag.Finding {
	var out []diag.Finding
	for _, f := range r.Findings {
		if f.Rule.Severity == diag.Fail {
			out = append(out, f)
		}
	}
	return out
}

// ofRules are the findings of some rules.
func ofRules(r *diag.Result, rules ...*diag.Rule) []diag.Finding {
	var out []diag.Finding
	for _, f := range r.Findings {
		if slices.Contains(rules, f.Rule) {
			out = append(out, f)
		}
	}
	return out
}

// errsOf are all errors of results.
func errsOf(list ...*diag.Result) (err error) {
	for _, r := range list {
		if r != nil && r.Err != nil {
			err = errors.Join(err, r.Err)
		}
	}
	return err
}

// isFullName reports whether a HELO name is a full one (RFC 5321 §2.3.5), or an address in brackets.
func isFullName(name string) bool {
	if strings.HasPrefix(name, "[") {
		return strings.HasSuffix(name, "]")
	}
	_, err := resolve.ToASCII(name)
	return err == nil && strings.Contains(strings.Trim(name, "."), ".")
}
