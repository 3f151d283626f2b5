package event

import "strings"

// exchange is the message tracking log of Exchange, and what PowerShell exports of it.
func exchange() *service {
	return &service{
		name:   "exchange",
		strict: true,
		names: map[field][]string{
			fieldKind:       {"event-id"},
			fieldKind2:      {"source"},
			fieldTime:       {"date-time", "timestamp"},
			fieldRecipient:  {"recipient-address", "recipients"},
			fieldOriginal:   {"related-recipient-address"},
			fieldFrom:       {"sender-address", "sender"},
			fieldReturnPath: {"return-path"},
			fieldSubject:    {"message-subject"},
			fieldMessageID:  {"message-id"},
			fieldQueueID:    {"internal-message-id"},
			fieldReporter:   {"client-hostname"},
			fieldRemote:     {"server-hostname"},
			fieldRemoteIP:   {"server-ip"},
			fieldSendingIP:  {"client-ip"},
			fieldConnector:  {"connector-id"},
			fieldDiagnostic: {"recipient-status"},
			fieldCategory:   {"source-context"},
		},
		marks: []string{"recipient-status", "internal-message-id", "source-context"},
		kinds: exchangeKinds(),
		split: splitExchange,
	}
}

func exchangeKinds() map[string]kind {
	kinds := kindsOf(map[Action][]string{
		Delivered: {"send", "sendexternal", "deliver"},
		Delayed:   {"defer"},
		Failed:    {"fail", "badmail", "poisonmessage", "submitfail"},
		Expanded:  {"expand"},
	})
	for _, step := range []string{"receive", "submit", "transfer", "resolve", "redirect", "dsn", "process", "load", "agentinfo",
		"duplicatedeliver", "duplicateexpand", "duplicateredirect", "haredirect", "hareceive", "hadiscard", "haredirectfail",
		"initmessagecreated", "modify",
		"moderatorapprove", "moderatorreject", "moderatorsallndr", "moderationexpire", "notifymapi", "resubmit", "resubmitdefer", "resubmitfail",
		"submitdefer", "suppressed", "throttle", "processmeetingmessage", "deliverjunk", "dropped", "safetynetdiscard", "drop"} {
		kinds[step] = kind{silent: true}
	}
	return kinds
}

// splitExchange gives an event for each recipient of a row, with what the row says of it.
func splitExchange(r *rows, e *Event) error {
	v := &r.v
	byService := squeeze(v.get(fieldKind2))
	if e.Action == Delivered && strings.Contains(squeeze(v.get(fieldConnector)), "intraorganization") {
		return nil // to another server of the same house, which says what becomes of it
	}
	if byService != "smtp" {
		e.ReportingMTA, e.RemoteMTA = e.RemoteMTA, ""
		e.RemoteIP, e.SendingIP = e.SendingIP, e.RemoteIP
		e.RemoteIP = e.RemoteIP.Unmap()
	}
	if e.Action == Expanded && e.OriginalRecipient != "" {
		e.Recipient, e.OriginalRecipient = e.OriginalRecipient, ""
		return r.in.give(e)
	}
	recipients := splitList(strings.Trim(v.get(fieldRecipient), "{}"))
	statuses := statusesOf(v.get(fieldDiagnostic), len(recipients))
	base := *e
	for i, to := range recipients {
		*e = base
		if e.Recipient = bareAddress(to); e.Recipient == "" {
			continue
		}
		if i < len(statuses) {
			e.Diagnostic = statuses[i]
		}
		if e.Action.Trouble() {
			e.exchangeReason(e.Diagnostic, v.get(fieldCategory))
		}
		if err := r.in.give(e); err != nil {
			return err
		}
	}
	return nil
}

// splitList splits a list of recipients: at ';', or at ',' as PowerShell writes it.
func splitList(s string) []string {
	sep := ";"
	if !strings.Contains(s, ";") && strings.Contains(s, ",") {
		sep = ","
	}
	return strings.Split(s, sep)
}

// statusesOf splits the statuses of n recipients. They stand with ';' between them, which may be a sign of theirs too; PowerShell
// writes "{550 5.1.1 …, 552 5.2.2 …}".
func statusesOf(s string, n int) []string {
	sep := byte(';')
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		s, sep = s[1:len(s)-1], ','
	}
	if n == 1 || s == "" {
		return []string{s}
	}
	for _, starts := range [...]func(string) bool{func(string) bool { return true }, beginsStatus} {
		var out []string
		depth, from := 0, 0
		for i := range len(s) {
			switch s[i] {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			case sep:
				if depth == 0 && starts(s[i+1:]) {
					out = append(out, s[from:i])
					from = i + 1
				}
			}
		}
		if out = append(out, s[from:]); len(out) == n {
			return out
		}
	}
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

// beginsStatus reports whether a status begins here: with a code, or with a list of properties.
func beginsStatus(s string) bool {
	s = strings.TrimLeft(s, " '\"")
	code, _ := codeIn(s)
	return code != 0 || strings.HasPrefix(s, "[{") || s == "" || s[0] == ';'
}

// exchangeReason reads "[{LED=550 5.1.1 …};{MSG=…};{FQDN=mx.example};{IP=192.0.2.1};{LRT=…}]", or a plain reply.
func (e *Event) exchangeReason(status, context string) {
	words := status
	if strings.HasPrefix(strings.TrimLeft(status, " '\""), "[{") {
		words = property(status, "LED")
		if words == "" {
			words = property(status, "MSG")
		}
		if host := property(status, "FQDN"); host != "" {
			e.RemoteMTA = hostName(host)
		}
		if ip := addressIn(property(status, "IP")); ip.IsValid() {
			e.RemoteIP = ip
		}
	}
	if strings.Trim(words, " ;'\"") == "" {
		words = context
	}
	e.Diagnostic = strings.Trim(words, " ;'\"")
	e.setReason(evidence{words: e.Diagnostic})
}

// property is a value of a list like "[{LED=…};{MSG=…}]"; "" where it is not there.
func property(s, name string) string {
	_, after, ok := strings.Cut(s, "{"+name+"=")
	if !ok {
		return ""
	}
	if i := strings.Index(after, "};{"); i >= 0 {
		return after[:i]
	}
	if i := strings.Index(after, "}]"); i >= 0 {
		return after[:i]
	}
	return strings.TrimRight(after, "}]")
}
