package guide

import (
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
	for _, f := range p.About(domain, provider.Contact) {
		if f.Layer != provider.LayerMailbox { // there only the recipient is heard
			m.Contacts = append(m.Contacts, Contact{For: f.Text, Address: f.Address})
		}
	}
	return m
}
