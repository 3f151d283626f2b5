package resolve

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// udpSize is the largest UDP answer asked for: it fits one packet on every
// path (DNS flag day 2020). Anything larger comes by TCP.
const udpSize = 1232

const maxChain = 16 // aliases followed (an RFC gives no number)

type key struct {
	name string // canonical
	t    Type
}

// query appends the wire form of a question: RD and AD set (RFC 6840 §5.7), and
// EDNS unless the server choked on it.
func (k key) query(b []byte, id uint16, edns bool) []byte {
	var additional byte
	if edns {
		additional = 1
	}
	b = binary.BigEndian.AppendUint16(b, id)
	b = append(b, 1, 0x20, 0, 1, 0, 0, 0, 0, 0, additional)
	b = appendName(b, k.name)
	b = binary.BigEndian.AppendUint16(b, uint16(k.t))
	b = append(b, 0, dns.ClassINET)
	if edns {
		b = append(b, 0, 0, byte(dns.TypeOPT), udpSize>>8, udpSize&0xff, 0, 0, 0, 0, 0, 0)
	}
	return b
}

func appendName(b []byte, name string) []byte {
	if name == "." {
		return append(b, 0)
	}
	at := len(b)
	b = append(b, 0)
	for i := 0; i < len(name); i++ {
		switch {
		case name[i] == '\\' && i+1 < len(name) && name[i+1] == '.':
			i++
			b = append(b, '.')
		case name[i] == '.':
			b[at] = byte(len(b) - at - 1)
			at = len(b)
			b = append(b, 0)
			continue
		default:
			b = append(b, name[i])
		}
	}
	b[at] = byte(len(b) - at - 1)
	return append(b, 0)
}

var (
	errNotAnswer = errors.New("not an answer to the question")
	errCut       = errors.New("cut off or broken message")
)

// unpack reads a message and refuses what does not answer the question
// (RFC 5452 §9.1): the id was compared by the caller.
func (k key) unpack(b []byte) (*dns.Msg, error) {
	if len(b) < 12 || b[2]&0x80 == 0 || b[2]>>3&15 != 0 {
		return nil, errNotAnswer
	}
	// Some servers answer FORMERR with a bare header; nothing else may lack the question.
	m := new(dns.Msg)
	if err := m.Unpack(b); err != nil && !m.Truncated {
		return nil, errCut
	}
	if len(m.Question) == 0 && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented) {
		return m, nil
	}
	if len(m.Question) != 1 || m.Question[0].Qtype != uint16(k.t) || m.Question[0].Qclass != dns.ClassINET || !sameName(m.Question[0].Name, k.name) {
		return nil, errNotAnswer
	}
	return m, nil
}

// sameName compares a name of the library with ours.
func sameName(wire, name string) bool {
	if len(wire) == len(name)+1 && wire[len(name)] == '.' && strings.EqualFold(wire[:len(name)], name) {
		return true
	}
	return fromWire(wire) == name
}

// answer makes knowledge, or an error, of a message. more is the alias whose
// own records the server left out, to be asked for next; "" mostly.
func (k key) answer(m *dns.Msg, server string, a *Answer) (more string, err *Error) {
	*a = Answer{Name: k.name, Type: k.t, Server: server, Authentic: m.AuthenticatedData}
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return "", k.rcodeError(m, server)
	}
	at := k.name
	for {
		a.Records = recordsAt(m.Answer, at, k.t)
		target := ""
		if len(a.Records) == 0 && k.t != TypeCNAME {
			target = aliasAt(m.Answer, at)
		}
		if target == "" {
			break
		}
		if len(a.Chain) == maxChain || target == k.name || slices.Contains(a.Chain, target) {
			return "", k.fail(KindLoop, server, "CNAME records lead in a circle at "+at)
		}
		a.Chain = append(a.Chain, target)
		at = target
	}
	switch {
	case len(a.Records) > 0:
		a.Status = Found
	case m.Rcode == dns.RcodeNameError:
		a.Status = NoName
	default:
		a.Status = NoData
		soa, ns := authority(m.Ns)
		if !soa && len(a.Chain) > 0 { // RFC 1034 §4.3.2: the chain may end where the server's knowledge does
			more = at
		} else if !soa && ns && !m.Authoritative { // a referral: this server does not resolve for us
			return "", k.fail(KindMangled, server, "a referral instead of an answer: not a recursive resolver")
		}
	}
	return more, nil
}

func authority(ns []dns.RR) (soa, referral bool) {
	for _, rr := range ns {
		switch rr.(type) {
		case *dns.SOA:
			soa = true
		case *dns.NS:
			referral = true
		}
	}
	return soa, referral
}

func (k key) rcodeError(m *dns.Msg, server string) *Error {
	kind := KindRcode
	switch m.Rcode {
	case dns.RcodeServerFailure:
		kind = KindServFail
	case dns.RcodeRefused:
		kind = KindRefused
	}
	e := k.fail(kind, server, "")
	e.Rcode = dns.RcodeToString[m.Rcode]
	if opt := m.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if ede, ok := o.(*dns.EDNS0_EDE); ok && e.EDE == "" { // RFC 8914 §2
				e.EDE = strings.TrimSpace(strconv.Itoa(int(ede.InfoCode)) + " " + edeText(ede))
			}
		}
	}
	return e
}

func edeText(e *dns.EDNS0_EDE) string {
	if e.ExtraText != "" {
		return e.ExtraText
	}
	return strings.ToLower(dns.ExtendedErrorCodeToString[e.InfoCode])
}

func (k key) fail(kind Kind, server, message string) *Error {
	return &Error{Kind: kind, Name: k.name, Type: k.t.String(), Server: server, Message: message}
}

func aliasAt(rrs []dns.RR, owner string) string {
	for _, rr := range rrs {
		if c, ok := rr.(*dns.CNAME); ok && sameName(c.Hdr.Name, owner) {
			return fromWire(c.Target)
		}
	}
	return ""
}

func recordsAt(rrs []dns.RR, owner string, t Type) []Record {
	n := 0
	for _, rr := range rrs {
		if h := rr.Header(); h.Rrtype == uint16(t) && sameName(h.Name, owner) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	out := make([]Record, 0, n)
	for _, rr := range rrs {
		if h := rr.Header(); h.Rrtype == uint16(t) && sameName(h.Name, owner) {
			out = append(out, record(rr))
		}
	}
	return out
}

func record(rr dns.RR) Record {
	h := rr.Header()
	r := Record{TTL: h.Ttl}
	switch v := rr.(type) {
	case *dns.A:
		if ip, ok := netip.AddrFromSlice(v.A.To4()); ok {
			r.Addr = ip
		}
	case *dns.AAAA:
		if ip, ok := netip.AddrFromSlice(v.AAAA.To16()); ok {
			r.Addr = ip // an IPv4-mapped address stays what DNS said
		}
	case *dns.MX:
		r.Pref, r.Host = v.Preference, fromWire(v.Mx)
	case *dns.PTR:
		r.Host = fromWire(v.Ptr)
	case *dns.NS:
		r.Host = fromWire(v.Ns)
	case *dns.CNAME:
		r.Host = fromWire(v.Target)
	case *dns.TXT:
		r.Text = joinText(v.Txt)
	case *dns.SPF:
		r.Text = joinText(v.Txt)
	default:
		r.Text = strings.TrimPrefix(rr.String(), h.String())
	}
	return r
}

// joinText joins the strings of a TXT record without blanks (RFC 7208 §3.3)
// and takes back the library's escapes.
func joinText(parts []string) string {
	s := parts
	if len(s) == 1 && strings.IndexByte(s[0], '\\') < 0 {
		return s[0]
	}
	joined := strings.Join(s, "")
	if strings.IndexByte(joined, '\\') < 0 {
		return joined
	}
	b := make([]byte, 0, len(joined))
	for i := 0; i < len(joined); i++ {
		switch {
		case joined[i] != '\\' || i+1 == len(joined):
			b = append(b, joined[i])
		case i+3 < len(joined) && isDigit(joined[i+1]) && isDigit(joined[i+2]) && isDigit(joined[i+3]):
			b = append(b, (joined[i+1]-'0')*100+(joined[i+2]-'0')*10+joined[i+3]-'0')
			i += 3
		default:
			i++
			b = append(b, joined[i])
		}
	}
	return string(b)
}
