package codes

import "strings"

// hosts are providers by the names of their hosts, or by the ends of these names.
type hosts map[string]*Provider

// of finds the provider whose server a host is, nil where none is known.
func (h hosts) of(host string) *Provider {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for name, ok := host, host != ""; ok; _, name, ok = strings.Cut(name, ".") {
		if p := h[name]; p != nil {
			return p
		}
	}
	return nil
}

// ProviderOfHost is the id of the provider whose server a host is, "" where none is known.
func (c *Catalogue) ProviderOfHost(host string) string {
	if p := c.byHost.of(host); p != nil {
		return p.ID
	}
	return ""
}
