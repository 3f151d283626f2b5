package diag

// Checks lists the checks of a domain in the order of a report. The order does
// not matter to them: they run side by side.
func Checks() []*Check {
	return []*Check{MX, SPF, DKIM, DMARC, PTR}
}

// RecipientChecks lists the checks of the receiving side.
func RecipientChecks() []*Check { return []*Check{Address, MX, SMTP} }

// Rules lists the rules of all checks.
func Rules() []*Rule {
	var out []*Rule
	for _, c := range append(Checks(), Address, SMTP) {
		out = append(out, c.Rules...)
	}
	return out
}
