package guide

import (
	"slices"

	"todoku/codes"
	"todoku/diag/provider"
)

// Mailboxes is a provider that keeps mailboxes of people: it has no IT department that knows one of them.
type Mailboxes struct {
	Name     codes.Text
	Settings []codes.Text // with which the recipient lets mail in
	Contacts []Contact    // for senders, the nearest first
}

// Contact is a form or an address of a provider.
type Contact struct {
	For     codes.Text
	Address string // of the web or of a mailbox
}

// Known reports whether there is such a provider.
func (m Mailboxes) Known() bool { return !m.Name.IsZero() }

// mailboxesOf gives the provider whose addresses have a domain.
func mailboxesOf(domain string) Mailboxes {
	p, ok := provider.PageOfDomain(domain)
	if !ok {
		return Mailboxes{}
	}
	m := Mailboxes{Name: p.Name}
	for _, f := range p.About(domain, provider.Setting) {
		m.Settings = append(m.Settings, f.Text)
	}
	for _, f := range p.Desks(domain) {
		m.Contacts = append(m.Contacts, Contact{For: f.Text, Address: f.Address})
	}
	return m
}

// AtMailbox is a step as it is taken for the mailbox of an address, whoever keeps it.
func AtMailbox(c *codes.Catalogue, step codes.Remedy, address string) codes.Remedy {
	if m := mailboxesOf(domainOf(address)); m.Known() {
		return AtProvider(c, step, len(m.Contacts) > 0)
	}
	return step
}

// AtProvider is a step as it is taken where a provider for everybody keeps the mailbox. It has no IT department that knows
// one of them: a step that asks one asks the provider, and where no sender is heard there, the recipient.
func AtProvider(c *codes.Catalogue, step codes.Remedy, heard bool) codes.Remedy {
	if !slices.Contains([]string{remedyAsk, remedyAdmin, remedyOwnIT, remedyProvider}, step.ID) {
		return step
	}
	id := remedyAllow
	if heard {
		id = remedyProvider
	}
	to, ok := c.Remedy(id)
	if !ok {
		return step
	}
	to.When = step.When
	return to
}
