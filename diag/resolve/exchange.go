package resolve

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// Question is what was asked, and of whom.
type Question struct {
	Name      string // as canonical has it
	Type      Type
	Unchecked bool           // also what DNSSEC does not let pass
	At        netip.AddrPort // the name server that was asked itself; the zero value: the resolvers
}

// Exchange is a question to servers and what came of it: a message, or the reason why there is none.
type Exchange struct {
	Question
	Server  string        // who answered
	Message []byte        // in wire format (RFC 1035 §4.1)
	Trusted bool          // the AD bit of the server is believed
	Sent    int           // messages that it took
	RTT     time.Duration // of the last one
	Err     error         // an *Error, or that of a context
}

// Replayed gives what is known of a question; false: nothing is.
type Replayed func(Question) (Exchange, bool)

// KindUnrecorded says that a replayed run asks what the recorded run did not ask.
const KindUnrecorded Kind = "not_in_bundle"

// Unrecorded reports whether an error says no more than that a replayed run asks what the recorded run did not ask.
func Unrecorded(err error) bool {
	fail, ok := errors.AsType[*Error](err)
	return ok && fail.Kind == KindUnrecorded
}

// question is the key as an exchange has it.
func (k key) question(at netip.AddrPort) Question {
	return Question{Name: k.name, Type: k.t, Unchecked: k.how == unchecked, At: at}
}

// recorder keeps one exchange while it goes on; nil keeps nothing.
type recorder struct {
	keep func(Exchange)
	x    Exchange
}

func (k key) recorder(keep func(Exchange), at netip.AddrPort) *recorder {
	if keep == nil {
		return nil
	}
	return &recorder{keep: keep, x: Exchange{Question: k.question(at)}}
}

// heard notes what a server said.
func (r *recorder) heard(m *dns.Msg, s *server, rtt time.Duration) {
	if r == nil {
		return
	}
	if len(s.secrets) > 0 { // a server may repeat them in the text of an extended error
		m = m.Copy()
		m.Extra = nil
	}
	r.x.Server, r.x.Trusted, r.x.RTT = s.name, s.trustAD, rtt
	r.x.Message, _ = m.Pack()
}

// end hands the exchange out.
func (r *recorder) end(sent int, err error) {
	if r == nil {
		return
	}
	r.x.Sent, r.x.Err = sent, err
	if err != nil {
		r.x.Message = nil
	}
	if r.x.Message != nil || err != nil {
		r.keep(r.x)
	}
}

// replay answers a question with what is known of it.
func (k key) replay(known Replayed, a *Answer) (more string, err error) {
	x, m, fail := k.known(known, netip.AddrPort{})
	if fail != nil {
		return "", fail
	}
	more, bad := k.answer(m, x.Server, a)
	if bad != nil {
		bad.Sent = x.Sent
		return "", bad
	}
	a.Authentic, a.Sent, a.RTT = a.Authentic && x.Trusted, x.Sent, x.RTT
	return more, nil
}

// known finds a message, or the error that takes its place.
func (k key) known(known Replayed, at netip.AddrPort) (x Exchange, m *dns.Msg, err error) {
	x, ok := known(k.question(at))
	if !ok {
		fail := k.fail(KindUnrecorded, "", "the bundle does not have this question")
		fail.Direct = at.IsValid()
		return x, nil, fail
	}
	if x.Err != nil {
		if fail, ok := errors.AsType[*Error](x.Err); ok {
			again := *fail
			return x, nil, &again
		}
		return x, nil, x.Err
	}
	if m, err = k.unpack(x.Message); err != nil {
		return x, nil, k.fail(KindMangled, x.Server, err.Error())
	}
	return x, m, nil
}

// replay is Ask with what is known.
func (d *Direct) replay(ctx context.Context, k key, at netip.AddrPort) (Said, error) {
	if err := ctx.Err(); err != nil {
		return Said{}, err
	}
	x, m, err := k.known(d.options.Replay, at)
	if err != nil {
		return Said{}, err
	}
	said := k.said(m, x.Server)
	said.Sent, said.RTT = x.Sent, x.RTT
	return said, nil
}

// Shown is the message for people: the name of its rcode, and its records a line each in the form of zone files (RFC 1035 §5).
// Text from outside is escaped as there.
func (x Exchange) Shown() (rcode string, records []string) {
	m := new(dns.Msg)
	if x.Message == nil || m.Unpack(x.Message) != nil {
		return "", nil
	}
	for _, section := range [...][]dns.RR{m.Answer, m.Ns} {
		for _, rr := range section {
			records = append(records, rr.String())
		}
	}
	return rcodeName(m.Rcode), records
}

// NoWayTo marks an error as Error.NoWay reports it, for who gives back an error that was kept.
func (e *Error) NoWayTo() *Error {
	e.noWay = true
	return e
}
