package event

// mandrill is the webhooks of Mailchimp Transactional (Mandrill).
func mandrill() *service {
	return &service{
		name: "mandrill",
		names: map[field][]string{
			fieldKind:       {"event"},
			fieldKind2:      {"msg.smtp_events.type"},
			fieldCategory:   {"msg.bounce_description", "msg.reject.reason"},
			fieldTime:       {"ts", "msg.ts"},
			fieldRecipient:  {"msg.email"},
			fieldFrom:       {"msg.sender"},
			fieldSubject:    {"msg.subject"},
			fieldQueueID:    {"msg._id", "_id"},
			fieldRemoteIP:   {"msg.smtp_events.destination_ip"},
			fieldSendingIP:  {"msg.smtp_events.source_ip"},
			fieldDiagnostic: {"msg.diag", "msg.smtp_events.diag"},
		},
		marks: []string{"msg"},
		kinds: mandrillKinds(),
		reasons: map[string]category{
			"hardbounce": {reason: "suppressed"}, "softbounce": {reason: "suppressed"}, "spam": {reason: "suppressed"},
			"unsub": {reason: "suppressed"}, "custom": {reason: "suppressed"}, "testmodelimit": {reason: "rate_limited"},
		},
	}
}

func mandrillKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivered", "send/sent"},
		Delayed:   {"deferral"},
		Failed:    {"hardbounce", "softbounce"},
		Complaint: {"spam"},
		Other:     {"send", "open", "click", "unsub", "inbound"},
	})
	kinds["reject"] = kind{action: Failed, reason: "suppressed"}
	return kinds
}
