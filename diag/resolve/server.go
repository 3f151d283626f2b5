package resolve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
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
}

func newServer(spec string, o Options) (*server, error) {
	scheme, rest, ok := strings.Cut(spec, "://")
	if !ok {
		scheme, rest = "udp", spec
	}
	if scheme == "https" {
		u, err := url.Parse(spec)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("resolver %q: not a URL of DNS over HTTPS, such as https://dns.example/dns-query", spec)
		}
		return &server{name: spec, transport: newDoH(spec, o), trustAD: true}, nil
	}
	port := "53"
	if scheme == "tls" {
		port = "853"
	}
	rest, serverName, _ := strings.Cut(rest, "#")
	host, addr, err := hostPort(rest, port)
	if err != nil {
		return nil, fmt.Errorf("resolver %q: %w", spec, err)
	}
	if serverName == "" {
		serverName = host
	}
	ip, _ := netip.ParseAddr(host)
	s := &server{name: addr, trustAD: o.TrustAD || ip.IsLoopback()}
	switch scheme {
	case "udp":
		if !ip.IsValid() {
			return nil, fmt.Errorf("resolver %q: give the address of the server, not its name", spec)
		}
		s.fallback = newStream(addr, o.Dial, nil)
		s.transport = newUDP(addr, o.Dial, near(ip))
	case "tcp":
		s.transport = newStream(addr, o.Dial, nil)
	case "tls":
		s.transport, s.trustAD, s.name = newStream(addr, o.Dial, tlsConfig(serverName, o.Roots)), true, "tls://"+addr
	default:
		return nil, fmt.Errorf("resolver %q: the scheme is none of udp, tcp, tls, https", spec)
	}
	return s, nil
}

func hostPort(s, port string) (host, addr string, err error) {
	if ip, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return ip.String(), net.JoinHostPort(ip.String(), port), nil
	}
	host = s
	if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, p
	}
	_, badPort := strconv.ParseUint(port, 10, 16)
	if _, err := netip.ParseAddr(host); badPort != nil || host == "" || err != nil && strings.ContainsAny(host, "/ :") {
		return "", "", errors.New("neither an address nor ADDRESS:PORT")
	}
	return host, net.JoinHostPort(host, port), nil
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
	case errors.Is(err, errCut) || errors.Is(err, errNotAnswer):
		return k.fail(KindMangled, s.name, err.Error())
	}
	return k.fail(KindNetwork, s.name, plain(err))
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
