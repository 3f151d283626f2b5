// Package dnsbl asks lists that are published in DNS (RFC 5782): blocklists of addresses and of domains, lists of good senders,
// and grades.
//
// Lists is what is known of each list: its zones, what its codes mean, who uses it, where an entry is looked up. Find gives
// the list of a zone, also where a subscriber's key stands before the zone. Ask puts one question to a list, together with the
// questions that show whether the list is alive (RFC 5782 §5), and reads the answer by the list's own table of codes. A list
// that does not serve us says nothing about an address: that is a Refusal, never an entry.
package dnsbl

import (
	"cmp"
	"net/netip"
	"slices"

	"todoku/codes"
	"todoku/diag/resolve"
)

// Kind is what a list holds.
type Kind string

// The kinds of lists.
const (
	Addresses Kind = "ip"
	Domains   Kind = "domain"
	Allow     Kind = "allow" // addresses of good senders: an entry is good news
	Grade     Kind = "grade" // a grade for each address that is known
	Mailboxes Kind = "email" // hashes of mail addresses; not asked
	Own       Kind = "own"   // a list that is not known here: of addresses, of domains, or of both
	NoDNS     Kind = ""      // not published in DNS for everybody
)

// Sense is what an entry says about its subject.
type Sense string

// The senses of entries.
const (
	Bad     Sense = "listed"  // receivers refuse
	Policy  Sense = "policy"  // the owner of the network says that it sends no mail directly: no sign of abuse
	Minor   Sense = "minor"   // few receivers refuse by it: whole networks, doubtful cases
	Good    Sense = "good"    // a known good sender
	Neutral Sense = "neutral" // a grade, or an entry without weight
	Refused Sense = "refused" // no entry: the list does not answer us
	Parked  Sense = "parked"  // no entry: no list answers so
)

// Code is a line of a list's table of codes.
type Code struct {
	From, To [4]byte // the answers that are meant, octet by octet; a zero To is From alone
	Bit      byte    // of the last octet, where the codes of a list add up; 0: they do not
	Word     string  // of the entry: "SBL"
	Says     codes.Text
	Sense    Sense
	Why      Why // of Refused
}

// User is a receiver that refuses by a list.
type User struct {
	Provider string // its id in diag/provider
	Wording  string // the id of the rule of codes for the reply that tells so
}

// List is what is known of one list.
type List struct {
	ID      string // the same as in codes, where replies name it
	Name    string
	Page    string   // where an entry is looked up; "" where there is none
	Removal string   // where its removal is asked for; "": at Page
	Zones   []string // under which DNS answers
	Keyed   []string // the same for subscribers: their key stands before
	Kind    Kind
	Public  bool // asked where nobody names a list: it answers everybody, and few questions
	Codes   []Code
	Tests   []string   // entries for tests, beside those of RFC 5782 §5
	Note    codes.Text // how an entry ends, what it costs
	Users   []User
	Closed  codes.Text // since when it answers no more, and why; zero while it does
	Part    Part       // of a list that is a part of another
	OfLinks bool       // of NoDNS: it holds domains
}

// Part is a part of another list.
type Part struct {
	Of    string   // its id
	Words []string // of the codes that make the part; none: all of them
}

// RemovalPage is where the removal of an entry is asked for, or "".
func (l *List) RemovalPage() string { return cmp.Or(l.Removal, l.Page) }

// HoldsDomains reports whether the list holds domains, and not addresses.
func (l *List) HoldsDomains() bool { return l.Kind == Domains || l.OfLinks }

// Takes reports whether the list can be asked about subjects of a kind: Addresses or Domains.
func (l *List) Takes(k Kind) bool {
	switch l.Kind {
	case Addresses, Allow, Grade:
		return k == Addresses
	case Domains:
		return k == Domains
	}
	return l.Kind == Own
}

// Listing is what one list says about one address or domain.
type Listing struct {
	List     *List
	Zone     string // as it may be shown: without a subscriber's key
	Subject  string
	Entries  []Entry        // none: not on the list, unless Err is set
	Reason   string         // the list's own words, from its TXT record
	Answer   resolve.Answer // its addresses are the codes
	Err      error          // there is no answer that counts: a *resolve.Error, a *Refusal or a *Dead
	Untested bool           // the entry for tests is missing: nothing shows that the list is alive
}

// Strict is the listing where a list without its entry for tests counts for nothing (RFC 5782 §5). Lists of one's own often have
// none: what they hold counts.
func (l Listing) Strict() Listing {
	if l.Untested && l.Err == nil && l.List.Kind != Own {
		l.Entries, l.Reason, l.Err = nil, "", &Dead{Zone: l.Zone, End: Empty}
	}
	return l
}

// Entry is a code of an answer, read by the table of the list.
type Entry struct {
	Code  netip.Addr // 127.0.0.2
	Word  string     // "SBL"; "" where the table has no such code
	Says  codes.Text
	Sense Sense
	why   Why
}

// Has reports whether the list has an entry of one of some senses.
func (l *Listing) Has(senses ...Sense) bool {
	return slices.ContainsFunc(l.Entries, func(e Entry) bool { return slices.Contains(senses, e.Sense) })
}

// Meaning is what the entries of a sense say, in words.
func (l *Listing) Meaning(s Sense) (t codes.Text) {
	for _, e := range l.Entries {
		switch {
		case e.Sense != s:
		case t.IsZero():
			t = e.Says
		default:
			t = codes.Text{EN: t.EN + "; " + e.Says.EN, JA: t.JA + "、" + e.Says.JA}
		}
	}
	return t
}
