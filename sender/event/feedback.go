package event

import (
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// readFeedback reads a feedback report (RFC 5965): an event for each recipient that it names.
func (n *notice) readFeedback() []Event {
	fields := fieldsOf(n.feedback.Text())
	n.readReturned()
	e := Event{Format: "arf", Action: Complaint, Feedback: strings.ToLower(firstWord(fields.get("feedback-type")))}
	switch e.Feedback {
	case "not-spam", "auth-failure", "dmarc":
		e.Action = Other // nobody complains
	case "":
		e.Feedback = "abuse"
	}
	e.From = mail.AddressIn(fields.get("original-mail-from"))
	e.EnvelopeID = fields.get("original-envelope-id")
	e.ReportingMTA = hostOf(typed(fields.get("reporting-mta", "dsn-gateway")))
	fill(&e.ReportingMTA, domainOf(n.mail.Mailbox("From")))
	e.SendingIP = ipOf(fields.get("source-ip"))
	if t, ok := dateOf(n.mail.Get("Date"), fields.get("arrival-date"), fields.get("received-date")); ok {
		e.Time = t
	}
	return n.forRecipients(e, n.complainers(fields))
}

// complainers are the recipients that a report names, or else those of the mail that it holds.
func (n *notice) complainers(fields statusBlock) []string {
	var out []string
	for _, f := range fields {
		if f.name == "original-rcpt-to" || f.name == "removal-recipient" {
			if a := mail.AddressIn(f.value); a != "" && !isOneOf(a, out) && len(out) < maxBlocks {
				out = append(out, a)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	return addressesIn(n.original.to)
}

func addressesIn(value string) []string {
	var out []string
	for len(out) < maxBlocks {
		a, _, end := mail.NextAddress(value)
		if a == "" {
			return out
		}
		if !isOneOf(a, out) {
			out = append(out, a)
		}
		value = value[end:]
	}
	return out
}

// forRecipients is an event for each recipient; one without, where none is named.
func (n *notice) forRecipients(e Event, list []string) []Event {
	if len(list) == 0 {
		return []Event{e}
	}
	out := make([]Event, 0, len(list))
	for _, r := range list {
		e.Recipient = r
		out = append(out, e)
	}
	return out
}

func ipOf(s string) netip.Addr {
	ip, _ := netip.ParseAddr(strings.Trim(firstWord(s), "[]"))
	return ip
}

// readComplaint reads complaints of other forms: a header says so, and the mail that somebody complains of is attached.
func (n *notice) readComplaint() []Event {
	if n.subject == "unsubscribe" && n.mail.Has("Auto-Submitted") { // RFC 2369, as mail programs write it
		return []Event{{Format: "unsubscribe", Action: Other, Feedback: "opt-out", Recipient: n.mail.Mailbox("From")}}
	}
	kind := strings.ToLower(n.mail.Get("X-HmXmrOriginalRecipient") + n.mail.Get("X-Complaint-Type"))
	about := containsAny(n.subject, []string{"complaint about message", "abuse report", "spam report", "spam complaint",
		"email abuse", "feedback report", "complaint from"})
	if kind == "" && !(about && n.returned != nil) {
		return nil
	}
	n.readReturned()
	e := Event{Format: "complaint", Action: Complaint, Feedback: "abuse"}
	list := addressesIn(n.mail.Get("X-HmXmrOriginalRecipient"))
	if len(list) == 0 {
		list = addressesIn(n.original.to)
	}
	return n.forRecipients(e, list)
}

// readReceipt reads a disposition notification (RFC 8098): it tells that somebody opened or deleted a mail, and no more.
func (n *notice) readReceipt() []Event {
	e := Event{Format: "mdn", Action: Other, Recipient: n.mail.Mailbox("From")}
	fields := fieldsOf(n.receipt.Text())
	if a := addressOf(fields.get("final-recipient", "original-recipient")); a != "" {
		e.Recipient = a
	}
	e.MessageID = strings.Trim(fields.get("original-message-id"), "<> ")
	e.Diagnostic = fields.get("disposition")
	return []Event{e}
}

var forwardedAttached = codes.Text{EN: "it was forwarded as an attachment", JA: "添付ファイルとして転送されたものです"}
