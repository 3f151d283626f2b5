package triage

import (
	"strings"

	"todoku/codes"
	"todoku/diag/provider"
	"todoku/sender/event"
)

// Keepers are the domains that providers give addresses of to everybody, with the provider.
type Keepers map[string]string

// NewKeepers reads them from the catalogue of providers.
func NewKeepers() Keepers {
	known := Keepers{}
	for h := range provider.Headings() {
		for _, d := range h.Domains {
			known[d] = h.ID
		}
	}
	return known
}

// Of is the provider that keeps the mailboxes of a domain, "" where none is known.
func (k Keepers) Of(domain string) string {
	for domain != "" {
		if id, ok := k[domain]; ok {
			return id
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return ""
}

// Judge says what events mean.
func (k Keepers) Judge(c *codes.Catalogue) *event.Judge { return event.NewJudge(c, k.Of) }

// Known reports whether a domain is one of them, or below one.
func (k Keepers) Known(domain string) bool { return k.Of(domain) != "" }
