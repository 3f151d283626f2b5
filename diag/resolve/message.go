package resolve

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/miekg/dns"
)

// udpSize is the largest UDP answer asked for: it fits one packet on every
// path (DNS flag day 2020). Anything larger comes by TCP.
const udpSize = 1232

type key struct {
	name string // canonical
	t    Type
	how  manner
}

// canonical is the key as the cache knows it. The error says what is wrong with the name, and is an *Error.
func (k key) canonical() (key, error) {
	name, err := canonical(k.name)
	if err != nil {
		return k, badName(k, err)
	}
	k.name = name
	return k, nil
}

// badName is the error of a name that cannot be asked about.
func badName(k key, err error) *Error { return k.fail(KindName, "", err.Error()) }

// manner is what a question asks of a server, beside its name and type.
type manner uint8

const (
	recursive manner = iota // to find the answer, and to validate it where it does that
	unchecked               // to find the answer, and to give it also where DNSSEC says that it is false (CD, RFC 4035 §3.2.2)
	direct                  // to tell what it knows itself (no RD, RFC 1035 §4.1.1)
)

// flags are the second two octets of a message's header: RD and AD (RFC 6840 §5.7) mostly.
func (m manner) flags() (first, second byte) {
	switch m {
	case unchecked:
		return 1, 0x10
	case direct:
		return 0, 0
	}
	return 1, 0x20
}

// query appends the wire form of a question, with EDNS unless the server choked on it.
func (k key) query(b []byte, id uint16, edns bool) []byte {
	var additional byte
	if edns {
		additional = 1
	}
	b = binary.BigEndian.AppendUint16(b, id)
	first, second := k.how.flags()
	b = append(b, first, second, 0, 1, 0, 0, 0, 0, 0, additional)
	b = appendName(b, k.name)
	b = binary.BigEndian.AppendUint16(b, uint16(k.t))
	b = append(b, 0, dns.ClassINET)
	if edns {
		b = append(b, 0, 0, byte(dns.TypeOPT), udpSize>>8, udpSize&0xff, 0, 0, 0, 0, 0, 0)
	}
	return b
}

var (
	errNotAnswer = errors.New("not an answer to the question")
	errCut       = errors.New("cut off or broken message")
)

// unpack reads a message and refuses what does not answer the question
// (RFC 5452 §9.1): the id was compared by the caller. A message that holds less
// than its header says, without the TC bit, is cut.
func (k key) unpack(b []byte) (*dns.Msg, error) {
	const header, response, opcode = 12, 0x80, 0x78
	if len(b) < header || b[2]&response == 0 || b[2]&opcode != 0 {
		return nil, errNotAnswer
	}
	m := new(dns.Msg)
	broken := m.Unpack(b) != nil
	// Some servers answer FORMERR or NOTIMP with a bare header; nothing else may lack the question.
	if len(m.Question) == 0 && len(b) == header && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented) {
		return m, nil
	}
	if !m.Truncated && (broken || !complete(m, b)) {
		return nil, errCut
	}
	if len(m.Question) != 1 || m.Question[0].Qtype != uint16(k.t) || m.Question[0].Qclass != dns.ClassINET ||
		!sameName(m.Question[0].Name, k.name) {
		return nil, errNotAnswer
	}
	return m, nil
}

// complete reports whether all was read that the header announces (RFC 1035
// §4.1.1): the library stops without an error where the octets end.
func complete(m *dns.Msg, b []byte) bool {
	for i, section := range [...]int{len(m.Question), len(m.Answer), len(m.Ns), len(m.Extra)} {
		if section != int(binary.BigEndian.Uint16(b[4+2*i:])) {
			return false
		}
	}
	return !slices.ContainsFunc(m.Answer, isDataMissing) && !slices.ContainsFunc(m.Ns, isDataMissing)
}

// isDataMissing reports a record whose data ends early, which the library reads as
// empty fields.
func isDataMissing(rr dns.RR) bool {
	switch v := rr.(type) {
	case *dns.A, *dns.AAAA, *dns.TXT, *dns.SPF, *dns.TLSA:
		return rr.Header().Rdlength == 0
	case *dns.MX:
		return v.Mx == ""
	case *dns.NS:
		return v.Ns == ""
	case *dns.PTR:
		return v.Ptr == ""
	case *dns.CNAME:
		return v.Target == ""
	case *dns.SOA:
		return v.Mbox == ""
	}
	return false
}

// sameName compares a name of the library with ours.
func sameName(wire, name string) bool {
	if len(wire) == len(name)+1 && wire[len(name)] == '.' && equalFold(wire[:len(name)], name) {
		return true
	}
	return fromWire(wire) == name
}
