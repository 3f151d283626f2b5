package event

// brevo is Brevo (formerly Sendinblue): webhooks, its list of events, and its tables.
func brevo() *service {
	return &service{
		name: "brevo",
		names: map[field][]string{
			fieldKind:       {"event", "st_text"},
			fieldTime:       {"ts_epoch", "ts_event", "date", "ts"},
			fieldRecipient:  {"email"},
			fieldFrom:       {"from", "sender_email", "frm"},
			fieldSubject:    {"subject", "sub"},
			fieldMessageID:  {"message-id", "messageId", "mid"},
			fieldEventID:    {"uuid"},
			fieldSendingIP:  {"sending_ip", "ip"},
			fieldDiagnostic: {"reason"},
		},
		marks: []string{"ts_event", "ts_epoch", "messageId", "message-id", "st_text"},
		hints: []string{"date", "ts"},
		kinds: brevoKinds(),
		reasons: map[string]category{
			"blockedduetoblacklistuser": {reason: "suppressed"}, "duetoblacklistuser": {reason: "suppressed"},
			"blockedduetounsubscribeduser": {reason: "suppressed"}, "duetounsubscribeduser": {reason: "suppressed"},
			"adressisblacklisted": {reason: "suppressed"}, "addressisblacklisted": {reason: "suppressed"},
		},
	}
}

func brevoKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivered"},
		Delayed:   {"deferred"},
		Failed:    {"hardbounce", "hardbounces", "softbounce", "softbounces", "bounce", "bounces", "error"},
		Complaint: {"spam", "complaint", "complaints"},
		Other: {"request", "requests", "sent", "opened", "uniqueopened", "firstopening", "click", "clicks", "clicked", "unsubscribed",
			"proxyopen", "uniqueproxyopen", "loadedbyproxy", "listaddition"},
	})
	kinds["blocked"] = kind{action: Failed, reason: "suppressed"}
	kinds["invalid"] = kind{action: Failed, reason: "address_syntax"}
	kinds["invalidemail"] = kind{action: Failed, reason: "address_syntax"}
	return kinds
}
