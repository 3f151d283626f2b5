package lab

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// mailServers is the lab's mail servers. A port is opened when somebody comes, so that
// a lab of many costs nothing before.
type mailServers struct {
	lab      *Lab
	hosts    map[netip.Addr]*host
	order    []*host
	store    mailStore
	boxes    mailboxes
	issuer   func() (*issuer, error)
	done     chan struct{}
	sessions atomic.Int32
	reading  atomic.Int64 // octets of messages that are just being read
}

// Bounds of all mail servers together.
const (
	maxOpen    = 256
	maxReading = 128 << 20
)

// host is a receiver that runs.
type host struct {
	Receiver
	servers *mailServers
	at      []netip.Addr
	tls     func() (*tls.Config, error)

	mu        sync.Mutex
	listeners map[uint16]net.Listener
	first     map[string]time.Time // when somebody came first
}

func newMailServers(l *Lab, sites []site) *mailServers {
	p := &mailServers{lab: l, hosts: map[netip.Addr]*host{}, issuer: sync.OnceValues(newIssuer), done: make(chan struct{})}
	for _, s := range sites {
		h := &host{Receiver: s.Receiver, servers: p, at: s.at, listeners: map[uint16]net.Listener{}, first: map[string]time.Time{}}
		if len(h.Ports) == 0 {
			h.Ports = []uint16{25}
		}
		if h.Size == 0 {
			h.Size = 25 << 20
		}
		h.tls = sync.OnceValues(h.config)
		for _, addr := range s.at {
			p.hosts[addr] = h
		}
		p.order = append(p.order, h)
	}
	return p
}

func (h *host) config() (*tls.Config, error) {
	a, err := h.servers.issuer()
	if err != nil {
		return nil, err
	}
	c, err := a.certificate(h.Certificate, h.Name)
	// Old versions are what a receiver may be there to show.
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS10, MaxVersion: h.MaxTLS}, err //nolint:gosec
}

// listen gives where a port of the host is to be found, and opens it.
func (h *host) listen(port uint16, addr string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ln := h.listeners[port]; ln != nil {
		return ln.Addr().String(), nil
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	if !h.servers.lab.serve(ln, func(c net.Conn) { h.serve(c, port) }) {
		return "", net.ErrClosed
	}
	h.listeners[port] = ln
	return ln.Addr().String(), nil
}

// serve talks with one client, if there is room for it.
func (h *host) serve(c net.Conn, port uint16) {
	defer h.servers.sessions.Add(-1)
	if h.servers.sessions.Add(1) > maxOpen {
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		fmt.Fprintf(c, "421 4.3.2 %s too many connections, try again later\r\n", h.Name)
		return
	}
	if h.Mailboxes {
		h.serveMailbox(c, port)
		return
	}
	s := newSession(h, c, port)
	defer s.log.close()
	s.run()
}

// Bounds of what a host remembers of its clients.
const (
	maxFirst = 10_000
	memory   = time.Minute
)

// since tells how long ago somebody came first; after a minute it is forgotten.
func (h *host) since(who string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, known := h.first[who]
	if age := time.Since(t); known && age < memory {
		return age
	}
	if len(h.first) >= maxFirst {
		clear(h.first)
	}
	h.first[who] = time.Now()
	return 0
}

// sleep waits, unless the lab ends first.
func (p *mailServers) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.done:
	}
}
