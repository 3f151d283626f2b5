package event

// services are the sending services whose events are read, and the programs whose tables are: the more certain first.
func services() []*service {
	return []*service{ses(), powermta(), kumomta(), exchange(), exchangeSendLog(), messageTrace(), traceSummary(),
		mailgun(), postmark(), postmarkBounces(), sparkpost(), resend(), mandrill(), sendgrid(), brevo(), sendgridBounces(), generic()}
}

// kindsOf makes the kinds of several words that mean one action.
func kindsOf(words map[Action][]string) map[string]kind {
	out := map[string]kind{}
	for action, list := range words {
		for _, w := range list {
			out[w] = kind{action: action}
		}
	}
	return out
}
