package sender

import (
	"context"
	"errors"
	"time"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/smtp"
)

// The mail or the user needs something that the server does not offer. The mail is not sent.
var (
	ErrNoTLS  = errors.New("TLS is required, and the server does not offer STARTTLS")
	ErrNoUTF8 = errors.New("the mail needs SMTPUTF8, which the server does not offer")
	ErrNo8Bit = errors.New("the mail has 8-bit text, and the server does not offer 8BITMIME")
)

// ErrWrongReply means that a reply code is not allowed for this command (RFC 5321 §4.3.2).
var ErrWrongReply = errors.New("a reply that makes no sense here")

// deliverTo tries one server. Where the server takes no further session beside those of other mails, it waits until one
// of them has ended. The session stays open and keeps its place in the gate until endSession.
func (r *run) deliverTo(ctx context.Context, s Server) (end, error) {
	for {
		e, err := r.sessionInTurn(ctx, s)
		if err != nil || !r.current.tooManySessions() || !r.gate.ReduceLimit(s.Addr) {
			return e, err
		}
		c := r.current
		r.current = nil
		c.closeOrKeep(ctx)
		r.out.Sessions = r.out.Sessions[:c.number]
		r.leaveGate()
		r.leaveGate = nil
	}
}

// sessionInTurn waits for a place in the gate and runs a session. Where TLS fails and is not required, it runs a second
// session without TLS.
func (r *run) sessionInTurn(ctx context.Context, s Server) (end, error) {
	leave, err := r.gate.Enter(ctx, s.Addr, smtp.Limits{Server: r.sessions()})
	if err != nil {
		return end{}, err
	}
	if r.attempt == 1 { // whoever comes again has waited already
		if err := r.wait(ctx, WaitBusy, r.backoffs.remaining(s.Addr, r.clock.Now())); err != nil {
			leave()
			return end{}, err
		}
	}
	r.leaveGate = leave
	e, err := r.runSession(ctx, s, r.TLS)
	if err == nil && e.ending == broken && e.stage == codes.StageSTARTTLS && r.plainTextAllowed() && ctx.Err() == nil {
		r.current.closeOrKeep(ctx)
		r.tell(Event{Kind: PlainText, Host: s.Host, Address: s.At, Err: e.err})
		e, err = r.runSession(ctx, s, NoTLS)
	}
	if err == nil && e.ending == broken {
		err = ctx.Err() // nobody knows how it would have ended
	}
	if err != nil && e.ending == broken && r.current.dotRecorded { // the journal has the dot, which was not sent
		err = errors.Join(err, r.recordDeferral(ctx, e, time.Time{}))
	}
	return e, err
}

// relaySessions is how many sessions a relay gets at once: it is the user's own
// server. A recipient's server gets one.
const relaySessions = 4

// sessions is how many a server gets at once.
func (d *Deliverer) sessions() int {
	if d.Relay != nil && d.Keep {
		return relaySessions
	}
	return 1
}

// tooManySessions reports whether a new session ended before its first mail, as it does when a server takes no more.
func (c *conversation) tooManySessions() bool {
	if c.mails > 0 {
		return false
	}
	switch c.result.stage {
	case codes.StageConnect, codes.StageEHLO:
		return c.result.ending == broken || c.result.ending == deferred || c.result.ending == refused
	case codes.StageSTARTTLS, codes.StageAuth: // a wrong password is no better the second time
		return c.result.ending == broken || c.result.ending == deferred
	}
	return false
}

// endSession ends the session that deliverTo left open. The result of the mail is written down before this: a server may
// answer QUIT slowly.
func (r *run) endSession(ctx context.Context) {
	if c := r.current; c != nil {
		r.current = nil
		c.closeOrKeep(ctx)
		r.backoffs.sessionEnded(c.to.Addr, c.result.reply.Code == 421, r.clock.Now())
	}
	if leave := r.leaveGate; leave != nil {
		r.leaveGate = nil
		leave()
	}
}

// plainTextAllowed reports whether the mail may go without TLS. A password never does.
func (r *run) plainTextAllowed() bool {
	return r.TLS == Opportunistic && !r.usesLogin() && (r.Relay == nil || !r.Relay.Implicit)
}

func (r *run) usesLogin() bool { return r.Relay != nil && r.Relay.User != "" }

// secret is the password or token of the login, "" where there is none.
func (r *run) secret() string {
	if !r.usesLogin() || r.Password == nil {
		return ""
	}
	return r.Password()
}

// runSession runs one session until the result of the mail is known; the session stays open. The error is that of the
// journal.
func (r *run) runSession(ctx context.Context, to Server, mode TLSMode) (end, error) {
	w := r.idle.take(to.Addr)
	if w != nil && w.to != to { // another name of the same address
		w.Quit(ctx)
		w = nil
	}
	if w != nil {
		c := r.newConversation(to, mode)
		c.session, c.result.connected, c.mails, c.before = w.Session, true, w.mails, len(w.Transcript())
		var err error
		if c.envelope(ctx) {
			err = c.content(ctx)
		}
		if !c.reuseFailed() || err != nil || ctx.Err() != nil {
			return c.result, err
		}
		if c.result.stage == codes.StageMail {
			r.idle.learn(to.Addr, c.mails)
		}
		c.session.Close()
		r.out.Sessions = r.out.Sessions[:c.number]
	}
	c := r.newConversation(to, mode)
	var err error
	if c.connect(ctx) && c.hello(ctx) && c.startTLS(ctx) && c.login(ctx) && c.envelope(ctx) {
		err = c.content(ctx)
	}
	return c.result, err
}

// reuseFailed reports whether a session that was used for a second mail failed because of that: the connection broke, or
// the server wants no further mail in one session.
func (c *conversation) reuseFailed() bool {
	switch c.result.ending {
	case broken:
		return true
	case refused, deferred:
		return c.result.stage == codes.StageMail || c.result.reply.Code == 421 && !c.dotSent
	}
	return false
}

// newConversation makes the conversation of a session that has not begun, and its entry in the outcome.
func (r *run) newConversation(to Server, mode TLSMode) *conversation {
	c := &conversation{run: r, to: to, mode: mode, result: end{host: to.Host, at: to.At, relay: r.Relay != nil}, number: len(r.out.Sessions)}
	r.current = c
	r.out.Sessions = append(r.out.Sessions, Conversation{Host: to.Host, Address: to.At, Attempt: r.attempt,
		Started: r.clock.Now(), Steps: smtp.Transcript{}})
	return c
}

// conversation is a session under way. Its methods report whether it goes on.
type conversation struct {
	*run
	to          Server
	mode        TLSMode
	session     Session // nil without a connection
	result      end     // how it ended, or would if it ended now
	number      int     // of its transcript in the outcome
	dotRecorded bool    // the journal has it that the final dot may be out
	dotSent     bool    // the final dot may have reached the server
	mails       int     // delivered before in the same session
	before      int     // steps of those
}

// step runs one command, measures it and handles its reply; false ends the session.
func (c *conversation) step(stage codes.Stage, step func() (codes.Reply, error)) bool {
	start := time.Now() // what a server needs is measured, not waited for: no matter of Clock
	reply, err := step()
	return c.handleReply(stage, reply, err, time.Since(start))
}

// handleReply sets the ending that a reply, or its absence, means for the mail; true where the session continues.
func (c *conversation) handleReply(stage codes.Stage, reply codes.Reply, err error, took time.Duration) bool {
	c.result.stage, c.result.reply, c.result.err, c.result.took = stage, reply, err, took
	c.tell(Event{Kind: Stepped, Host: c.to.Host, Address: c.to.At, Stage: stage, Reply: reply, Err: err, Steps: c.newSteps()})
	class := reply.Code / 100
	switch {
	case stage == codes.StageBody && err != nil && c.dotSent && !errors.Is(err, smtp.ErrDotNotSent):
		c.result.ending = outcomeUnknown
	case err != nil: // a reply that came before it decides nothing
		c.result.ending, c.result.reply = broken, codes.Reply{}
	case class == 5:
		c.result.ending = refused
	case class == 4:
		c.result.ending = deferred
	case stage == codes.StageData && class == 3, stage != codes.StageData && class == 2 && (stage != codes.StageBody || c.dotSent):
		return true // a mail goes to who asks for it only: others would take its lines for commands
	case stage == codes.StageBody: // the server may have taken it: the end of the message, or what it has of it
		c.result.ending, c.result.err = outcomeUnknown, ErrWrongReply
	default:
		c.result.ending, c.result.err = broken, ErrWrongReply
	}
	return false
}

// newSteps copies the new steps of the transcript into the outcome, and gives them.
func (c *conversation) newSteps() smtp.Transcript {
	log := &c.out.Sessions[c.number]
	if c.session == nil {
		return log.Steps
	}
	known := len(log.Steps)
	all := c.session.Transcript()[c.before:]
	if c.before == 0 {
		log.Steps = all
		return log.Steps[known:]
	}
	for _, s := range all[known:] {
		s.At -= all[0].At // what came before belongs to another mail
		log.Steps = append(log.Steps, s)
	}
	log.Reused = true
	return log.Steps[known:]
}

// continueAfter reports whether the session continues after a stage; it ends where the job has QuitAfter.
func (c *conversation) continueAfter(stage codes.Stage) bool {
	if c.job.QuitAfter == stage {
		c.result.ending, c.result.stage = stopped, stage
		return false
	}
	return true
}

func (c *conversation) failWith(err error) bool {
	c.result.ending, c.result.err, c.result.reply = cannotContinue, err, codes.Reply{}
	return false
}

func (c *conversation) connect(ctx context.Context) bool {
	start := time.Now()
	s, greeting, err := c.Open(ctx, c.to)
	took := time.Since(start)
	if s == nil {
		c.out.Sessions[c.number].Steps = smtp.Transcript{{Took: took, Stage: codes.StageConnect, Err: err}}
		return c.handleReply(codes.StageConnect, codes.Reply{}, err, took)
	}
	c.session, c.result.connected = s, true
	c.tell(Event{Kind: Connected, Host: c.to.Host, Address: c.to.At})
	return c.handleReply(codes.StageConnect, greeting, err, took) && c.continueAfter(codes.StageConnect)
}

// closeOrKeep keeps the session for the next mail, or ends it. It says QUIT only to a server that listens: not after a
// timeout, and not after 421, with which the server closes (RFC 5321 §3.8).
func (c *conversation) closeOrKeep(ctx context.Context) {
	if c.session == nil {
		return
	}
	if c.reusable() && c.idle.put(c.to, c.session, c.mails+1) {
		return
	}
	defer c.newSteps()
	if c.result.ending == broken || c.result.ending == outcomeUnknown || c.result.reply.Code == 421 || ctx.Err() != nil {
		c.session.Close()
		return
	}
	c.session.Quit(ctx)
}

// reusable reports whether the session may go on with another mail.
func (c *conversation) reusable() bool { return c.Keep && c.result.ending == delivered }

func (c *conversation) hello(ctx context.Context) bool {
	return c.step(codes.StageEHLO, func() (codes.Reply, error) { return c.session.Hello(ctx) }) && c.continueAfter(codes.StageEHLO)
}

// startTLS brings TLS about, or goes on without where that is allowed.
func (c *conversation) startTLS(ctx context.Context) bool {
	required := c.mode == RequireTLS || c.usesLogin()
	switch {
	case c.to.Implicit || c.mode == NoTLS && !required && c.job.QuitAfter != codes.StageSTARTTLS:
		return c.continueAfter(codes.StageSTARTTLS)
	case !c.session.Offers("STARTTLS") && (required || c.job.QuitAfter == codes.StageSTARTTLS):
		return c.failWith(ErrNoTLS)
	case !c.session.Offers("STARTTLS"):
		return true
	}
	if c.step(codes.StageSTARTTLS, func() (codes.Reply, error) { return c.session.StartTLS(ctx) }) {
		return c.continueAfter(codes.StageSTARTTLS) && c.step(codes.StageEHLO, func() (codes.Reply, error) { return c.session.Hello(ctx) })
	}
	if c.result.err == nil && c.result.reply.Code != 421 && !required && c.job.QuitAfter != codes.StageSTARTTLS {
		c.tell(Event{Kind: PlainText, Host: c.to.Host, Address: c.to.At, Reply: c.result.reply})
		c.result.ending = broken // "454 not now" is no refusal of the mail
		return true
	}
	return false
}

func (c *conversation) login(ctx context.Context) bool {
	if !c.usesLogin() {
		return true
	}
	if c.step(codes.StageAuth, func() (codes.Reply, error) { return c.session.Login(ctx, c.Relay.User, c.to.Secret, c.Bearer) }) {
		return true
	}
	var none *smtp.Error
	if errors.As(c.result.err, &none) && none.Kind == smtp.KindAuth {
		return c.failWith(none)
	}
	return false
}

func (c *conversation) envelope(ctx context.Context) bool {
	m, dsn := c.job.Message, c.session.Offers("DSN")
	p := MailParams{UTF8: c.job.From.NeedsUTF8() || c.job.To.NeedsUTF8() || m != nil && m.NeedsUTF8()}
	if p.UTF8 && !c.session.Offers("SMTPUTF8") {
		return c.failWith(ErrNoUTF8)
	}
	if m != nil && m.EightBit() && !c.session.Offers("8BITMIME") { // RFC 6152 §3: it must not go out
		return c.failWith(ErrNo8Bit)
	}
	if m != nil {
		p.EightBit = (m.EightBit() || p.UTF8) && c.session.Offers("8BITMIME")
		if c.session.Offers("SIZE") {
			p.Size = m.Size()
		}
	}
	var notify []string
	if dsn {
		p.Return, p.EnvelopeID, notify = c.job.DSN.Return, c.job.DSN.ENVID, c.job.DSN.Notify
	}
	c.out.NoDSN = !dsn && c.job.DSN.wanted()
	return c.step(codes.StageMail, func() (codes.Reply, error) { return c.session.Mail(ctx, c.job.From.String(), p) }) &&
		c.continueAfter(codes.StageMail) &&
		c.step(codes.StageRcpt, func() (codes.Reply, error) { return c.session.Rcpt(ctx, c.job.To.String(), notify) }) &&
		c.continueAfter(codes.StageRcpt)
}

// content sends the message. The journal knows before the final dot that the
// server may have it; where it cannot, the dot is not sent and there is no mail.
func (c *conversation) content(ctx context.Context) error {
	if !c.step(codes.StageData, func() (codes.Reply, error) { return c.session.Data(ctx) }) {
		return nil
	}
	var unwritten error
	end := func() error {
		if unwritten = ctx.Err(); unwritten != nil {
			return unwritten
		}
		if unwritten = c.progress(context.WithoutCancel(ctx), history.ContentSent); unwritten != nil {
			return unwritten
		}
		c.dotRecorded, unwritten = true, ctx.Err() // the journal may have taken its time
		c.dotSent = unwritten == nil
		return unwritten
	}
	if c.step(codes.StageBody, func() (codes.Reply, error) { return c.session.Body(ctx, c.job.Message.Pieces(), end) }) {
		c.result.ending = delivered
	}
	return unwritten
}
