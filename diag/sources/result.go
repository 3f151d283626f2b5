package sources

import (
	"net/netip"
	"time"

	"todoku/codes"
	"todoku/diag/provider"
	"todoku/sender/aggregate"
)

// Class is whose mail it is.
type Class string

// The classes, in the order in which people care.
const (
	Ours      Class = "ours"      // the domain's own mail, also where it is not set up well
	Forwarder Class = "forwarder" // the domain's mail, passed on by others: forwarding, mailing lists
	Unknown   Class = "unknown"   // nobody can say; see Group.Perhaps
	Forger    Class = "forger"    // nothing ties it to the domain but the From header
)

// Classes lists them.
func Classes() []Class { return []Class{Ours, Forwarder, Unknown, Forger} }

// Sure is how sure a judgement is.
type Sure string

// The degrees.
const (
	High   Sure = "high"
	Medium Sure = "medium"
	Low    Sure = "low"
)

// Sum is how many mails there are of a kind, and how DMARC ended (RFC 9989 §5.3), by what the reports say of SPF and DKIM.
type Sum struct {
	Mails, Pass, Fail              int64
	DKIM, SPF                      int64 // mails in which it passes for an aligned domain
	Delivered, Quarantine, Refused int64 // mails by what receivers did with them
}

// Domain is what the reports say of one domain.
type Domain struct {
	Name        string
	Policy      aggregate.Policy // as the latest report has it
	First, Last time.Time
	Days        int // with reports
	Gaps        []Gap
	Sum
	Beyond    int64 // mails that are in no group
	Reporters []Reporter
	More      int64             // reports of further reporters
	ByClass   map[Class]Sum     // all four
	Groups    []*Group          // by class, then by mails
	Selectors []Selector        // of the domain and those below it, the most frequent first
	MoreKeys  int               // selectors beyond MaxSelectors
	Fakes     int               // selectors that only forgers name
	Differs   Differs           // where reporters concluded something else
	ByList    bool              // organisational domains are from the public suffix list: see Err
	NoRecord  bool              // the tree walk came to its end, and found no DMARC record for the domain
	Err       error             // what DNS could not say about the domain itself; nil: nothing
	BrokenSPF map[string]string // names whose SPF record cannot be evaluated, with the reason
	WhatIf    *Outcome          // nil: no change is meant
}

// Reporter is one who reports about a domain.
type Reporter struct {
	Org         string
	Reports     int64
	Mails       int64
	Days        int
	First, Last time.Time
	Treewalk    int64 // reports that say by which way the policy was found (RFC 9990): the tree walk
	List        int64 // the public suffix list
}

// Differs is in how many mails the reporter's conclusion is not what its own results give.
type Differs struct {
	DKIM, SPF int64
	Reporters int
}

// Group is mails of one class from one operator.
type Group struct {
	Class    Class
	Perhaps  bool // unknown, but it may be ours: somebody has to be asked
	Sure     Sure
	Operator Operator
	Reasons  []Reason // the most frequent first
	Sum
	Days        int
	First, Last time.Time
	Reporters   int
	Addresses   []Address // those with the most mail, at most MaxListed
	AllAddress  int       // how many there are
	Signers     []Signer
	Envelopes   []Envelope
	From        []Share // domains of the From header
	Loss        Loss    // by the change that is meant
	costs       costs
	Mends       []Mend // what to do, the first first
	first       []Mend // what to do for the mails that the change costs
}

// MaxListed bounds the lists of a group.
const MaxListed = 20

// Operator is who runs the servers of a group.
type Operator struct {
	Kind OperatorKind
	ID   string // of the catalogue of providers; "" where it is not there
	Name codes.Text
	Role provider.Kind // what a provider does; "" for others
	By   OperatorBy    // what names it
}

// OperatorKind says what an operator is known as.
type OperatorKind string

// The kinds.
const (
	Own        OperatorKind = "own"      // the domain itself
	Provider   OperatorKind = "provider" // of the catalogue
	ByDomain   OperatorKind = "domain"   // a domain that is no known provider
	ByNetwork  OperatorKind = "network"  // a block of addresses
	Nobody     OperatorKind = "nobody"   // no operator is known
	SmallerOne OperatorKind = "smaller"  // several small groups together
)

// OperatorBy says what names an operator.
type OperatorBy string

// What names operators, the best first.
const (
	NamedBySPF      OperatorBy = "spf"      // a term of the domain's SPF record
	NamedByMX       OperatorBy = "mx"       // a mail host of the domain
	NamedByPTR      OperatorBy = "ptr"      // a name of the address that leads back to it
	NamedByDKIM     OperatorBy = "dkim"     // the domain of a signature that holds
	NamedByEnvelope OperatorBy = "envelope" // the domain for which SPF passes
	NamedByNothing  OperatorBy = ""
)

// Address is one source of a group.
type Address struct {
	IP    netip.Addr
	Mails int64
	Fail  int64
	Host  string // a PTR name that leads back to the address
	Term  string // the term of the domain's SPF record that lets it pass now
	Error string // why DNS said nothing of it: a kind of resolve.Error, "not_asked" or ""
}

// Signer is a DKIM signature as receivers saw it.
type Signer struct {
	Domain, Selector, Result string
	Mails                    int64
}

// Envelope is a result of SPF as receivers saw it.
type Envelope struct {
	Domain, Result string
	Mails          int64
}

// Share is a domain with its mails.
type Share struct {
	Domain string
	Mails  int64
}

// Reason is why mails are of their class.
type Reason struct {
	ID    ReasonID
	Mails int64
}

// Selector is a DKIM selector of the domain.
type Selector struct {
	Domain, Name       string
	Pass, Fail         int64
	LastPass, LastFail time.Time // days; zero: never
	Operators          int       // from how many operators it passes
}
