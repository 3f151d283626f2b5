package ns

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"todoku/diag/resolve"
)

// Question is asked of every server.
type Question struct {
	Name string
	Type resolve.Type
}

// Host is one name of a name server.
type Host struct {
	Name      string
	Delegated bool         // the zone above names it
	Own       bool         // a server of the zone names it
	Glue      []netip.Addr // that came with the delegation
	Found     resolve.Host // what the resolver says of it
}

// Addrs lists the addresses of the host, IPv4 first, each once. Those of the delegation count where the resolver has none.
func (h *Host) Addrs() []netip.Addr {
	out := h.Found.Addrs()
	if len(out) == 0 || h.Found.Err() != nil {
		for _, ip := range h.Glue {
			if !slices.Contains(out, ip) {
				out = append(out, ip)
			}
		}
	}
	return out
}

// Server is one address of a name server, and what it says.
type Server struct {
	Host    *Host
	Address netip.Addr
	SOA, NS Reply
	Replies []Reply // to the questions, in their order
}

// Reply is what a server says to one question, or why it says nothing.
type Reply struct {
	Said resolve.Said
	Err  error
}

// Survey is what all servers of a zone say.
type Survey struct {
	Zone      string
	Questions []Question
	Hosts     []*Host
	Servers   []*Server
	Left      int // addresses beyond the bound
}

// MaxServers bounds the addresses that are asked.
const MaxServers = 26 // as many as the root has

// Look asks each address of each server of a zone: those of the delegation, and then those that only the zone names.
func Look(ctx context.Context, r resolve.Resolver, a Asker, d *Delegation, questions []Question) *Survey {
	s := &Survey{Zone: d.Zone, Questions: questions}
	var names []string
	for _, n := range d.Servers {
		if !slices.Contains(names, n.Host) {
			names = append(names, n.Host)
		}
	}
	hosts := s.add(ctx, r, names)
	for _, h := range hosts {
		h.Delegated = true
		for _, n := range d.Servers {
			if n.Host == h.Name {
				h.Glue = append(h.Glue, n.Addrs...)
			}
		}
	}
	s.ask(ctx, a, hosts)
	own := s.OwnHosts()
	var new []string
	for _, name := range own {
		if !slices.Contains(names, name) {
			new = append(new, name)
		}
	}
	s.ask(ctx, a, s.add(ctx, r, new))
	for _, h := range s.Hosts {
		h.Own = slices.Contains(own, h.Name)
	}
	return s
}

// maxHosts bounds the names of servers, those of the delegation and those of the zone together.
const maxHosts = 40

// add finds the addresses of more hosts.
func (s *Survey) add(ctx context.Context, r resolve.Resolver, names []string) []*Host {
	if room := maxHosts - len(s.Hosts); len(names) > room {
		s.Left += len(names) - room
		names = names[:room]
	}
	hosts := make([]*Host, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		hosts[i] = &Host{Name: name}
		wg.Go(func() { hosts[i].Found = resolve.AskHost(ctx, r, name) })
	}
	wg.Wait()
	s.Hosts = append(s.Hosts, hosts...)
	return hosts
}

// ask asks all addresses of hosts side by side.
func (s *Survey) ask(ctx context.Context, a Asker, hosts []*Host) {
	var wg sync.WaitGroup
	for _, h := range hosts {
		for _, ip := range h.Addrs() {
			if len(s.Servers) == MaxServers {
				s.Left++
				continue
			}
			v := &Server{Host: h, Address: ip, Replies: make([]Reply, len(s.Questions))}
			s.Servers = append(s.Servers, v)
			wg.Go(func() { v.ask(ctx, a, s) })
		}
	}
	wg.Wait()
}

func (v *Server) ask(ctx context.Context, a Asker, s *Survey) {
	at := netip.AddrPortFrom(v.Address, Port)
	put := func(into *Reply, name string, t resolve.Type) { into.Said, into.Err = a.Ask(ctx, at, name, t) }
	var wg sync.WaitGroup
	wg.Go(func() { put(&v.SOA, s.Zone, resolve.TypeSOA) })
	wg.Go(func() { put(&v.NS, s.Zone, resolve.TypeNS) })
	for i, q := range s.Questions {
		wg.Go(func() { put(&v.Replies[i], q.Name, q.Type) })
	}
	wg.Wait()
}

// OwnHosts lists the name servers that the zone itself names, at any of its servers, sorted.
func (s *Survey) OwnHosts() []string {
	var out []string
	for _, v := range s.Servers {
		if v.NS.Err != nil || !v.NS.Said.Answered() {
			continue
		}
		for _, r := range v.NS.Said.Records {
			if !slices.Contains(out, r.Host) {
				out = append(out, r.Host)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Standing is how a server stands to the zone.
type Standing uint8

// The standings of a server.
const (
	Authoritative Standing = iota // it answers with authority
	Unheard                       // nothing came, or too little to tell
	Lame                          // what it says shows that it does not have the zone (RFC 1912 §2.8)
)

// Standing tells it, and of a lame server how it shows. One refusal may be a mood: a server is lame where both what it says
// of the SOA record and of the NS records shows that it does not have the zone. SERVFAIL shows it only while another server has
// the zone: what ails all of them is trouble of the moment, as far as anybody can tell.
func (s *Survey) Standing(v *Server) (Standing, Fault) {
	standing, f := v.standing()
	if f == FaultServfail && !slices.ContainsFunc(s.Servers, (*Server).authoritative) {
		return Unheard, ""
	}
	return standing, f
}

func (v *Server) authoritative() bool {
	return v.SOA.Err == nil && v.SOA.Said.Answered() && v.SOA.Said.Status == resolve.Found
}

func (v *Server) standing() (Standing, Fault) {
	switch {
	case v.authoritative():
		return Authoritative, ""
	case v.SOA.Err != nil || v.NS.Err != nil:
		return Unheard, ""
	case v.SOA.Said.Answered() && len(v.SOA.Said.Chain) > 0:
		return Unheard, "" // it has an alias where the zone begins (RFC 1034 §3.6.2): something is wrong, but it has the zone
	case v.NS.Said.Answered() && v.NS.Said.Status == resolve.Found:
		return Unheard, "" // it has the zone, but tells no SOA record
	}
	return Lame, fault(v.SOA.Said)
}

// Fault is how a server shows that it does not have a zone.
type Fault string

// The faults of a lame server.
const (
	FaultRefused   Fault = "refused"   // REFUSED: it is not responsible, or not for us
	FaultServfail  Fault = "servfail"  // SERVFAIL: the zone is set up, but not loaded, or too old
	FaultRcode     Fault = "rcode"     // another error
	FaultUpward    Fault = "upward"    // it refers to others
	FaultAuthority Fault = "authority" // it answers without authority, as a resolver does
	FaultNoZone    Fault = "no_zone"   // it has the authority over a zone above and says that this one does not exist
)

func fault(s resolve.Said) Fault {
	switch {
	case s.Rcode == "REFUSED":
		return FaultRefused
	case s.Rcode == "SERVFAIL":
		return FaultServfail
	case s.Rcode != "NOERROR" && s.Rcode != "NXDOMAIN":
		return FaultRcode
	case s.Cut != "":
		return FaultUpward
	case s.Authoritative:
		return FaultNoZone
	}
	return FaultAuthority
}

// Serial is the serial number of the zone as a server has it (RFC 1035 §3.3.13); ok is false where it tells none.
func (v *Server) Serial() (serial uint32, ok bool) {
	if v.SOA.Err != nil || len(v.SOA.Said.Records) == 0 {
		return 0, false
	}
	return SerialOf(v.SOA.Said.Records[0].Text)
}

// SerialOf is the serial number in the text of an SOA record.
func SerialOf(soa string) (serial uint32, ok bool) {
	fields := strings.Fields(soa)
	if len(fields) != 7 {
		return 0, false
	}
	n, err := strconv.ParseUint(fields[2], 10, 32)
	return uint32(n), err == nil
}

// Newer reports whether serial a is later than b (RFC 1982 §3.2).
func Newer(a, b uint32) bool { return a != b && a-b < 1<<31 }

// Again asks servers one more question each, side by side. They keep the version of the zone that they told.
func Again(ctx context.Context, a Asker, servers []*Server, q Question) []*Server {
	out := make([]*Server, len(servers))
	var wg sync.WaitGroup
	for i, v := range servers {
		out[i] = &Server{Host: v.Host, Address: v.Address, SOA: v.SOA, NS: v.NS, Replies: make([]Reply, 1)}
		r := &out[i].Replies[0]
		wg.Go(func() { r.Said, r.Err = a.Ask(ctx, netip.AddrPortFrom(v.Address, Port), q.Name, q.Type) })
	}
	wg.Wait()
	return out
}

// NoWay reports that nothing was heard of a server because this machine has no way to its network.
func (v *Server) NoWay() bool { return noWay(v.SOA.Err) }
