package lab

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Options says where and how the lab's DNS answers.
type Options struct {
	Addr  string        // on loopback; "" means a free port of 127.0.0.1
	Delay time.Duration // of every answer
}

// Lab is a running world.
type Lab struct {
	world *World
	delay time.Duration
	udp   net.PacketConn
	tcp   net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]bool // nil after Close
}

// Start opens the world's DNS by UDP and TCP on one port of loopback. It ends
// with Close, or with ctx.
func Start(ctx context.Context, w *World, o Options) (*Lab, error) {
	addr := o.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	if ap, err := netip.ParseAddrPort(addr); err != nil || !ap.Addr().IsLoopback() {
		return nil, fmt.Errorf("the lab listens on loopback only, such as 127.0.0.1:5300, not on %q", addr)
	}
	l := &Lab{world: w, delay: o.Delay, conns: map[net.Conn]bool{}}
	if err := l.listen(addr); err != nil {
		return nil, err
	}
	for range 2 {
		l.wg.Go(l.serveUDP)
	}
	l.wg.Go(l.serveTCP)
	context.AfterFunc(ctx, l.Close)
	return l, nil
}

// listen takes the same port of both kinds; where the system chooses it, the
// other kind may be taken, and another is tried.
func (l *Lab) listen(addr string) (err error) {
	for range 20 {
		if l.udp, err = net.ListenPacket("udp", addr); err != nil {
			return err
		}
		if l.tcp, err = net.Listen("tcp", l.udp.LocalAddr().String()); err == nil {
			_ = l.udp.(*net.UDPConn).SetReadBuffer(4 << 20) // the system may allow less
			return nil
		}
		l.udp.Close()
		if !strings.HasSuffix(addr, ":0") {
			return err
		}
	}
	return err
}

// DNSAddr is where the lab's DNS answers: "127.0.0.1:5300".
func (l *Lab) DNSAddr() string { return l.udp.LocalAddr().String() }

// Close ends the servers and waits for them.
func (l *Lab) Close() {
	l.udp.Close()
	l.tcp.Close()
	l.mu.Lock()
	for c := range l.conns {
		c.Close()
	}
	l.conns = nil
	l.mu.Unlock()
	l.wg.Wait()
}

func (l *Lab) serveUDP() {
	buf := make([]byte, 4096)
	for {
		n, from, err := l.udp.ReadFrom(buf)
		if err != nil {
			return
		}
		q := new(dns.Msg)
		if q.Unpack(buf[:n]) != nil || len(q.Question) != 1 {
			continue
		}
		fault, wait := l.behaviour(q)
		send := func() {
			if b := l.reply(q, fault, false); b != nil {
				_, _ = l.udp.WriteTo(b, from)
			}
		}
		if wait == 0 {
			send()
		} else {
			time.AfterFunc(wait, send)
		}
	}
}

func (l *Lab) behaviour(q *dns.Msg) (Fault, time.Duration) {
	f, _ := l.world.faultOf(strings.ToLower(q.Question[0].Name), q.Question[0].Qtype)
	return f, l.delay + f.Delay
}

// reply makes the wire form of an answer; nil is silence.
func (l *Lab) reply(q *dns.Msg, f Fault, tcp bool) []byte {
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable = true
	size := dns.MinMsgSize
	if opt := q.IsEdns0(); opt != nil {
		m.SetEdns0(1232, false)
		size = max(size, int(opt.UDPSize()))
	}
	switch f.Word {
	case Silence:
		return nil
	case ServFail:
		m.Rcode = dns.RcodeServerFailure
		if opt := m.IsEdns0(); opt != nil && f.EDE != 0 {
			opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: f.EDE})
		}
	case Refused:
		m.Rcode = dns.RcodeRefused
	case Garbage:
		b := make([]byte, 60)
		_, _ = rand.Read(b)
		binary.BigEndian.PutUint16(b, q.Id)
		b[2] |= 0x80
		return b
	default:
		l.answer(m)
	}
	switch f.Word {
	case WrongID:
		m.Id++
	case WrongQuestion:
		m.Question[0].Name = "another.test."
	}
	m.Compress = true
	if !tcp && (f.Word == Truncate || f.Word == EndlessTCP) {
		m.Truncated, m.Answer = true, nil
	} else if !tcp {
		m.Truncate(size)
	}
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	return b
}

func (l *Lab) answer(m *dns.Msg) {
	name := m.Question[0].Name
	m.Answer, m.Rcode = l.world.lookup(strings.ToLower(name), m.Question[0].Qtype)
	if len(m.Answer) == 0 || m.Rcode != dns.RcodeSuccess || m.Answer[len(m.Answer)-1].Header().Rrtype == dns.TypeCNAME {
		m.Ns = []dns.RR{&dns.SOA{Hdr: dns.RR_Header{Name: "test.", Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: 60},
			Ns: "ns.lab.test.", Mbox: "hostmaster.lab.test.", Serial: 1, Refresh: 7200, Retry: 3600, Expire: 1209600, Minttl: 60}}
	}
}

func (l *Lab) serveTCP() {
	for {
		c, err := l.tcp.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		open := l.conns != nil
		if open {
			l.conns[c] = true
		}
		l.mu.Unlock()
		if !open {
			c.Close()
			return
		}
		l.wg.Go(func() { l.talk(c) })
	}
}

// idle is how long a TCP connection may say nothing.
const idle = 30 * time.Second

func (l *Lab) talk(c net.Conn) {
	defer func() {
		c.Close()
		l.mu.Lock()
		delete(l.conns, c)
		l.mu.Unlock()
	}()
	var head [2]byte
	for {
		_ = c.SetReadDeadline(time.Now().Add(idle))
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		b := make([]byte, binary.BigEndian.Uint16(head[:]))
		if _, err := io.ReadFull(c, b); err != nil {
			return
		}
		q := new(dns.Msg)
		if q.Unpack(b) != nil || len(q.Question) != 1 {
			return
		}
		fault, wait := l.behaviour(q)
		time.Sleep(wait)
		if fault.Word == EndlessTCP {
			trickle(c)
			return
		}
		if r := l.reply(q, fault, true); r != nil {
			if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(r))), r...)); err != nil {
				return
			}
		}
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
