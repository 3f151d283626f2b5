package event

// postmark is the webhooks of Postmark.
func postmark() *service {
	return &service{
		name:    "postmark",
		names:   postmarkNames("RecordType"),
		marks:   []string{"RecordType"},
		kinds:   postmarkKinds(),
		reasons: postmarkReasons(),
	}
}

// postmarkBounces is the list of bounces that Postmark keeps. Each has a type, and no kind of event.
func postmarkBounces() *service {
	names := postmarkNames("Type")
	return &service{name: "postmark", names: names, marks: []string{"TypeCode"}, kinds: postmarkTypes(""), reasons: postmarkReasons()}
}

func postmarkNames(kind string) map[field][]string {
	names := map[field][]string{
		fieldKind:       {kind},
		fieldTime:       {"BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt"},
		fieldRecipient:  {"Email", "Recipient"},
		fieldFrom:       {"From"},
		fieldSubject:    {"Subject"},
		fieldQueueID:    {"MessageID"},
		fieldEventID:    {"ID"},
		fieldDiagnostic: {"Details", "Description"},
	}
	if kind != "Type" {
		names[fieldKind2] = []string{"Type"}
	}
	return names
}

func postmarkKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"delivery"},
		Failed:    {"bounce"},
		Complaint: {"spamcomplaint"},
		Other:     {"open", "click", "subscriptionchange", "inbound"},
	})
	for word, k := range postmarkTypes("bounce/") {
		kinds[word] = k
	}
	return kinds
}

// postmarkTypes are the types of a bounce that are more than a failure, or none.
func postmarkTypes(before string) map[string]kind {
	kinds := map[string]kind{}
	for word, action := range map[string]Action{"transient": Delayed, "autoresponder": AutoReply, "challengeverification": AutoReply,
		"spamcomplaint": Complaint, "subscribe": Other, "unsubscribe": Other, "openrelaytest": Other, "templaterenderingfailed": Other,
		"hardbounce": Failed, "softbounce": Failed, "blocked": Failed, "ispblock": Failed, "dnserror": Failed, "spamnotification": Failed,
		"virusnotification": Failed, "addresschange": Failed, "bademailaddress": Failed, "manuallydeactivated": Failed, "unconfirmed": Failed,
		"dmarcpolicy": Failed, "smtpapierror": Failed, "inbounderror": Failed, "unknown": Failed} {
		kinds[before+word] = kind{action: action}
	}
	return kinds
}

func postmarkReasons() map[string]category {
	return map[string]category{"hardbounce": {}, "softbounce": {}, "blocked": {reason: "policy"}}
}
