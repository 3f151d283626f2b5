package mailboxes

import (
	"strings"

	"todoku/diag/provider"
)

// ProviderOf makes the function that gives the provider which keeps the mailboxes of a domain, "" where none is known.
func ProviderOf() func(domain string) string {
	known := map[string]string{}
	for h := range provider.Headings() {
		for _, d := range h.Domains {
			known[d] = h.ID
		}
	}
	return func(domain string) string {
		for domain != "" {
			if id, ok := known[domain]; ok {
				return id
			}
			_, domain, _ = strings.Cut(domain, ".")
		}
		return ""
	}
}
