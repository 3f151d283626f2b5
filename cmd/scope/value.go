package scope

import (
	"todoku/cmd/app"
	"todoku/diag/dkim"
)

// parseSelector is app.ParseSelector, but keeps a domain behind the selector: that of another domain is refused.
func parseSelector(s string) (string, error) {
	selector, err := app.ParseSelector(s)
	_, of := dkim.SplitSelector(s)
	if err != nil || of == "" {
		return selector, err
	}
	domain, err := app.ParseDomain(of)
	return selector + "._domainkey." + domain, err
}
