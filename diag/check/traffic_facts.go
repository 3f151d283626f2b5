package check

import (
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/traffic"
)

// TrafficFacts is what was seen of sent mails.
type TrafficFacts struct {
	Mails          int             `json:"mails"` // of the domain and those below it
	First          time.Time       `json:"first,omitzero"`
	Last           time.Time       `json:"last,omitzero"`
	WithoutAddress int             `json:"without_address"` // mails of which nobody knows from where they were sent: not judged
	Unknown        int             `json:"unknown"`         // mails that could not be judged, because DNS did not answer
	Senders        []TrafficSender `json:"senders"`         // the most mails first
}

// TrafficSender is what was sent by an envelope domain from an address.
type TrafficSender struct {
	Domain   string          `json:"domain"`
	IP       string          `json:"ip"`
	AtMost   bool            `json:"at_most"` // the log does not tell which of several given addresses it was
	Accepted int             `json:"accepted"`
	Refused  int             `json:"refused"` // by a policy
	Before   *TrafficResults `json:"before"`  // without the change; null where none is meant
	Now      TrafficResults  `json:"now"`
	Lost     []TrafficLoss   `json:"lost"` // what the change would cost
}

// TrafficResults is how the mails of a sender stand. Empty is what could not be found out.
type TrafficResults struct {
	SPF       string `json:"spf"`
	Mechanism string `json:"mechanism"`
	DMARC     string `json:"dmarc"`
	Policy    string `json:"applied_policy"`
	Key       *bool  `json:"dkim_key"` // a key stands at a selector that signs; null: not known
}

// TrafficLoss is mails that a provider would not take any more.
type TrafficLoss struct {
	Provider     string `json:"provider"` // "": another
	Mails        int    `json:"mails"`
	Breach       string `json:"breach"`
	Reply        string `json:"reply"` // "" where none is known
	DeliveryCode string `json:"delivery_code"`
	Sure         bool   `json:"sure"` // false: only mails without a DKIM signature that passes
}

// add counts a stream.
func (f *TrafficFacts) add(s traffic.Stream) {
	all := traffic.Stream{First: f.First, Last: f.Last}
	all.Merge(s)
	f.First, f.Last = all.First, all.Last
	f.Mails += s.Accepted + s.Refused
}

// lose notes what the change costs at a provider.
func (f *TrafficFacts) lose(l loss) {
	s := &f.Senders[len(f.Senders)-1]
	s.Lost = append(s.Lost, TrafficLoss{Provider: l.Provider, Mails: l.Accepted, Breach: string(l.breach),
		Reply: l.reply.String(), DeliveryCode: l.reply.DeliveryCode(), Sure: l.sure})
}

func trafficSender(f *sentFrom, meant bool) TrafficSender {
	s := TrafficSender{Domain: f.Domain, IP: f.IP.String(), AtMost: f.atMost, Accepted: f.Accepted, Refused: f.Refused,
		Now: f.now.results(), Lost: []TrafficLoss{}}
	if meant {
		before := f.before.results()
		s.Before = &before
	}
	return s
}

func (s standing) results() TrafficResults {
	r := TrafficResults{SPF: string(s.spf.Result), Mechanism: s.spf.Mechanism, DMARC: s.dmarc.Result, Policy: string(s.dmarc.Applied)}
	if s.signs != codes.Unknown {
		yes := s.signs == codes.Yes
		r.Key = &yes
	}
	return r
}

// Looked reports whether there were mails that could be judged.
func (f *TrafficFacts) Looked() bool { return len(f.Senders) > 0 }

// span is the days of the mails.
func (f *TrafficFacts) span() codes.Text {
	if f.First.IsZero() {
		return codes.Text{EN: "of the log", JA: "ログ"}
	}
	first, last := f.First.Format(time.DateOnly), f.Last.Format(time.DateOnly)
	if first == last {
		return codes.Text{EN: "of " + first, JA: first}
	}
	return codes.Text{EN: "from " + first + " to " + last, JA: first + "から" + last}
}

// Lines tells the senders.
func (f *TrafficFacts) Lines() []diag.Line {
	if f.Mails == 0 {
		return []diag.Line{diag.None(codes.Text{EN: "the log counts no mails from this domain", JA: "ログに、集計できるこのドメインからのメールはありません"})}
	}
	out := []diag.Line{diag.Say(codes.Text{EN: "{mails} mails {span}", JA: "{span}の{mails}通"}, codes.Num("mails", f.Mails),
		codes.Words("span", f.span()))}
	for i, s := range f.Senders {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Senders)-i))
			break
		}
		out = append(out, s.line().By(2))
	}
	if f.WithoutAddress > 0 {
		out = append(out, diag.Say(codes.Text{EN: "{n} mails: the log does not tell the sending address; give it with --ip",
			JA: "{n}通はログに送信元IPアドレスがありません。--ip で指定してください"}, codes.Num("n", f.WithoutAddress)))
	}
	return out
}

// line shows a sender.
func (s TrafficSender) line() diag.Line {
	l := diag.Show("{domain} {ip}  ", codes.Str("domain", s.Domain), codes.Str("ip", s.IP)).
		And(codes.Text{EN: "{n} mails  SPF ", JA: "{n}通  SPF "}, upTo("n", s.Accepted+s.Refused, s.AtMost))
	if s.Before != nil && s.Before.SPF != s.Now.SPF {
		l = l.AndShow("{before} → ", codes.Str("before", s.Before.SPF))
	}
	return l.AndShow("{now}", codes.Str("now", s.Now.SPF))
}
