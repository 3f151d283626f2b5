package triage

import (
	"todoku/codes"
	"todoku/sender/event"
)

// Bounds of the mails that are kept for diagnoses, one of each group, in octets.
const (
	maxMail  = 1 << 20
	maxMails = 64 << 20 // of all groups
)

// asksForMail reports whether the mail itself may tell why it was refused: for what it holds, or by a policy, of which authentication
// is a part.
func asksForMail(e *event.Event) bool {
	if e.Verdict == nil || !e.Action.Trouble() {
		return false
	}
	switch e.Verdict.Reason.Class {
	case codes.ClassSpamContent, codes.ClassPolicyBlock:
		return true
	}
	return false
}

// keepMail puts the mail that came back with an event into the event that is kept of it. spare is what may be kept of mails; what
// is taken is gone from it. old is the mail that is given up.
func keepMail(k *event.Event, returned, old event.ReturnedMail, spare *int) {
	*spare += len(old.Data)
	k.Returned = event.ReturnedMail{}
	if returned.Data == nil || !asksForMail(k) {
		return
	}
	k.Returned = returned.Clone(min(maxMail, *spare))
	*spare -= len(k.Returned.Data)
}
