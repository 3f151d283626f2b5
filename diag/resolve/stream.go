package resolve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// streams at once per server, and how long an idle one is kept (RFC 7766 §6.2).
const (
	maxStreamQuestions = 64
	idleStream         = 8 * time.Second
)

// stream asks over one TCP or TLS connection with many questions under way
// (RFC 7766 §6.2.1.1, RFC 7858).
type stream struct {
	addr  string
	dial  Dialer
	tls   *tls.Config // nil for plain TCP
	slots chan struct{}
	mu    sync.Mutex
	conn  *streamConn
}

func newStream(addr string, dial Dialer, conf *tls.Config) *stream {
	return &stream{addr: addr, dial: dial, tls: conf, slots: make(chan struct{}, maxStreamQuestions)}
}

func tlsConfig(serverName string, roots *x509.CertPool) *tls.Config {
	return &tls.Config{ServerName: serverName, RootCAs: roots, MinVersion: tls.VersionTLS12}
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		s.conn.end(net.ErrClosed)
	}
}

var errStreamEnded = errors.New("the server closed the connection")

func (s *stream) exchange(ctx context.Context, k key, edns bool, deadline time.Time) (*dns.Msg, int, error) {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	for again := true; ; again = false {
		c, fresh, err := s.open(ctx)
		if err != nil {
			return nil, 0, err
		}
		m, wrong, err := c.exchange(ctx, k, edns)
		// A kept connection may have been closed by the server in between: once more on a new one.
		if err != nil && again && !fresh && ctx.Err() == nil {
			continue
		}
		return m, wrong, err
	}
}

// open gives the living connection or makes one.
func (s *stream) open(ctx context.Context) (c *streamConn, fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil && !s.conn.ended() {
		return s.conn, false, nil
	}
	raw, err := s.dial(ctx, "tcp", s.addr)
	if err != nil {
		return nil, false, err
	}
	if s.tls != nil {
		t := tls.Client(raw, s.tls)
		if err := t.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, false, err
		}
		raw = t
	}
	s.conn = &streamConn{conn: raw, pending: map[uint16]*waiting{}}
	go s.conn.read()
	return s.conn, true, nil
}

// streamConn is one connection with the questions that it carries.
type streamConn struct {
	conn    net.Conn
	writing sync.Mutex
	mu      sync.Mutex
	pending map[uint16]*waiting
	err     error // set when it has ended
}

func (c *streamConn) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err != nil
}

func (c *streamConn) exchange(ctx context.Context, k key, edns bool) (*dns.Msg, int, error) {
	w := &waiting{key: k, reply: make(chan reply, 1)}
	id, err := c.enter(w)
	if err != nil {
		return nil, 0, err
	}
	q := k.query(make([]byte, 2, 300), id, edns)
	binary.BigEndian.PutUint16(q, uint16(len(q)-2))
	if err := c.write(ctx, q); err != nil {
		c.end(err)
		return nil, 0, err
	}
	var r reply
	select {
	case r = <-w.reply:
	case <-ctx.Done():
		c.end(ctx.Err()) // a server that stalls one answer stalls those behind it too
		r.err = ctx.Err()
	}
	return r.m, c.leave(id, w), r.err
}

func (c *streamConn) write(ctx context.Context, b []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.conn.SetWriteDeadline(deadline)
	}
	_, err := c.conn.Write(b)
	return err
}

func (c *streamConn) enter(w *waiting) (uint16, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, c.err
	}
	id := randomID()
	for c.pending[id] != nil {
		id = randomID()
	}
	c.pending[id] = w
	return id, nil
}

func (c *streamConn) leave(id uint16, w *waiting) (wrong int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
	return w.wrong
}

// read hands out answers until the connection ends or nobody asks any more. A
// message is 64 KiB at most by its length field (RFC 1035 §4.2.2).
func (c *streamConn) read() {
	var head [2]byte
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(idleStream))
		if _, err := io.ReadFull(c.conn, head[:]); err != nil {
			c.end(streamError(err))
			return
		}
		msg := make([]byte, binary.BigEndian.Uint16(head[:]))
		if _, err := io.ReadFull(c.conn, msg); err != nil {
			c.end(streamError(err))
			return
		}
		c.deliver(msg)
	}
}

func streamError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errStreamEnded
	}
	return err
}

func (c *streamConn) deliver(msg []byte) {
	if len(msg) < 12 {
		return
	}
	c.mu.Lock()
	w := c.pending[binary.BigEndian.Uint16(msg)]
	if w == nil {
		for _, other := range c.pending {
			other.wrong++
		}
	}
	c.mu.Unlock()
	if w == nil {
		return
	}
	m, err := w.key.unpack(msg) // nobody can slip answers into TCP: a broken one is the server's
	w.offer(reply{m: m, err: err})
}

// end closes the connection and tells everybody who waits.
func (c *streamConn) end(err error) {
	c.conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	for _, w := range c.pending {
		w.offer(reply{err: err})
	}
}
