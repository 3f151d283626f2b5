package probe

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/smtp"
)

// Port is where mail servers take mail from each other (RFC 5321 §4.5.4.2).
const Port = 25

// maxOpen bounds the visits that go on at once, in all.
const maxOpen = 20

// Classifier tells what a reply means; *codes.Catalogue does.
type Classifier interface {
	Classify(codes.Reply, codes.Context) codes.Verdict
}

// Prober is the way to mail servers, for any number of runs. The zero value of a
// field is the usual; without Dial it goes out to the world.
type Prober struct {
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Now     func() time.Time
	Roots   *x509.CertPool
	Helo    string
	Timeout time.Duration // of one step
	Codes   Classifier
	Stray   string                        // the mailbox that no domain has; "" draws one for each run
	Record  func(Question, Visit)         // gets every visit; nil: nobody wants them
	Replay  func(Question) (Visit, error) // takes the place of all servers: a visit that was kept, without its verdicts

	gate smtp.Gate
}

// Depth says how far a visit goes. The zero value goes as far as it can: EHLO, TLS, and RCPT.
type Depth struct {
	Plain    bool // do not start TLS
	Greeting bool // no further than the greeting
}

// Visit is what a server said when it was asked just now.
type Visit struct {
	Host     string
	Address  netip.AddrPort
	Local    netip.Addr // our own end of the connection
	Banner   string
	EHLO     []string    // what it offers; nil where it did not agree to talk
	Stage    codes.Stage // how far it got
	Reply    codes.Reply // the last one
	Verdict  codes.Verdict
	Rcpts    []Answer
	Size     int64 // the SIZE that it takes, 0 where it does not say
	STARTTLS bool  // offered
	TLS      *smtp.TLSState
	TLSReply codes.Reply // to STARTTLS where it was no yes
	TLSErr   error       // why encryption did not come about otherwise
	Err      error       // why there was no reply
	Took     time.Duration
	Steps    smtp.Transcript
}

// Answer is what a server said to one RCPT.
type Answer struct {
	To      string
	Reply   codes.Reply
	Verdict codes.Verdict
}

// visit asks one address of a host about recipients.
func (p *Prober) visit(ctx context.Context, host string, at netip.AddrPort, how Depth, to []string) Visit {
	q := Question{Host: host, Address: at, Depth: how, To: to}
	if p.Replay != nil {
		return p.replay(q)
	}
	v := p.look(ctx, host, at, how, to)
	if p.Record != nil {
		p.Record(q, v)
	}
	return v
}

// look opens the connection of a visit.
func (p *Prober) look(ctx context.Context, host string, at netip.AddrPort, how Depth, to []string) Visit {
	now := p.Now
	if now == nil {
		now = time.Now
	}
	v := &Visit{Host: host, Address: at, Stage: codes.StageConnect}
	leave, err := p.gate.Enter(ctx, at.String(), smtp.Limits{Server: 1, All: maxOpen})
	if err != nil {
		v.Err = err
		return *v
	}
	defer leave()
	start := now()
	s, reply, err := smtp.Dial(ctx, at.String(), smtp.Options{Dial: p.Dial, Now: now, Roots: p.Roots, Helo: p.Helo,
		Host: host, Timeout: p.Timeout})
	goOn := p.record(v, codes.StageConnect, reply, err)
	if s != nil {
		v.Local = s.Local()
		v.Banner = reply.Text()
		if goOn && !how.Greeting {
			p.talk(ctx, s, v, how, to)
		}
		s.Quit(ctx)
		v.Steps = s.Transcript()
	}
	v.Took = now().Sub(start)
	return *v
}

// talk says EHLO, STARTTLS and RCPT, as far as the server goes along.
func (p *Prober) talk(ctx context.Context, s *smtp.Session, v *Visit, how Depth, to []string) {
	if !p.hello(ctx, s, v) {
		return
	}
	v.STARTTLS = s.Offers("STARTTLS")
	if v.STARTTLS && !how.Plain {
		if !p.encrypt(ctx, s, v) {
			return
		}
	}
	v.Size, _ = strconv.ParseInt(s.Offer("SIZE"), 10, 64)
	for i, address := range to {
		if i > 0 {
			if reply, err := s.Reset(ctx); !p.record(v, codes.StageMail, reply, err) {
				return
			}
		}
		// The null sender: what is said now is about the recipient, not about us.
		reply, err := s.Mail(ctx, "", smtp.MailParams{UTF8: !ascii(address)})
		if !p.record(v, codes.StageMail, reply, err) {
			return
		}
		reply, err = s.Rcpt(ctx, address, nil)
		p.record(v, codes.StageRcpt, reply, err)
		if err != nil {
			return
		}
		v.Rcpts = append(v.Rcpts, Answer{address, reply, v.Verdict})
	}
}

// encrypt turns to TLS and reports whether the session goes on: it does so
// without TLS where a server refuses no more than that (RFC 3207 §4).
func (p *Prober) encrypt(ctx context.Context, s *smtp.Session, v *Visit) bool {
	reply, err := s.StartTLS(ctx)
	v.TLS, v.TLSErr = s.TLS(), err
	switch {
	case err != nil:
		return false
	case reply.Code/100 != 2:
		v.TLSReply = reply
		return reply.Code >= 400 && reply.Code != 421 // with which the server closes
	}
	return p.hello(ctx, s, v)
}

func (p *Prober) hello(ctx context.Context, s *smtp.Session, v *Visit) bool {
	reply, err := s.Hello(ctx)
	ok := p.record(v, codes.StageEHLO, reply, err)
	if ok {
		v.EHLO = reply.Lines
	}
	return ok
}

// record notes a reply and reports whether it was a yes.
func (p *Prober) record(v *Visit, stage codes.Stage, reply codes.Reply, err error) bool {
	v.Stage, v.Reply, v.Err, v.Verdict = stage, reply, err, codes.Verdict{}
	if err == nil && p.Codes != nil {
		v.Verdict = p.Codes.Classify(reply, codes.Context{Host: v.Host, Stage: stage})
	}
	return err == nil && reply.Code/100 == 2
}

// NoTLS reports whether encryption was offered and did not come about.
func (v *Visit) NoTLS() bool { return v.TLSErr != nil || v.TLSReply.Code != 0 }

// Connected reports whether the server was reached at all.
func (v *Visit) Connected() bool {
	return v.Reply.Code != 0 || v.Stage != codes.StageConnect || v.Local.IsValid()
}

// NoWayOut reports whether our own machine or network has no way to it.
func (v *Visit) NoWayOut() bool { return smtp.NoWayOut(v.Err) }

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e }) }
