package collect

import (
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/event"
	"todoku/sender/history"
)

// What is kept of the words of an event, in characters: a notice may hold anything.
const (
	maxReply = 4000
	maxWord  = 1000
)

// record is an event as the history keeps it.
func record(e event.Event, f found, now time.Time) history.Event {
	word := func(s string) string { return codes.Start("", s, maxWord).String() }
	out := history.Event{
		Sending: f.sending, MatchedBy: f.by, Why: f.why,
		Action: string(e.Action), Time: e.Time, Recipient: word(e.Recipient), Original: word(e.OriginalRecipient), Sender: word(e.From),
		Subject: word(e.Subject), MessageID: word(e.MessageID), EnvelopeID: word(e.EnvelopeID), QueueID: word(e.QueueID),
		ReturnPath: word(e.ReturnPath), Reply: codes.Start("", said(e), maxReply).String(), Provider: e.Provider, RemoteMTA: word(e.RemoteMTA),
		ReportingMTA: word(e.ReportingMTA), Feedback: word(e.Feedback), Format: e.Format, File: e.Source.File, Line: e.Source.Line,
	}
	if out.Time.IsZero() || out.Time.Year() < 1970 || out.Time.Year() > 9999 {
		out.Time = now
	}
	if v := e.Verdict; v != nil {
		out.Reason, out.ReasonClass, out.Permanent = v.Reason.ID, string(v.Reason.Class), v.Permanent
	}
	return out
}

// said is what the remote server said, or the words of who recorded it.
func said(e event.Event) string {
	if e.Reply.Code != 0 {
		return strings.TrimSpace(e.Reply.String())
	}
	return strings.TrimSpace(e.Diagnostic)
}
