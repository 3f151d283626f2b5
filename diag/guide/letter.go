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

// LetterKind is whom a letter is for, and what it is to do.
type LetterKind uint8

// The kinds.
const (
	LetterInquiry  LetterKind = iota // the recipient's administrator: please look into it
	LetterCustomer                   // the recipient: please look into the junk folder and let our mail in
	LetterReply                      // our own customer, who asked: what we found, what to do, what nobody can know
)

// Letter is a mail about a mail. An inquiry has From, To and Time always; of the rest only what is known is written.
type Letter struct {
	Kind      LetterKind
	From, To  string
	Time      time.Time
	IP        netip.Addr
	Host      string     // that answered
	Address   netip.Addr // and its address
	Reply     string     // line by line
	MessageID string
	Subject   string // of the mail
	Code      string // delivery code
	Fate      Fate
	Matter    Matter
	Verdict   codes.Verdict // what the reply and the code mean

	Checked   []Checked
	Confirmed []*Cause // what a diagnosis confirmed
	Steps     []string // remedies that a diagnosis names
	Todo      []codes.Remedy

	Mailboxes Mailboxes // who keeps the recipient's mailbox, where that is a provider for everybody
	Addressee string    // whom the letter is to: a company, a person
	Company   string    // of the writer
	Name      string
	Contact   string
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

// Matter is what a letter is about: what it asks and tells follows from it.
type Matter uint8

// The matters.
const (
	MatterUnknown Matter = iota // nothing says why
	MatterRefused               // policy, reputation, content: the receiver does not want the mail
	MatterAddress               // no such mailbox, or it is switched off
	MatterDomain                // the domain names no server that takes mail
	MatterFull                  // the mailbox is full
	MatterLimited               // too many mails in a short time
	MatterServer                // their server is in trouble
	MatterAfter                 // it was accepted, and then a filter or a forwarding sent it back
	MatterTaken                 // it was accepted, and nobody sees it
)

// Checked is one thing that was looked at on our side and found in order: a line of the writer's own, or what Sound of a
// cause says that was excluded.
type Checked struct {
	Line string // of the writer; "" where Text says it
	Text codes.Text
}

// In is the line in a language.
func (c Checked) In(l codes.Lang) string { return cmp.Or(c.Line, c.Text.In(l)) }

// InOrder are the lines of an inquiry on causes that were looked at and excluded. Of a cause that is confirmed, and of
// those that the same countermeasure is against, nothing is said to be in order.
func InOrder(excluded, confirmed []*Cause) (out []Checked) {
	against := "" // the countermeasure of the last line; what comes after it in the guide says it, and more
	for _, c := range excluded {
		wrong := slices.ContainsFunc(confirmed, func(w *Cause) bool { return c.Counter != "" && w.Counter == c.Counter })
		if c.Sound.IsZero() || wrong {
			continue
		}
		if c.Counter != "" && c.Counter == against {
			out = out[:len(out)-1]
		}
		out, against = append(out, Checked{Text: c.Sound}), c.Counter
	}
	return out
}

// Domain is that of the recipient.
func (l Letter) Domain() string { return afterAt(l.To) }

// FromDomain is that of the sender.
func (l Letter) FromDomain() string { return afterAt(l.From) }

func afterAt(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// Recipient is where the letter goes. An inquiry goes to the mailbox that every domain has (RFC 5321 §4.5.1). Where our
// own customer is, nobody but the writer knows.
func (l Letter) Recipient() string {
	switch l.Kind {
	case LetterCustomer:
		return l.To
	case LetterReply:
		return ""
	}
	return "postmaster@" + l.Domain()
}

// Interpret says what the reply and the code of the letter mean, and what became of the mail as far as they tell. A
// delivery code that nobody knows is left out.
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
	l.Code = d.ID
	if l.Reply != "" {
		l.Verdict = catalogue.Classify(r, codes.Context{Host: l.Host})
	}
	if d.ID != "" {
		l.Verdict.Delivery = d
	}
	l.Matter = l.matter()
	l.Mailboxes = mailboxesOf(domainOf(l.To))
	for _, id := range l.remedies(catalogue) {
		if r, ok := catalogue.Remedy(id); ok {
			l.Todo = append(l.Todo, r)
		}
	}
}

// matterOf is what a class of reasons is about.
func matterOf(c codes.Class) Matter {
	switch c {
	case codes.ClassUserUnknown, codes.ClassMailboxDisabled:
		return MatterAddress
	case codes.ClassHostUnknown:
		return MatterDomain
	case codes.ClassMailboxFull:
		return MatterFull
	case codes.ClassRateLimited:
		return MatterLimited
	case codes.ClassSystemError, codes.ClassNetworkOrExpired:
		return MatterServer
	case codes.ClassPolicyBlock, codes.ClassSpamContent, codes.ClassTooLarge, codes.ClassRelayDenied:
		return MatterRefused
	}
	return MatterUnknown
}

// matter is told by the words of the reply, else by the pattern of the code.
func (l *Letter) matter() Matter {
	if l.Fate == FateTaken {
		return MatterTaken
	}
	if m := matterOf(l.Verdict.Reason.Class); m != MatterUnknown && l.Verdict.Reason.ID != "delivered" {
		return m
	}
	switch {
	case l.Fate == FateReturned:
		return MatterAfter
	case l.Verdict.Delivery.Pattern == "G":
		return MatterDomain
	case l.Verdict.Delivery.Pattern == "B":
		return MatterServer
	case l.Fate == FateRefused:
		return MatterRefused
	}
	return MatterUnknown
}

// remedies are what the side of the sender can do: what a diagnosis names, else what the reason or the code calls for.
func (l *Letter) remedies(catalogue *codes.Catalogue) []string {
	pattern := l.Verdict.Delivery.Pattern
	switch {
	case len(l.Steps) > 0:
		return l.Steps
	case l.Matter == MatterTaken:
		pattern = "D"
	case matterOf(l.Verdict.Reason.Class) != MatterUnknown && l.Verdict.Reason.ID != "policy": // which says no more than the code
		return l.Verdict.Reason.Remedies
	case len(l.Verdict.Delivery.Steps) > 0: // to have the whole reply is a step of whoever writes
		return slices.DeleteFunc(slices.Clone(l.Verdict.Delivery.Steps), func(id string) bool { return id == "read_reply" })
	}
	p, _ := catalogue.Pattern(pattern)
	return p.Steps
}

// Prefer puts what is given above what the letter has. What was checked is added, that which is given first.
func (l *Letter) Prefer(given Letter) {
	l.Kind = cmp.Or(given.Kind, l.Kind)
	l.From, l.To = cmp.Or(given.From, l.From), cmp.Or(given.To, l.To)
	l.Host, l.Address, l.IP = cmp.Or(given.Host, l.Host), cmp.Or(given.Address, l.Address), cmp.Or(given.IP, l.IP)
	l.Reply, l.MessageID, l.Code = cmp.Or(given.Reply, l.Reply), cmp.Or(given.MessageID, l.MessageID), cmp.Or(given.Code, l.Code)
	l.Company, l.Name, l.Contact = cmp.Or(given.Company, l.Company), cmp.Or(given.Name, l.Name), cmp.Or(given.Contact, l.Contact)
	l.Subject, l.Addressee = cmp.Or(given.Subject, l.Subject), cmp.Or(given.Addressee, l.Addressee)
	if !given.Time.IsZero() {
		l.Time = given.Time
	}
	l.Checked = slices.Concat(given.Checked, l.Checked)
	l.Confirmed, l.Steps = slices.Concat(given.Confirmed, l.Confirmed), slices.Concat(given.Steps, l.Steps)
}
