package sender

import (
	"net/netip"
	"time"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
	"todoku/sender/smtp"
)

// Outcome is how one mail to one recipient ended.
type Outcome struct {
	ID         string
	Result     history.Result
	Verdict    codes.Verdict // the delivery code, the reason and what to do
	Reply      codes.Reply   // the one that decided; zero where no server said a word
	Stage      codes.Stage   // where it was decided, "" before any connection
	Event      codes.Event
	Host       string         // the server that decided
	Address    netip.AddrPort // and its address
	Route      Route
	From       mail.Address // the envelope sender, where bounces go
	To         mail.Address
	MessageID  string
	ENVID      string
	Started    time.Time
	Elapsed    time.Duration
	Attempts   int
	RetryAfter time.Duration  // a resend is worth while after this; 0 where it is not, or at any time
	Ours       bool           // our own view failed (DNS, network): it says nothing about the address
	Quit       codes.Stage    // the session was ended here because that was asked for
	Err        error          // what went wrong where no reply decided
	NoDSN      bool           // notifications were asked for, and the server knows none
	Sessions   []Conversation // in their order
}

// FailRoute makes it the outcome of a mail for which FindRoute gave err, as a delivery has it.
func (o *Outcome) FailRoute(c Classifier, err error) { o.end(c, endOfRoute(err), 1, 0) }

// end fills in how the mail ended; after is how long it has been waiting.
func (o *Outcome) end(c Classifier, e end, attempts int, after time.Duration) {
	o.Verdict, o.Result, o.Event = judge(c, e, attempts, after)
	o.Reply, o.Stage, o.Host, o.Address, o.Err, o.Ours = e.reply, e.stage, e.host, e.at, e.err, e.ours()
}

// EventKind is what an Event tells.
type EventKind string

// The kinds of events.
const (
	Routed    EventKind = "routed"    // Hosts are known
	Waiting   EventKind = "waiting"   // for the pace, a free server, or the next attempt: Wait, Why
	Connected EventKind = "connected" // Host, Address
	Stepped   EventKind = "step"      // one step of the session: Stage, Reply or Err
	PlainText EventKind = "plaintext" // TLS failed and the mail goes without: Err after which a new session begins, or Reply
	NextHost  EventKind = "next_host" // this server did not do, the next is tried: Reply or Err
	Deferred  EventKind = "put_off"   // a temporary refusal: Reply, Verdict
	Finished  EventKind = "finished"  // Outcome
)

// Event is something that happens on the way of a mail, for whoever watches.
type Event struct {
	Kind    EventKind
	ID      string
	Attempt int
	Host    string
	Address netip.AddrPort
	Route   *Route
	Stage   codes.Stage
	Steps   smtp.Transcript // of Stepped: what was said since the event before
	Wait    time.Duration
	Why     Wait
	Reply   codes.Reply
	Verdict *codes.Verdict
	Outcome *Outcome
	Err     error
}

// Wait is what a mail waits for.
type Wait string

// The reasons to wait.
const (
	WaitPace  Wait = "pace"  // of the receiving domain
	WaitRetry Wait = "retry" // after a temporary refusal
	WaitBusy  Wait = "busy"  // the server said 421 to another mail just now
)
