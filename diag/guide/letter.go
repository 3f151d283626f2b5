package guide

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
)

// Letter is the inquiry to the recipient's administrator. From, To and Time are always there; of the rest only what is
// known is written.
type Letter struct {
	From, To  string
	Time      time.Time
	IP        netip.Addr
	Host      string     // that answered
	Address   netip.Addr // and its address
	Reply     string     // line by line
	MessageID string
	Fate      Fate
	Subject   string // of the mail; never written, but Redacted looks for it

	Code, Enhanced           string // delivery code, enhanced status code
	CodeMeans, EnhancedMeans codes.Text

	Checked []Checked
	Company string // of the writer
	Name    string
	Contact string
}

// Fate is what is known to have become of the mail.
type Fate uint8

// The fates. Where nothing is known, the letter claims nothing.
const (
	FateUnknown  Fate = iota
	FateRefused       // their server said no
	FateReturned      // it came back after it had been accepted
	FateTaken         // their server said yes, and nobody saw it
)

// Checked is one thing that was looked at on our side: a line of the writer's own, or a cause that was confirmed or
// excluded.
type Checked struct {
	Line      string // of the writer; "" where Cause says it
	Cause     *Cause
	Confirmed bool
	Seen      string // what decided it; may be empty
}

// In is a line in a language.
func (c Checked) In(l codes.Lang) string {
	if c.Cause == nil {
		return c.Line
	}
	verdict := codes.Text{EN: ": not the case", JA: ": 該当なし"}
	if c.Confirmed {
		verdict = codes.Text{EN: ": the case", JA: ": 該当あり"}
	}
	line := c.Cause.Title.In(l) + verdict.In(l)
	if c.Seen != "" {
		line += codes.Text{EN: " (", JA: "("}.In(l) + c.Seen + codes.Text{EN: ")", JA: ")"}.In(l)
	}
	return line
}

// Recipient is where the inquiry goes: every domain has this mailbox (RFC 5321 §4.5.1).
func (l Letter) Recipient() string { return "postmaster@" + l.Domain() }

// Domain is that of the recipient.
func (l Letter) Domain() string { return l.To[strings.LastIndexByte(l.To, '@')+1:] }

// Question is something that the letter asks.
type Question uint8

// The questions.
const (
	AskWhereItIs   Question = iota // was the mail sorted out, held back, deleted?
	AskListed                      // are we on a list of theirs that refuses mail?
	AskHowToArrive                 // what must we do so that a mail that was taken arrives?
	AskHowToPass                   // what must we do so that a mail is accepted?
)

// Questions are what the letter asks, in their order.
func (l Letter) Questions() []Question {
	if l.Fate == FateTaken {
		return []Question{AskWhereItIs, AskListed, AskHowToArrive}
	}
	return []Question{AskListed, AskHowToPass}
}

// Interpret says what the codes of the letter mean, and what became of the mail as far as they tell. A delivery code
// that nobody knows is left out.
func (l *Letter) Interpret(catalogue *codes.Catalogue) {
	r := paste.Parse(l.Reply).Reply
	switch {
	case l.Code == codes.DeliveryBounced:
		l.Fate = FateReturned
	case l.Code == codes.DeliveryOK, l.Code == "" && r.Code/100 == 2:
		l.Fate = FateTaken
	case r.Code >= 400, strings.HasPrefix(l.Code, "42"):
		l.Fate = FateRefused
	}
	d, _ := catalogue.Delivery(l.Code)
	l.Code, l.CodeMeans = d.ID, d.Title
	if !r.Enhanced.IsZero() && r.Enhanced.Class != 2 {
		l.Enhanced = r.Enhanced.String()
		if s, ok := catalogue.Status(r.Enhanced); ok && r.Enhanced.Subject+r.Enhanced.Detail > 0 { // X.0.0 says nothing
			l.EnhancedMeans = s.Title
		}
	}
}

// Prefer puts what is given above what the letter has. What was checked is added, that which is given first.
func (l *Letter) Prefer(given Letter) {
	l.From, l.To = cmp.Or(given.From, l.From), cmp.Or(given.To, l.To)
	l.Host, l.Address, l.IP = cmp.Or(given.Host, l.Host), cmp.Or(given.Address, l.Address), cmp.Or(given.IP, l.IP)
	l.Reply, l.MessageID, l.Code = cmp.Or(given.Reply, l.Reply), cmp.Or(given.MessageID, l.MessageID), cmp.Or(given.Code, l.Code)
	l.Company, l.Name, l.Contact = cmp.Or(given.Company, l.Company), cmp.Or(given.Name, l.Name), cmp.Or(given.Contact, l.Contact)
	if !given.Time.IsZero() {
		l.Time = given.Time
	}
	l.Checked = slices.Concat(given.Checked, l.Checked)
}
