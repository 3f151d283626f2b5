package provider

import (
	"cmp"
	"maps"
	"slices"
)

// Selectors lists the DKIM selectors that a provider uses for its customers'
// domains and that need no knowledge of the customer.
func (c *Catalogue) Selectors(p Provider) []string {
	if c == nil {
		return nil
	}
	return slices.Clone(c.selectors[p.ID])
}

// WellKnown lists the usual selectors; also of a nil catalogue. Those that come
// with a recognisable mail host or include are found by that.
func (c *Catalogue) WellKnown() []string {
	return []string{"google", "selector1", "selector2", "s1", "s2", "k1", "k2", "k3", "default", "dkim", "mail", "smtp", "mandrill",
		"fm1", "fm2", "protonmail", "zoho", "sig1", "mailjet", "brevo1"}
}

// nobodys lists selectors that belong to no provider and are less usual.
func nobodys() []string {
	return []string{"email", "selector", "sel1", "dkim1", "dkim2", "key1", "mta", "mx", "x"}
}

// AllSelectors lists every selector that can be guessed, the usual ones first.
func (c *Catalogue) AllSelectors() []string {
	if c == nil {
		return c.WellKnown()
	}
	return slices.Clone(c.all)
}

// Includes lists the domains by which SPF records include a provider, the shortest first: that one covers all of it.
func (c *Catalogue) Includes(id string) []string {
	if c == nil {
		return nil
	}
	var out []string
	for name, p := range c.spf.exact {
		if p.ID == id {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) })
	return out
}

// Known lists the ids of the providers that can be recognised.
func (c *Catalogue) Known() []string {
	if c == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, x := range []index{c.mx, c.spf, c.cname} {
		for _, p := range x.exact {
			seen[p.ID] = true
		}
		for _, p := range x.patterns {
			seen[p.p.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
