// Package check holds the checks of package diag: each with its rules, what it can be told, and what it tells of what
// it saw. A file NAME.go asks the questions, NAME_judge.go judges the answers, NAME_rules.go has the rules and
// NAME_facts.go the facts. A rule is called by its check and what is wrong: SPFNone is "spf-none".
package check

import (
	"slices"

	"todoku/diag"
)

// DomainOptions is what the checks of a domain may be told; the zero value tells them nothing.
type DomainOptions struct {
	SPF   SPFOptions
	DKIM  DKIMOptions
	DMARC DMARCOptions
	PTR   PTROptions
}

// Domain lists the checks of a domain in the order of a report. The order does not matter to them: they run side by side.
func Domain(o DomainOptions) []*diag.Check {
	return []*diag.Check{MX(), SPF(o.SPF), DKIM(o.DKIM), DMARC(o.DMARC), PTR(o.PTR)}
}

// Recipient lists the checks of the receiving side of an address.
func Recipient(o SMTPOptions) []*diag.Check { return []*diag.Check{Address(), MX(), SMTP(o)} }

// All lists every check once, told nothing: for whoever wants their names, titles and rules.
func All() []*diag.Check {
	all := append(Domain(DomainOptions{}), Recipient(SMTPOptions{})...)
	var out []*diag.Check
	for _, c := range all {
		if !slices.ContainsFunc(out, func(o *diag.Check) bool { return o.Name == c.Name }) {
			out = append(out, c)
		}
	}
	return out
}

// Rules lists the rules of all checks.
func Rules() []*diag.Rule {
	var out []*diag.Rule
	for _, c := range All() {
		out = append(out, c.Rules...)
	}
	return out
}
