// Package traffic counts mails that were sent, as logs and the history tell them, by what decides about their
// authentication: the domain of the envelope sender, the sending address, and the provider of the recipient. It asks nobody.
package traffic

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/sender/event"
)

// Stream is mails that have the same envelope domain, sending address and provider.
type Stream struct {
	Domain      string     // of the envelope sender, in ASCII
	IP          netip.Addr // from which they were sent; not valid where the record does not tell
	Provider    string     // of the recipients: an id of the catalogue; "": another, or not known
	Accepted    int        // mails that were taken
	Refused     int        // mails that were refused by a policy, of which authentication is a part
	First, Last time.Time  // zero where no record has a time
}

// Mail is one mail to one recipient.
type Mail struct {
	From     string // envelope sender
	IP       netip.Addr
	Provider string
	Time     time.Time
	Refused  bool // by a policy; else it was accepted
}

// MaxStreams bounds what a Log keeps.
const MaxStreams = 50_000

// Log counts mails. The zero value is empty. It may be read by several at once, when nothing is added any more.
type Log struct {
	NoSender int // mails without an envelope sender: notices, or the record does not name one
	Beyond   int // mails of streams beyond MaxStreams
	Unclear  int // records that tell of no server that took the mail or refused it: "sent", "opened"
	streams  map[key]*Stream
	below    map[string][]*Stream // the same, by their domain and each domain above it
}

type key struct {
	domain   string
	ip       netip.Addr
	provider string
}

// AddEvent counts the mail of an event that was judged. What was not accepted counts only where a policy refused it; a
// delay, and what is said of a mail later, count as no mail.
func (l *Log) AddEvent(e *event.Event) {
	m := Mail{From: e.From, IP: e.SendingIP, Provider: e.Provider, Time: e.Time}
	switch e.Action {
	case event.Delivered, event.Relayed:
	case event.Failed, event.Expired:
		if m.Refused = e.Verdict != nil && e.Verdict.Reason.Class == codes.ClassPolicyBlock; !m.Refused {
			return
		}
	case event.Other:
		l.Unclear++
		return
	default:
		return
	}
	l.Add(m)
}

// Add counts a mail.
func (l *Log) Add(m Mail) {
	domain, err := resolve.ToASCII(strings.Trim(m.From[strings.LastIndexByte(m.From, '@')+1:], "<> "))
	if err != nil || domain == "" || !strings.Contains(m.From, "@") {
		l.NoSender++
		return
	}
	k := key{strings.ToLower(domain), m.IP.Unmap(), m.Provider}
	s := l.streams[k]
	if s == nil {
		if len(l.streams) >= MaxStreams {
			l.Beyond++
			return
		}
		s = l.open(k)
	}
	if m.Refused {
		s.Refused++
	} else {
		s.Accepted++
	}
	s.span(m.Time, m.Time)
}

// open makes a stream.
func (l *Log) open(k key) *Stream {
	if l.streams == nil {
		l.streams, l.below = map[key]*Stream{}, map[string][]*Stream{}
	}
	k.domain = strings.Clone(k.domain)
	s := &Stream{Domain: k.domain, IP: k.ip, Provider: strings.Clone(k.provider)}
	l.streams[k] = s
	for above := k.domain; above != ""; _, above, _ = strings.Cut(above, ".") {
		l.below[above] = append(l.below[above], s)
	}
	return s
}

// span widens the time of a stream.
func (s *Stream) span(first, last time.Time) {
	if !first.IsZero() && (s.First.IsZero() || first.Before(s.First)) {
		s.First = first
	}
	if last.After(s.Last) {
		s.Last = last
	}
}

// Merge adds the mails of another stream.
func (s *Stream) Merge(o Stream) {
	s.Accepted += o.Accepted
	s.Refused += o.Refused
	s.span(o.First, o.Last)
}

// PerDay is how many mails a day the stream has on the average, at least one.
func (s Stream) PerDay() int {
	days := max(1, int(s.Last.Sub(s.First)/(24*time.Hour)))
	return max(1, (s.Accepted+s.Refused)/days)
}

// Of lists the streams of a domain and of the domains below it, the biggest first.
func (l *Log) Of(domain string) []Stream {
	var out []Stream
	for _, s := range l.below[domain] {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Stream) int {
		return cmp.Or(b.Accepted-a.Accepted, b.Refused-a.Refused, strings.Compare(a.Domain, b.Domain), a.IP.Compare(b.IP),
			strings.Compare(a.Provider, b.Provider))
	})
	return out
}
