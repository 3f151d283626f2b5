package event

// mailgun is Mailgun: its events and webhooks, the older ones with the fields of a form too.
func mailgun() *service {
	return &service{
		name: "mailgun",
		names: map[field][]string{
			fieldKind:      {"event"},
			fieldKind2:     {"severity"},
			fieldCategory:  {"reason"},
			fieldTime:      {"timestamp", "@timestamp"},
			fieldRecipient: {"recipient"},
			fieldFrom:      {"envelope.sender", "sender", "message.headers.from", "from"},
			fieldSubject:   {"message.headers.subject", "subject"},
			fieldMessageID: {"message.headers.message-id", "Message-Id", "message-id"},
			fieldEventID:   {"id", "token"},
			fieldQueueID:   {"storage.key"},
			fieldRemote:    {"delivery-status.mx-host"},
			fieldSendingIP: {"envelope.sending-ip", "sending-ip"},
			fieldStatus:    {"delivery-status.enhanced-code"},
			fieldCode:      {"delivery-status.code", "code"},
			fieldDiagnostic: {"delivery-status.message", "delivery-status.description", "error", "description",
				"reject.description", "reject.reason"},
		},
		marks: []string{"delivery-status", "log-level", "recipient-domain", "event-timestamp", "user-variables", "message-headers", "body-plain"},
		hints: []string{"recipient"},
		kinds: mailgunKinds(),
		reasons: map[string]category{
			"old":    {reason: "expired", action: Expired},
			"tooold": {reason: "expired", action: Expired},
			"notdeliveringtopreviouslybouncedaddress":         {reason: "suppressed"},
			"notdeliveringtoauserwhomarkedyourmessagesasspam": {reason: "suppressed"},
			"notdeliveringtounsubscribedaddress":              {reason: "suppressed"},
		},
	}
}

func mailgunKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivered"},
		Failed:    {"failed", "failed/permanent", "bounced", "dropped", "rejected"},
		Delayed:   {"failed/temporary", "temporaryfailure", "permanentfailure/temporary"},
		Complaint: {"complained"},
		Other:     {"accepted", "opened", "clicked", "unsubscribed", "stored", "listmemberuploaded"},
	})
	kinds["permanentfailure"] = kind{action: Failed}
	return kinds
}
