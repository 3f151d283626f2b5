package event

import (
	"net/netip"
	"time"

	"todoku/codes"
)

// Action is what became of a mail: the words of RFC 3464 §2.3.3, and four more.
type Action string

// The actions. A mail that was given up at the end of its retries is Expired where the record says so, else Failed.
const (
	Delivered Action = "delivered"
	Relayed   Action = "relayed"  // to a system that sends no notices
	Expanded  Action = "expanded" // to the members of a list
	Delayed   Action = "delayed"  // to be tried again
	Failed    Action = "failed"
	Expired   Action = "expired"
	Complaint Action = "complaint"  // the recipient called it spam (RFC 5965)
	AutoReply Action = "auto-reply" // a program answered (RFC 3834)
	Other     Action = "other"      // opened, clicked, unsubscribed …
)

// Trouble reports whether the mail did not arrive, or not yet.
func (a Action) Trouble() bool { return a == Delayed || a == Failed || a == Expired }

// Place is where an event is recorded.
type Place struct {
	File string
	Line int64 // the first line of the record, or the number of the mail in a mailbox, from 1; 0 where a file is one mail
}

// Clock says how much of a time stands in the record. What is not there is not made up: the digits stay as written, in UTC.
type Clock uint8

// The clocks.
const (
	Exact  Clock = iota
	NoZone       // the record names no time zone
	NoYear       // and no year: it is inferred
)

// Event is what happened to one mail for one recipient at one time. What the record does not tell is the zero value.
type Event struct {
	Source Place
	Format string // "postfix", "exim", "ses", "dsn" …: who recorded it
	Action Action
	Time   time.Time
	Clock  Clock

	Recipient         string
	OriginalRecipient string // before it was forwarded or expanded
	From              string // the envelope sender, else the address of the From header
	Subject           string
	MessageID         string // without brackets
	QueueID           string // of the system that recorded it
	EnvelopeID        string // RFC 3461 §4.4
	ReturnPath        string // where a notice came back to; it may be a VERP address
	Size              int64  // of the mail, in octets
	Client            string // who handed the mail in: "host[address]"
	Login             string // and the name with which it logged in (SASL)

	ReportingMTA string     // who recorded or reports it
	RemoteMTA    string     // the receiving server
	RemoteIP     netip.Addr // and its address
	SendingIP    netip.Addr // ours, as the receiver saw it

	Reply      codes.Reply  // the best evidence; Enhanced is the status where the reply has none of its own
	Stage      codes.Stage  // where in the session it was said
	End        codes.Event  // how the attempt ended where no server replied
	Diagnostic string       // the words as they are recorded
	Decided    Span         // the part of Diagnostic that decided: the reply, else all of it; Judge fills it in
	Feedback   string       // of a complaint: "abuse", "fraud" … (RFC 5965 §7.3)
	Returned   ReturnedMail // the mail itself, as far as a notice brings it back
	Notes      []codes.Text // oddities of the record: undeclared charset, truncated …

	Provider string         // an id of the catalogue, or ""; Judge fills it in
	Verdict  *codes.Verdict // what it means; nil before Judge, and where there is nothing to judge. Shared: do not change it
}
