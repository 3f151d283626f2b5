package resolve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/dns"
)

// transport carries one question to a server and its answer back. The time
// limit begins when the question is written. wrong counts messages that came
// and did not answer it.
type transport interface {
	exchange(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, wrong int, err error)
	close()
}

// server is one resolver with the ways to reach it.
type server struct {
	name      string // as reports show it
	transport transport
	fallback  transport   // TCP, for what UDP cut off; nil where not needed
	cuts      truncations // what UDP cut off lately
	reliable  bool        // nothing gets lost on the way: TCP, TLS, HTTPS
	trustAD   bool
	rate      *rate
	secrets   []string // what the query of a URL holds: asked with, never shown
}

// newServer makes a server that has at most so many sockets open at once.
func newServer(text string, o Options, sockets int) (*server, error) {
	sp, err := parseSpec(text)
	if err != nil {
		return nil, err
	}
	ip, _ := netip.ParseAddr(sp.host)
	s := &server{name: sp.name(), rate: newRate(o.Pace), reliable: sp.scheme != "udp", trustAD: o.TrustAD || ip.IsLoopback()}
	switch sp.scheme {
	case "https":
		s.transport, s.trustAD = newDoH(sp.url, o, sockets, o.Timeout), true
		s.secrets = secretsOf(sp.url)
	case "tls":
		s.transport, s.trustAD = newStream(sp.addr, o.Dial, tlsConfig(sp.tlsName, o.Roots), sockets, o.Timeout), true
	case "tcp":
		s.transport = newStream(sp.addr, o.Dial, nil, sockets, o.Timeout)
	default:
		s.fallback = newStream(sp.addr, o.Dial, nil, sockets/2, o.Timeout)
		s.transport = newUDP(sp.addr, o.Dial, isNearby(ip), min(sockets/2, maxStreams))
	}
	return s, nil
}

// isNearby tells whether nobody between us and the server can slip in answers, so
// that a few shared sockets are safe; elsewhere each question gets its own
// source port (RFC 5452 §9.2).
func isNearby(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
}

// ask puts a question to this server within a time limit, by TCP where UDP cut
// the answer off, without EDNS where the server does not know it.
func (s *server) ask(ctx context.Context, k key, limit time.Duration, a *Answer, r *recorder) (more string, sent int,
	fail *Error) {
	start := time.Now()
	m, sent, fail := s.message(ctx, k, limit)
	if fail != nil {
		return "", sent, fail
	}
	more, fail = k.answer(m, s.name, a)
	if fail != nil {
		fail.EDE = s.withoutSecrets(fail.EDE)
	}
	a.Authentic = a.Authentic && s.trustAD
	a.RTT = time.Since(start)
	r.heard(m, s, a.RTT)
	return more, sent, fail
}

// message gives what the server says to a question.
func (s *server) message(ctx context.Context, k key, limit time.Duration) (m *dns.Msg, sent int, fail *Error) {
	m, sent, wrong, err := s.once(ctx, k, true, limit)
	if err == nil && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented || m.Rcode == dns.RcodeBadVers) {
		var more int
		m, more, wrong, err = s.once(ctx, k, false, limit) // RFC 6891 §6.2.2
		sent += more
	}
	if err != nil {
		return nil, sent, s.failure(k, err, wrong)
	}
	if m.Truncated {
		return nil, sent, k.fail(KindMangled, s.name, "cut off although it came by TCP")
	}
	return m, sent, nil
}

// once puts a question by UDP and, where the answer is cut off, by TCP; at once
// by TCP where UDP cuts off what it says about this type.
func (s *server) once(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, sent, wrong int, err error) {
	if s.fallback == nil || !s.cuts.preferTCP(k.t) {
		m, wrong, err = s.transport.exchange(ctx, k, edns, limit)
		sent = 1
		if err != nil || s.fallback == nil {
			return m, sent, wrong, err
		}
		s.cuts.note(k.t, m.Truncated)
		if !m.Truncated {
			return m, sent, wrong, nil
		}
	}
	m, wrong, err = s.fallback.exchange(ctx, k, edns, limit)
	return m, sent + 1, wrong, err
}

// failure names what kept the answer from us.
func (s *server) failure(k key, err error, wrong int) *Error {
	var timeout interface{ Timeout() bool }
	silent := errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case scarce(err):
		fail := k.fail(KindDescriptors, "", plain(err))
		fail.again = true
		return fail
	case silent && wrong > 0:
		fail := k.fail(KindMangled, s.name, fmt.Sprintf("%d messages came, none answers the question", wrong))
		fail.again = true
		return fail
	case silent:
		return k.fail(KindTimeout, s.name, "")
	case errors.Is(err, errCut) || errors.Is(err, errNotAnswer) || errors.Is(err, errNoMessage):
		return k.fail(KindMangled, s.name, err.Error())
	}
	fail := k.fail(KindNetwork, s.name, plain(err))
	fail.again = lostConnection(err)
	fail.noWay = errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
	return fail
}

// secretsOf lists the query of a URL and its values, as one may repeat them.
func secretsOf(u *url.URL) []string {
	if u.RawQuery == "" {
		return nil
	}
	secrets := []string{u.RawQuery}
	for _, values := range u.Query() {
		for _, v := range values {
			if len(v) > 3 { // shorter ones are in every text
				secrets = append(secrets, v)
			}
		}
	}
	return secrets
}

// withoutSecrets cuts them out of what the server says.
func (s *server) withoutSecrets(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}

// plain is the innermost cause: "connection refused" without addresses and
// file descriptors around it.
func plain(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		err = sys.Err
	}
	return err.Error()
}
