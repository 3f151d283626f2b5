package resolve

import (
	"math"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

const maxChain = 16 // aliases followed (an RFC gives no number)

// answer makes knowledge, or an error, of a message. more is the alias whose
// own records the server left out, to be asked for next; "" mostly.
//
// What contradicts itself is no knowledge. Records beside NXDOMAIN: the rcode
// says that the last name of the chain does not exist, and thus holds no data
// (RFC 2308 §2.1, RFC 8020 §2), the records say that it does. An answer section
// that holds records, but none about the question: neither data nor absence.
func (k key) answer(m *dns.Msg, server string, a *Answer) (more string, err *Error) {
	*a = Answer{Name: k.name, Type: k.t, Server: server, Authentic: m.AuthenticatedData}
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return "", k.rcodeError(m, server)
	}
	at, whole := k.follow(m.Answer, a)
	if !whole {
		return "", k.fail(KindLoop, server, "CNAME records lead in a circle at "+at)
	}
	switch {
	case len(a.Records) > 0 && m.Rcode == dns.RcodeNameError:
		return "", k.fail(KindMangled, server, "NXDOMAIN with records of the name that is said not to exist")
	case len(a.Records) > 0:
		a.Status = Found
	case len(m.Answer) > 0 && len(a.Chain) == 0:
		return "", k.fail(KindMangled, server, "the records that came are not about the question")
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
	a.life = lifetime(m, a.Status != Found && more == "")
	return more, nil
}

// follow goes along the aliases of an answer section to the records, which it puts into a with the chain. at is the last
// name; whole is false where the aliases lead in a circle, or there are too many.
func (k key) follow(section []dns.RR, a *Answer) (at string, whole bool) {
	for at = k.name; ; {
		a.Records = recordsAt(section, at, k.t)
		target := ""
		if len(a.Records) == 0 && k.t != TypeCNAME {
			target = aliasAt(section, at)
		}
		switch {
		case target == "":
			return at, true
		case len(a.Chain) == maxChain || a.closes(target):
			return at, false
		}
		a.Chain = append(a.Chain, target)
		at = target
	}
}

// closes reports whether an alias leads back to a name of the chain, and notes that it does: in a zone file that is
// knowledge, from a server a contradiction.
func (a *Answer) closes(target string) bool {
	if target != a.Name && !slices.Contains(a.Chain, target) {
		return false
	}
	if len(a.Chain) == 0 { // an alias of itself
		a.Chain = []string{target}
	}
	a.circle = true
	return true
}

// maxLife bounds how many seconds an answer is used, whatever its TTL (RFC 8767 §4
// proposes a week; nobody waits for a record that long).
const maxLife = 24 * 60 * 60

// lifetime is how long a message may be used: as its records say, aliases
// included, and where it says that there is nothing (negative), as the SOA record
// of the zone does, without one not at all (RFC 2308 §5).
func lifetime(m *dns.Msg, negative bool) uint32 {
	life := uint32(maxLife)
	shorten := func(ttl uint32) {
		if ttl > math.MaxInt32 { // RFC 2181 §8
			ttl = 0
		}
		life = min(life, ttl)
	}
	for _, rr := range m.Answer {
		shorten(rr.Header().Ttl)
	}
	if !negative {
		return life
	}
	for _, rr := range m.Ns {
		if soa, ok := rr.(*dns.SOA); ok {
			shorten(min(soa.Hdr.Ttl, soa.Minttl))
			return life
		}
	}
	return 0
}

func authority(ns []dns.RR) (soa, referral bool) {
	for _, rr := range ns {
		if rr.Header().Class != dns.ClassINET {
			continue
		}
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
	e.EDE = extendedError(m)
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
