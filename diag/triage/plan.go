package triage

import (
	"slices"
	"time"

	"todoku/codes"
	"todoku/sender/event"
)

// plan counts what is to be done with the mails that did not arrive.
type plan struct{ shares map[Todo]*share }

// Share is what to do with a part of the mails.
type Share struct {
	Do         Todo
	Recipients Distinct
	Reasons    []codes.Reason // the most frequent first
	RetryAfter time.Duration  // the longest pause that a receiver asks for; 0: none does
}

// Todo is what to do with a mail that did not arrive.
type Todo string

// What to do.
const (
	Suppress  Todo = "suppress" // send nothing more to the address
	Mend      Todo = "mend"     // mend the cause on our side, then send again
	Change    Todo = "change"   // change the mail, then send again
	Resend    Todo = "resend"   // send again later
	Ask       Todo = "ask"      // the recipient or the receiver's administrator has to act
	Undecided Todo = "unclear"  // it is not known
)

// Todos lists them in the order of a page.
func Todos() []Todo { return []Todo{Suppress, Mend, Change, Resend, Ask, Undecided} }

// share is a Share that is counted.
type share struct {
	recipients Distinct
	reasons    []counted
	retryAfter time.Duration
}

type counted struct {
	codes.Reason
	n int64
}

// todo is what to do about an event; false: nothing is to be decided.
func todo(e *event.Event) (Todo, bool) {
	switch {
	case e.Action == event.Complaint:
		return Suppress, true
	case e.Action != event.Failed && e.Action != event.Expired:
		return "", false
	case e.Verdict == nil:
		return Undecided, true
	}
	if c := e.Verdict.Reason.Class; ofRecipient(c) && c != codes.ClassMailboxFull && e.Verdict.Permanent != codes.No {
		return Suppress, true
	}
	switch e.Verdict.Action {
	case codes.ActionCorrectAddress:
		return Suppress, true
	case codes.ActionFixDNS, codes.ActionFixSender, codes.ActionContactList:
		return Mend, true
	case codes.ActionChangeMessage:
		return Change, true
	case codes.ActionWait, codes.ActionSlowDown:
		return Resend, true
	case codes.ActionContactRecipient, codes.ActionContactAdmin:
		return Ask, true
	case codes.ActionNone:
	}
	return Undecided, true
}

func (p *plan) add(e *event.Event) {
	do, decide := todo(e)
	if !decide || e.Recipient == "" {
		return
	}
	s := p.shares[do]
	if s == nil {
		if p.shares == nil {
			p.shares = map[Todo]*share{}
		}
		s = &share{}
		p.shares[do] = s
	}
	s.recipients.Add(hashLower(e.Recipient, 0))
	if e.Verdict == nil {
		return
	}
	s.retryAfter = max(s.retryAfter, e.Verdict.RetryAfter)
	if i := slices.IndexFunc(s.reasons, func(c counted) bool { return c.ID == e.Verdict.Reason.ID }); i >= 0 {
		s.reasons[i].n++
	} else {
		s.reasons = append(s.reasons, counted{e.Verdict.Reason, 1})
	}
}

// list gives the parts that are not empty.
func (p *plan) list() []Share {
	var out []Share
	for _, do := range Todos() {
		s := p.shares[do]
		if s == nil {
			continue
		}
		slices.SortStableFunc(s.reasons, func(a, b counted) int { return int(b.n - a.n) })
		o := Share{Do: do, Recipients: s.recipients, RetryAfter: s.retryAfter}
		for _, c := range s.reasons {
			o.Reasons = append(o.Reasons, c.Reason)
		}
		out = append(out, o)
	}
	return out
}
