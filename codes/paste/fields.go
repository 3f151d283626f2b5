package paste

import (
	"strings"

	"todoku/codes"
)

// fields are those of a delivery status notification (RFC 3464 §2.3).
type fields struct {
	diagnostic string
	status     codes.Enhanced
	failed     bool // the action is "failed": no further attempt follows
	found      Found
}

// cutFields takes the fields of a delivery status notification out of a text.
// What is left was written for people; a returned message is not part of it.
func cutFields(text string) (rest string, f fields, ok bool) {
	if !containsAny(text, []string{": ", ":\n"}) {
		return text, f, false
	}
	text = inLines(withoutHeader(text))
	var left strings.Builder
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		name, value, colon := strings.Cut(lines[i], ":")
		name = strings.TrimLeft(name, " ")
		if left.Len() > 0 && colon && startsMessage(lower(name), lower(value)) {
			break
		}
		if !colon || !isField(lower(name), value) {
			left.WriteString(lines[i])
			left.WriteByte('\n')
			continue
		}
		ok = true
		for i+1 < len(lines) && strings.HasPrefix(lines[i+1], " ") && strings.TrimLeft(lines[i+1], " ") != "" {
			i++
			value += "\n" + strings.TrimLeft(lines[i], " ")
		}
		if rest := afterDate(lower(name), value); rest != "" {
			left.WriteString(rest)
			left.WriteByte('\n')
		}
		f.set(lower(name), strings.TrimSpace(value))
	}
	return strings.TrimSpace(left.String()), f, ok
}

// inLines gives each field a line of its own again, where a form or a log has put them on one.
func inLines(text string) string {
	if !strings.Contains(text, "-Recipient: ") || strings.Contains(text, "\n") {
		return text
	}
	return strings.NewReplacer(" Final-Recipient: ", "\nFinal-Recipient: ", " Original-Recipient: ", "\nOriginal-Recipient: ",
		" Action: ", "\nAction: ", " Status: ", "\nStatus: ", " Remote-MTA: ", "\nRemote-MTA: ", " Reporting-MTA: ", "\nReporting-MTA: ",
		" Diagnostic-Code: ", "\nDiagnostic-Code: ", " Last-Attempt-Date: ", "\nLast-Attempt-Date: ",
		" Arrival-Date: ", "\nArrival-Date: ", " Will-Retry-Until: ", "\nWill-Retry-Until: ").Replace(text)
}

// afterDate is what stands behind the date of a field, "" where nothing does: words for people that lost their line.
func afterDate(name, value string) string {
	if !strings.HasSuffix(name, "-date") && name != "will-retry-until" {
		return ""
	}
	i := strings.IndexAny(value, "+-")
	if i < 0 || len(value) < i+len("+0900") {
		return ""
	}
	rest := strings.TrimSpace(value[i+len("+0900"):])
	if _, after, ok := strings.Cut(rest, ")"); ok && strings.HasPrefix(rest, "(") {
		rest = strings.TrimSpace(after)
	}
	return rest
}

// withoutHeader takes the header off a whole mail: it tells of the notice, not of
// the refusal.
func withoutHeader(text string) string {
	if strings.HasPrefix(text, "From ") { // of a mailbox file
		_, text, _ = strings.Cut(text, "\n")
	}
	name, _, ok := strings.Cut(text[:min(len(text), 40)], ":")
	if !ok || strings.ContainsAny(name, " \n") {
		return text
	}
	head, body, ok := strings.Cut(text, "\n\n")
	if low := lower(head); ok && strings.Contains("\n"+low, "\nfrom:") &&
		containsAny("\n"+low, []string{"\nsubject:", "\ndate:", "\nreceived:"}) {
		return strings.TrimLeft(body, "\n")
	}
	return text
}

// isField knows the fields by their names; Status by its value too, since
// others use the word.
func isField(name, value string) bool {
	switch name {
	case "diagnostic-code", "final-recipient", "original-recipient", "remote-mta", "reporting-mta", "arrival-date",
		"last-attempt-date", "will-retry-until", "received-from-mta", "final-log-id", "x-postfix-queue-id", "x-postfix-sender",
		"original-envelope-id", "dsn-gateway", "x-actual-recipient", "x-display-name", "x-supplementary-info":
		return true
	case "action":
		switch value = strings.TrimSpace(lower(value)); {
		case value == "failed", value == "delayed", value == "delivered", value == "relayed", value == "expanded",
			strings.HasPrefix(value, "failed "):
			return true
		}
	case "status":
		_, _, ok := enhancedAt(value, skipAny(value, 0, " "))
		return ok
	}
	return false
}

// startsMessage knows where the returned message begins.
func startsMessage(name, value string) bool {
	switch name {
	case "received", "return-path":
		return true
	case "content-type":
		return strings.HasPrefix(value, " message/rfc822") || strings.HasPrefix(value, " text/rfc822-headers")
	}
	return false
}

// set takes a field; of several recipients the first counts.
func (f *fields) set(name, value string) {
	_, typed, ok := strings.Cut(value, ";")
	if !ok {
		typed = value
	}
	switch name {
	case "diagnostic-code":
		fill(&f.diagnostic, value)
	case "final-recipient":
		fill(&f.found.Recipient, address(typed))
	case "original-recipient":
		if f.found.Recipient == "" {
			f.found.Recipient = address(typed)
		}
	case "x-postfix-sender":
		fill(&f.found.Sender, address(typed))
	case "remote-mta":
		fill(&f.found.Server, server(strings.Trim(typed, " ")))
	case "status":
		if e, _, ok := enhancedAt(value, 0); ok && f.status.IsZero() {
			f.status = e
		}
	case "will-retry-until":
		if !f.failed {
			fill(&f.found.Context.Event, codes.EventDelayed)
		}
	case "action":
		switch lower(value) {
		case "failed":
			f.failed = f.found.Context.Event == codes.EventReply
		case "delayed":
			fill(&f.found.Context.Event, codes.EventDelayed)
		case "delivered", "relayed":
			fill(&f.found.Context.Event, codes.EventDelivered)
		}
	}
}
