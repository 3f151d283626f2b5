package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"todoku/codes"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/sender/smtp"
)

// judge reports what is wrong with the servers, and returns what could not be
// seen. A verdict needs a word of theirs, or a port that is closed while others
// are open to us: silence, and whoever hangs up without a word, may mean us.
func (c *smtpRun) judge(ctx context.Context, facts *SMTPFacts) error {
	facts.Reached = slices.ContainsFunc(c.visits, func(v probe.Visit) bool { return v.Connected() })
	seen := !slices.ContainsFunc(c.visits, func(v probe.Visit) bool { return v.Unrecorded() })
	if !facts.Reached && len(c.visits) > 0 && ctx.Err() == nil && seen {
		facts.Vantage = "port 25 cannot be reached from here"
	}
	var errs []error
	for i := range c.visits {
		v := &c.visits[i]
		switch {
		case v.Err != nil:
			errs = append(errs, c.withoutReply(ctx, v, facts.Reached))
		case (v.Stage == codes.StageConnect || v.Stage == codes.StageEHLO) && v.Reply.Code/100 != 2:
			errs = append(errs, c.turnedAway(v))
		}
		if v.EHLO != nil {
			errs = append(errs, c.encryption(ctx, v))
			c.quality(v)
			c.banner(v)
		}
		errs = append(errs, c.recipients(v))
	}
	c.families()
	return errors.Join(append(errs, c.vantage(ctx))...)
}

// withoutReply judges a visit that ended without a reply.
func (c *smtpRun) withoutReply(ctx context.Context, v *probe.Visit, reached bool) error {
	data := []codes.Datum{codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String()), codes.Str("reply", bareError(v.Err))}
	closed := errors.Is(v.Err, syscall.ECONNREFUSED)
	switch {
	case ctx.Err() != nil: // our time was up, not theirs
		return ctx.Err()
	case v.NoWayOut() && c.talks(v.Host):
		return nil // families tells it
	case closed && c.talks(v.Host):
		c.Report(SMTPAddressRefused, v.Host, data...)
		return nil
	case closed && reached:
		// Port 25 of others is open to us, so that it is not our network.
		c.Report(SMTPRefused, v.Host, data...)
		return nil
	}
	return unseen(v, v.Err)
}

// unseen is what keeps us from seeing a server.
func unseen(v *probe.Visit, err error) error {
	if v.Unrecorded() {
		return v.Err
	}
	kind := KindBrokenOff
	switch {
	case smtp.TimedOut(err):
		kind = KindSilent
	case !v.Connected():
		kind = KindUnreachable
	}
	return &resolve.Error{Kind: kind, Name: v.Host, Type: "SMTP", Server: v.Address.String(), Message: bareError(err), Says: kindSays(kind)}
}

// bareError is an error without what is told beside it.
func bareError(err error) string {
	var errno syscall.Errno
	switch {
	case err == nil:
		return ""
	case smtp.TimedOut(err):
		return "no answer in time"
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF):
		return "the server closed the connection"
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}

// turnedAway is a server that does not say yes before it knows the recipient. A
// refusal of us says nothing about mail from others.
func (c *smtpRun) turnedAway(v *probe.Visit) error {
	if v.Reply.Code < 400 { // neither yes nor no
		return undecided(v, v.Host, "SMTP", v.Reply)
	}
	switch v.Verdict.Reason.Class {
	case codes.ClassPolicyBlock, codes.ClassSpamContent, codes.ClassRateLimited:
		return undecided(v, v.Host, "SMTP", v.Reply)
	}
	c.Report(SMTPRefused, v.Host, codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String()),
		codes.Str("reply", v.Reply.String()))
	return nil
}

// undecided is a reply that leaves open what others would be told: a no that may
// mean only us, or only now, or what is no answer here at all, such as a 3xx.
func undecided(v *probe.Visit, name, typ string, reply codes.Reply) error {
	kind := KindTurnedAway
	if reply.Code < 400 {
		kind = KindBrokenOff
	}
	return &resolve.Error{Kind: kind, Name: name, Type: typ, Server: v.Address.String(), Message: reply.String(), Says: kindSays(kind)}
}

// encryption judges TLS with a server that talks to us.
func (c *smtpRun) encryption(ctx context.Context, v *probe.Visit) error {
	data := []codes.Datum{codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String())}
	switch how, err := encryptionOf(ctx, v); {
	case err != nil:
		return err
	case how == tlsNotOffered:
		c.Report(SMTPStartTLSNone, v.Host, data...)
		return nil
	case how == tlsRefused:
		c.Report(SMTPStartTLSRefused, v.Host, append(data, codes.Str("reply", v.TLSReply.String()))...)
		return nil
	case !v.TLS.Verified && !v.TLS.Unjudged:
		c.Report(SMTPCertificate, v.Host, append(data, codes.Str("problem", v.TLS.Problem))...)
	}
	if v.TLS.Version == "TLS 1.0" || v.TLS.Version == "TLS 1.1" {
		c.Report(SMTPTLSOld, v.Host, append(data, codes.Str("version", v.TLS.Version))...)
	}
	if v.TLS.Unjudged {
		return unjudged(v.Host, "STARTTLS", v.Address.String())
	}
	return nil
}

// banner: the greeting begins with the server's full name (RFC 5321 §4.2).
func (c *smtpRun) banner(v *probe.Visit) {
	name, _, _ := strings.Cut(v.Banner, " ")
	if !strings.Contains(strings.Trim(name, "."), ".") && !strings.HasPrefix(name, "[") {
		c.Report(SMTPGreeting, v.Host, codes.Str("host", v.Host), codes.Str("greeting", v.Banner))
	}
}

func (c *smtpRun) recipients(v *probe.Visit) error {
	var missed error
	asked, taken := false, false
	for _, a := range v.Rcpts {
		data := []codes.Datum{codes.Str("host", v.Host), codes.Str("to", a.To), codes.Str("reply", a.Reply.String())}
		refused := a.Reply.Code/100 != 2
		switch {
		case a.To == c.recipient:
			asked, taken = true, !refused
			if refused && aboutRecipient(a) {
				c.Report(SMTPRcptRefused, a.To, data...)
			} else if refused { // put off, or refused for what we are
				missed = undecided(v, a.To, "RCPT", a.Reply)
			}
		case a.To == c.stray:
			if !refused && taken {
				c.Report(SMTPCatchAll, v.Host, codes.Str("host", v.Host), codes.Str("domain", c.Domain()))
			}
		case refused && a.Reply.Code >= 500 && a.Verdict.Reason.Class != codes.ClassPolicyBlock:
			c.Report(SMTPPostmaster, v.Host, data...)
		}
	}
	// MAIL refused: servers that dislike the null sender take mail of others.
	if c.recipient != "" && !asked && v.EHLO != nil && v.Err == nil && v.TLSErr == nil && v.Stage != codes.StageEHLO {
		missed = undecided(v, c.recipient, "RCPT", v.Reply)
	}
	return missed
}

// aboutRecipient reports whether a refusal is about the recipient, for good.
func aboutRecipient(a probe.Answer) bool {
	switch a.Verdict.Reason.Class {
	case codes.ClassUserUnknown, codes.ClassMailboxDisabled, codes.ClassMailboxFull, codes.ClassHostUnknown, codes.ClassRelayDenied:
		return a.Reply.Code >= 500
	}
	return a.Reply.Code >= 500 && a.Verdict.Reason.ID == "recipient_refuses"
}

// families tells the addresses that were passed over because our own machine
// has no IPv6, or no IPv4.
func (c *smtpRun) families() {
	for _, family := range []struct {
		name string
		is   func(netip.Addr) bool
	}{{"IPv6", netip.Addr.Is6}, {"IPv4", netip.Addr.Is4}} {
		var missed []string
		for i := range c.visits {
			if v := &c.visits[i]; family.is(v.Address.Addr()) && v.NoWayOut() && c.talks(v.Host) {
				missed = append(missed, v.Address.Addr().String())
			}
		}
		if len(missed) > 0 {
			c.Report(SMTPNoFamily, c.Domain(), codes.Str("family", family.name), codes.List("addresses", missed))
		}
	}
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
			c.Report(SMTPVantage, ip.String(), codes.Str("address", ip.String())).Saw(a)
		}
		return nil
	}
	return nil
}
