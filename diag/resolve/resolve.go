package resolve

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"todoku/codes"
)

// Resolver answers DNS questions. name is a domain name in ASCII form (see
// ToASCII), with or without the final dot, in any case. The error is always an
// *Error, or the context's when ctx ended first.
type Resolver interface {
	Ask(ctx context.Context, name string, t Type) (Answer, error)
}

// Unchecked is a Resolver that can also ask for what DNSSEC does not let pass: the CD bit is set, and a resolver that
// validates gives an answer that it holds for false (RFC 4035 §3.2.2). Who fails plainly, and answers so, calls the records
// false.
type Unchecked interface {
	AskUnchecked(ctx context.Context, name string, t Type) (Answer, error)
}

// Type is a DNS record type (RFC 1035 §3.2.2).
type Type uint16

// The types that todoku asks for.
const (
	TypeA      Type = 1
	TypeNS     Type = 2
	TypeCNAME  Type = 5
	TypeSOA    Type = 6
	TypePTR    Type = 12
	TypeMX     Type = 15
	TypeTXT    Type = 16
	TypeAAAA   Type = 28
	TypeDNAME  Type = 39
	TypeDS     Type = 43
	TypeDNSKEY Type = 48
	TypeTLSA   Type = 52
	TypeSPF    Type = 99
)

// Status says what an answer knows about the name.
type Status uint8

// The three kinds of knowledge.
const (
	Found  Status = iota // records of the asked type
	NoData               // the name exists, but has no such records (RFC 2308 §2.2)
	NoName               // the name does not exist (NXDOMAIN, RFC 8020)
)

// Answer is what DNS knows of one question. It is shared between callers:
// never change its slices.
type Answer struct {
	Name      string   // the name asked, lower case, no final dot ("." is the root)
	Type      Type     // the type asked
	Status    Status   // Found, NoData or NoName; of the last name of Chain
	Authentic bool     // the AD bit, from a resolver that may be believed
	FromFile  bool     // a zone file gave the records, or said that there are none
	life      uint32   // seconds that it may be used
	circle    bool     // the aliases lead back to one of their names and never to a record
	Records   []Record // records of the asked type, in the server's order
	Chain     []string // CNAME targets in order, when the name is an alias
	Server    string   // who answered: an address, a DoH URL, or the zone file's name
	Sent      int      // messages sent for this answer; 0 when it was known already
	RTT       time.Duration
	list      string // of a file of JSON in one line, whose items the lines of Records count
}

// Record is one resource record of the asked type.
type Record struct {
	TTL  uint32     // seconds
	Addr netip.Addr // A, AAAA
	Host string     // MX, PTR, NS, CNAME: lower case, no final dot ("." is the root, as in a null MX)
	Pref uint16     // MX
	line uint32     // of the zone file that holds it; 0: it came from a server
	Text string     // TXT, SPF: the strings joined without blanks (raw bytes); other types: presentation format
	cuts string     // TXT, SPF: the lengths of the strings where there are several
}

// At is the record as it stands on a line of a file.
func (r Record) At(line int) Record {
	r.line = uint32(max(line, 0))
	return r
}

// Value is what a record of a type says, as evidence shows it.
func (r Record) Value(t Type) string {
	switch t {
	case TypeA, TypeAAAA:
		return r.Addr.String()
	case TypeMX:
		return strconv.Itoa(int(r.Pref)) + " " + r.Host
	case TypePTR, TypeNS, TypeCNAME:
		return r.Host
	}
	return r.Text
}

// NoSuchName reports that the name asked does not exist. A name that is an alias exists, wherever it leads. By RFC 8020
// nothing is below the name either; some servers say so of a name that has only names below it (RFC 4592 §2.2.2).
func (a Answer) NoSuchName() bool { return a.Status == NoName && len(a.Chain) == 0 }

// Place is where a record stands in a zone file; zero where a server gave it.
type Place struct {
	File string
	Line int    // counted from 1
	Path string // where the file is one line of JSON: "resource_changes[3]"; else ""
}

// IsZero reports that there is no place.
func (p Place) IsZero() bool { return p.Line == 0 }

// String is "FILE:LINE", or "FILE:PATH" where the file is one line, "" without a place.
func (p Place) String() string {
	if p.IsZero() {
		return ""
	}
	if p.Path != "" {
		return p.File + ":" + p.Path
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// MarshalText is the place as JSON has it.
func (p Place) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Place is where a record of the answer stands in a zone file.
func (a Answer) Place(r Record) Place {
	if r.line == 0 {
		return Place{}
	}
	return placeIn(a.Server, a.list, int(r.line))
}

// placeIn is a line of a file, or, where the file is one line with a list, an item of the list, counted from 1.
func placeIn(file, list string, n int) Place {
	if list != "" && n > 0 {
		return Place{file, 1, list + "[" + strconv.Itoa(n-1) + "]"}
	}
	return Place{File: file, Line: n}
}

// Texts lists the Text of all records.
func (a Answer) Texts() []string {
	out := make([]string, len(a.Records))
	for i, r := range a.Records {
		out[i] = r.Text
	}
	return out
}

// Kind says why a question stayed without an answer.
type Kind string

// The kinds of ignorance.
const (
	KindServFail    Kind = "servfail"    // the server could not find out (RFC 8914 codes in EDE)
	KindRefused     Kind = "refused"     // the server does not want to answer us
	KindRcode       Kind = "rcode"       // another error rcode (FORMERR, NOTIMP, …)
	KindTimeout     Kind = "timeout"     // silence
	KindNetwork     Kind = "network"     // the server could not be reached
	KindMangled     Kind = "mangled"     // what came is no answer to the question
	KindLoop        Kind = "loop"        // CNAME records that lead nowhere
	KindName        Kind = "name"        // not a name that can be asked
	KindUndecided   Kind = "undecided"   // of a change that is only meant: nobody knows yet what the set will hold
	KindDescriptors Kind = "descriptors" // this machine has no file descriptor or port left for the question
)

// Error says why there is no answer. It is ignorance, never a verdict.
type Error struct {
	Kind    Kind   `json:"kind"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Server  string `json:"server"`
	Rcode   string `json:"rcode"`
	EDE     string `json:"ede"` // "22 no reachable authority", empty without an extended error
	Message string `json:"message"`

	Says   codes.Text `json:"-"` // what happened, where Kind is none of this package
	Sent   int        `json:"-"` // messages sent in vain
	Direct bool       `json:"-"` // a name server was asked itself: another resolver knows no better
	again  bool       // asked again it may be answered
	noWay  bool       // this machine has no way to the network of the server
}

// NoWay reports that this machine has no way to the server's network, as one without IPv6: it says nothing about the server.
func (e *Error) NoWay() bool { return e.noWay }
