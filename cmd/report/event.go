package report

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/event"
)

// EventSchemaName is what events call their schema.
const EventSchemaName = "todoku/event/1"

// EventRow is an event as programs read it, the schema todoku/event/1 (DESIGN.md §5).
type EventRow struct {
	Schema            string          `json:"schema"`
	File              string          `json:"file"`
	Line              int64           `json:"line"`
	Format            string          `json:"format"`
	Action            event.Action    `json:"action"`
	Time              string          `json:"time"`
	Recipient         string          `json:"recipient"`
	OriginalRecipient string          `json:"original_recipient"`
	From              string          `json:"from"`
	MessageID         string          `json:"message_id"`
	QueueID           string          `json:"queue_id"`
	ReportingMTA      string          `json:"reporting_mta"`
	RemoteMTA         string          `json:"remote_mta"`
	RemoteIP          string          `json:"remote_ip"`
	SendingIP         string          `json:"sending_ip"`
	Status            string          `json:"status"`
	ReplyCode         *int            `json:"reply_code"`
	Diagnostic        string          `json:"diagnostic"`
	Reason            string          `json:"reason"`
	ReasonClass       codes.Class     `json:"reason_class"`
	DeliveryCode      string          `json:"delivery_code"`
	Provider          string          `json:"provider"`
	Permanent         *bool           `json:"permanent"`
	Certainty         codes.Certainty `json:"certainty"`
	Todo              codes.Action    `json:"todo"`
	FeedbackType      string          `json:"feedback_type"`
	SentID            string          `json:"sent_id"` // of the sending in the history that it belongs to
}

// RowOf is an event as programs read it.
func RowOf(e *event.Event) EventRow {
	r := EventRow{Schema: EventSchemaName, File: e.Source.File, Line: e.Source.Line, Format: e.Format, Action: e.Action,
		Time: timeJSON(e.Time), Recipient: asText(e.Recipient), OriginalRecipient: asText(e.OriginalRecipient), From: asText(e.From),
		MessageID: asText(e.MessageID), QueueID: asText(e.QueueID), ReportingMTA: asText(e.ReportingMTA), RemoteMTA: asText(e.RemoteMTA),
		RemoteIP: addrJSON(e.RemoteIP), SendingIP: addrJSON(e.SendingIP), Diagnostic: asText(e.Diagnostic), Provider: e.Provider,
		FeedbackType: asText(e.Feedback)}
	if e.Reply.Code != 0 {
		r.ReplyCode = &e.Reply.Code
	}
	if !e.Reply.Enhanced.IsZero() {
		r.Status = e.Reply.Enhanced.String()
	}
	if r.Diagnostic == "" {
		r.Diagnostic = asText(e.Reply.Text())
	}
	if v := e.Verdict; v != nil {
		r.Reason, r.ReasonClass, r.DeliveryCode, r.Certainty, r.Todo = v.Reason.ID, v.Reason.Class, v.Delivery.ID, v.Certainty, v.Action
		r.Permanent = triJSON(v.Permanent)
	}
	return r
}

// timeJSON is a time as RFC 3339 has it, "" where there is none.
func timeJSON(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func addrJSON(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// Columns are the names of the columns.
func (EventRow) Columns() []string {
	return strings.Fields("file line format action time recipient original_recipient from message_id queue_id reporting_mta remote_mta " +
		"remote_ip sending_ip status reply_code diagnostic reason reason_class delivery_code provider permanent certainty todo " +
		"feedback_type sent_id")
}

// Cells are the values, one a column.
func (r EventRow) Cells() []string {
	code, permanent := "", ""
	if r.ReplyCode != nil {
		code = strconv.Itoa(*r.ReplyCode)
	}
	if r.Permanent != nil {
		permanent = strconv.FormatBool(*r.Permanent)
	}
	return []string{r.File, strconv.FormatInt(r.Line, 10), r.Format, string(r.Action), r.Time, r.Recipient, r.OriginalRecipient, r.From,
		r.MessageID, r.QueueID, r.ReportingMTA, r.RemoteMTA, r.RemoteIP, r.SendingIP, r.Status, code, r.Diagnostic, r.Reason,
		string(r.ReasonClass), r.DeliveryCode, r.Provider, permanent, string(r.Certainty), string(r.Todo), r.FeedbackType, r.SentID}
}
