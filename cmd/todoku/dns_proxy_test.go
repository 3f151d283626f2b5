package main

import (
	"encoding/binary"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/diag/lab"
)

// dnsQuestion is a DNS question as the proxy sees it.
type dnsQuestion struct {
	name string
	t    uint16
}

// dnsProxy stands in front of the lab and changes the answers to one question.
type dnsProxy struct {
	addr, lab string
	mu        sync.Mutex
	asked     map[dnsQuestion]bool
	lost      dnsQuestion
	way       func(q, a []byte, tcp bool) [][]byte // the answers in its place; nil: as it is
}

// newProxy opens a lab with a world of this text, and a proxy before it.
func newProxy(t *testing.T, world string) *dnsProxy {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(world), "world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return proxyOf(t, l.DNSAddr())
}

// proxyOf opens a proxy before a DNS server, on the same port of UDP and TCP.
func proxyOf(t *testing.T, server string) *dnsProxy {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err != nil {
			pc.Close()
			continue
		}
		t.Cleanup(func() { pc.Close() })
		p := &dnsProxy{addr: pc.LocalAddr().String(), lab: server, asked: map[dnsQuestion]bool{}}
		go p.serveUDP(pc)
		accept(t, l, p.serveTCP)
		return p
	}
	t.Fatal("no free port")
	return nil
}

// questions are those that were asked so far.
func (p *dnsProxy) questions() []dnsQuestion {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.asked))
}

// lose sets which question gets other answers, and which.
func (p *dnsProxy) lose(q dnsQuestion, way func(q, a []byte, tcp bool) [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost, p.way = q, way
}

func (p *dnsProxy) serveUDP(pc net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		q := append([]byte(nil), buf[:n]...)
		go func() {
			for _, a := range p.answer(q, "udp") {
				_, _ = pc.WriteTo(a, from)
			}
		}()
	}
}

// serveTCP answers the questions of a connection.
func (p *dnsProxy) serveTCP(c net.Conn) {
	for {
		q := readMessage(c)
		if len(q) < 12 {
			return
		}
		for _, a := range p.answer(q, "tcp") {
			if a == nil { // hang up
				return
			}
			_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...))
		}
	}
}

func readMessage(c net.Conn) []byte {
	var head [2]byte
	_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return nil
	}
	b := make([]byte, binary.BigEndian.Uint16(head[:]))
	if _, err := io.ReadFull(c, b); err != nil {
		return nil
	}
	return b
}

// answer asks the lab and puts the way of losing in place of its answer.
func (p *dnsProxy) answer(q []byte, network string) [][]byte {
	a := p.forward(q, network)
	asked := questionOf(q)
	p.mu.Lock()
	p.asked[asked] = true
	way := p.way
	if p.lost != asked && p.lost != (dnsQuestion{}) {
		way = nil
	}
	p.mu.Unlock()
	if way == nil || a == nil {
		return [][]byte{a}
	}
	return way(q, a, network == "tcp")
}

func (p *dnsProxy) forward(q []byte, network string) []byte {
	c, err := net.Dial(network, p.lab)
	if err != nil {
		return nil
	}
	defer c.Close()
	if network == "tcp" {
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(q))), q...)); err != nil {
			return nil
		}
		return readMessage(c)
	}
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	buf := make([]byte, 64<<10)
	if _, err := c.Write(q); err != nil {
		return nil
	}
	n, err := c.Read(buf)
	if err != nil {
		return nil
	}
	return buf[:n]
}

// questionOf reads the question of a message.
func questionOf(b []byte) dnsQuestion {
	var labels []string
	at := 12
	for at < len(b) && b[at] != 0 {
		end := at + 1 + int(b[at])
		if end > len(b) {
			return dnsQuestion{}
		}
		labels = append(labels, strings.ToLower(string(b[at+1:end])))
		at = end
	}
	if at+5 > len(b) {
		return dnsQuestion{}
	}
	return dnsQuestion{strings.Join(labels, "."), binary.BigEndian.Uint16(b[at+1:])}
}

// questionEnd is where the records of a message begin.
func questionEnd(b []byte) int {
	at := 12
	for at < len(b) && b[at] != 0 {
		at += 1 + int(b[at])
	}
	return min(at+5, len(b))
}
