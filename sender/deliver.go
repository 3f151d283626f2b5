package sender

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
	"todoku/sender/smtp"
)

// TLSMode says how much TLS matters.
type TLSMode string

// The modes. Opportunistic is the zero value: TLS where the server offers STARTTLS and it works, else plain text; the
// certificate is not checked (RFC 7435).
const (
	Opportunistic TLSMode = ""
	RequireTLS    TLSMode = "require" // with a certificate that verifies
	NoTLS         TLSMode = "off"
)

// Deliverer delivers mail. One of them serves several goroutines; it sees to
// the pace, and to one session at a time with each server, a few with a relay.
type Deliverer struct {
	Router   Router
	Relay    *Relay        // instead of the recipient's own servers
	Password func() string // of Relay.User
	Bearer   bool          // the password is a token for XOAUTH2
	Codes    Classifier
	Open     Opener
	TLS      TLSMode
	Port     int // of the recipient's servers; 0 is 25
	Retry    Retry
	Rate     Rate
	Clock    Clock   // nil is the wall's
	Journal  Journal // nil remembers nothing
	Events   func(Event)
	Keep     bool // keep sessions open for the next mail to the same server; Close ends them

	pace     pace
	gate     smtp.Gate
	backoffs backoffs
	idle     idle
}

// Job is one mail to one recipient.
type Job struct {
	ID        string         // "" makes one
	Kind      string         // what it is sent for: "test", "campaign"
	Claimed   bool           // the journal has it already, and this process works on it
	Listed    bool           // of a list: the journal has it, but for its mail
	Bcc       []mail.Address // for the journal only
	Message   *mail.Message
	From      mail.Address // the envelope sender, where bounces go; zero is <>
	To        mail.Address
	QuitAfter codes.Stage // connect, ehlo, starttls, mail or rcpt: go no further
	DSN       DSN
}

// DSN asks for delivery status notifications (RFC 3461).
type DSN struct {
	Notify []string // NEVER, or some of SUCCESS FAILURE DELAY
	Return string   // FULL or HDRS
	ENVID  string
}

// Deliver sends a mail, with retries, and tells how that ended. What the servers said is in the outcome, not in the
// error. An error means that the job is wrong (a *codes.UserError), that ctx ended, or that the journal could not be
// written; the outcome is then what is known so far.
func (d *Deliverer) Deliver(ctx context.Context, j Job) (Outcome, error) {
	r := &run{Deliverer: d, clock: d.Clock}
	if r.clock == nil {
		r.clock = WallClock{}
	}
	start := r.clock.Now()
	if j.ID == "" {
		j.ID = history.NewID(start)
	}
	r.job = j
	r.out = Outcome{ID: j.ID, Result: history.Preparing, From: j.From, To: j.To, ENVID: j.DSN.ENVID, Started: start, Quit: j.QuitAfter}
	if j.Message != nil {
		r.out.MessageID = j.Message.ID
	}
	if err := j.check(); err != nil {
		return r.out, err
	}
	if err := r.begin(ctx); err != nil {
		return r.out, err
	}
	e, err := r.attempts(ctx)
	r.out.Elapsed = r.clock.Now().Sub(start)
	if err != nil {
		r.endSession(ctx)
		return r.out, err
	}
	if c := r.current; c != nil && c.reusable() { // the server says nothing more about this mail
		r.endSession(ctx)
	}
	r.end(e)
	err = r.finish(ctx, e)
	r.endSession(ctx)
	r.tell(Event{Kind: Finished, Outcome: &r.out, Reply: r.out.Reply, Verdict: &r.out.Verdict, Err: r.out.Err})
	return r.out, err
}

func (j Job) check() error {
	switch j.QuitAfter {
	case "":
		if j.Message == nil {
			return mail.Missing("message")
		}
	case codes.StageConnect, codes.StageEHLO, codes.StageSTARTTLS, codes.StageMail, codes.StageRcpt:
	default:
		return codes.WrongAt("quit-after", codes.Text{EN: "{value} is none of connect, ehlo, starttls, mail, rcpt",
			JA: "{value} は connect・ehlo・starttls・mail・rcpt のいずれでもありません"}, codes.Quoted("value", string(j.QuitAfter)))
	}
	if j.To.IsZero() {
		return mail.Missing("To")
	}
	return j.DSN.check()
}

func (d DSN) wanted() bool { return len(d.Notify) > 0 || d.Return != "" || d.ENVID != "" }

func (d DSN) check() error {
	for _, n := range d.Notify { // RFC 3461 §4.1
		if n != "SUCCESS" && n != "FAILURE" && n != "DELAY" && (n != "NEVER" || len(d.Notify) > 1) {
			return codes.WrongAt("NOTIFY", codes.Text{EN: "is NEVER alone, or some of SUCCESS, FAILURE, DELAY", JA: "NEVER のみ、または SUCCESS・FAILURE・DELAY の組み合わせを指定してください"})
		}
	}
	if d.Return != "" && d.Return != "FULL" && d.Return != "HDRS" {
		return codes.WrongAt("RET", codes.Text{EN: "is FULL or HDRS", JA: "FULL または HDRS を指定してください"})
	}
	if err := mail.CheckLine("ENVID", d.ENVID); err != nil {
		return err
	}
	if len(d.ENVID) > 100 || strings.ContainsFunc(d.ENVID, func(r rune) bool { return r >= utf8.RuneSelf }) { // §4.4
		return codes.WrongAt("ENVID", codes.Text{EN: "has at most 100 ASCII characters", JA: "半角英数記号100文字以内で指定してください"})
	}
	return nil
}

// run is one Deliver under way.
type run struct {
	*Deliverer
	job          Job
	clock        Clock
	out          Outcome
	attempt      int
	current      *conversation // the session that is still to be ended
	leaveGate    func()        // gives back the turn at its server
	mailRecorded bool          // the journal has the mail of a list
}

func (r *run) tell(e Event) {
	if r.Events != nil {
		e.ID, e.Attempt = r.job.ID, r.attempt
		r.Events(e)
	}
}

// attempts tries until there is an end.
func (r *run) attempts(ctx context.Context) (end, error) {
	for r.attempt = 1; ; r.attempt++ {
		r.out.Attempts = r.attempt
		if err := r.wait(ctx, WaitPace, r.pace.reserve(r.job.To.Domain(), r.clock.Now(), r.Rate.interval())); err != nil {
			return end{}, err
		}
		e, err := r.attemptOnce(ctx)
		if err != nil || !e.temporary() || r.job.QuitAfter != "" {
			return e, err
		}
		v, _, _ := judge(r.Codes, e, 1, 0)
		now := r.clock.Now()
		wait, again := r.Retry.wait(r.attempt, r.out.Started, now, v.RetryAfter)
		if !again {
			r.out.RetryAfter = v.RetryAfter
			return e, nil
		}
		if err := r.recordDeferral(ctx, e, now.Add(wait)); err != nil {
			return e, err
		}
		r.endSession(ctx)
		r.tell(Event{Kind: Deferred, Host: e.host, Address: e.at, Reply: e.reply, Verdict: &v, Err: e.err})
		if err := r.wait(ctx, WaitRetry, wait); err != nil {
			return e, err
		}
	}
}

func (r *run) wait(ctx context.Context, why Wait, d time.Duration) error {
	if d > 0 {
		r.tell(Event{Kind: Waiting, Why: why, Wait: d})
	}
	return r.clock.Sleep(ctx, d)
}

// end fills in the outcome.
func (r *run) end(e end) {
	r.out.end(r.Codes, e, r.attempt, r.clock.Now().Sub(r.out.Started))
}

// attemptOnce makes one attempt: the route, then its servers until one decides.
func (r *run) attemptOnce(ctx context.Context) (end, error) {
	targets, e := r.targets(ctx)
	if err := ctx.Err(); err != nil {
		return e, err
	}
	for _, t := range r.backoffs.busyLast(targets, r.clock.Now()) {
		one, err := r.deliverTo(ctx, t)
		if err != nil {
			return one, err
		}
		if e.host == "" || one.weight() >= e.weight() {
			e = one
		}
		if !one.tryNextServer() {
			return one, nil
		}
		r.endSession(ctx)
		r.tell(Event{Kind: NextHost, Host: one.host, Address: one.at, Reply: one.reply, Err: one.err})
	}
	return e, nil
}

// targets lists where to go; without any, the end says why.
func (r *run) targets(ctx context.Context) ([]Server, end) {
	if r.Relay != nil {
		addr := net.JoinHostPort(r.Relay.Host, strconv.Itoa(r.Relay.Port))
		return []Server{{Host: r.Relay.Host, Addr: addr, Implicit: r.Relay.Implicit, Verify: r.TLS == RequireTLS ||
			r.usesLogin(), Secret: r.secret()}}, end{}
	}
	found, err := FindRoute(ctx, r.Router, r.job.To)
	r.out.Route = found
	if err != nil {
		return nil, endOfRoute(err)
	}
	r.tell(Event{Kind: Routed, Route: &found})
	number := r.Port
	if number == 0 {
		number = 25
	}
	var list []Server
	for _, h := range found.Hosts {
		for _, ip := range h.Addresses {
			at := netip.AddrPortFrom(ip, uint16(number))
			list = append(list, Server{Host: h.Name, Addr: at.String(), At: at, Verify: r.TLS == RequireTLS})
		}
	}
	return list, end{}
}
