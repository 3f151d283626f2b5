package lab

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
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
	Kept  string        // directory in which notices of errors are kept for the next lab; "" keeps none
}

// Lab is a running world.
type Lab struct {
	world     *World
	delay     time.Duration
	udp       *net.UDPConn
	tcp       net.Listener
	wg        sync.WaitGroup
	mu        sync.Mutex
	conns     map[net.Conn]bool // nil after Close
	listeners []net.Listener
	stop      func() bool // waiting for the end of the context
	mail      *mailServers
	web       map[netip.Addr]*webHost
	names     map[netip.Addr]*nameServer
	packets   []net.PacketConn // of name servers
}

// responder answers the questions of one DNS server.
type responder interface {
	faultOf(q *dns.Msg) Fault
	answer(m, q *dns.Msg, f Fault)
}

// Open opens the lab that comes with todoku, as Start does.
func Open(ctx context.Context, o Options) (*Lab, error) {
	w, err := DefaultWorld()
	if err != nil {
		return nil, err
	}
	return Start(ctx, w, o)
}

// Start opens the world's DNS by UDP and TCP on one port of loopback. It ends
// with Close, or with ctx.
func Start(ctx context.Context, w *World, o Options) (*Lab, error) {
	addr := o.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("the lab listens on loopback only, such as 127.0.0.1:5300, not on %q", addr)
	}
	l := &Lab{world: w, delay: o.Delay, conns: map[net.Conn]bool{}}
	l.mail = newMailServers(l, w.mail)
	l.mail.boxes.dir = o.Kept
	l.web = newWebHosts(l.mail, w.web)
	l.names = newNameServers(l, w)
	if err := l.listen(at); err != nil {
		return nil, err
	}
	for range 2 {
		l.wg.Go(func() { l.serveUDP(l.udp, resolver{l}) })
	}
	l.serve(l.tcp, func(c net.Conn) { l.talk(c, resolver{l}) })
	l.stop = context.AfterFunc(ctx, l.shut)
	return l, nil
}

// listen takes the same port of both kinds; where the system chooses it, the
// other kind may be taken, and another is tried.
func (l *Lab) listen(at netip.AddrPort) (err error) {
	for range 20 {
		if l.udp, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(at)); err != nil {
			return err
		}
		if l.tcp, err = net.Listen("tcp", l.udp.LocalAddr().String()); err == nil {
			_ = l.udp.SetReadBuffer(4 << 20) // the system may allow less
			return nil
		}
		l.udp.Close()
		if at.Port() != 0 {
			return err
		}
	}
	return err
}

// DNSAddr is where the lab's DNS answers: "127.0.0.1:5300".
func (l *Lab) DNSAddr() string { return l.udp.LocalAddr().String() }

// Close ends the servers and waits for them.
func (l *Lab) Close() {
	l.stop()
	l.shut()
	l.wg.Wait()
}

func (l *Lab) shut() {
	l.udp.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		return
	}
	close(l.mail.done)
	for _, ln := range l.listeners {
		ln.Close()
	}
	for _, p := range l.packets {
		p.Close()
	}
	for c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

func (l *Lab) serveUDP(udp *net.UDPConn, who responder) {
	in, out := make([]byte, 4096), make([]byte, 4096)
	for {
		n, from, err := udp.ReadFromUDPAddrPort(in)
		if err != nil {
			return
		}
		q, fault := question(in[:n], who)
		if q == nil {
			continue
		}
		send := func(buf []byte) {
			if b := reply(q, fault, buf, false, who); b != nil {
				_, _ = udp.WriteToUDPAddrPort(b, from)
			}
		}
		if wait := l.delay + fault.Delay; wait > 0 {
			time.AfterFunc(wait, func() { send(nil) })
			continue
		}
		send(out)
	}
}

// question reads a message; nil is one that gets no answer. One that cannot be
// read is answered too, with FORMERR.
func question(b []byte, who responder) (*dns.Msg, Fault) {
	const response = 0x80
	if len(b) < 12 || b[2]&response != 0 { // two servers must not answer each other for ever
		return nil, Fault{}
	}
	q := new(dns.Msg)
	if q.Unpack(b) != nil || len(q.Question) != 1 {
		return &dns.Msg{MsgHdr: dns.MsgHdr{Id: binary.BigEndian.Uint16(b)}}, Fault{}
	}
	return q, who.faultOf(q)
}

// reply makes the wire form of an answer, in buf where it fits; nil is silence.
func reply(q *dns.Msg, f Fault, buf []byte, tcp bool, who responder) []byte {
	m := new(dns.Msg)
	m.SetReply(q)
	size := dns.MinMsgSize
	if opt := q.IsEdns0(); opt != nil {
		m.SetEdns0(1232, false)
		size = max(size, int(opt.UDPSize()))
	}
	switch f.Word {
	case Silence:
		return nil
	case Garbage:
		return garbage(q.Id)
	case ServFail:
		m.Rcode = dns.RcodeServerFailure
		if opt := m.IsEdns0(); opt != nil && f.EDE != 0 {
			opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: f.EDE})
		}
	case Refused:
		m.Rcode = dns.RcodeRefused
	default:
		answer(m, q, f, who)
	}
	switch f.Word {
	case WrongID:
		m.Id++
	case WrongQuestion:
		m.Question[0].Name = "another.test."
	}
	m.Compress = true
	switch {
	case tcp:
	case f.Word == Truncate || f.Word == EndlessTCP || f.Word == HugeTXT:
		m.Truncated, m.Answer = true, nil
	default:
		m.Truncate(size)
	}
	b, err := m.PackBuffer(buf)
	if err != nil { // more than a message can hold
		m.Rcode, m.Answer, m.Ns = dns.RcodeServerFailure, nil, nil
		b, _ = m.PackBuffer(buf)
	}
	return b
}

// answer refuses what is no plain question, and has the others answered.
func answer(m, q *dns.Msg, f Fault, who responder) {
	switch opt := q.IsEdns0(); {
	case len(q.Question) != 1:
		m.Rcode = dns.RcodeFormatError
		return
	case q.Opcode != dns.OpcodeQuery:
		m.Rcode = dns.RcodeNotImplemented
		return
	case opt != nil && opt.Version() != 0: // RFC 6891 §6.1.3
		m.Rcode = dns.RcodeBadVers
		return
	}
	who.answer(m, q, f)
}

// resolver is the lab's resolver, which knows the whole world.
type resolver struct{ *Lab }

func (l resolver) faultOf(q *dns.Msg) Fault {
	f := l.world.faultOf(strings.ToLower(q.Question[0].Name), q.Question[0].Qtype)
	if q.CheckingDisabled && f.bogus() { // RFC 4035 §3.2.2
		return Fault{}
	}
	return f
}

func (l resolver) answer(m, q *dns.Msg, f Fault) {
	m.RecursionAvailable = true
	name, t := strings.ToLower(q.Question[0].Name), q.Question[0].Qtype
	if rrs, ok := f.lookup(name, t); ok {
		m.Answer = rrs
		return
	}
	m.Answer, m.Rcode = l.world.lookup(name, t)
	m.AuthenticatedData = l.world.authentic(name, m.Answer)
	m.Answer = l.withCertificates(m.Answer)
	// RFC 2308 §2: the SOA says how long absence holds.
	if n := len(m.Answer); n == 0 || t != dns.TypeCNAME && m.Answer[n-1].Header().Rrtype == dns.TypeCNAME {
		if n > 0 {
			name = strings.ToLower(m.Answer[n-1].(*dns.CNAME).Target)
		}
		soa := authority(name)
		if n == 0 && t == dns.TypeSOA && name == soa.Hdr.Name {
			m.Answer = append(m.Answer, soa)
			return
		}
		m.Ns = append(m.Ns, soa)
	}
}

// authority is the SOA of the zone that holds a name: each top-level domain is one.
func authority(name string) *dns.SOA {
	for up := parent(name); up != "."; up = parent(up) {
		name = up
	}
	return &dns.SOA{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: 60},
		Ns: "ns.lab.test.", Mbox: "hostmaster.lab.test.", Serial: 1, Refresh: 7200, Retry: 3600, Expire: 1209600, Minttl: 60}
}

func garbage(id uint16) []byte {
	b := make([]byte, 60)
	_, _ = rand.Read(b)
	binary.BigEndian.PutUint16(b, id)
	b[2] |= 0x80
	return b
}
