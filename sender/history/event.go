package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"todoku/codes"
)

// Event is what was told of a mail after it was sent: a bounce, a delay, a complaint.
type Event struct {
	Sending   string    `json:"sending_id"` // "" where it is of no mail that is known here
	MatchedBy string    `json:"matched_by"` // "envelope_id", "verp", "message_id", "recipient"; "" where Sending is
	Why       Unmatched `json:"why"`        // it was not matched
	Effect    Effect    `json:"effect"`     // on the sending

	Action       string    `json:"action"` // as sender/event has it
	Time         time.Time `json:"time,omitzero"`
	Recipient    string    `json:"recipient"`
	Original     string    `json:"original_recipient"`
	Sender       string    `json:"from"`
	Subject      string    `json:"subject"`
	MessageID    string    `json:"message_id"`
	EnvelopeID   string    `json:"envelope_id"`
	QueueID      string    `json:"queue_id"` // of the system that recorded it
	ReturnPath   string    `json:"return_path"`
	Reply        string    `json:"diagnostic"`
	Reason       string    `json:"reason"`
	ReasonClass  string    `json:"reason_class"`
	Permanent    codes.Tri `json:"-"` // in JSON true, false or null
	Provider     string    `json:"provider"`
	RemoteMTA    string    `json:"remote_mta"`
	ReportingMTA string    `json:"reporting_mta"`
	Feedback     string    `json:"feedback_type"`
	Format       string    `json:"format"`
	File         string    `json:"file"`
	Line         int64     `json:"line"`
	Recorded     time.Time `json:"recorded,omitzero"` // here
}

// Effect is what an event did to its sending.
type Effect string

// The effects.
const (
	NoEffect  Effect = ""          // it is known beside the result
	Bounced   Effect = "bounced"   // the result is an error now (90000)
	Confirmed Effect = "delivered" // nobody knew how it ended (40001), and now it is known to be delivered
	Waits     Effect = "waits"     // the sending has no result yet; it is looked at again
)

// Unmatched is why an event belongs to no sending.
type Unmatched string

// The reasons.
const (
	UnknownEnvelope Unmatched = "unknown_envelope_id" // of the mail, or of a VERP address: another history
	UnknownMessage  Unmatched = "unknown_message_id"  // a mail that was not sent from here
	UnknownAddress  Unmatched = "unknown_recipient"   // nothing was sent to this address
	OutOfTime       Unmatched = "out_of_time"         // what was sent to this address was sent at another time
	OtherMail       Unmatched = "other_mail"          // what was sent to this address has another subject or sender
	NotSent         Unmatched = "not_sent"            // what fits never left
	Ambiguous       Unmatched = "ambiguous"           // several fit, and nothing tells which
	NoRecipient     Unmatched = "no_recipient"        // the record names neither a mail nor a recipient
)

// slot is what of a sending is told once, whoever tells it.
func (e Event) slot() string {
	if e.Action == "delayed" { // one mail may be delayed several times
		return fmt.Sprintf("%s %d", e.Action, e.Time.Truncate(time.Minute).Unix())
	}
	if e.Action == "expired" {
		return "failed"
	}
	return e.Action
}

// digest is the same for one record, whatever it was read from.
func (e Event) digest() string {
	h := sha256.New()
	for _, s := range []string{e.slot(), Key(e.Recipient), Key(e.Original), e.MessageID, e.EnvelopeID, e.QueueID, Key(e.ReturnPath), e.Reply,
		fmt.Sprint(millis(e.Time))} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// MarshalJSON writes Permanent as true, false or null.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	var permanent *bool
	if e.Permanent != codes.Unknown {
		yes := e.Permanent == codes.Yes
		permanent = &yes
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		plain
		Permanent *bool `json:"permanent"`
	}{plain(e), permanent})
	return b.Bytes(), err
}

// Columns names the cells of an event.
func (Event) Columns() []string {
	return []string{"sending_id", "matched_by", "why", "effect", "action", "time", "recipient", "original_recipient", "from", "subject",
		"message_id", "envelope_id", "queue_id", "diagnostic", "reason", "reason_class", "permanent", "provider", "remote_mta", "reporting_mta",
		"feedback_type", "format", "file", "line"}
}

// Cells are an event as a row.
func (e Event) Cells() []string {
	permanent := ""
	if e.Permanent != codes.Unknown {
		permanent = fmt.Sprint(e.Permanent == codes.Yes)
	}
	return []string{e.Sending, e.MatchedBy, string(e.Why), string(e.Effect), e.Action, stamp(e.Time), e.Recipient, e.Original, e.Sender,
		e.Subject, e.MessageID, e.EnvelopeID, e.QueueID, e.Reply, e.Reason, e.ReasonClass, permanent, e.Provider, e.RemoteMTA, e.ReportingMTA,
		e.Feedback, e.Format, e.File, fmt.Sprint(e.Line)}
}
