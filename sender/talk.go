package sender

import (
	"context"
	"errors"
	"time"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/smtp"
)

// What keeps a mail from going out although nobody refused it.
var (
	ErrNoTLS  = errors.New("TLS is required, and the server does not offer STARTTLS")
	ErrNoUTF8 = errors.New("the mail needs SMTPUTF8, which the server does not offer")
	ErrNo8Bit = errors.New("the mail has 8-bit text, and the server does not offer 8BITMIME")
)

// ErrNonsense is a reply that SMTP does not have at its place.
var ErrNonsense = errors.New("a reply that makes no sense here")

// visit goes to one server. Where that takes no further session beside those of
// other mails, it waits for one of them to end. The session stays open, and the
// server's turn taken, until hangUp.
func (r *run) visit(ctx context.Context, s Server) (end, error) {
	for {
		e, err := r.call(ctx, s)
		if err != nil || !r.open.turnedAway() || !r.gate.Narrow(s.Addr) {
			return e, err
		}
		c := r.open
		r.open = nil
		c.leave(ctx)
		r.out.Sessions = r.out.Sessions[:c.number]
		r.turn()
		r.turn = nil
	}
}

// call talks to a server when its turn comes, again without TLS where TLS breaks
// and need not be.
func (r *run) call(ctx context.Context, s Server) (end, error) {
	leave, err := r.gate.Enter(ctx, s.Addr, smtp.Limits{Server: r.sessions()})
	if err != nil {
		return end{}, err
	}
	if r.attempt == 1 { // whoever comes again has waited already
		if err := r.wait(ctx, WaitBusy, r.backoffs.left(s.Addr, r.clock.Now())); err != nil {
			leave()
			return end{}, err
		}
	}
	r.turn = leave
	e, err := r.talk(ctx, s, r.TLS)
	if err == nil && e.ending == broken && e.stage == codes.StageSTARTTLS && r.mayGoPlain() && ctx.Err() == nil {
		r.open.leave(ctx)
		r.tell(Event{Kind: PlainText, Host: s.Host, Address: s.At, Err: e.err})
		e, err = r.talk(ctx, s, NoTLS)
	}
	if err == nil && e.ending == broken {
		err = ctx.Err() // nobody knows how it would have ended
	}
	if err != nil && e.ending == broken && r.open.noted { // the journal has the dot, which was not sent
		err = errors.Join(err, r.waits(ctx, e, time.Time{}))
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

// turnedAway reports whether a new session ended before its first mail, as those
// do that are one too many for a server.
func (c *conversation) turnedAway() bool {
	if c.mails > 0 {
		return false
	}
	switch c.e.stage {
	case codes.StageConnect, codes.StageEHLO:
		return c.e.ending == broken || c.e.ending == putOff || c.e.ending == refused
	case codes.StageSTARTTLS, codes.StageAuth: // a wrong password is no better the second time
		return c.e.ending == broken || c.e.ending == putOff
	}
	return false
}

// hangUp ends the session that visit left open. What came of the mail is written
// down before: a server may take its time with the goodbye.
func (r *run) hangUp(ctx context.Context) {
	if c := r.open; c != nil {
		r.open = nil
		c.leave(ctx)
		r.backoffs.after(c.to.Addr, c.e.reply.Code == 421, r.clock.Now())
	}
	if leave := r.turn; leave != nil {
		r.turn = nil
		leave()
	}
}

// mayGoPlain: a password never goes without TLS.
func (r *run) mayGoPlain() bool {
	return r.TLS == Opportunistic && !r.logsIn() && (r.Relay == nil || !r.Relay.Implicit)
}

func (r *run) logsIn() bool { return r.Relay != nil && r.Relay.User != "" }

// secret is the password or token of the login, "" where there is none.
func (r *run) secret() string {
	if !r.logsIn() || r.Password == nil {
		return ""
	}
	return r.Password()
}

// talk is one session up to where the mail's fate is known; it stays open. Its
// error is the journal's.
func (r *run) talk(ctx context.Context, to Server, mode TLSMode) (end, error) {
	w := r.idle.take(to.Addr)
	if w != nil && w.to != to { // another name of the same address
		w.Quit(ctx)
		w = nil
	}
	if w != nil {
		c := r.begun(to, mode)
		c.s, c.e.open, c.mails, c.before = w.Session, true, w.mails, len(w.Transcript())
		var err error
		if c.envelope(ctx) {
			err = c.content(ctx)
		}
		if !c.worn() || err != nil || ctx.Err() != nil {
			return c.e, err
		}
		if c.e.stage == codes.StageMail {
			r.idle.learn(to.Addr, c.mails)
		}
		c.s.Close()
		r.out.Sessions = r.out.Sessions[:c.number]
	}
	c := r.begun(to, mode)
	var err error
	if c.connect(ctx) && c.hello(ctx) && c.secure(ctx) && c.login(ctx) && c.envelope(ctx) {
		err = c.content(ctx)
	}
	return c.e, err
}

// worn reports whether a session that went on with another mail may have failed
// for having lasted too long: it broke, or the server wanted no further mail in it.
func (c *conversation) worn() bool {
	switch c.e.ending {
	case broken:
		return true
	case refused, putOff:
		return c.e.stage == codes.StageMail || c.e.reply.Code == 421 && !c.ended
	}
	return false
}

// begun is a conversation before its first word.
func (r *run) begun(to Server, mode TLSMode) *conversation {
	c := &conversation{run: r, to: to, mode: mode, e: end{host: to.Host, at: to.At}, number: len(r.out.Sessions)}
	r.open = c
	r.out.Sessions = append(r.out.Sessions, Conversation{Host: to.Host, Address: to.At, Attempt: r.attempt,
		Started: r.clock.Now(), Steps: smtp.Transcript{}})
	return c
}

// conversation is a session under way; e is how it ended, or would if it ended
// now. Its methods report whether it goes on.
type conversation struct {
	*run
	to     Server
	mode   TLSMode
	s      Session // nil without a connection
	e      end
	number int  // of its transcript in the outcome
	noted  bool // the journal has it that the final dot may be out
	ended  bool // the final dot may have reached the server
	mails  int  // delivered before in the same session
	before int  // steps of those
}

// say takes one step.
func (c *conversation) say(stage codes.Stage, step func() (codes.Reply, error)) bool {
	start := time.Now() // what a server needs is measured, not waited for: no matter of Clock
	reply, err := step()
	return c.heard(stage, reply, err, time.Since(start))
}

// heard takes in what came of a step.
func (c *conversation) heard(stage codes.Stage, reply codes.Reply, err error, took time.Duration) bool {
	c.e.stage, c.e.reply, c.e.err, c.e.took = stage, reply, err, took
	c.tell(Event{Kind: Stepped, Host: c.to.Host, Address: c.to.At, Stage: stage, Reply: reply, Err: err, Steps: c.news()})
	class := reply.Code / 100
	switch {
	case stage == codes.StageBody && err != nil && c.ended && !errors.Is(err, smtp.ErrUnended):
		c.e.ending = perhaps
	case err != nil: // a reply that came before it decides nothing
		c.e.ending, c.e.reply = broken, codes.Reply{}
	case class == 5:
		c.e.ending = refused
	case class == 4:
		c.e.ending = putOff
	case stage == codes.StageData && class == 3, stage != codes.StageData && class == 2 && (stage != codes.StageBody || c.ended):
		return true // a mail goes to who asks for it only: others would take its lines for commands
	case stage == codes.StageBody: // the server may have taken it: the end of the message, or what it has of it
		c.e.ending, c.e.err = perhaps, ErrNonsense
	default:
		c.e.ending, c.e.err = broken, ErrNonsense
	}
	return false
}

// news takes over what the transcript has got since the last time.
func (c *conversation) news() smtp.Transcript {
	log := &c.out.Sessions[c.number]
	if c.s == nil {
		return log.Steps
	}
	known := len(log.Steps)
	all := c.s.Transcript()[c.before:]
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

// goOn ends the session where QuitAfter wants it.
func (c *conversation) goOn(stage codes.Stage) bool {
	if c.job.QuitAfter == stage {
		c.e.ending, c.e.stage = stopped, stage
		return false
	}
	return true
}

func (c *conversation) unfit(err error) bool {
	c.e.ending, c.e.err, c.e.reply = unfit, err, codes.Reply{}
	return false
}

func (c *conversation) connect(ctx context.Context) bool {
	start := time.Now()
	s, greeting, err := c.Open(ctx, c.to)
	took := time.Since(start)
	if s == nil {
		c.out.Sessions[c.number].Steps = smtp.Transcript{{Took: took, Stage: codes.StageConnect, Err: err}}
		return c.heard(codes.StageConnect, codes.Reply{}, err, took)
	}
	c.s, c.e.open = s, true
	c.tell(Event{Kind: Connected, Host: c.to.Host, Address: c.to.At})
	return c.heard(codes.StageConnect, greeting, err, took) && c.goOn(codes.StageConnect)
}

// leave is polite to who listens: not after silence, and not after 421, with
// which the server has closed (RFC 5321 §3.8).
func (c *conversation) leave(ctx context.Context) {
	if c.s == nil {
		return
	}
	if c.stays() && c.idle.put(c.to, c.s, c.mails+1) {
		return
	}
	defer c.news()
	if c.e.ending == broken || c.e.ending == perhaps || c.e.reply.Code == 421 || ctx.Err() != nil {
		c.s.Close()
		return
	}
	c.s.Quit(ctx)
}

// stays reports whether the session may go on with another mail.
func (c *conversation) stays() bool { return c.Keep && c.e.ending == delivered }

func (c *conversation) hello(ctx context.Context) bool {
	return c.say(codes.StageEHLO, func() (codes.Reply, error) { return c.s.Hello(ctx) }) && c.goOn(codes.StageEHLO)
}

// secure brings TLS about, or goes on without where that is allowed.
func (c *conversation) secure(ctx context.Context) bool {
	required := c.mode == RequireTLS || c.logsIn()
	switch {
	case c.to.Implicit || c.mode == NoTLS && !required && c.job.QuitAfter != codes.StageSTARTTLS:
		return c.goOn(codes.StageSTARTTLS)
	case !c.s.Offers("STARTTLS") && (required || c.job.QuitAfter == codes.StageSTARTTLS):
		return c.unfit(ErrNoTLS)
	case !c.s.Offers("STARTTLS"):
		return true
	}
	if c.say(codes.StageSTARTTLS, func() (codes.Reply, error) { return c.s.StartTLS(ctx) }) {
		return c.goOn(codes.StageSTARTTLS) && c.say(codes.StageEHLO, func() (codes.Reply, error) { return c.s.Hello(ctx) })
	}
	if c.e.err == nil && c.e.reply.Code != 421 && !required && c.job.QuitAfter != codes.StageSTARTTLS {
		c.tell(Event{Kind: PlainText, Host: c.to.Host, Address: c.to.At, Reply: c.e.reply})
		c.e.ending = broken // "454 not now" is no refusal of the mail
		return true
	}
	return false
}

func (c *conversation) login(ctx context.Context) bool {
	if !c.logsIn() {
		return true
	}
	if c.say(codes.StageAuth, func() (codes.Reply, error) { return c.s.Login(ctx, c.Relay.User, c.to.Secret, c.Bearer) }) {
		return true
	}
	var none *smtp.Error
	if errors.As(c.e.err, &none) && none.Kind == smtp.KindAuth {
		return c.unfit(none)
	}
	return false
}

func (c *conversation) envelope(ctx context.Context) bool {
	m, dsn := c.job.Message, c.s.Offers("DSN")
	p := MailParams{UTF8: c.job.From.NeedsUTF8() || c.job.To.NeedsUTF8() || m != nil && m.NeedsUTF8()}
	if p.UTF8 && !c.s.Offers("SMTPUTF8") {
		return c.unfit(ErrNoUTF8)
	}
	if m != nil && m.EightBit() && !c.s.Offers("8BITMIME") { // RFC 6152 §3: it must not go out
		return c.unfit(ErrNo8Bit)
	}
	if m != nil {
		p.EightBit = (m.EightBit() || p.UTF8) && c.s.Offers("8BITMIME")
		if c.s.Offers("SIZE") {
			p.Size = m.Size()
		}
	}
	var notify []string
	if dsn {
		p.Return, p.EnvelopeID, notify = c.job.DSN.Return, c.job.DSN.ENVID, c.job.DSN.Notify
	}
	c.out.NoDSN = !dsn && c.job.DSN.wanted()
	return c.say(codes.StageMail, func() (codes.Reply, error) { return c.s.Mail(ctx, c.job.From.String(), p) }) && c.goOn(codes.StageMail) &&
		c.say(codes.StageRcpt, func() (codes.Reply, error) { return c.s.Rcpt(ctx, c.job.To.String(), notify) }) && c.goOn(codes.StageRcpt)
}

// content sends the message. The journal knows before the final dot that the
// server may have it; where it cannot, the dot is not sent and there is no mail.
func (c *conversation) content(ctx context.Context) error {
	if !c.say(codes.StageData, func() (codes.Reply, error) { return c.s.Data(ctx) }) {
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
		c.noted, unwritten = true, ctx.Err() // the journal may have taken its time
		c.ended = unwritten == nil
		return unwritten
	}
	if c.say(codes.StageBody, func() (codes.Reply, error) { return c.s.Body(ctx, c.job.Message.Pieces(), end) }) {
		c.e.ending = delivered
	}
	return unwritten
}
