package event

// sparkpost is SparkPost (Bird), and Momentum, whose events it has.
func sparkpost() *service {
	return &service{
		name: "sparkpost",
		names: map[field][]string{
			fieldKind:       {"type", "event_type"},
			fieldCategory:   {"bounce_class"},
			fieldTime:       {"timestamp", "event_timestamp"},
			fieldRecipient:  {"rcpt_to", "raw_rcpt_to"},
			fieldFrom:       {"msg_from", "friendly_from"},
			fieldSubject:    {"subject"},
			fieldQueueID:    {"message_id", "transmission_id"},
			fieldEventID:    {"event_id"},
			fieldRemoteIP:   {"ip_address"},
			fieldSendingIP:  {"sending_ip"},
			fieldCode:       {"error_code"},
			fieldDiagnostic: {"raw_reason", "reason"},
			fieldFeedback:   {"fbtype"},
		},
		marks: []string{"rcpt_to", "raw_rcpt_to", "bounce_class"},
		kinds: kindsOf(map[Action][]string{
			Delivered: {"delivery"},
			Delayed:   {"delay"},
			Failed:    {"bounce", "outofband", "policyrejection", "generationfailure", "generationrejection"},
			Complaint: {"spamcomplaint"},
			Other: {"injection", "reception", "open", "initialopen", "ampopen", "ampinitialopen", "click", "ampclick", "listunsubscribe",
				"linkunsubscribe", "relayinjection", "relayrejection", "relaydelivery", "relaytempfail", "relaypermfail", "smsstatus"},
		}),
		reasons: map[string]category{
			"10": {reason: "user_unknown"}, "21": {reason: "dns_failure"}, "22": {reason: "mailbox_full"}, "23": {reason: "too_large"},
			"24": {reason: "connection_failed"}, "25": {reason: "policy"}, "26": {reason: "suppressed"}, "30": {reason: "user_unknown"},
			"50": {reason: "policy"}, "51": {reason: "spam"}, "52": {reason: "spam"}, "53": {reason: "content_refused"},
			"54": {reason: "relay_denied"}, "60": {action: AutoReply}, "90": {reason: "suppressed"}, "100": {action: AutoReply},
		},
	}
}
