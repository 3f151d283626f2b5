package event

import "strings"

// ses is Amazon SES: events that it publishes (eventType) and notifications (notificationType).
func ses() *service {
	return &service{
		name: "ses",
		names: map[field][]string{
			fieldKind: {"eventType", "notificationType"},
			fieldTime: {"delivery.timestamp", "bounce.timestamp", "deliveryDelay.timestamp", "complaint.timestamp", "open.timestamp",
				"click.timestamp", "subscription.timestamp"},
			fieldTime2:      {"mail.timestamp"},
			fieldRecipient:  {"mail.destination"},
			fieldFrom:       {"mail.source"},
			fieldSubject:    {"mail.commonHeaders.subject"},
			fieldMessageID:  {"mail.commonHeaders.messageId"},
			fieldQueueID:    {"mail.messageId"},
			fieldReporter:   {"delivery.reportingMTA", "bounce.reportingMTA", "deliveryDelay.reportingMTA"},
			fieldRemoteIP:   {"delivery.remoteMtaIp", "bounce.remoteMtaIp"},
			fieldSendingIP:  {"mail.tags.ses:outgoing-ip", "mail.sourceIp"},
			fieldDiagnostic: {"delivery.smtpResponse", "failure.errorMessage", "reject.reason"},
			fieldFeedback:   {"complaint.complaintFeedbackType"},
			fieldKind2:      {"complaint.complaintSubType", "bounce.bounceType"},
			fieldCategory:   {"bounce.bounceSubType", "deliveryDelay.delayType"},
			fieldList: {"bounce.bouncedRecipients", "deliveryDelay.delayedRecipients", "complaint.complainedRecipients",
				"delivery.recipients"},
		},
		marks: []string{"eventType", "notificationType"},
		kinds: sesKinds(),
		split: splitSES,
	}
}

func sesKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivery"},
		Delayed:   {"deliverydelay"},
		Failed:    {"bounce"},
		Complaint: {"complaint"},
		Other:     {"send", "open", "click", "reject", "renderingfailure", "subscription"},
	})
	// nobody complained: the service did not send, for an earlier complaint
	kinds["complaint/onaccountsuppressionlist"] = kind{action: Failed, reason: "suppressed"}
	return kinds
}

// splitSES gives an event for each recipient that the part of the event names; without them, for those of the mail.
func splitSES(r *rows, e *Event) error {
	if !strings.Contains(e.MessageID, "@") {
		e.MessageID = "" // it is the service's own
	}
	list := r.v.spans[fieldList]
	s := jsonScan{b: r.v.buf[list.from:list.to]}
	if e.Action == Other || len(s.b) < 3 {
		return r.toEach(e, r.v.get(fieldRecipient))
	}
	base, category := *e, r.v.get(fieldCategory)
	one := &r.one
	for s.i = 1; s.i < len(s.b); {
		switch s.b[s.i] {
		case '{':
			one.reset()
			if !one.take(&s, r.part) {
				return nil
			}
			one.settle()
			*e = base
			e.Recipient = bareAddress(one.get(fieldRecipient))
			if e.Action.Trouble() {
				e.Diagnostic = one.get(fieldDiagnostic)
				e.setReason(evidence{words: e.Diagnostic, status: one.get(fieldStatus), means: new(service).meaning(category, ""),
					reason: r.reason})
			}
		case '"':
			raw, ok := s.quoted()
			if !ok {
				return nil
			}
			*e = base
			e.Recipient = bareAddress(string(appendUnescaped(nil, raw)))
		default:
			s.i++
			continue
		}
		if err := r.in.give(e); err != nil {
			return err
		}
	}
	return nil
}

// sesRecipient is what stands in the list of recipients of an event.
func sesRecipient() *pathNode {
	s := service{names: map[field][]string{
		fieldRecipient:  {"emailAddress"},
		fieldStatus:     {"status"},
		fieldDiagnostic: {"diagnosticCode"},
	}}
	return s.paths()
}
