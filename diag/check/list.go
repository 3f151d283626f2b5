// Package check holds the checks: MX, SPF, DKIM, DMARC, PTR, Address and SMTP. Domain and Recipient list those of one run.
//
// A constructor such as SPF takes the options of its check and returns a *diag.Check. Its Run asks DNS or mail servers
// through the *diag.Pass, stores what it saw as facts (p.Facts), reports each broken rule (p.Report) and returns as an
// error what it could not find out. The facts write their own lines for people (Lines) and are the JSON of the result.
//
// NAME.go asks the questions. A large check has its rules in NAME_rules.go, its facts in NAME_facts.go and its judgement
// in NAME_judge.go. A rule is an exported value named after its check and the fault: SPFNone has the id "spf-none".
package check

import (
	"slices"

	"todoku/diag"
)

// DomainOptions are the options of the checks of a domain. The zero value is valid: nothing is known of the sending side,
// and nobody but DNS is asked.
type DomainOptions struct {
	SPF           SPFOptions
	DKIM          DKIMOptions
	DMARC         DMARCOptions
	PTR           PTROptions
	BIMI          BIMIOptions
	DNSBL         DNSBLOptions // lists are asked where it names some
	Receiving     bool         // visit the servers that take its mail, and web servers
	Authoritative bool         // ask the zone's own name servers
}

// All asks for everything.
func (o *DomainOptions) All() { o.Receiving, o.Authoritative, o.DNSBL.Public = true, true, true }

// Named asks for what the checks of these names need.
func (o *DomainOptions) Named(names []string) {
	o.Receiving = o.Receiving || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(visiting(), n) })
	o.Authoritative = o.Authoritative || slices.Contains(names, "ns")
	o.DNSBL.Public = o.DNSBL.Public || slices.Contains(names, "dnsbl") && len(o.DNSBL.Lists) == 0
}

// visiting names the checks that visit servers.
func visiting() []string { return []string{"smtp", "mtasts", "dane", "bimi"} }

// Domain lists the checks of a domain in the order of a report: first what decides sending, then the receiving side. The
// order does not matter to them: they run side by side.
func Domain(o DomainOptions) []*diag.Check {
	list := []*diag.Check{MX(), SPF(o.SPF), DKIM(o.DKIM), DMARC(o.DMARC), PTR(o.PTR)}
	if o.DNSBL.Wanted() {
		list = append(list, DNSBL(o.DNSBL))
	}
	if o.Authoritative {
		list = append(list, NS(NSOptions{Selectors: o.DKIM.Selectors}))
	}
	if o.Receiving {
		list = append(list, SMTP(SMTPOptions{}))
	}
	o.BIMI.Visit = o.Receiving
	for _, c := range []*diag.Check{MTASTS(MTASTSOptions{Visit: o.Receiving}), TLSRPT(TLSRPTOptions{})} {
		c.Brief = !o.Receiving
		list = append(list, c)
	}
	return append(list, DANE(DANEOptions{Visit: o.Receiving}), BIMI(o.BIMI))
}

// DomainNames are the names of the checks that a domain can have.
func DomainNames() (names []string) {
	var o DomainOptions
	o.All()
	for _, c := range append(Domain(o), Change(ChangeOptions{}), Traffic(TrafficOptions{})) {
		names = append(names, c.Name)
	}
	return names
}

// Recipient lists the checks of the receiving side of an address.
func Recipient(o SMTPOptions) []*diag.Check {
	return []*diag.Check{Address(), MX(), SMTP(o), MTASTS(MTASTSOptions{Visit: true, SMTP: o}), DANE(DANEOptions{Visit: true, SMTP: o})}
}

// Message lists the checks of a mail in the order of a report; of nil, for callers that need only what they are.
func Message(m *Mail) []*diag.Check {
	content := Content(ContentOptions{})
	content.Run = m.judgeContent
	return []*diag.Check{MailSPF(m), MailDKIM(m), MailDMARC(m), ARC(ARCOptions{Mail: m.raw()}), Headers(HeadersOptions{Data: m.data()}),
		content}
}

// All lists every check once, with empty options: for callers that need their names, titles and rules. A check of a domain
// and one of a mail that have the same name are one, with the rules of both.
func All() []*diag.Check {
	var out []*diag.Check
	asked := []*diag.Check{NS(NSOptions{}), DNSBL(DNSBLOptions{}), Filter(FilterOptions{}), Unsubscribe(UnsubscribeOptions{}),
		Change(ChangeOptions{}), Traffic(TrafficOptions{})}
	for _, c := range slices.Concat(Domain(DomainOptions{}), Recipient(SMTPOptions{}), Message(nil), asked) {
		if i := slices.IndexFunc(out, func(o *diag.Check) bool { return o.Name == c.Name }); i >= 0 {
			out[i].Rules = union(out[i].Rules, c.Rules)
			continue
		}
		out = append(out, c)
	}
	return out
}

// union is a list of rules with those of another that it lacks.
func union(list, more []*diag.Rule) []*diag.Rule {
	for _, r := range more {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}

// Rules lists the rules of all checks.
func Rules() []*diag.Rule {
	var out []*diag.Rule
	for _, c := range All() {
		out = append(out, c.Rules...)
	}
	return out
}
