// Package campaign holds a campaign against what the providers of its recipients ask for: which of them will refuse it, with which
// reply, and which change wins the most recipients.
//
// Parse reads a campaign file. Count reads its recipients and finds the provider of each by the MX of now. Judge looks at the
// sender's records and at the mail, decides each requirement once, and lists it for each provider.
package campaign

import (
	"net/netip"

	"todoku/diag/dkim"
)

// Campaign is what a campaign file says.
type Campaign struct {
	From       string // the value of the From field: an address, with a name or without
	Domain     string // of From, as DNS knows it
	Envelope   string // the envelope sender: an address or a domain; "" for the address in From
	Bounces    string // the domain of Envelope, as DNS knows it; "" where a sending service has its own
	HELO       string // the name of the sending server; "" if it is not told
	IPs        []netip.Addr
	ESP        string // id of the sending service; "" for own servers
	Selectors  []Selector
	Key        string // what key: says: a file, or a public key
	Message    string // the file of the mail; "" if there is none yet
	Volume     int    // mails a day, of the domain in all; 0 if it is not told
	Recipients Recipients
	TLS        TLS

	Places map[string]string // of the keys: "campaign.yaml:3:1"

	Guess bool // selectors may be guessed: there is no file that could name them
}

// Selector is the place of a DKIM key.
type Selector struct{ Name, Domain string }

// String is the name of the record.
func (s Selector) String() string { return s.Name + "._domainkey." + s.Domain }

// Recipients says to whom the mail goes. At most one of the three is set.
type Recipients struct {
	List   []Line
	File   string // a list or a CSV file
	Counts []DomainCount
}

// None reports whether the file says nothing of recipients.
func (r Recipients) None() bool { return len(r.List)+len(r.Counts) == 0 && r.File == "" }

// Line is a recipient with the line of the file in which it stands.
type Line struct {
	Address string
	Number  int
}

// DomainCount is how many recipients a domain has.
type DomainCount struct {
	Domain string // as it is written
	N      int
	Number int // of the line
}

// TLS is what the file says of the connections.
type TLS uint8

// The answers.
const (
	TLSUntold TLS = iota
	TLSNone       // none, or one older than 1.2
	TLSModern     // 1.2 or later
)

// selectorOf takes "s1" and "s1._domainkey.example.jp" apart.
func selectorOf(given, domain string) Selector {
	name, of := dkim.SplitSelector(given)
	if of == "" {
		of = domain
	}
	return Selector{name, of}
}
