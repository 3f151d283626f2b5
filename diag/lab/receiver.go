package lab

import (
	"net/netip"
	"strings"
	"time"
)

// Receiver is the script of a mail server. The zero value takes every message,
// offers every extension and has a good certificate.
type Receiver struct {
	Domain string   // whose mail it takes; only for lists
	Name   string   // it greets with it, and its certificate holds it
	Ports  []uint16 // nil: 25. On 465 it speaks TLS from the start
	Reach  Reach    // what connecting meets

	Lacks       []string    // EHLO keywords that it does not offer
	Size        int64       // of the largest message; 0: 25 MiB
	Certificate Certificate //
	MaxTLS      uint16      // newest version, as in crypto/tls; 0: any
	TLSFirst    bool        // no mail before STARTTLS
	RequireTLS  bool        // offers REQUIRETLS in TLS (RFC 8689)

	Users      map[string]string // password or token of each; none: no AUTH
	Guest      string            // user whose password may be anything
	LoginFirst bool              // no mail before AUTH
	Clear      bool              // AUTH is offered without TLS too

	Known        []string       // local parts that exist, "user*" for all that begin so; nil: any
	VRFY         bool           // tells who exists
	To           map[string]Say // RCPT by local part, in lower case; Rcpt is for all others
	Mailboxes    bool           // it takes no mail and shows the mailboxes of the lab: IMAP and POP3
	BouncesLater string         // what is said of a mail that it took, in a notice to its sender
	Junk         bool           // what it takes goes into the folder for junk

	Cut int // octets of a message after which the connection breaks; 0: never

	Greeting, EHLO, HELO, STARTTLS, Auth, Mail, Rcpt, Data, Body Say
}

// Say is what a receiver says in place of its usual reply. The zero value is
// the usual reply.
type Say struct {
	Reply string        // "550 5.1.1 <{to}> unknown"; \n begins another line; {to} {from} {name} are filled in
	Raw   string        // octets in place of a reply
	Count int           // how often Raw is sent; 0: once
	Wait  time.Duration // before it is said, the usual reply too
	Drip  time.Duration // between octets
	Until time.Duration // said only so long after the first time for the same sender and recipient; then as usual
	Then  Then
}

// Then is what follows what was said.
type Then string

// What may follow. With neither Reply nor Raw, nothing is said before it.
const (
	GoOn  Then = ""
	Drop  Then = "drop"  // the connection ends
	Stall Then = "stall" // nothing is said any more
)

// Reach is what connecting to a host meets.
type Reach string

// What may happen.
const (
	Free        Reach = ""
	Closed      Reach = "closed"      // connection refused
	Silent      Reach = "silent"      // no answer
	Unreachable Reach = "unreachable" // no route to host
)

// Certificate is what a receiver shows in TLS.
type Certificate string

// The certificates. The lab's own authority signs all but the self-signed one. Their life is 90 days, of which 80 are left, where
// nothing else is said.
const (
	Good       Certificate = ""
	Expired    Certificate = "expired"
	Expiring   Certificate = "expiring" // in 10 days
	Endless    Certificate = "endless"  // with the date of RFC 5280 §4.1.2.5 for no end
	WrongName  Certificate = "wrong name"
	SelfSigned Certificate = "self-signed"
	WithCA     Certificate = "with ca"     // shown with that of the authority
	Chained    Certificate = "chained"     // signed by an authority below the lab's, shown with its certificate
	Incomplete Certificate = "incomplete"  // the same, shown without
	WeakKey    Certificate = "weak key"    // RSA of 1024 bits
	SHA1       Certificate = "sha-1"       // signed with SHA-1
	CommonName Certificate = "common name" // its name is not among the alternative names, but the common name only
)

// Put places a mail server at addresses of the world, before it starts.
func (w *World) Put(r Receiver, at ...netip.Addr) {
	w.mail = append(w.mail, site{r, at})
}

// site is where a receiver is to be found.
type site struct {
	Receiver
	at []netip.Addr
}

// knows reports whether a mailbox exists.
func (r *Receiver) knows(local string) bool {
	local = strings.ToLower(local)
	if _, ok := r.To[local]; ok {
		return true
	}
	for _, k := range r.Known {
		if prefix, any := strings.CutSuffix(k, "*"); local == k || any && strings.HasPrefix(local, prefix) {
			return true
		}
	}
	return len(r.Known) == 0
}

// rcptScript is what a recipient's RCPT meets.
func (r *Receiver) rcptScript(local string) Say {
	if say, ok := r.To[strings.ToLower(local)]; ok {
		return say
	}
	return r.Rcpt
}
