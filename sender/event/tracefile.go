package event

import "strings"

// messageTrace is the message trace of Exchange Online, as Get-MessageTrace gives it.
func messageTrace() *service {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivered", "filteredasspam"},
		Delayed:   {"pending", "deferred"},
		Failed:    {"failed"},
		Expanded:  {"expanded"},
		Other:     {"gettingstatus", "none", "resolved"},
	})
	kinds["quarantined"] = kind{action: Failed, reason: "spam"}
	return &service{
		name: "exchange",
		names: map[field][]string{
			fieldKind:       {"Status", "delivery_status"},
			fieldTime:       {"Received", "received_utc", "date_time_utc", "origin_timestamp_utc", "受信日時"},
			fieldRecipient:  {"RecipientAddress", "recipient_address"},
			fieldFrom:       {"SenderAddress"},
			fieldSubject:    {"Subject", "message_subject"},
			fieldMessageID:  {"MessageId"},
			fieldRemoteIP:   {"ToIP"},
			fieldSendingIP:  {"FromIP", "original_client_ip"},
			fieldDiagnostic: {"Detail", "LastError"},
		},
		marks: []string{"MessageTraceId", "RecipientAddress", "ToIP"},
		kinds: kinds,
	}
}

// traceSummary is the report of a message trace: a row a mail, with what became of it for each recipient.
func traceSummary() *service {
	return &service{
		name:   "exchange",
		always: Other,
		needs:  []field{fieldList},
		names: map[field][]string{
			fieldTime:      {"origin_timestamp_utc", "date_time_utc"},
			fieldList:      {"recipient_status"},
			fieldFrom:      {"sender_address"},
			fieldSubject:   {"message_subject"},
			fieldMessageID: {"message_id"},
			fieldQueueID:   {"network_message_id"},
			fieldSendingIP: {"original_client_ip"},
		},
		marks: []string{"origin_timestamp_utc"},
		split: splitSummary,
	}
}

// splitSummary reads "a@one.test##Receive, Deliver;b@one.test##Receive, Fail".
func splitSummary(r *rows, e *Event) error {
	base := *e
	for part := range strings.SplitSeq(r.v.get(fieldList), ";") {
		to, steps, _ := strings.Cut(part, "##")
		*e = base
		e.Recipient = bareAddress(to)
		for step := range strings.SplitSeq(steps, ",") {
			switch squeeze(step) {
			case "deliver", "delivered", "send", "sendexternal":
				e.Action = Delivered
			case "fail", "failed", "drop", "quarantine", "quarantined":
				e.Action = Failed
			case "defer", "pending":
				e.Action = Delayed
			case "expand", "expanded":
				e.Action = Expanded
			}
		}
		if e.Recipient == "" {
			continue
		}
		if err := r.in.give(e); err != nil {
			return err
		}
	}
	return nil
}
