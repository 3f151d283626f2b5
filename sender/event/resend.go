package event

// resend is the webhooks of Resend.
func resend() *service {
	return &service{
		name: "resend",
		names: map[field][]string{
			fieldKind:       {"type"},
			fieldKind2:      {"data.bounce.type"},
			fieldCategory:   {"data.bounce.subType", "data.suppressed.type"},
			fieldTime:       {"created_at", "data.created_at"},
			fieldRecipient:  {"data.to"},
			fieldFrom:       {"data.from"},
			fieldSubject:    {"data.subject"},
			fieldMessageID:  {"data.message_id"},
			fieldQueueID:    {"data.email_id"},
			fieldDiagnostic: {"data.bounce.diagnosticCode", "data.bounce.message", "data.failed.reason", "data.suppressed.message"},
		},
		marks: []string{"data.email_id"},
		kinds: resendKinds(),
	}
}

func resendKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"emaildelivered"},
		Delayed:   {"emaildeliverydelayed"},
		Failed:    {"emailbounced", "emailfailed"},
		Complaint: {"emailcomplained"},
		Other:     {"emailsent", "emailscheduled", "emailopened", "emailclicked", "emailreceived"},
	})
	kinds["emailsuppressed"] = kind{action: Failed, reason: "suppressed"}
	return kinds
}
