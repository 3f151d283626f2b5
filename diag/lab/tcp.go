package lab

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// serve serves the connections of a listener until the lab ends; false where
// it has ended already.
func (l *Lab) serve(ln net.Listener, serve func(net.Conn)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		ln.Close()
		return false
	}
	l.listeners = append(l.listeners, ln)
	l.wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				if l.over() {
					return
				}
				time.Sleep(5 * time.Millisecond) // no more descriptors: some will be freed
				continue
			}
			if !l.hold(c) {
				return
			}
			l.wg.Go(func() {
				defer l.release(c)
				serve(c)
			})
		}
	})
	return true
}

func (l *Lab) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conns == nil
}

// hold keeps a connection until release, or until the lab ends.
func (l *Lab) hold(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		c.Close()
		return false
	}
	l.conns[c] = true
	return true
}

func (l *Lab) release(c net.Conn) {
	c.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}

// idle is how long a TCP connection may say nothing.
const idle = 30 * time.Second

// talk answers the questions of one connection. A late answer lets the others
// pass (RFC 7766 §6.2.1.1).
func (l *Lab) talk(c net.Conn, who responder) {
	var turn sync.Mutex
	for {
		q, fault := readTCP(c, who)
		if q == nil {
			return
		}
		if fault.Word == EndlessTCP {
			turn.Lock()
			trickle(c)
			turn.Unlock()
			return
		}
		answer := func() {
			turn.Lock()
			defer turn.Unlock()
			sendTCP(c, q, fault, who)
		}
		if wait := l.delay + fault.Delay; wait > 0 {
			time.AfterFunc(wait, answer)
		} else {
			answer()
		}
	}
}

// readTCP waits for the next message of a connection; nil is the end.
func readTCP(c net.Conn, who responder) (*dns.Msg, Fault) {
	var head [2]byte
	_ = c.SetReadDeadline(time.Now().Add(idle))
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return nil, Fault{}
	}
	b := make([]byte, binary.BigEndian.Uint16(head[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		return nil, Fault{}
	}
	return question(b, who)
}

func sendTCP(c net.Conn, q *dns.Msg, f Fault, who responder) {
	b := reply(q, f, nil, true, who)
	if b == nil {
		return
	}
	_ = c.SetWriteDeadline(time.Now().Add(idle))
	if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)); err != nil {
		c.Close() // half a message cannot be mended
	}
}

// trickle promises the longest message and sends it one byte at a time.
func trickle(c net.Conn) {
	_, _ = c.Write([]byte{0xff, 0xff})
	for range 60_000 {
		if _, err := c.Write([]byte{0}); err != nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
