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
	"time"

	"github.com/miekg/dns"
)

// transport carries one question to a server and its answer back. wrong counts
// messages that came and did not answer it.
type transport interface {
	exchange(ctx context.Context, k key, edns bool, deadline time.Time) (m *dns.Msg, wrong int, err error)
	close()
}

// server is one resolver with the ways to reach it.
type server struct {
	name      string // as reports show it
	transport transport
	fallback  transport // TCP, for what UDP cut off; nil where not needed
	trustAD   bool
	secrets   []string // what the query of a URL holds: asked with, never shown
}

func newServer(text string, o Options) (*server, error) {
	sp, err := parseSpec(text)
	if err != nil {
		return nil, err
	}
	ip, _ := netip.ParseAddr(sp.host)
	s := &server{name: sp.name(), trustAD: o.TrustAD || ip.IsLoopback()}
	switch sp.scheme {
	case "https":
		s.transport, s.trustAD = newDoH(sp.url, o), true
		s.secrets = secretsOf(sp.url)
	case "tls":
		s.transport, s.trustAD = newStream(sp.addr, o.Dial, tlsConfig(sp.tlsName, o.Roots)), true
	case "tcp":
		s.transport = newStream(sp.addr, o.Dial, nil)
	default:
		s.fallback = newStream(sp.addr, o.Dial, nil)
		s.transport = newUDP(sp.addr, o.Dial, near(ip))
	}
	return s, nil
}

// near tells whether nobody between us and the server can slip in answers, so
// that a few shared sockets are safe; elsewhere each question gets its own
// source port (RFC 5452 §9.2).
func near(ip netip.Addr) bool { return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() }

// ask puts a question to this server within a time limit, by TCP where UDP cut
// the answer off, without EDNS where the server does not know it.
func (s *server) ask(ctx context.Context, k key, limit time.Duration, a *Answer) (more string, sent int, fail *Error) {
	start := time.Now()
	deadline := start.Add(limit)
	m, wrong, err := s.transport.exchange(ctx, k, true, deadline)
	sent = 1
	if err == nil && m.Truncated && s.fallback != nil {
		m, wrong, err = s.fallback.exchange(ctx, k, true, deadline)
		sent++
	}
	if err == nil && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented || m.Rcode == dns.RcodeBadVers) {
		m, wrong, err = s.transport.exchange(ctx, k, false, deadline) // RFC 6891 §6.2.2
		sent++
		if err == nil && m.Truncated && s.fallback != nil {
			m, wrong, err = s.fallback.exchange(ctx, k, false, deadline)
			sent++
		}
	}
	if err != nil {
		return "", sent, s.failure(k, err, wrong)
	}
	if m.Truncated {
		return "", sent, k.fail(KindMangled, s.name, "cut off although it came by TCP")
	}
	more, fail = k.answer(m, s.name, a)
	if fail != nil {
		fail.EDE = s.withoutSecrets(fail.EDE)
	}
	a.Authentic = a.Authentic && s.trustAD
	a.RTT = time.Since(start)
	return more, sent, fail
}

// failure names what kept the answer from us.
func (s *server) failure(k key, err error, wrong int) *Error {
	var timeout interface{ Timeout() bool }
	silent := errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case silent && wrong > 0:
		return k.fail(KindMangled, s.name, fmt.Sprintf("%d messages came, none answers the question", wrong))
	case silent:
		return k.fail(KindTimeout, s.name, "")
	case errors.Is(err, errCut) || errors.Is(err, errNotAnswer) || errors.Is(err, errNoMessage):
		return k.fail(KindMangled, s.name, err.Error())
	}
	return k.fail(KindNetwork, s.name, plain(err))
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
