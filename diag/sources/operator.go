package sources

import (
	"strings"

	"todoku/codes"
	"todoku/diag/dmarc"
	"todoku/diag/provider"
)

// byName recognises a provider by any name of its: of an include, a mail host, or a host below its domain.
func byName(c *provider.Catalogue, name string) (provider.Provider, bool) {
	if p, ok := c.ByInclude(name); ok {
		return p, true
	}
	if p, ok := c.ByMX(name); ok {
		return p, true
	}
	return c.ByCNAME(name)
}

// operators name who runs servers.
type operators struct {
	providers  *provider.Catalogue
	registered map[string]string // the domain of a provider by its registered domain: its id; "" where several have it
	names      map[string]named  // what is known of names already
}

// named is what a name says of its operator.
type named struct {
	key string // the same for the same operator
	op  Operator
}

func newOperators(c *provider.Catalogue) *operators {
	o := &operators{providers: c, registered: map[string]string{}, names: map[string]named{}}
	if c == nil {
		return o
	}
	for _, id := range c.Known() {
		for _, domain := range c.Includes(id) {
			reg, whose := dmarc.Registered(strings.TrimPrefix(domain, "*.")), id
			if had, twice := o.registered[reg]; twice && had != id {
				whose = ""
			}
			o.registered[reg] = whose
		}
	}
	return o
}

// of names the operator of a host or domain.
func (o *operators) of(name string, by OperatorBy) named {
	n, ok := o.names[name]
	if !ok {
		n = o.find(name)
		o.names[name] = n
	}
	n.op.By = by
	return n
}

func (o *operators) find(name string) named {
	reg := dmarc.Registered(name)
	p, known := byName(o.providers, name)
	if !known && o.registered[reg] != "" {
		p, known = o.providers.ByID(o.registered[reg])
	}
	if known {
		return named{"provider:" + p.ID, Operator{Kind: Provider, ID: p.ID, Name: p.Name, Role: p.Kind}}
	}
	return named{"domain:" + reg, Operator{Kind: ByDomain, Name: codes.Same(reg)}}
}

// ours is the domain itself as an operator.
func ours(domain string, by OperatorBy) named {
	return named{"own", Operator{Kind: Own, Name: codes.Same(domain), By: by}}
}

// inOwnName reports whether a server sends under the name that leads to it and back, as one does that forwards with an envelope
// of its own (SRS). A sending service does so with all it sends.
func (o *operators) inOwnName(m *mails) bool {
	op := m.at.named.op
	return op.By == NamedByPTR && op.Role != provider.ESP && m.spf.result == "pass" &&
		o.of(m.spf.domain, NamedByEnvelope).key == m.at.named.key
}
