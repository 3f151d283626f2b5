package smtp

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"todoku/codes"
)

// Hello says EHLO, or HELO to a server that refuses EHLO for good, whatever its code for that is (RFC 5321 §3.2, §4.1.4).
// A server that hangs up instead of an answer to HELO has refused EHLO.
func (s *Session) Hello(ctx context.Context) (codes.Reply, error) {
	name := s.o.Helo
	if name == "" {
		name = "[127.0.0.1]"
	}
	s.extensions = nil
	reply, err := s.step(ctx, codes.StageEHLO, "EHLO "+name, "EHLO "+name)
	if err != nil {
		return reply, err
	}
	if reply.Code/100 == 5 {
		second, err := s.step(ctx, codes.StageEHLO, "HELO "+name, "HELO "+name)
		if err != nil && ctx.Err() == nil && !TimedOut(err) {
			return reply, nil
		}
		return second, err
	}
	if reply.Code/100 == 2 {
		s.extensions = map[string]string{}
		for _, line := range s.last.Lines[1:] {
			// "AUTH=LOGIN" is what old servers write.
			keyword, rest, _ := strings.Cut(strings.Replace(line, "=", " ", 1), " ")
			s.extensions[strings.ToUpper(keyword)] += " " + rest
		}
	}
	return reply, nil
}

// Offers reports whether the last Hello named an extension.
func (s *Session) Offers(keyword string) bool {
	_, ok := s.extensions[keyword]
	return ok
}

// Offer gives what stood behind an extension's keyword.
func (s *Session) Offer(keyword string) string { return strings.TrimSpace(s.extensions[keyword]) }

// StartTLS says STARTTLS and turns to TLS where the server agrees. What the
// server said before counts no more (RFC 3207 §4.2): say Hello again.
func (s *Session) StartTLS(ctx context.Context) (codes.Reply, error) {
	reply, err := s.step(ctx, codes.StageSTARTTLS, "STARTTLS", "STARTTLS")
	if err != nil || reply.Code/100 != 2 {
		return reply, err
	}
	s.extensions = nil
	if s.in.Buffered() > 0 { // RFC 3207 §5: it would be taken for something said under TLS
		s.broken = &Error{codes.StageSTARTTLS, KindTLS, ErrInjected}
		s.transcript[len(s.transcript)-1].Err = s.broken
		return reply, s.broken
	}
	return reply, s.handshake(ctx, codes.StageSTARTTLS)
}

// MailParams go with MAIL FROM; each is said only where the server offers the
// extension.
type MailParams struct {
	Size       int64 // SIZE (RFC 1870), 0 for none
	EightBit   bool  // BODY=8BITMIME (RFC 6152)
	UTF8       bool  // SMTPUTF8 (RFC 6531)
	Return     string
	EnvelopeID string // RET and ENVID of RFC 3461
}

// Mail says MAIL FROM; from is an address without brackets, "" the null sender.
func (s *Session) Mail(ctx context.Context, from string, p MailParams) (codes.Reply, error) {
	line := "MAIL FROM:<" + from + ">"
	add := func(keyword, parameter string) {
		if parameter != "" && s.Offers(keyword) {
			line += " " + parameter
		}
	}
	if p.Size > 0 {
		add("SIZE", "SIZE="+strconv.FormatInt(p.Size, 10))
	}
	if p.EightBit {
		add("8BITMIME", "BODY=8BITMIME")
	}
	if p.UTF8 {
		add("SMTPUTF8", "SMTPUTF8")
	}
	if p.Return != "" {
		add("DSN", "RET="+p.Return)
	}
	if p.EnvelopeID != "" {
		add("DSN", "ENVID="+xtext(p.EnvelopeID))
	}
	return s.path(ctx, codes.StageMail, from, line)
}

// Rcpt says RCPT TO, with NOTIFY and ORCPT where notify is given and the server
// knows DSN (RFC 3461 §4.1, §4.2).
func (s *Session) Rcpt(ctx context.Context, to string, notify []string) (codes.Reply, error) {
	line := "RCPT TO:<" + to + ">"
	if len(notify) > 0 && s.Offers("DSN") {
		line += " NOTIFY=" + strings.Join(notify, ",") + " ORCPT=" + orcptAddress(to)
	}
	return s.path(ctx, codes.StageRcpt, to, line)
}

// path sends a line with an address. Brackets outside quotes would end it early.
func (s *Session) path(ctx context.Context, stage codes.Stage, address, line string) (codes.Reply, error) {
	if strings.ContainsAny(address, "<>") && !strings.HasPrefix(address, `"`) {
		return codes.Reply{}, &Error{stage, KindInput, errArgument}
	}
	return s.step(ctx, stage, line, line)
}

// orcptAddress is the address as ORCPT has it (RFC 6533 §3 for other scripts).
func orcptAddress(to string) string {
	if strings.ContainsFunc(to, func(r rune) bool { return r > '~' }) {
		return "utf-8;" + strings.NewReplacer("+", `\x{2B}`, "=", `\x{3D}`, " ", `\x{20}`).Replace(to)
	}
	return "rfc822;" + xtext(to)
}

// xtext is the encoding of RFC 3461 §4.
func xtext(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < '!' || c > '~' || c == '+' || c == '=' {
			fmt.Fprintf(&b, "+%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Data says DATA: 354 asks for the message.
func (s *Session) Data(ctx context.Context) (codes.Reply, error) {
	return s.step(ctx, codes.StageData, "DATA", "DATA")
}

// Reset says RSET: sender and recipients are forgotten.
func (s *Session) Reset(ctx context.Context) (codes.Reply, error) {
	return s.step(ctx, codes.StageMail, "RSET", "RSET")
}

// Noop says NOOP.
func (s *Session) Noop(ctx context.Context) (codes.Reply, error) {
	return s.step(ctx, codes.StageEHLO, "NOOP", "NOOP")
}

// Quit says goodbye, waits a moment for the answer, and closes.
func (s *Session) Quit(ctx context.Context) {
	defer s.Close()
	if s.broken == nil {
		s.o.Timeout = min(s.o.limit(codes.StageQuit), quitTime)
		_, _ = s.step(ctx, codes.StageQuit, "QUIT", "QUIT") // the mail's fate is known already
	}
}
