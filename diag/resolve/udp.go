package resolve

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// reply is what a reader hands to the question that waits for it.
type reply struct {
	m    *dns.Msg
	err  error
	took time.Duration // since the question's turn, where that is known
}

// udpQuestion is a question under way on a shared connection. Readers touch it only
// under the connection's lock and while it is booked there.
type udpQuestion struct {
	key    key
	reply  chan reply
	wrong  int   // messages that came and were no answer
	broken error // of a message that had the right id, but was cut
	timer  *time.Timer
	buf    []byte
}

func newWaiting() *udpQuestion {
	w := &udpQuestion{reply: make(chan reply, 1), timer: time.NewTimer(time.Hour), buf: make([]byte, 0, 300)}
	w.timer.Stop()
	return w
}

// offer gives a reply to the question, which needs one only.
func (w *udpQuestion) offer(r reply) {
	select {
	case w.reply <- r:
	default:
	}
}

// udp asks over shared sockets, or over a socket per question.
type udp struct {
	addr   string
	dial   Dialer
	shared bool
	places *gate // for sockets, where each question has one
	next   atomic.Uint32
	free   sync.Pool // of *waiting
	socks  [4]udpSocket
}

// udpSocket is a connected socket with the questions that it carries.
type udpSocket struct {
	mu      sync.Mutex
	conn    net.Conn
	pending map[uint16]*udpQuestion
	ids     ids
	past    [256]uint16 // ids of the last questions that were given up: their answers come late
	passed  int
}

func newUDP(addr string, dial Dialer, shared bool, most int) *udp {
	return &udp{addr: addr, dial: dial, shared: shared, places: newGate(most, most, 1),
		free: sync.Pool{New: func() any { return newWaiting() }}}
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

func (u *udp) exchange(ctx context.Context, k key, edns bool, limit time.Duration) (*dns.Msg, int, error) {
	if !u.shared {
		return u.onOwnSocket(ctx, k, edns, limit)
	}
	return u.onSocket(ctx, &u.socks[u.next.Add(1)%uint32(len(u.socks))], k, edns, limit)
}

// onOwnSocket asks over a socket of its own.
func (u *udp) onOwnSocket(ctx context.Context, k key, edns bool, limit time.Duration) (*dns.Msg, int, error) {
	if err := u.places.enter(ctx, limit); err != nil {
		return nil, 0, err
	}
	defer u.places.leave()
	s := new(udpSocket)
	defer s.closeOnce()
	m, wrong, err := u.onSocket(ctx, s, k, edns, limit)
	if err == nil {
		u.places.good(0)
	}
	return m, wrong, err
}

// onSocket asks over a socket. Little of its stack is used while it waits: there are
// many questions at once.
func (u *udp) onSocket(ctx context.Context, s *udpSocket, k key, edns bool, limit time.Duration) (*dns.Msg, int, error) {
	w := u.free.Get().(*udpQuestion)
	w.key, w.wrong, w.broken = k, 0, nil
	id, conn, err := s.enter(ctx, u, w)
	if err != nil {
		if id, conn, err = u.again(ctx, s, w, limit, err); err != nil {
			return nil, 0, err
		}
	}
	w.buf = k.query(w.buf[:0], id, edns)
	var r reply
	if _, r.err = conn.Write(w.buf); r.err == nil {
		r = w.wait(ctx, limit)
	}
	wrong, broken := s.leave(id, w, r.m == nil)
	u.free.Put(w)
	if r.err != nil && broken != nil && ctx.Err() == nil {
		return nil, wrong, broken // in the end the message that could not be read was the answer
	}
	return r.m, wrong, r.err
}

// again waits for a descriptor where that was what a socket lacked.
func (u *udp) again(ctx context.Context, s *udpSocket, w *udpQuestion, limit time.Duration, err error) (id uint16, conn net.Conn, _ error) {
	if err = u.places.judge(err); !scarce(err) {
		return 0, nil, err
	}
	err = u.places.retryScarce(ctx, limit, u.places.releaseScarce, func() (err error) {
		id, conn, err = s.enter(ctx, u, w)
		return err
	})
	return id, conn, err
}

// wait ends with the reply, or without.
func (w *udpQuestion) wait(ctx context.Context, limit time.Duration) reply {
	w.timer.Reset(limit)
	select {
	case r := <-w.reply:
		return r
	case <-w.timer.C:
		return reply{err: os.ErrDeadlineExceeded}
	case <-ctx.Done():
		return reply{err: ctx.Err()}
	}
}

func (s *udpSocket) closeOnce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		s.conn.Close()
	}
}

// enter opens the socket if need be and books an id.
func (s *udpSocket) enter(ctx context.Context, u *udp, w *udpQuestion) (uint16, net.Conn, error) {
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
		s.conn, s.pending = c, map[uint16]*udpQuestion{}
		go s.read(c)
	}
	id := s.ids.next()
	for s.pending[id] != nil {
		id = s.ids.next()
	}
	s.pending[id] = w
	return id, s.conn, nil
}

// leave takes the question off the socket and makes it ready for another one.
// The id of an unanswered one is kept: its answer may come late.
func (s *udpSocket) leave(id uint16, w *udpQuestion, unanswered bool) (wrong int, broken error) {
	s.mu.Lock()
	if s.pending[id] == w {
		delete(s.pending, id)
		if unanswered {
			s.past[s.passed%len(s.past)] = id
			s.passed++
		}
	}
	wrong, broken = w.wrong, w.broken
	s.mu.Unlock()
	w.timer.Stop()
	select {
	case <-w.reply:
	default:
	}
	return wrong, broken
}

// ids gives ids that nobody can guess (RFC 5452 §9.1). To get random octets takes time and much of the stack, so it gets them
// for 32 ids at once. The lock of its connection guards it.
type ids struct {
	random [64]byte
	left   int // octets
}

func (i *ids) next() uint16 {
	if i.left == 0 {
		_, _ = rand.Read(i.random[:]) // never fails: it ends the program instead
		i.left = len(i.random)
	}
	i.left -= 2
	return binary.BigEndian.Uint16(i.random[i.left:])
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
		id := binary.BigEndian.Uint16(buf)
		s.mu.Lock()
		w := s.pending[id]
		var k key
		if w != nil {
			k = w.key
		} else if !slices.Contains(s.past[:min(s.passed, len(s.past))], id) { // a wrong id: whoever waits on this socket should know
			for _, other := range s.pending {
				other.wrong++
			}
		}
		s.mu.Unlock()
		if w == nil {
			continue
		}
		m, err := k.unpack(buf[:n])
		s.mu.Lock()
		switch {
		case s.pending[id] != w || w.key != k: // it has gone meanwhile
		case err != nil: // perhaps a forgery: the true answer may still come
			w.wrong++
			if errors.Is(err, errCut) {
				w.broken = err
			}
		default:
			w.offer(reply{m: m})
		}
		s.mu.Unlock()
	}
}

// fail ends the socket and everything that waits on it; the next question
// opens a new one.
func (s *udpSocket) fail(c net.Conn, err error) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.pending {
		w.offer(reply{err: err})
	}
	s.conn, s.pending = nil, nil
}
