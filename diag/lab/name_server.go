package lab

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// namePort is where name servers listen.
const namePort = 53

// nameServer is one address of the world at which a name server answers, for the zones that are delegated to it: with
// authority, with a referral to those to whom a part of a zone is delegated, and else REFUSED.
type nameServer struct {
	lab   *Lab
	zones map[string]bool // with the final dot
	own   *ownKnowledge

	mu  sync.Mutex
	udp *net.UDPConn // nil before the first client
	tcp net.Listener
}

// newNameServers makes the name servers of a world, by address: those that NS records name, of the world or of one server.
func newNameServers(l *Lab, w *World) map[netip.Addr]*nameServer {
	servers := map[netip.Addr]*nameServer{}
	at := func(ip netip.Addr) *nameServer {
		if servers[ip] == nil {
			servers[ip] = &nameServer{lab: l, zones: map[string]bool{}, own: w.own[ip]}
			if servers[ip].own == nil {
				servers[ip].own = newOwnKnowledge()
			}
		}
		return servers[ip]
	}
	delegate := func(rrs []dns.RR) {
		for _, rr := range rrs {
			if ns, ok := rr.(*dns.NS); ok {
				for _, ip := range w.addresses(ns.Ns) {
					at(ip).zones[strings.ToLower(ns.Hdr.Name)] = true
				}
			}
		}
	}
	for _, rrs := range w.names {
		delegate(rrs)
	}
	for ip, own := range w.own {
		at(ip)
		for _, rrs := range own.sets {
			delegate(rrs)
		}
	}
	return servers
}

// addresses are those that the world has for a name.
func (w *World) addresses(name string) (out []netip.Addr) {
	for _, rr := range w.names[strings.ToLower(name)] {
		if ip, ok := address(rr); ok {
			out = append(out, ip)
		}
	}
	return out
}

// dial opens the server where it is not open yet, and connects to it.
func (n *nameServer) dial(ctx context.Context, network string) (net.Conn, error) {
	if err := n.open(); err != nil {
		return nil, err
	}
	if strings.HasPrefix(network, "udp") {
		return new(net.Dialer).DialContext(ctx, "udp", n.udp.LocalAddr().String())
	}
	return new(net.Dialer).DialContext(ctx, "tcp", n.tcp.Addr().String())
}

// open listens on loopback by UDP and TCP.
func (n *nameServer) open() (err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.udp != nil {
		return nil
	}
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		return err
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		udp.Close()
		return err
	}
	l := n.lab
	if !l.serve(tcp, func(c net.Conn) { l.talk(c, n) }) || !l.holdPackets(udp) {
		udp.Close()
		return net.ErrClosed
	}
	l.wg.Go(func() { l.serveUDP(udp, n) })
	n.udp, n.tcp = udp, tcp
	return nil
}

// holdPackets keeps a socket until the lab ends; false where it has ended already.
func (l *Lab) holdPackets(c net.PacketConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		return false
	}
	l.packets = append(l.packets, c)
	return true
}

// faultOf is how this server fails about a question: by a fault of its own, or, where it has the authority, by one of the
// world. What a validating resolver says is none of them.
func (n *nameServer) faultOf(q *dns.Msg) Fault {
	name, t := strings.ToLower(q.Question[0].Name), q.Question[0].Qtype
	if f := faultAt(n.own.faults, name, t); f.Word != "" {
		return f
	}
	zone, cut := n.zoneOf(name, t)
	if zone == "" || cut != "" || name != zone && len(n.set(name, dns.TypeNS)) > 0 { // the last: DS records
		return Fault{}
	}
	if f := n.lab.world.faultOf(name, t); !f.bogus() {
		return f
	}
	return Fault{}
}

// zoneOf is the zone in which the server looks for a name, "" where it has none, and the delegation on the way from there
// to the name, "" where there is none. The DS records of a delegation belong to the zone above it (RFC 4035 §2.4).
func (n *nameServer) zoneOf(name string, t uint16) (zone, cut string) {
	for at := name; ; at = parent(at) {
		if n.zones[at] && (at != name || t != dns.TypeDS || !n.servesAbove(at)) {
			zone = at
			break
		}
		if at == "." {
			return "", ""
		}
	}
	for at := name; at != zone; at = parent(at) {
		if len(n.set(at, dns.TypeNS)) > 0 && (at != name || t != dns.TypeDS) {
			cut = at
		}
	}
	return zone, cut
}

// servesAbove reports whether the server has a zone above a name.
func (n *nameServer) servesAbove(name string) bool {
	for name != "." {
		if name = parent(name); n.zones[name] {
			return true
		}
	}
	return false
}

// set gives the records of a name and type as this server has them.
func (n *nameServer) set(name string, t uint16) (out []dns.RR) {
	if own, ok := n.own.sets[setKey{name, t}]; ok {
		return slices.Clip(own) // an answer may grow, what all labs share may not
	}
	rrs, owner := n.lab.world.find(name)
	for _, rr := range rrs {
		if rr.Header().Rrtype == t {
			out = append(out, named(rr, owner, name))
		}
	}
	return out
}

// exists reports whether the server knows a name at all.
func (n *nameServer) exists(name string) bool {
	_, owner := n.lab.world.find(name)
	return owner != "" || n.own.names[name]
}

// answer answers as RFC 1034 §4.3.2 says.
func (n *nameServer) answer(m, q *dns.Msg, f Fault) {
	name, t := strings.ToLower(q.Question[0].Name), q.Question[0].Qtype
	zone, cut := n.zoneOf(name, t)
	switch {
	case f.Word == Upward:
		m.Ns = []dns.RR{&dns.NS{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeNS, Class: dns.ClassINET, Ttl: 3600}, Ns: "a.root.test."}}
		return
	case zone == "":
		m.Rcode = dns.RcodeRefused
		return
	case cut != "":
		m.Ns = n.set(cut, dns.TypeNS)
		for _, rr := range m.Ns {
			host := strings.ToLower(rr.(*dns.NS).Ns)
			m.Extra = append(append(m.Extra, n.set(host, dns.TypeA)...), n.set(host, dns.TypeAAAA)...)
		}
		return
	}
	m.Authoritative = f.Word != NoAuthority
	if rrs, ok := f.lookup(name, t); ok {
		m.Answer = rrs
	} else {
		m.Rcode = n.lookup(m, name, zone, t)
	}
	if len(m.Answer) == 0 {
		m.Ns = append(m.Ns, n.soa(zone))
	}
	m.Answer = n.lab.withCertificates(m.Answer)
}

// lookup finds the records of a name in a zone, and follows aliases as far as they stay in it.
func (n *nameServer) lookup(m *dns.Msg, name, zone string, t uint16) (rcode int) {
	for range maxChain {
		if name == zone && t == dns.TypeSOA {
			m.Answer = append(m.Answer, n.soa(zone))
			return dns.RcodeSuccess
		}
		if !n.exists(name) {
			return dns.RcodeNameError
		}
		if rrs := n.set(name, t); len(rrs) > 0 || t == dns.TypeCNAME {
			m.Answer = append(m.Answer, rrs...)
			return dns.RcodeSuccess
		}
		alias := n.set(name, dns.TypeCNAME)
		if len(alias) == 0 {
			return dns.RcodeSuccess
		}
		m.Answer = append(m.Answer, alias[0])
		name = strings.ToLower(alias[0].(*dns.CNAME).Target)
		if at, cut := n.zoneOf(name, t); at != zone || cut != "" || owns(m.Answer, name) {
			return dns.RcodeSuccess
		}
	}
	return dns.RcodeSuccess
}

// soa is the SOA record of a zone: that of the server or of the world, else one that is made up.
func (n *nameServer) soa(zone string) dns.RR {
	if rrs := n.set(zone, dns.TypeSOA); len(rrs) > 0 {
		return rrs[0]
	}
	soa := authority(zone)
	soa.Hdr.Name = zone
	return soa
}
