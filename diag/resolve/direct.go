package resolve

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Direct asks name servers what they know themselves (no RD bit, RFC 1035 §4.1.1), each server by its address. It keeps no
// answer and no connection. It is safe for concurrent use.
type Direct struct {
	options Options
	slots   chan struct{}
}

// directInFlight is how many questions are under way at once, at all servers together.
const directInFlight = 128

// NewDirect makes one. Of the options it uses Timeout, Dial, InFlight, Record and Replay.
func NewDirect(o Options) *Direct {
	o.Timeout = orDefault(o.Timeout, 5*time.Second)
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	return &Direct{options: o, slots: make(chan struct{}, orDefault(o.InFlight, directInFlight))}
}

// Said is what one server said to a question, whether or not it is an answer. Status, Records and Chain are of what it
// answered: where it refers to others or gives an error they are empty, and Status is NoData. Chain goes as far as the server
// follows it.
type Said struct {
	Answer
	Rcode         string       // "NOERROR", "NXDOMAIN", "REFUSED" …
	EDE           string       // "18 prohibited", empty without an extended error (RFC 8914)
	Authoritative bool         // the AA bit
	Zone          string       // who owns the SOA record beside an answer without data (RFC 2308 §3), or ""
	Cut           string       // of a referral: the name that belongs to other servers, "" where it is none
	Servers       []NameServer // of a referral, in the server's order
	More          int          // how many servers and addresses beyond the bounds it names
}

// NameServer is a server of a referral, with the addresses that came with it.
type NameServer struct {
	Host  string
	TTL   uint32
	Addrs []netip.Addr
}

// Bounds of a referral.
const (
	maxReferred      = 32
	maxReferredAddrs = 16
)

// Answered reports whether the server gave an answer of its own: records, or that there are none.
func (s *Said) Answered() bool {
	return s.Authoritative && (s.Rcode == "NOERROR" || s.Rcode == "NXDOMAIN") && s.Cut == ""
}

// Ask asks a server, by UDP and then by TCP where the answer does not fit, in three tries within the time limit. The error
// is an *Error (silence, no way to the server, a message that is none) or the context's; error codes of the server are no
// error but what it said.
func (d *Direct) Ask(ctx context.Context, at netip.AddrPort, name string, t Type) (Said, error) {
	k, err := key{name, t, direct}.canonical()
	if err != nil {
		return Said{}, err
	}
	if d.options.Replay != nil {
		return d.replay(ctx, k, at)
	}
	r := k.recorder(d.options.Record, at)
	said, sent, err := d.exchange(ctx, k, at, r)
	r.end(sent, err)
	return said, err
}

// exchange asks one server.
func (d *Direct) exchange(ctx context.Context, k key, at netip.AddrPort, r *recorder) (said Said, sent int, err error) {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return Said{}, sent, ctx.Err()
	}
	s, err := newServer(at.String(), d.options, 2)
	if err != nil {
		return Said{}, 0, badName(k, err)
	}
	defer s.close()
	var fail *Error
	for _, share := range attempts {
		start := time.Now()
		m, n, f := s.message(ctx, k, time.Duration(share*float64(d.options.Timeout)))
		sent += n
		if f == nil {
			said = k.said(m, s.name)
			said.Sent, said.RTT = sent, time.Since(start)
			r.heard(m, s, said.RTT)
			return said, sent, nil
		}
		if ctx.Err() != nil {
			return Said{}, sent, ctx.Err()
		}
		if fail == nil || fail.Kind == KindTimeout {
			fail = f
		}
		if f.Kind != KindTimeout && !f.again {
			break
		}
	}
	fail.Sent, fail.Direct = sent, true
	return Said{}, sent, fail
}

// close frees the sockets.
func (s *server) close() {
	s.transport.close()
	if s.fallback != nil {
		s.fallback.close()
	}
}

// said reads a message as the word of one server.
func (k key) said(m *dns.Msg, server string) Said {
	s := Said{Answer: Answer{Name: k.name, Type: k.t, Server: server, Status: NoData}, Rcode: rcodeName(m.Rcode),
		EDE: extendedError(m), Authoritative: m.Authoritative}
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return s
	}
	_, whole := k.follow(m.Answer, &s.Answer)
	switch {
	case !whole:
		s.Records = nil
	case len(s.Records) > 0:
		s.Status = Found
	case m.Rcode == dns.RcodeNameError:
		s.Status = NoName
	}
	if s.Status == Found || len(s.Chain) > 0 {
		return s
	}
	for _, rr := range m.Ns {
		if soa, ok := rr.(*dns.SOA); ok && soa.Hdr.Class == dns.ClassINET && Within(k.name, fromWire(soa.Hdr.Name)) {
			s.Zone = fromWire(soa.Hdr.Name)
		}
	}
	if s.Zone == "" && m.Rcode == dns.RcodeSuccess && !m.Authoritative {
		s.refer(m)
	}
	return s
}

// refer reads the referral of a message: NS records in the authority section, with addresses beside them (RFC 1034 §4.3.2
// step 3b).
func (s *Said) refer(m *dns.Msg) {
	for _, rr := range m.Ns {
		ns, ok := rr.(*dns.NS)
		if !ok || ns.Hdr.Class != dns.ClassINET {
			continue
		}
		owner := fromWire(ns.Hdr.Name)
		switch {
		case s.Cut == "":
			s.Cut = owner
		case s.Cut != owner:
			continue
		}
		host := fromWire(ns.Ns)
		known := slices.ContainsFunc(s.Servers, func(o NameServer) bool { return o.Host == host })
		switch {
		case known:
		case len(s.Servers) == maxReferred:
			s.More++
		default:
			s.Servers = append(s.Servers, NameServer{Host: host, TTL: ns.Hdr.Ttl})
		}
	}
	for _, rr := range m.Extra {
		s.glue(rr)
	}
}

// glue notes the address of a server of the referral.
func (s *Said) glue(rr dns.RR) {
	h := rr.Header()
	if h.Class != dns.ClassINET || h.Rrtype != dns.TypeA && h.Rrtype != dns.TypeAAAA {
		return
	}
	ip := record(rr).Addr
	i := slices.IndexFunc(s.Servers, func(o NameServer) bool { return sameName(h.Name, o.Host) })
	if i < 0 || !ip.IsValid() || slices.Contains(s.Servers[i].Addrs, ip) {
		return
	}
	if len(s.Servers[i].Addrs) == maxReferredAddrs {
		s.More++
		return
	}
	s.Servers[i].Addrs = append(s.Servers[i].Addrs, ip)
}

// rcodeName is the mnemonic of a response code, or its number.
func rcodeName(code int) string {
	if name, ok := dns.RcodeToString[code]; ok {
		return name
	}
	return "RCODE" + strconv.Itoa(code)
}

// extendedError is the first extended error of a message (RFC 8914 §2), or "".
func extendedError(m *dns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return ""
	}
	for _, o := range opt.Option {
		if ede, ok := o.(*dns.EDNS0_EDE); ok {
			return strings.TrimSpace(strconv.Itoa(int(ede.InfoCode)) + " " + edeText(ede))
		}
	}
	return ""
}
