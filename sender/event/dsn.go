package event

import (
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/sender/mail"
)

// readStatus reads a delivery status notification (RFC 3464): an event for each recipient.
func (n *notice) readStatus() []Event {
	fields, recipients := statusBlocks(n.status.Text())
	n.readReturned()
	ofMail := n.statusOfMail(fields)
	var out []Event
	for _, r := range recipients {
		e := n.statusEvent(ofMail, r)
		if !namesMailbox(e.Recipient) && len(recipients) == 1 {
			n.findRecipient(&e)
		}
		if e.Recipient != "" || e.Reply.Code != 0 || !e.Reply.Enhanced.IsZero() {
			out = append(out, e)
		}
	}
	return out
}

// statusOfMail is what the fields of the mail say of all its recipients.
func (n *notice) statusOfMail(fields statusBlock) Event {
	n.isPostfix = fields.has("x-postfix-queue-id") || fields.has("x-postfix-sender")
	e := Event{
		Format:       "dsn",
		ReportingMTA: hostOf(typed(fields.get("reporting-mta", "dsn-gateway"))),
		QueueID:      fields.get("x-postfix-queue-id", "x-queue-id"),
		EnvelopeID:   fromXText(fields.get("original-envelope-id"), true),
		MessageID:    strings.Trim(fields.get("x-original-message-id"), "<> "),
		From:         addressOf(fields.get("x-postfix-sender", "x-original-sender")),
	}
	e.Time, _ = dateOf(fields.get("last-attempt-date"), n.mail.Get("Date"), fields.get("arrival-date"))
	return e
}

// statusEvent is what the fields say of one recipient. e is what they say of all.
func (n *notice) statusEvent(e Event, r statusBlock) Event {
	final, first := addressOf(r.get("final-recipient")), addressOf(r.get("original-recipient"))
	e.Recipient = final
	fill(&e.Recipient, addressOf(r.get("x-actual-recipient")))
	if first != "" && !strings.EqualFold(first, e.Recipient) {
		e.OriginalRecipient = first
	}
	fill(&e.Recipient, first)
	if hasDomain(first) && !hasDomain(final) && namesMailbox(final) { // "user@daemon"
		e.Recipient, e.OriginalRecipient = first, final
	}
	e.RemoteMTA, e.RemoteIP = remoteOf(typed(r.get("remote-mta")))
	if t, ok := mail.ParseDate(r.get("last-attempt-date")); ok {
		e.Time = t
	}
	e.Diagnostic = withoutType(r.get("diagnostic-code", "x-diagnostic-code", "x-supplementary-info", "x-mimecast-bounce-reason"))
	status, _ := codes.ParseEnhanced(firstWord(r.get("status")))
	e.Action = actionOf(r.get("action"), status)
	n.addReply(&e, status)
	e.settle(status, r)
	return e
}

// actionOf is the action that a report names, or else what its status means.
func actionOf(value string, status codes.Enhanced) Action {
	value = strings.ToLower(value)
	for _, a := range [...]struct {
		begin string
		is    Action
	}{
		{"fail", Failed}, {"delayed", Delayed}, {"delay", Delayed}, {"defer", Delayed}, {"deliver", Delivered}, {"relay", Relayed},
		{"expand", Expanded}, {"expire", Expired}, {"success", Delivered}, {"bounce", Failed}, {"error", Failed}, {"reject", Failed},
		{"transient", Delayed}, {"warn", Delayed},
	} {
		if strings.HasPrefix(value, a.begin) {
			return a.is
		}
	}
	switch status.Class {
	case 2:
		return Delivered
	case 4:
		return Delayed
	}
	return Failed
}

// addReply reads the reply in the words of a recipient's fields, and where they say little, in the words for people.
func (n *notice) addReply(e *Event, status codes.Enhanced) {
	if !e.Action.Trouble() {
		e.Reply.Enhanced = status
		return
	}
	found := paste.Parse(e.Diagnostic)
	if found.Context.Stage == "" && n.isPostfix {
		found.Context.Stage = n.stageOf(e.Recipient)
	}
	if e.Diagnostic == "" || saysNothing(found.Reply) {
		if said, words, ok := n.wordsOf(e.Recipient); ok {
			if found.Reply.Code != 0 && said.Reply.Code == 0 {
				said.Reply.Code = found.Reply.Code
			}
			found = said
			if e.Diagnostic = words; len(words) > maxDiagnostic {
				e.Diagnostic = strings.ToValidUTF8(words[:maxDiagnostic], "")
			}
		}
	}
	e.take(found)
	e.addRemoteIP(strings.ToLower(e.Diagnostic))
	if n.isPostfix {
		e.addRemoteIP(n.text.low)
	}
	if e.Reply.Enhanced.IsZero() || vague(e.Reply.Enhanced) && !vague(status) && !status.IsZero() {
		e.Reply.Enhanced = status
	}
}

// maxDiagnostic bounds the words that an event keeps, in octets.
const maxDiagnostic = 2000

// take takes over what was read in the words of a reply.
func (e *Event) take(found paste.Found) {
	e.Reply, e.Stage, e.End = found.Reply, found.Context.Stage, found.Context.Event
	if e.RemoteMTA == "" {
		e.RemoteMTA, e.RemoteIP = remoteOf(found.Server)
	}
	server := e.RemoteMTA
	if e.RemoteIP.IsValid() {
		server = e.RemoteIP.String()
	}
	for word := range strings.FieldsFuncSeq(e.Reply.Text(), isAround) {
		if ip, ok := literalIP(strings.TrimRight(word, ".:")); ok && !e.RemoteIP.IsValid() && e.isReceiver(ip) {
			e.RemoteIP = ip
			server = ip.String()
		}
	}
	if ip := paste.SendingIP(e.Reply.Text(), server); ip != e.RemoteIP {
		e.SendingIP = ip
	}
}

// isAround reports whether a character stands around an address.
func isAround(r rune) bool {
	return r == ' ' || r == '[' || r == ']' || r == '(' || r == ')' || r == '<' || r == '>' || r == ','
}

// isReceiver reports whether an address in the words of a reply is that of the receiving server: it stands behind the name of that
// server, or of one of the recipient's domain.
func (e *Event) isReceiver(ip netip.Addr) bool {
	before, _, _ := strings.Cut(e.Reply.Text(), ip.String())
	before = strings.TrimRight(before, " [(.:")
	start := strings.LastIndexAny(before, " [(<'\"") + 1
	name, domain := hostOf(before[start:]), strings.ToLower(domainOf(e.Recipient))
	switch {
	case !isHost(name):
		return false
	case name == e.RemoteMTA, domain != "" && (name == domain || strings.HasSuffix(name, "."+domain)):
		fill(&e.RemoteMTA, name)
		return true
	}
	for _, w := range [...]string{"connect to", "connecting to", "connection to", "offered by host", "conversation with",
		"talking to", "sent to"} {
		if strings.HasSuffix(strings.ToLower(strings.TrimSpace(before[:start])), w) {
			fill(&e.RemoteMTA, name)
			return true
		}
	}
	return false
}

// addRemoteIP looks for the address of the server beside its name, in words in lower case: "mx.example[192.0.2.25]", "mx.example
// (192.0.2.25)".
func (e *Event) addRemoteIP(low string) {
	if e.RemoteIP.IsValid() || e.RemoteMTA == "" {
		return
	}
	for _, rest, ok := strings.Cut(low, e.RemoteMTA); ok; _, rest, ok = strings.Cut(rest, e.RemoteMTA) {
		after := strings.TrimLeft(rest[:min(len(rest), 60)], ". ")
		if after == "" || after[0] != '[' && after[0] != '(' {
			continue
		}
		if end := strings.IndexAny(after, "])"); end > 0 {
			if ip, ok := literalIP(after[1:end]); ok {
				e.RemoteIP = ip
				if e.SendingIP == ip {
					e.SendingIP = netip.Addr{}
				}
				return
			}
		}
	}
}

// literalIP reads an address as mails write it: "192.0.2.25", "IPv6:2001:db8::1" (RFC 5321 §4.1.3).
func literalIP(s string) (netip.Addr, bool) {
	const kind = "IPv6:"
	if len(s) > len(kind) && strings.EqualFold(s[:len(kind)], kind) {
		s = s[len(kind):]
	}
	ip, err := netip.ParseAddr(s)
	return ip, err == nil
}

// saysNothing reports whether a reply has no words that tell a reason.
func saysNothing(r codes.Reply) bool {
	letters := 0
	for _, l := range r.Lines {
		for _, c := range l {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 {
				letters++
			}
		}
	}
	return letters < 4
}

// vague reports whether a status says no more than its class (RFC 3463 §3.1).
func vague(e codes.Enhanced) bool { return e.Subject == 0 && e.Detail == 0 }

// settle makes what is said of the end fit the action: a mail that failed is no longer tried, whatever its reply was.
func (e *Event) settle(status codes.Enhanced, r statusBlock) {
	switch {
	case e.Action == Failed && (e.End == codes.EventDelayed || e.End == codes.EventReply && e.lastTry(status)):
		e.End = codes.EventDeadline
	case e.Action == Delayed && e.End != codes.EventTimeout:
		e.End = codes.EventDelayed
	}
	if e.Action == Failed && (status == codes.Enhanced{Class: 4, Subject: 4, Detail: 7} ||
		status == codes.Enhanced{Class: 5, Subject: 4, Detail: 7}) {
		e.Action = Expired
	}
	if e.Action == Failed && r.get("will-retry-until") != "" && status.Class == 4 {
		e.Action, e.End = Delayed, codes.EventDelayed
	}
}

// lastTry reports whether a mail was given up although its reply was temporary.
func (e *Event) lastTry(status codes.Enhanced) bool {
	return e.Reply.Code/100 == 4 || e.Reply.Code == 0 && status.Class == 4
}

// withoutType is a Diagnostic-Code without its type: "smtp; 550 …".
func withoutType(value string) string {
	kind, rest, ok := strings.Cut(value, ";")
	kind = strings.TrimSpace(kind)
	if !ok || kind == "" || len(kind) > 20 || strings.ContainsAny(kind, " @<:") || kind[0] >= '0' && kind[0] <= '9' {
		return strings.TrimSpace(value)
	}
	return strings.TrimSpace(rest)
}

func firstWord(s string) string {
	for w := range strings.FieldsSeq(s) {
		return strings.Trim(w, "();,")
	}
	return ""
}

// remoteOf reads a Remote-MTA: a name, and an address where one stands with it.
func remoteOf(s string) (name string, ip netip.Addr) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ()[],;<>\"", r) }) {
		if a, ok := literalIP(word); ok {
			if !ip.IsValid() {
				ip = a
			}
		} else if name == "" && strings.Contains(word, ".") {
			name = hostOf(word)
		}
	}
	if name == "" && ip.IsValid() {
		name = ip.String()
	}
	return name, ip
}

// hostOf is the name of a host in lower case, without the dot at its end.
func hostOf(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	return strings.ToLower(strings.Trim(s, ".[]()<>\"'"))
}

// namesMailbox reports whether a recipient is a mailbox, and no file or program.
func namesMailbox(s string) bool {
	return strings.IndexByte(s, '@') > 0 && s[0] != '/' && s[0] != '|' && s[0] != '"' || strings.HasPrefix(s, "\"") &&
		strings.Contains(s, "\"@")
}

// hasDomain reports whether an address has a domain that others know.
func hasDomain(a string) bool {
	_, domain, _ := strings.Cut(a, "@")
	return strings.Contains(domain, ".")
}

// findRecipient fills in the recipient of a report that names none, or a file.
func (n *notice) findRecipient(e *Event) {
	n.readWords()
	if namesMailbox(e.OriginalRecipient) {
		e.Recipient, e.OriginalRecipient = e.OriginalRecipient, ""
		return
	}
	if all := n.recipients(); len(all) == 1 {
		e.Recipient = all[0].address
	} else if to := mail.AddressIn(n.original.to); to != "" && !strings.Contains(n.original.to, ",") {
		e.Recipient = to
	}
}

// done fills in what all events of a mail have.
func (n *notice) done(events []Event) mailResult {
	n.readReturned()
	back := n.mail.Mailbox("Delivered-To")
	fill(&back, n.mail.Mailbox("X-Original-To"))
	fill(&back, n.mail.Mailbox("To"))
	sent, ok := n.mail.Date("Date")
	if !ok {
		sent, _ = n.receivedTime()
	}
	for i := range events {
		e := &events[i]
		n.original.fill(e)
		fill(&e.ReturnPath, back)
		if e.Time.IsZero() {
			e.Time = sent
		}
		e.Notes = append(e.Notes, n.mail.Notes()...)
	}
	return mailResult{events: events}
}

// stageOf is the part of the session that Postfix names for a recipient, which stands in its words for people alone.
func (n *notice) stageOf(recipient string) codes.Stage {
	n.readWords()
	_, rest, ok := strings.Cut(n.text.words, "<"+recipient+">")
	if !ok {
		return ""
	}
	at := strings.Index(rest, "(in")
	if at < 0 {
		return ""
	}
	if end := strings.Index(rest, "\n<"); end >= 0 && end < at {
		return ""
	}
	return paste.StageNamed(strings.Join(strings.Fields(rest[at:min(len(rest), at+80)]), " "))
}
