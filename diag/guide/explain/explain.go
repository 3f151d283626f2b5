// Package explain knows what a word or a code means: a delivery code, a reply, the id of a rule, a term. It asks nobody
// and gives data; cmd/report words it.
package explain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag"
	"todoku/diag/dnsbl"
	"todoku/diag/guide"
	"todoku/diag/provider"
)

// Explanation is what is known of an input: its readings, the best first.
type Explanation struct {
	Input    string
	Readings []Reading
	Told     bool // the readings stand beside each other: the input is a ticket that is about all of them
	Failures int  // how many mails did not arrive, where the input tells of several: a reading for each kind
}

// Kind says as what an input is read.
type Kind string

// The kinds of readings.
const (
	KindDelivery  Kind = "delivery_code"
	KindReplyCode Kind = "reply_code"
	KindEnhanced  Kind = "enhanced_code"
	KindReply     Kind = "reply" // words of a server, pasted from anywhere
	KindRule      Kind = "rule"  // of a check
	KindReason    Kind = "reason"
	KindClass     Kind = "reason_class"
	KindPattern   Kind = "pattern" // of the guide
	KindWording   Kind = "wording" // a rule of the catalogue
	KindProvider  Kind = "provider"
	KindBlocklist Kind = "blocklist"
	KindRemedy    Kind = "remedy"
	KindTerm      Kind = "term" // of the glossary
)

// Reading is one meaning of the input. What a kind does not have is empty.
type Reading struct {
	Kind       Kind
	ID         string // "42553", "5.7.26", "spf"
	Title      codes.Text
	Meaning    codes.Text
	When       codes.Text // how to tell this reading from the one before it
	Certainty  codes.Certainty
	Delivery   codes.Delivery
	Pattern    codes.Pattern
	Causes     []codes.Cause
	Steps      []codes.Remedy // in the order to follow
	Reason     codes.Reason
	Reasons    []codes.Reason // that come into question
	Provider   codes.Provider
	Wording    string // id of the catalogue's rule that decided
	Permanent  codes.Tri
	Action     codes.Action
	RetryAfter time.Duration
	Blocklist  *dnsbl.List
	Pasted     paste.Found
	Recipients []string     // of several failures of this kind
	Short      string       // the reply on one line, where it is short and means the same alone
	Names      []string     // other names, or the hosts of a provider
	Refs       []codes.Text // where it is written
	See        []string     // what to read next, as explain takes it
	Try        []codes.Command
	Rule       *diag.Rule
	Page       *provider.Page  // of a provider that something is known of as a receiver
	Contacts   []provider.Fact // of the provider whose reply it is; they say who is heard there
	ForAll     bool            // the mailbox is at a provider for everybody
	Replies    []Wording       // of a provider, in the order in which they are tried
}

// Wording is a known wording of a provider, and what it means.
type Wording struct {
	codes.Rule
	Reason codes.Reason
}

// Explainer knows what the catalogue and the checks have names for.
type Explainer struct{ *codes.Catalogue }

// maxKnown is the length of the longest input that may be an id or a word.
const maxKnown = 200

// Explain gives all meanings of an input, the best first: of something that has a name, else of a reply.
func (x Explainer) Explain(input string) Explanation {
	if e, known := wordOrID(x, input); known {
		return e
	}
	return ofTold(x, input, guide.ReadText(x.Catalogue, input))
}

// ExplainFile is Explain for what a file tells.
func (x Explainer) ExplainFile(told guide.Told) Explanation {
	input := told.Cases[0].Input
	if e, known := wordOrID(x, input); known {
		return e
	}
	return ofTold(x, input, told)
}

// wordOrID explains an input that may be a word or an id.
func wordOrID(x Explainer, input string) (Explanation, bool) {
	if len(input) > maxKnown {
		return Explanation{}, false
	}
	known := x.looked(input)
	return Explanation{Input: input, Readings: known}, len(known) > 0
}

// ofTold explains what an input tells of mails.
func ofTold(x Explainer, input string, told guide.Told) Explanation {
	if told.Cases[0].Action != "" {
		return Explanation{Input: input, Readings: ofCases(x, told), Failures: told.Failed}
	}
	if k := told.Cases[0]; (k.Reply.Code >= 400 || k.Reply.Enhanced.Class >= 4) && WholeMail(input) {
		return Explanation{Input: input, Readings: x.replyOf(foundIn(k))}
	}
	list, ticket := teller{x, told.Cases[0]}.readings(input)
	return Explanation{Input: input, Readings: list, Told: ticket}
}

// looked looks an input up that may be a word or an id.
func (x Explainer) looked(input string) []Reading {
	word := Fold(input)
	known := x.known(word)
	if bare := unannounced(word); len(known) == 0 && bare != word {
		known = x.known(bare)
	}
	if len(known) == 0 {
		known = x.providerOf(input)
	}
	if len(known) == 0 {
		known = x.asked(word)
	}
	return known
}

// Filled puts what is known into a command of the catalogue; the places of what
// is not stay, in capitals.
func (r Reading) Filled(c codes.Command) codes.Command {
	text := r.Pasted.Reply.Text()
	sender := cmp.Or(r.Pasted.Sender, guide.SendingDomain(text, r.Pasted.Recipient))
	values := codes.Values{codes.PlaceCode: r.Delivery.ID, codes.PlaceAddr: r.Pasted.Recipient,
		codes.PlaceSender: sender, codes.PlaceDomain: sender[strings.LastIndexByte(sender, '@')+1:]}
	if ip := paste.SendingIP(text, r.Pasted.Server); ip.IsValid() {
		values[codes.PlaceIP] = ip.String()
	}
	return c.Fill(values)
}

// StepCommand is the command of a step. A reply that was pasted is of a mail that another program sent: the history does
// not know it, and its sending has no id.
func (r Reading) StepCommand(step codes.Remedy) codes.Command {
	c := step.Check
	if r.Kind == KindReply && c.HasOpen(codes.PlaceID) {
		if i := slices.IndexFunc(step.Guide, func(other codes.Command) bool { return !other.HasOpen(codes.PlaceID) }); i >= 0 {
			c = step.Guide[i]
		}
	}
	if name := c.Name(); r.Kind == KindReply && strings.HasPrefix(name, "history") {
		return codes.Command{}
	}
	return r.Filled(c)
}

// Next is the command that finds out which cause it is here.
func (r Reading) Next() codes.Command {
	switch {
	case r.Delivery.Result == "ok" && r.Kind != KindReply:
		return codes.Todoku("explain", "D")
	case r.Kind == KindDelivery, r.Kind == KindReplyCode && r.Delivery.ID != "":
		return r.Filled(codes.Todoku("diagnose", "CODE", "--from", "SENDER", "--to", "ADDR", "--ip", "IP"))
	case r.Kind == KindReply && r.Action != codes.ActionNone && r.When.IsZero():
		return r.Filled(codes.Todoku("diagnose", "REPLY", "--from", "SENDER", "--to", "ADDR", "--ip", "IP")).With(codes.PlaceReply, r.Short)
	}
	return codes.Command{}
}
