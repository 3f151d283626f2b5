package event

// sendgrid is the event webhook of SendGrid, and the table of its activity feed.
func sendgrid() *service {
	return &service{
		name: "sendgrid",
		names: map[field][]string{
			fieldKind:       {"event"},
			fieldKind2:      {"type"},
			fieldCategory:   {"bounce_classification"},
			fieldTime:       {"timestamp", "processed", "last_event_time"},
			fieldRecipient:  {"email", "to_email"},
			fieldFrom:       {"from", "from_email", "sender"},
			fieldSubject:    {"subject"},
			fieldMessageID:  {"smtp-id", "smtp_id"},
			fieldQueueID:    {"sg_message_id", "msg_id", "message_id"},
			fieldEventID:    {"sg_event_id"},
			fieldRemote:     {"mx", "mx_server"},
			fieldSendingIP:  {"ip", "outbound_ip"},
			fieldStatus:     {"status"},
			fieldDiagnostic: {"reason", "response"},
		},
		marks: []string{"sg_event_id", "sg_message_id", "smtp-id"},
		hints: []string{"timestamp", "outbound_ip", "recv_message_id", "bounce_classification"},
		kinds: sendgridKinds(),
		reasons: map[string]category{
			"invalid":   {reason: "address_syntax"},
			"technical": {reason: "connection_failed"},
			"content":   {reason: "content_refused"},
		},
	}
}

func sendgridKinds() map[string]kind {
	return kindsOf(map[Action][]string{
		Delivered: {"delivered"},
		Delayed:   {"deferred"},
		Failed:    {"bounce", "bounced", "blocked", "dropped", "drop"},
		Expired:   {"expired", "bounce/expired"},
		Complaint: {"spamreport"},
		Other:     {"processed", "open", "click", "unsubscribe", "groupunsubscribe", "groupresubscribe", "accountstatuschange"},
	})
}

// sendgridBounces is SendGrid's list of bounces and blocks.
func sendgridBounces() *service {
	return &service{
		name: "sendgrid",
		names: map[field][]string{
			fieldTime:       {"created"},
			fieldRecipient:  {"email"},
			fieldDiagnostic: {"reason"},
			fieldStatus:     {"status"},
		},
		hints:  []string{"created"},
		always: Failed,
		needs:  []field{fieldRecipient, fieldTime, fieldDiagnostic, fieldStatus},
	}
}
