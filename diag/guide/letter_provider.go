package guide

import "todoku/codes"

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
