package resolve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
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

	mu      sync.Mutex
	conns   []*streamConn
	pace    pace
	quota   int          // questions that the server answers on one connection, as it showed twice; 0: no bound known
	count   int          // what the last connection answered that ended with questions on it
	queue   []chan error // who waits for a place: nil is a turn to look again
	retried map[key]bool // questions on their way again, from a connection that never answered anything
	closed  bool
}

// newStream makes a pool of at most so many connections. limit is for opening one.
func newStream(addr string, dial Dialer, conf *tls.Config, most int, limit time.Duration) *stream {
	growth := fastGrowth
	if conf != nil { // a handshake costs both sides some milliseconds
		growth = 1
	}
	return &stream{addr: addr, dial: dial, tls: conf, places: newGate(firstStreams, min(most, maxStreams), growth),
		limit: limit, retried: map[key]bool{}}
}

func tlsConfig(serverName string, roots *x509.CertPool) *tls.Config {
	return &tls.Config{ServerName: serverName, RootCAs: roots, MinVersion: tls.VersionTLS12,
		ClientSessionCache: tls.NewLRUClientSessionCache(8)}
}

// close ends every connection; no other is opened any more.
func (s *stream) close() {
	s.mu.Lock()
	s.closed = true
	conns := slices.Clone(s.conns)
	s.failAll(errOwnEnd)
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
		c, err := s.take(ctx, k, limit)
		if err != nil {
			return nil, wrong, err
		}
		m, n, took, err := c.ask(ctx, k, edns, limit)
		wrong += n
		again := s.done(c, k, took, err)
		if err == nil || ctx.Err() != nil || !again || lost == maxLost {
			return m, wrong, err
		}
	}
}

// take books a place on an open connection, and opens one where those that are
// there have enough to do. No question waits for one certain connection: the
// server may never take it up.
func (s *stream) take(ctx context.Context, k key, limit time.Duration) (*streamConn, error) {
	for start := time.Now(); ; {
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return nil, errOwnEnd
		}
		c := s.book(k)
		var turn chan error
		if c == nil {
			turn = make(chan error, 1)
			s.queue = append(s.queue, turn)
			s.grow()
		}
		s.mu.Unlock()
		if c != nil {
			return c, nil
		}
		if err := s.places.wait(ctx, turn, start, limit); err != nil {
			return nil, s.leaveQueue(turn, err)
		}
	}
}

// book finds the connection with the fewest questions, where it can one that has
// answered already; nil is no place at present. A question that was lost once without an answer
// waits for one that has, where there is one.
func (s *stream) book(k key) *streamConn {
	var best *streamConn
	depth := s.pace.depth()
	proved := s.retried[k] && slices.ContainsFunc(s.conns, func(c *streamConn) bool { return c.answered && !c.closing.Load() })
	for _, c := range s.conns {
		if !c.opened || c.load >= depth || !c.takes(s.quota) || proved && !c.answered {
			continue
		}
		if best == nil || c.answered && !best.answered || c.answered == best.answered && c.load < best.load {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	best.load++
	best.booked++
	return best
}

// grow begins a new connection where those that open are too few for all who wait.
func (s *stream) grow() {
	opening, lives := 0, false
	for _, c := range s.conns {
		if c.closing.Load() {
			continue
		}
		lives = true
		if !c.opened {
			opening++
		}
	}
	if opening*s.pace.depth() < len(s.queue) && s.places.try(!lives) {
		c := newStreamConn(s)
		s.conns = append(s.conns, c)
		go c.open()
	}
}

// opened lets questions come to a connection.
func (s *stream) opened(c *streamConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.opened = true
	s.wake(s.pace.depth())
}

// done gives the place back; took is the time of the answer since its turn
// came. again says that the question was lost with its
// connection for no fault of its own.
func (s *stream) done(c *streamConn, k key, took time.Duration, err error) (again bool) {
	if err == nil {
		s.places.good(took)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.load--
	c.answered = c.answered || err == nil
	state := c.state()
	if errors.Is(err, os.ErrDeadlineExceeded) && state.answered == 0 && !s.retried[k] {
		s.retried[k] = true
	} else {
		delete(s.retried, k)
	}
	switch {
	case state.err == nil && state.silent && c.load == 0:
		if state.answered == 0 && s.others(c) { // it never answered: there are too many connections
			s.places.shrink()
		}
		go c.end(errOwnEnd)
	case state.err != nil && err != nil && !errors.Is(err, context.Canceled):
		again = s.lost(c, state)
	case state.err == nil:
		s.retire(c)
	}
	s.wake(wakeCount)
	return again
}

// lost learns, once, from a connection that the server ended with questions on
// it. Our own end tells nothing.
func (s *stream) lost(c *streamConn, state connState) (again bool) {
	if errors.Is(state.err, errOwnEnd) {
		return true
	}
	first := !c.judged
	c.judged = true
	if state.answered > 0 { // it did its work; perhaps there is a bound for one connection
		if first {
			s.bound(state.answered)
		}
		return true
	}
	others := s.others(c)
	if first && others && !scarce(state.err) { // there are too many connections
		s.places.shrink()
	}
	return others
}

// bound notes how many answers came before the server ended a connection.
func (s *stream) bound(answered int) {
	if answered == s.count {
		s.quota = s.count
		for _, c := range s.conns {
			s.retire(c)
		}
	}
	s.count = answered
}

// retire ends a connection that has carried all that the server answers on one:
// it would only hold its place.
func (s *stream) retire(c *streamConn) {
	if s.quota > 0 && c.booked >= s.quota && c.load == 0 {
		go c.end(errOwnEnd)
	}
}

// others reports whether there is another connection that lives.
func (s *stream) others(c *streamConn) bool {
	return slices.ContainsFunc(s.conns, func(o *streamConn) bool { return o != c && !o.closing.Load() })
}

// works reports whether another connection has answered.
func (s *stream) works(c *streamConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.conns, func(o *streamConn) bool { return o != c && !o.closing.Load() && o.state().answered > 0 })
}

// gone takes a connection out. Where it never opened and there is no other,
// all who wait are told why.
func (s *stream) gone(c *streamConn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.conns, c)
	if i < 0 {
		return
	}
	others := s.others(c)
	s.conns = slices.Delete(s.conns, i, i+1)
	if !c.opened && others && !scarce(err) { // there are too many connections
		s.places.shrink()
	}
	s.places.leave()
	if c.opened || others {
		s.wake(wakeCount)
		return
	}
	s.failAll(err)
}

// failAll ends the wait of all.
func (s *stream) failAll(err error) {
	for _, turn := range s.queue {
		turn <- err
	}
	s.queue = nil
}

// wakeCount is how many of those who wait try again when a question has ended:
// more than one, since it may have made room for more.
const wakeCount = 1 + fastGrowth

// wake lets some of those who wait try again.
func (s *stream) wake(most int) {
	n := min(most, len(s.queue))
	for _, turn := range s.queue[:n] {
		turn <- nil
	}
	s.queue = s.queue[n:]
}

// leaveQueue is why a question waits no more. A turn that came just now is
// somebody else's.
func (s *stream) leaveQueue(turn chan error, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, turn); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
	} else {
		s.wake(1)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		for _, c := range s.conns {
			if c.dialError != nil {
				return c.dialError
			}
		}
	}
	return err
}

// setDialError notes why a connection could not be dialled so far, nil once it is.
func (s *stream) setDialError(c *streamConn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.dialError = err
}

// took notes the time that an answer took.
func (s *stream) took(d time.Duration, others bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.took(d, others)
}
