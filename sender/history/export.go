package history

import (
	"strconv"
	"strings"
	"time"

	"todoku/codes"
)

// Row is what can be exported: a Sending or a Validity.
type Row interface {
	Columns() []string // names, for a spreadsheet
	Cells() []string   // values as they are
}

// Columns names the cells of a sending.
func (Sending) Columns() []string {
	return []string{"id", "started", "finished", "kind", "sender", "name", "recipient", "cc", "bcc", "reply_to", "errors_to", "subject",
		"result", "delivery_code", "reason", "reason_class", "permanent", "own", "reply", "host", "address", "via",
		"message_id", "envelope_id", "attempts", "next_attempt", "phase", "updated", "list"}
}

// Cells are a sending as a row.
func (s Sending) Cells() []string {
	permanent := ""
	if s.Permanent != codes.Unknown {
		permanent = strconv.FormatBool(s.Permanent == codes.Yes)
	}
	return []string{s.ID, stamp(s.Started), stamp(s.Finished), s.Kind, s.Sender, s.Name, s.Recipient,
		strings.Join(s.Cc, ", "), strings.Join(s.Bcc, ", "),
		s.ReplyTo, s.ErrorsTo, s.Subject, string(s.Result), s.Code, s.Reason, s.ReasonClass, permanent,
		strconv.FormatBool(s.Own), s.Reply, s.MX, s.Address, s.Via,
		s.MessageID, s.EnvelopeID, strconv.Itoa(s.Attempts), stamp(s.NextAttempt), string(s.Phase), stamp(s.Updated), s.List}
}

// Columns names the cells of a flag.
func (Validity) Columns() []string {
	return []string{"address", "valid", "errors", "delivery_code", "changed", "revalidated", "note"}
}

// Cells are a flag as a row.
func (v Validity) Cells() []string {
	return []string{v.Address, strconv.FormatBool(v.Valid), strconv.Itoa(v.Errors), v.Code, stamp(v.Changed), stamp(v.Revalidated), v.Note}
}

// stamp is a time that reads the same everywhere.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
