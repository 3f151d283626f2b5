package diag

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"todoku/codes"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// SMTP visits each address of each host that takes the domain's mail: greeting,
// EHLO, STARTTLS with its certificate, postmaster, and the recipient where that
// is asked for. What cannot be reached from here is no fault of theirs as long
// as nothing else can be reached either.
var SMTP = &Check{
	Name:  "smtp",
	Title: codes.Text{EN: "SMTP", JA: "SMTP"},
	Rules: []*Rule{smtpNone, smtpRefused, smtpCertificate, smtpRcptRefused, smtpStartTLSNone, smtpTLSOld, smtpGreeting, smtpPostmaster, smtpCatchAll, smtpVantage},
	Run:   runSMTP,
}

// maxSMTPVisits bounds the addresses that are visited.
const maxSMTPVisits = 20

// What keeps us from seeing a mail server, beside the kinds of DNS.
const (
	KindUnreachable resolve.Kind = "server_unreachable" // no connection
	KindSilent      resolve.Kind = "server_silent"      // no answer in time
	KindTurnedAway  resolve.Kind = "server_refuses_us"  // for what we are, or for now
)

// smtpRun is one run of the check.
type smtpRun struct {
	*Pass
	visits []probe.Visit
	route  *mx.Route
	stray  string // a recipient that cannot exist
}

func runSMTP(ctx context.Context, p *Pass) error {
	facts := &SMTPFacts{Hosts: []SMTPHost{}}
	p.Facts(facts)
	if p.SMTP == nil {
		return errors.New("no server was asked: nothing touches the network with --offline")
	}
	route, err := mx.Lookup(ctx, p.DNS, p.Domain(), true)
	if err == nil && route.Null && len(route.Hosts) == 0 {
		p.Report(smtpNone, p.Domain(), Str("domain", p.Domain())).Saw(route.Answer)
	}
	if err != nil || len(route.Hosts) == 0 {
		return err // what else is wrong with the route is the MX check's matter
	}
	c := &smtpRun{Pass: p, route: route}
	c.visit(ctx)
	for i := range c.visits {
		facts.Hosts = append(facts.Hosts, c.fact(&c.visits[i]))
	}
	return errors.Join(route.Err(), c.judge(ctx, facts))
}

// visit goes to all addresses, host by host side by side, and to those of one
// host one after the other.
func (c *smtpRun) visit(ctx context.Context) {
	to := []string{"postmaster@" + c.Domain()}
	if c.Options.Rcpt {
		c.stray = "todoku-" + strings.ToLower(rand.Text()[:12]) + "@" + c.Domain()
		to = append(to, c.Target.Name, c.stray)
	}
	var first []int // of each host
	for _, h := range c.route.Hosts {
		first = append(first, len(c.visits))
		for _, ip := range h.Addresses.Addrs() {
			if mx.Reachable(ip) && len(c.visits) < maxSMTPVisits {
				c.visits = append(c.visits, probe.Visit{Host: h.Name, Address: netip.AddrPortFrom(ip, probe.Port)})
			}
		}
	}
	first = append(first, len(c.visits))
	var wg sync.WaitGroup
	for i := range len(first) - 1 {
		wg.Go(func() {
			for n := first[i]; n < first[i+1]; n++ {
				v := &c.visits[n]
				if n == 0 {
					*v = c.SMTP.Visit(ctx, v.Host, v.Address, probe.How{}, to...)
				} else {
					*v = c.SMTP.Visit(ctx, v.Host, v.Address, probe.How{}, to[1:min(len(to), 2)]...)
				}
			}
		})
	}
	wg.Wait()
}

// fact is a visit as reports have it.
func (c *smtpRun) fact(v *probe.Visit) SMTPHost {
	h := SMTPHost{Host: v.Host, Address: v.Address.Addr().String(), Banner: v.Banner, EHLO: append([]string{}, v.EHLO...), STARTTLS: v.STARTTLS, Stage: string(v.Stage), Reply: v.Reply.String(),
		Verified: v.TLS != nil && v.TLS.Verified, ElapsedMS: v.Took.Milliseconds(), Rcpt: []SMTPRcpt{}}
	if v.TLS != nil {
		h.TLS = &SMTPTLS{Version: v.TLS.Version, Cipher: v.TLS.Cipher, Names: append([]string{}, v.TLS.Names...), Expires: v.TLS.Expires.UTC().Format(time.RFC3339), Verified: v.TLS.Verified, Problem: v.TLS.Problem}
	}
	for _, a := range v.Rcpts {
		h.Rcpt = append(h.Rcpt, SMTPRcpt{To: a.To, Reply: a.Reply.String(), Reason: a.Verdict.Reason.ID})
	}
	return h
}

// judge reports what is wrong with the servers, and returns what could not be seen.
func (c *smtpRun) judge(ctx context.Context, facts *SMTPFacts) error {
	reached := false
	for i := range c.visits {
		reached = reached || c.visits[i].Connected()
	}
	var errs []error
	for i := range c.visits {
		v := &c.visits[i]
		switch {
		case v.Err != nil:
			errs = append(errs, c.silent(v, reached))
		case v.Stage == codes.StageConnect || v.Stage == codes.StageEHLO:
			if v.Reply.Code >= 400 {
				errs = append(errs, c.turnedAway(v))
			}
		}
		if v.EHLO != nil {
			c.encryption(v)
			c.banner(v)
		}
		errs = append(errs, c.recipients(v))
	}
	facts.Reached = reached
	if !reached && len(c.visits) > 0 {
		facts.Vantage = "port 25 cannot be reached from here"
	}
	return errors.Join(append(errs, c.vantage(ctx))...)
}

// silent is a server that could not be heard. Where others can, it is its fault
// if it refuses; silence stays what it is.
func (c *smtpRun) silent(v *probe.Visit, reached bool) error {
	if reached && (errors.Is(v.Err, syscall.ECONNREFUSED) || v.Stage != codes.StageConnect || v.Local.IsValid()) {
		c.Report(smtpRefused, v.Host, Str("host", v.Host), Str("address", v.Address.Addr().String()), Str("reply", bareError(v.Err)))
		return nil
	}
	kind := KindUnreachable
	var timeout interface{ Timeout() bool }
	if errors.As(v.Err, &timeout) && timeout.Timeout() {
		kind = KindSilent
	}
	message := bareError(v.Err)
	return &resolve.Error{Kind: kind, Name: v.Host, Type: "SMTP", Server: v.Address.String(), Message: message}
}

// bareError is an error without what is told beside it.
func bareError(err error) string {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return err.Error()
}

// turnedAway is a server that says no before it knows the recipient. A refusal
// of us says nothing about mail from others.
func (c *smtpRun) turnedAway(v *probe.Visit) error {
	switch v.Verdict.Reason.Class {
	case codes.ClassPolicyBlock, codes.ClassSpamContent, codes.ClassRateLimited:
		return &resolve.Error{Kind: KindTurnedAway, Name: v.Host, Type: "SMTP", Server: v.Address.String(), Message: v.Reply.String()}
	}
	c.Report(smtpRefused, v.Host, Str("host", v.Host), Str("address", v.Address.Addr().String()), Str("reply", v.Reply.String()))
	return nil
}

func (c *smtpRun) encryption(v *probe.Visit) {
	data := []Datum{Str("host", v.Host), Str("address", v.Address.Addr().String())}
	switch {
	case !v.STARTTLS:
		c.Report(smtpStartTLSNone, v.Host, data...)
	case v.TLSErr != nil:
		c.Report(smtpCertificate, v.Host, append(data, Str("problem", bareError(v.TLSErr)))...)
	case v.TLS != nil && !v.TLS.Verified:
		c.Report(smtpCertificate, v.Host, append(data, Str("problem", v.TLS.Problem))...)
	}
	if v.TLS != nil && (v.TLS.Version == "TLS 1.0" || v.TLS.Version == "TLS 1.1") {
		c.Report(smtpTLSOld, v.Host, append(data, Str("version", v.TLS.Version))...)
	}
}

// banner: the greeting begins with the server's full name (RFC 5321 §4.2).
func (c *smtpRun) banner(v *probe.Visit) {
	name, _, _ := strings.Cut(v.Banner, " ")
	if !strings.Contains(strings.Trim(name, "."), ".") && !strings.HasPrefix(name, "[") {
		c.Report(smtpGreeting, v.Host, Str("host", v.Host), Str("greeting", v.Banner))
	}
}

func (c *smtpRun) recipients(v *probe.Visit) error {
	var errs []error
	taken := false
	for _, a := range v.Rcpts {
		data := []Datum{Str("host", v.Host), Str("to", a.To), Str("reply", a.Reply.String())}
		refused, about := a.Reply.Code/100 != 2, a.Verdict.Reason.Class
		switch {
		case strings.HasPrefix(a.To, "postmaster@") && a.To != c.Target.Name:
			if refused && a.Reply.Code >= 500 && about != codes.ClassPolicyBlock {
				c.Report(smtpPostmaster, v.Host, data...)
			}
		case a.To == c.stray:
			if !refused && taken {
				c.Report(smtpCatchAll, v.Host, Str("host", v.Host), Str("domain", c.Domain()))
			}
		case !refused:
			taken = true
		case a.Reply.Code >= 500 && (about == codes.ClassUserUnknown || about == codes.ClassMailboxDisabled || about == codes.ClassMailboxFull || about == codes.ClassHostUnknown || about == codes.ClassRelayDenied || a.Verdict.Reason.ID == "recipient_refuses"):
			c.Report(smtpRcptRefused, a.To, data...)
		default: // put off, or refused for what we are
			errs = append(errs, &resolve.Error{Kind: KindTurnedAway, Name: a.To, Type: "RCPT", Server: v.Host, Message: a.Reply.String()})
		}
	}
	return errors.Join(errs...)
}

// vantage looks at ourselves: servers refuse clients without a name, and that
// says nothing about the recipient.
func (c *smtpRun) vantage(ctx context.Context) error {
	for i := range c.visits {
		ip := c.visits[i].Local
		if !ip.IsValid() || !mx.Reachable(ip) {
			continue
		}
		a, err := c.DNS.Ask(ctx, resolve.Reverse(ip), resolve.TypePTR)
		if err != nil {
			return fmt.Errorf("our own address %s: %w", ip, err)
		}
		if len(a.Records) == 0 {
			c.Report(smtpVantage, ip.String(), Str("address", ip.String())).Saw(a)
		}
		return nil
	}
	return nil
}
