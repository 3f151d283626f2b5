package resolve

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net"
	"sync"
	"sync/atomic"

	"github.com/miekg/dns"
)

// reply is what a reader hands to the question that waits for it.
type reply struct {
	m   *dns.Msg
	err error
}

// waiting is a question under way on a shared connection.
type waiting struct {
	key   key
	reply chan reply
	wrong atomic.Int32
}

// udp asks over shared sockets, or over a socket per question.
type udp struct {
	addr   string
	dial   Dialer
	shared bool
	next   atomic.Uint32
	socks  [8]udpSocket
}

// udpSocket is a connected socket with the questions that it carries.
type udpSocket struct {
	mu      sync.Mutex
	conn    net.Conn
	pending map[uint16]*waiting
}

func newUDP(addr string, dial Dialer, shared bool) *udp {
	return &udp{addr: addr, dial: dial, shared: shared}
}

func (u *udp) close() {
	for i := range u.socks {
		s := &u.socks[i]
		s.mu.Lock()
		if s.conn != nil {
			s.conn.Close()
		}
		s.mu.Unlock()
	}
}

func (u *udp) exchange(ctx context.Context, k key, edns bool) (*dns.Msg, int, error) {
	s := new(udpSocket)
	if u.shared {
		s = &u.socks[u.next.Add(1)%uint32(len(u.socks))]
	} else {
		defer s.closeOnce()
	}
	w := &waiting{key: k, reply: make(chan reply, 1)}
	id, conn, err := s.enter(ctx, u, w)
	if err != nil {
		return nil, 0, err
	}
	defer s.leave(id)
	if _, err := conn.Write(k.query(id, edns)); err != nil {
		return nil, 0, err
	}
	select {
	case r := <-w.reply:
		return r.m, int(w.wrong.Load()), r.err
	case <-ctx.Done():
		return nil, int(w.wrong.Load()), ctx.Err()
	}
}

func (s *udpSocket) closeOnce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		s.conn.Close()
	}
}

// enter opens the socket if need be and books an id that nobody can guess
// (RFC 5452 §9.1).
func (s *udpSocket) enter(ctx context.Context, u *udp, w *waiting) (uint16, net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		c, err := u.dial(ctx, "udp", u.addr)
		if err != nil {
			return 0, nil, err
		}
		if b, ok := c.(interface{ SetReadBuffer(int) error }); ok {
			_ = b.SetReadBuffer(4 << 20) // a small buffer only loses answers, which are asked again
		}
		s.conn, s.pending = c, map[uint16]*waiting{}
		go s.read(c)
	}
	id := randomID()
	for s.pending[id] != nil {
		id = randomID()
	}
	s.pending[id] = w
	return id, s.conn, nil
}

func (s *udpSocket) leave(id uint16) {
	s.mu.Lock()
	delete(s.pending, id)
	s.mu.Unlock()
}

func randomID() uint16 {
	var b [2]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return binary.BigEndian.Uint16(b[:])
}

// read hands answers to their questions until the socket closes. What matches
// no question is dropped; what pretends to is counted.
func (s *udpSocket) read(c net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		if err != nil {
			s.fail(c, err)
			return
		}
		if n < 12 {
			continue
		}
		s.mu.Lock()
		w := s.pending[binary.BigEndian.Uint16(buf)]
		if w == nil { // a wrong id: whoever waits on this socket should know
			for _, other := range s.pending {
				other.wrong.Add(1)
			}
		}
		s.mu.Unlock()
		if w == nil {
			continue
		}
		m, err := w.key.unpack(buf[:n])
		if err != nil { // perhaps a forgery: the true answer may still come
			w.wrong.Add(1)
			continue
		}
		select {
		case w.reply <- reply{m: m}:
		default:
		}
	}
}

// fail ends the socket and everything that waits on it; the next question
// opens a new one.
func (s *udpSocket) fail(c net.Conn, err error) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.pending {
		select {
		case w.reply <- reply{err: err}:
		default:
		}
	}
	s.conn, s.pending = nil, nil
}
