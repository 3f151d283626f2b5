package resolve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Connections to one server: how many while it is not known how it deals with
// several questions on one, and how many at most.
const (
	firstStreams = 4
	maxStreams   = 1024
)

// maxLost bounds how often a question is put again at once because the
// connection that carried it ended after others had been answered.
const maxLost = 16

// stream asks over TCP or TLS connections, each with many questions under way
// where the server works on them at once (RFC 7766 §6.2.1.1, RFC 7858).
type stream struct {
	addr   string
	dial   Dialer
	tls    *tls.Config // nil for plain TCP
	places *gate       // for connections
	limit  time.Duration

	mu    sync.Mutex
	conns []*streamConn
	pace  pace
	quota int // questions that the server answers on one connection, as it showed twice; 0: no bound known
	count int // what the last connection answered that ended with questions on it
	queue []chan struct{}
	ended bool
}

// newStream makes a pool of at most so many connections. limit is for opening one.
func newStream(addr string, dial Dialer, conf *tls.Config, most int, limit time.Duration) *stream {
	growth := fastGrowth
	if conf != nil { // a handshake costs both sides some milliseconds
		growth = 1
	}
	return &stream{addr: addr, dial: dial, tls: conf, places: newGate(firstStreams, min(most, maxStreams), growth), limit: limit}
}

func tlsConfig(serverName string, roots *x509.CertPool) *tls.Config {
	return &tls.Config{ServerName: serverName, RootCAs: roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(8)}
}

func (s *stream) close() {
	s.mu.Lock()
	s.ended = true
	conns := slices.Clone(s.conns)
	s.mu.Unlock()
	for _, c := range conns {
		c.end(errOwnEnd)
	}
}

var (
	errStreamEnded = errors.New("the server closed the connection")
	errOwnEnd      = errors.New("the connection was closed from here")
)

// exchange asks over the connection that has the fewest questions. The time
// limit begins when the question is written; waiting for a place or a
// connection is bounded by the same time without a sign of life.
func (s *stream) exchange(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, wrong int, err error) {
	for lost := 0; ; lost++ {
		c, err := s.take(ctx, limit)
		if err != nil {
			return nil, wrong, err
		}
		m, n, took, err := c.ask(ctx, k, edns, limit)
		wrong += n
		again := s.done(c, took, err)
		if err == nil || ctx.Err() != nil || !again || lost == maxLost {
			return m, wrong, err
		}
	}
}

// take books a place on a connection, and opens one where those that are there
// have enough to do.
func (s *stream) take(ctx context.Context, limit time.Duration) (*streamConn, error) {
	for start := time.Now(); ; {
		s.mu.Lock()
		c := s.book()
		var turn chan struct{}
		if c == nil {
			turn = make(chan struct{}, 1)
			s.queue = append(s.queue, turn)
		}
		s.mu.Unlock()
		if c != nil {
			return c, nil
		}
		if err := s.places.wait(ctx, turn, start, limit); err != nil {
			s.leaveQueue(turn)
			return nil, err
		}
	}
}

// book finds the connection with the fewest questions, or begins a new one; nil
// is no place at present.
func (s *stream) book() *streamConn {
	var best *streamConn
	for _, c := range s.conns {
		if c.takes(s.quota) && (best == nil || c.load < best.load) {
			best = c
		}
	}
	if best != nil && best.load < s.pace.depth() {
		best.load++
		best.booked++
		return best
	}
	if !s.places.try(best == nil) {
		return nil
	}
	c := newStreamConn(s)
	c.load, c.booked = 1, 1
	s.conns = append(s.conns, c)
	go c.open()
	return c
}

// done gives the place back; took is the time of the answer since its turn
// came. again says that the question was lost with its
// connection for no fault of its own.
func (s *stream) done(c *streamConn, took time.Duration, err error) (again bool) {
	if err == nil {
		s.places.good(took)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.load--
	state := c.state()
	switch {
	case state.err == nil && state.silent && c.load == 0:
		if state.answered == 0 && s.others(c) { // it was never heard: there are too many
			s.places.shrink()
		}
		go c.end(errOwnEnd)
	case state.err != nil && err != nil && !errors.Is(err, context.Canceled):
		again = s.lost(c, state)
	}
	s.wake()
	return again
}

// lost learns from a connection that ended with questions on it.
func (s *stream) lost(c *streamConn, state connState) (again bool) {
	if state.answered > 0 { // it did its work; perhaps there is a bound for one connection
		if state.answered == s.count {
			s.quota = s.count
		}
		s.count = state.answered
		return true
	}
	others := s.others(c)
	if others && !scarce(state.err) { // there are too many connections
		s.places.shrink()
	}
	return others
}

// others reports whether there is another connection that lives.
func (s *stream) others(c *streamConn) bool {
	return slices.ContainsFunc(s.conns, func(o *streamConn) bool { return o != c && !o.shut.Load() })
}

// works reports whether another connection has answered.
func (s *stream) works(c *streamConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.conns, func(o *streamConn) bool { return o != c && !o.shut.Load() && o.state().answered > 0 })
}

// gone takes a connection out.
func (s *stream) gone(c *streamConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.conns, c); i >= 0 {
		s.conns = slices.Delete(s.conns, i, i+1)
		s.places.leave()
	}
	s.wake()
}

// wakeful is how many of those who wait try again when a question has ended:
// more than one, since it may have made room for more.
const wakeful = 1 + fastGrowth

// wake lets some of those who wait try again.
func (s *stream) wake() {
	n := min(wakeful, len(s.queue))
	for _, turn := range s.queue[:n] {
		turn <- struct{}{}
	}
	s.queue = s.queue[n:]
}

func (s *stream) leaveQueue(turn chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, turn); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return
	}
	s.wake() // the turn came just now: somebody else's
}

// took notes the time that an answer took.
func (s *stream) took(d time.Duration, others bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.took(d, others)
}
