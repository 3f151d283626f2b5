package smtp

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"todoku/codes"
)

// Options say how to talk to a server. All may be zero.
type Options struct {
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	Now      func() time.Time
	Roots    *x509.CertPool // nil: the system's
	Helo     string         // our name in EHLO; "" is [127.0.0.1]
	Host     string         // the server's name, which its certificate has to hold
	Implicit bool           // TLS from the first octet (RFC 8314 §3)
	Verify   bool           // a certificate that does not verify ends the session
	Secret   string         // of a login to come: no reply shows it, from the greeting on
	Timeout  time.Duration  // of one step; 0: as RFC 5321 §4.5.3.2 has it
}

// Session is a conversation with one server. It serves one goroutine.
type Session struct {
	o          Options
	conn       net.Conn
	in         *bufio.Reader
	start      time.Time
	extensions map[string]string
	transcript Transcript
	tls        *TLSState
	secrets    secrets
	last       codes.Reply // the last reply as it came: the session reads it, nobody else gets it
	broken     error       // why nothing more can be said
}

// Dial connects, with TLS where it is implicit, and reads the greeting. The
// session is nil where there is no connection; the error is an *Error.
func Dial(ctx context.Context, addr string, o Options) (*Session, codes.Reply, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	start := o.Now()
	dial := o.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	limited, cancel := context.WithTimeout(ctx, o.limit(codes.StageConnect))
	defer cancel()
	conn, err := dial(limited, "tcp", addr)
	if err != nil {
		return nil, codes.Reply{}, failure(ctx, codes.StageConnect, KindConnect, err)
	}
	s := &Session{o: o, conn: conn, in: bufio.NewReader(conn), start: start}
	s.secrets.addSecret(o.Secret)
	if o.Implicit {
		if err := s.handshake(ctx, codes.StageConnect); err != nil {
			return s, codes.Reply{}, err
		}
	}
	reply, err := s.step(ctx, codes.StageConnect, "", "")
	return s, reply, err
}

// limit is the time for one step (RFC 5321 §4.5.3.2).
func (o Options) limit(stage codes.Stage) time.Duration {
	switch {
	case o.Timeout > 0:
		return o.Timeout
	case stage == codes.StageData:
		return 2 * time.Minute
	case stage == codes.StageBody:
		return 10 * time.Minute
	}
	return 5 * time.Minute
}

// step sends one line, unless it is empty, and reads the reply. shown is what
// the transcript keeps of the line.
func (s *Session) step(ctx context.Context, stage codes.Stage, line, shown string) (codes.Reply, error) {
	if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return codes.Reply{}, &Error{stage, KindInput, errArgument}
	}
	return s.exchange(ctx, stage, shown, func() error {
		if line == "" {
			return nil
		}
		return s.write(line)
	})
}

// write says a line, unless the server has answered it already: what it says out
// of turn is no answer. 421, with which it closes, may come at any time (RFC 5321 §3.8).
func (s *Session) write(line string) error {
	if n := s.in.Buffered(); n > 0 {
		if code, _ := s.in.Peek(min(n, 3)); string(code) != "421" {
			return finalError{ErrUnasked}
		}
	}
	_, err := s.conn.Write([]byte(line + "\r\n"))
	return err
}

// exchange is one step: say, and the reply to it.
func (s *Session) exchange(ctx context.Context, stage codes.Stage, shown string, say func() error) (codes.Reply, error) {
	return s.record(ctx, stage, shown, func() (codes.Reply, error) {
		err := say()
		var stop finalError
		if errors.As(err, &stop) {
			return codes.Reply{}, stop.error
		}
		// The write may have failed because the server refused and closed: its reply counts.
		reply, unheard := readReply(s.in)
		if unheard == nil {
			return reply, nil
		}
		return codes.Reply{}, cmp.Or(err, unheard)
	})
}

// record does one step in the time that the stage has, and keeps it in the transcript.
func (s *Session) record(ctx context.Context, stage codes.Stage, shown string, do func() (codes.Reply, error)) (codes.Reply, error) {
	if s.broken != nil {
		return codes.Reply{}, s.broken
	}
	began := s.o.Now()
	var reply codes.Reply
	err := s.withDeadline(ctx, stage, func() (err error) {
		reply, err = do()
		return err
	})
	if err != nil {
		err = fitToShow(failure(ctx, stage, KindClosed, err), &s.secrets)
		s.broken = err
	}
	s.last, reply = reply, s.secrets.reply(reply)
	s.transcript = append(s.transcript, Step{At: began.Sub(s.start), Took: s.o.Now().Sub(began), Stage: stage, Sent: shown,
		Reply: reply, Err: err})
	return reply, err
}

// finalError is an error after which nobody listens.
type finalError struct{ error }

// withDeadline runs something on the connection; the stage's time and the end of ctx
// end it.
func (s *Session) withDeadline(ctx context.Context, stage codes.Stage, do func() error) error {
	if err := s.conn.SetDeadline(time.Now().Add(s.o.limit(stage))); err != nil {
		return err
	}
	conn := s.conn // a handshake puts another one in its place
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	return do()
}

// handshake turns to TLS.
func (s *Session) handshake(ctx context.Context, stage codes.Stage) error {
	began := s.o.Now()
	c, problem := s.tlsClient()
	err := s.withDeadline(ctx, stage, func() error { return c.HandshakeContext(ctx) })
	step := Step{At: began.Sub(s.start), Took: s.o.Now().Sub(began), Stage: stage}
	if err == nil {
		s.tls = StateOf(c.ConnectionState(), *problem).withoutSecrets(&s.secrets)
		step.TLS = s.tls
		if s.o.Verify {
			err = *problem
		}
	}
	if err != nil {
		if text := err.Error(); s.secrets.text(text) != text { // it quotes the certificate
			err = errors.New(s.secrets.text(text))
		}
		err = failure(ctx, stage, KindTLS, err)
		s.broken, step.Err = err, err
	}
	s.transcript = append(s.transcript, step)
	s.conn, s.in = c, bufio.NewReader(c)
	return err
}

// tlsClient is our side of TLS. A certificate that does not verify is a matter for
// the caller: most mail servers of the world have one (RFC 7672 §1.3).
func (s *Session) tlsClient() (*tls.Conn, *error) {
	config, problem := ClientTLS(s.o.Host, s.o.Roots, s.o.Now)
	if !s.o.Verify {
		config.MinVersion, config.CipherSuites = tls.VersionTLS10, anySuites() // better than none at all
	}
	return tls.Client(s.conn, config), problem
}

// anySuites are the cipher suites of Go and those in which the server's RSA key encrypts the session key: old mail servers know
// no other ones, and other senders still offer them (RFC 9325 §4.1 says SHOULD NOT). Without them such a server breaks off.
func anySuites() []uint16 {
	suites := []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_RSA_WITH_AES_256_CBC_SHA}
	for _, s := range tls.CipherSuites() {
		suites = append(suites, s.ID)
	}
	return suites
}

// Transcript is what was said so far.
func (s *Session) Transcript() Transcript { return s.transcript }

// TLS is the state of encryption, nil without.
func (s *Session) TLS() *TLSState { return s.tls }

// Local is our own end of the connection.
func (s *Session) Local() netip.Addr {
	at, _ := netip.ParseAddrPort(s.conn.LocalAddr().String())
	return at.Addr().Unmap()
}

// Close closes the connection without a word.
func (s *Session) Close() { _ = s.conn.Close() }
