package resolve

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// idleStream is how long an idle connection is kept (RFC 7766 §6.2.3).
const idleStream = 8 * time.Second

// streamConn is one connection with the questions that it carries.
type streamConn struct {
	pool         *stream
	opened       bool        // the pool's lock guards it and what follows
	answered     bool        // it has brought an answer
	load, booked int         // questions under way, questions so far
	dialError    error       // why it could not be dialled so far: no descriptor
	judged       bool        // the pool has learned from its end
	closing      atomic.Bool // takes no more questions: it has ended, or seems to have

	writing sync.Mutex
	mu      sync.Mutex
	conn    net.Conn
	pending map[uint16]*pendingQuestion
	ids     ids
	seq     int
	last    time.Time // of the last answer
	seen    connState
}

// connState is what a pool learns from a connection.
type connState struct {
	err      error // set when it has ended
	answered int
	silent   bool // a question's time passed and nothing at all came since it was written
}

// pendingQuestion is a question on a connection.
type pendingQuestion struct {
	key       key
	reply     chan reply
	seq       int
	at        time.Time // of the writing
	since     time.Time // when its turn began: at the writing, or at the last answer of a question before it
	behind    bool      // others stood before it
	overtaken bool      // a later one was answered before it: the server does not keep the order
	gone      bool      // nobody waits any more; the answer may still come
	wrong     int
}

func newStreamConn(s *stream) *streamConn {
	return &streamConn{pool: s, pending: map[uint16]*pendingQuestion{}}
}

// takes tells whether one more question may come. The pool's lock is held.
func (c *streamConn) takes(quota int) bool {
	return !c.closing.Load() && (quota == 0 || c.booked < quota)
}

func (c *streamConn) state() connState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// open connects, within the time of a whole question: no single question's
// patience ends it.
func (c *streamConn) open() {
	s := c.pool
	ctx, cancel := context.WithTimeout(context.Background(), s.limit)
	defer cancel()
	var conn net.Conn
	err := s.places.retryScarce(ctx, s.limit, c.noteDialError, func() (err error) {
		if c.state().err != nil {
			return errOwnEnd
		}
		conn, err = s.dial(ctx, "tcp", s.addr)
		return err
	})
	if err == nil {
		s.setDialError(c, nil)
	}
	if err == nil && s.tls != nil {
		secure := tls.Client(conn, s.tls)
		if err = secure.HandshakeContext(ctx); err != nil {
			conn.Close()
		}
		conn = secure
	}
	c.mu.Lock()
	if err == nil && c.seen.err != nil { // ended meanwhile
		conn.Close()
		err = c.seen.err
	}
	c.conn = conn
	c.mu.Unlock()
	if err != nil {
		c.end(err)
		return
	}
	go c.read()
	s.opened(c)
}

// noteDialError notes that there was no descriptor for the connection so far. Where
// another one works, that one has to do.
func (c *streamConn) noteDialError(err error, first bool) {
	c.pool.places.releaseScarce(err, first)
	c.pool.setDialError(c, err)
	if c.pool.works(c) {
		c.end(err)
	}
}

// ask puts a question. Its time begins when it is written, and again with each
// answer to a question before it, as long as the server keeps the order.
func (c *streamConn) ask(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, wrong int,
	took time.Duration, err error) {
	w := &pendingQuestion{key: k, reply: make(chan reply, 1)}
	if err := c.write(w, edns, limit); err != nil {
		return nil, 0, 0, err
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case r := <-w.reply:
			return r.m, w.wrong, r.took, r.err
		case <-ctx.Done():
			return nil, c.drop(w, false), 0, ctx.Err()
		case <-timer.C:
			left := c.left(w, limit)
			if left <= 0 {
				return nil, c.drop(w, true), 0, os.ErrDeadlineExceeded
			}
			timer.Reset(left)
		}
	}
}

// write books an id and sends the question.
func (c *streamConn) write(w *pendingQuestion, edns bool, limit time.Duration) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	id, err := c.enter(w)
	if err != nil {
		return err
	}
	q := w.key.query(make([]byte, 2, 300), id, edns)
	binary.BigEndian.PutUint16(q, uint16(len(q)-2))
	_ = c.conn.SetWriteDeadline(time.Now().Add(limit))
	if _, err := c.conn.Write(q); err != nil {
		c.end(err)
		return err
	}
	return nil
}

func (c *streamConn) enter(w *pendingQuestion) (uint16, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen.err != nil {
		return 0, c.seen.err
	}
	id := c.ids.next()
	for c.pending[id] != nil {
		id = c.ids.next()
	}
	c.seq++
	w.seq, w.at, w.behind = c.seq, time.Now(), len(c.pending) > 0
	w.since = w.at
	c.pending[id] = w
	return id, nil
}

// left is the rest of a question's time.
func (c *streamConn) left(w *pendingQuestion, limit time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return limit - time.Since(w.since)
}

// drop gives up one question, whose time is over or for which nobody waits any
// more; the others stay.
func (c *streamConn) drop(w *pendingQuestion, over bool) (wrong int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.gone = true
	if over && !c.last.After(w.at) || len(c.pending) > 2*sharedDepth { // nothing came, or too much will never come
		c.seen.silent = true
		c.closing.Store(true)
	}
	return w.wrong
}

// read hands out answers until the connection ends or nobody asks any more. A
// message is 64 KiB at most by its length field (RFC 1035 §4.2.2).
func (c *streamConn) read() {
	var head [2]byte
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(idleStream))
		if n, err := io.ReadFull(c.conn, head[:]); err != nil {
			if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
				if c.awaited() {
					continue
				}
				err = errOwnEnd // a question that comes just now is put again
			}
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

// awaited reports whether somebody waits for an answer.
func (c *streamConn) awaited() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.pending {
		if !w.gone {
			return true
		}
	}
	return false
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
	id := binary.BigEndian.Uint16(msg)
	c.mu.Lock()
	w := c.pending[id]
	if w == nil {
		for _, other := range c.pending {
			other.wrong++
		}
		c.mu.Unlock()
		return
	}
	now := time.Now()
	delete(c.pending, id)
	c.last, c.seen.silent = now, false
	c.closing.Store(false)
	c.seen.answered++
	for _, other := range c.pending {
		switch {
		case other.seq < w.seq:
			other.overtaken = true
		case !other.overtaken:
			other.since = now
		}
	}
	gone := w.gone
	c.mu.Unlock()
	c.pool.took(now.Sub(w.at), w.behind)
	if !gone {
		m, err := w.key.unpack(msg) // nobody can slip answers into TCP: a broken one is the server's
		w.reply <- reply{m: m, err: err, took: now.Sub(w.since)}
	}
}

// end closes the connection and tells everybody who waits.
func (c *streamConn) end(err error) {
	c.mu.Lock()
	if c.seen.err != nil {
		c.mu.Unlock()
		return
	}
	c.seen.err = err
	c.closing.Store(true)
	if c.conn != nil {
		c.conn.Close()
	}
	for id, w := range c.pending {
		delete(c.pending, id)
		w.reply <- reply{err: err}
	}
	c.mu.Unlock()
	c.pool.gone(c, err)
}
