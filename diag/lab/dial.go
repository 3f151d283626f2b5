package lab

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/dns"
)

// Dial connects to an address of the lab's world: "192.0.2.25:25" leads to the
// port of loopback behind which that host is, and a name is looked up in the
// world first. Where nobody listens, it fails as it does outside. Loopback
// itself is reached as it is.
func (l *Lab) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	to, err := l.find(network, addr)
	if err != nil {
		return nil, err
	}
	if to.Addr().IsLoopback() {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	fail := func(err error) error {
		return &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: err}
	}
	if n := l.names[to.Addr()]; n != nil && to.Port() == namePort {
		c, err := n.dial(ctx, network)
		if err != nil {
			return nil, fail(err)
		}
		return labConn{c, net.TCPAddrFromAddrPort(to)}, nil
	}
	h, web := l.mail.hosts[to.Addr()], l.web[to.Addr()]
	road := Closed
	switch {
	case web != nil && to.Port() == webPort:
		road = web.webs[0].Reach
	case h != nil && (h.Reach != Free || slices.Contains(h.Ports, to.Port())):
		road = h.Reach
	}
	switch road {
	case Closed:
		return nil, fail(os.NewSyscallError("connect", syscall.ECONNREFUSED))
	case Unreachable:
		return nil, fail(os.NewSyscallError("connect", syscall.EHOSTUNREACH))
	case Silent:
		return nil, fail(l.noAnswer(ctx))
	}
	var at string
	if web != nil && to.Port() == webPort {
		at, err = web.listen()
	} else {
		at, err = h.listen(to.Port(), "127.0.0.1:0")
	}
	if err != nil {
		return nil, fail(err)
	}
	c, err := new(net.Dialer).DialContext(ctx, "tcp", at)
	if err != nil {
		return nil, fail(err)
	}
	return labConn{c, net.TCPAddrFromAddrPort(to)}, nil
}

// labConn is a connection that tells the address that was asked for.
type labConn struct {
	net.Conn
	remote net.Addr
}

func (c labConn) RemoteAddr() net.Addr { return c.remote }

// synTimeout is how long a system waits for the answer to its SYN.
const synTimeout = 2 * time.Minute

// noAnswer waits for a host that does not answer.
func (l *Lab) noAnswer(ctx context.Context) error {
	t := time.NewTimer(synTimeout)
	defer t.Stop()
	select {
	case <-ctx.Done():
		if ctx.Err() == context.Canceled {
			return ctx.Err()
		}
		return os.ErrDeadlineExceeded
	case <-t.C:
	case <-l.mail.done:
	}
	return os.NewSyscallError("connect", syscall.ETIMEDOUT)
}

func (l *Lab) find(network, addr string) (netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return netip.AddrPort{}, &net.AddrError{Err: "unknown port", Addr: addr}
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
	}
	for _, t := range [...]uint16{dns.TypeA, dns.TypeAAAA} {
		if t == dns.TypeA && network == "tcp6" || t == dns.TypeAAAA && network == "tcp4" {
			continue
		}
		rrs, _ := l.world.lookup(strings.ToLower(dns.Fqdn(host)), t)
		for _, rr := range rrs {
			if ip, ok := address(rr); ok {
				return netip.AddrPortFrom(ip, uint16(port)), nil
			}
		}
	}
	return netip.AddrPort{}, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func address(rr dns.RR) (netip.Addr, bool) {
	var ip net.IP
	switch rr := rr.(type) {
	case *dns.A:
		ip = rr.A
	case *dns.AAAA:
		ip = rr.AAAA
	}
	a, ok := netip.AddrFromSlice(ip)
	return a.Unmap(), ok
}

// OpenPort is a port of loopback behind which a port of the lab's world is.
type OpenPort struct {
	Domain string // whose mail is taken there, "" where nobody said: "healthy.test"
	Host   string // its name: "mx1.lab.test"
	Port   uint16 // in the world
	Addr   string // on loopback
}

// OpenMail opens every mail server on loopback, on the ports from addr on, for
// programs that do not go through Dial. A port that is taken is passed over.
func (l *Lab) OpenMail(addr string) ([]OpenPort, error) {
	next, err := netip.ParseAddrPort(addr)
	if err != nil || !next.Addr().IsLoopback() {
		return nil, fmt.Errorf("the lab listens on loopback only, such as 127.0.0.1:2525, not on %q", addr)
	}
	var doors []OpenPort
	for _, h := range l.mail.order {
		if h.Reach != Free {
			continue
		}
		for _, port := range h.Ports {
			at, err := h.listenFrom(port, &next, len(doors) > 0)
			if err != nil {
				return nil, err
			}
			doors = append(doors, OpenPort{h.Domain, h.Name, port, at})
		}
	}
	return doors, nil
}

// listenFrom opens a port of the host at the next address, or at one soon after.
func (h *host) listenFrom(port uint16, next *netip.AddrPort, passOver bool) (at string, err error) {
	const tries = 100
	for range tries {
		at, err = h.listen(port, next.String())
		if next.Port() != 0 { // 0: the system chooses
			if next.Port() == math.MaxUint16 {
				return "", fmt.Errorf("no ports left after %s", next)
			}
			*next = netip.AddrPortFrom(next.Addr(), next.Port()+1)
		}
		if err == nil || !passOver {
			return at, err
		}
	}
	return "", err
}
