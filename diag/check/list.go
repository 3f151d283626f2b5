// Package check holds the checks of package diag: each with its rules, what it can be told, and what it tells of what
// it saw. A file NAME.go asks the questions, NAME_judge.go judges the answers, NAME_rules.go has the rules and
// NAME_facts.go the facts. A rule is called by its check and what is wrong: SPFNone is "spf-none".
package check

import "todoku/diag"

// Domain lists the checks of a domain in the order of a report. The order does
// not matter to them: they run side by side.
func Domain() []*diag.Check {
	return []*diag.Check{MX, SPF, DKIM, DMARC, PTR}
}

// Recipient lists the checks of the receiving side.
func Recipient() []*diag.Check { return []*diag.Check{Address, MX, SMTP} }

// Rules lists the rules of all checks.
func Rules() []*diag.Rule {
	var out []*diag.Rule
	for _, c := range append(Domain(), Address, SMTP) {
		out = append(out, c.Rules...)
	}
	return out
}
