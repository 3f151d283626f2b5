package guard

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// Listener takes at most so many connections at once. Where all are taken, the one that has waited longest for a request of
// its own gives way to a new one; where none waits, the new one stays in the queue of the system. So those who open many
// connections and say nothing keep nobody out.
type Listener struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	idle *list.List // of *boundedConn: those that wait for a request, the longest first
}

// Bounded makes one.
func Bounded(l net.Listener, most int) *Listener {
	return &Listener{Listener: l, slots: make(chan struct{}, most), closed: make(chan struct{}), idle: list.New()}
}

// Accept waits for a connection and for a free slot.
func (l *Listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case l.slots <- struct{}{}:
	default:
		l.giveWay()
		select {
		case l.slots <- struct{}{}:
		case <-l.closed:
			_ = c.Close()
			return nil, net.ErrClosed
		}
	}
	b := &boundedConn{Conn: c, of: l}
	b.free = sync.OnceFunc(func() { l.setIdle(b, false); <-l.slots })
	l.setIdle(b, true)
	return b, nil
}

// giveWay closes the connection that has waited longest for a request.
func (l *Listener) giveWay() {
	l.mu.Lock()
	first := l.idle.Front()
	l.mu.Unlock()
	if first == nil {
		return
	}
	if c, ok := first.Value.(*boundedConn); ok {
		_ = c.Close()
	}
}

// setIdle notes whether a connection waits for a request.
func (l *Listener) setIdle(c *boundedConn, idle bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.at != nil {
		l.idle.Remove(c.at)
		c.at = nil
	}
	if idle {
		c.at = l.idle.PushBack(c)
	}
}

// State is for http.Server.ConnState: a connection is active from the end of a request's header to the end of the answer.
func (l *Listener) State(c net.Conn, s http.ConnState) {
	if b, ok := c.(*boundedConn); ok && (s == http.StateActive || s == http.StateIdle) {
		l.setIdle(b, s == http.StateIdle)
	}
}

// Close ends the listener.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type boundedConn struct {
	net.Conn
	of   *Listener
	at   *list.Element // in idle; nil: active
	free func()
}

// Close frees the slot.
func (c *boundedConn) Close() error {
	defer c.free()
	return c.Conn.Close()
}
