package event

import (
	"strings"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/sender/mail"
)

// readNotice reads a notice that follows no standard: an event for each recipient.
func (n *notice) readNotice() []Event {
	if n.text.looksLikeStatus() {
		if events := n.readStatusInWords(); len(events) > 0 {
			return events
		}
	}
	all := n.recipients()
	isExchange := containsAny(n.text.low, exchangeWords)
	var out []Event
	for _, c := range all {
		e := Event{Format: "notice", Recipient: c.address, Action: Failed}
		found, words := n.text.evidence(c, all)
		e.take(found)
		if e.RemoteMTA == "" && isExchange {
			e.RemoteMTA, e.RemoteIP = n.text.hostFor(c)
		}
		e.addRemoteIP(n.text.low)
		e.Diagnostic = shortened(words)
		n.setAction(&e)
		if n.status != nil || n.tells(&e) {
			out = append(out, e)
		}
	}
	return out
}

// tells reports whether a notice says of a recipient that a mail was not delivered.
func (n *notice) tells(e *Event) bool {
	if e.Reply.Code >= 400 || e.Reply.Enhanced.Class >= 4 || e.End != codes.EventReply {
		return true
	}
	if n.fails == nil {
		fails := containsAny(n.text.low, failWords) || n.subjectTells()
		n.fails = &fails
	}
	return *n.fails
}

func shortened(s string) string {
	s = s[:min(len(s), maxValue)]
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxDiagnostic {
		return strings.ToValidUTF8(s[:maxDiagnostic], "")
	}
	return s
}

// setAction tells a delay from an end.
func (n *notice) setAction(e *Event) {
	if e.Reply.Code/100 == 2 && e.End == codes.EventDelivered {
		e.Reply = codes.Reply{Lines: e.Reply.Lines}
		e.End = codes.EventReply
	}
	if e.End == codes.EventReply && e.Reply.Code < 500 && n.isDelay() || e.End == codes.EventDelayed {
		e.Action, e.End = Delayed, codes.EventDelayed
		return
	}
	if e.Reply.Code/100 == 4 && e.End == codes.EventReply {
		e.End = codes.EventDeadline
	}
}

// isDelay reports whether a notice says that the mail is still being tried.
func (n *notice) isDelay() bool {
	if !n.delayAsked {
		whole := paste.Parse(n.subject + "\n" + n.text.words[:min(len(n.text.words), 4<<10)])
		n.delayAsked, n.delayed = true, whole.Context.Event == codes.EventDelayed
	}
	return n.delayed
}

// wordsOf is what the words for people say of a recipient.
func (n *notice) wordsOf(recipient string) (paste.Found, string, bool) {
	n.readWords()
	if strings.TrimSpace(n.text.words) == "" {
		return paste.Found{}, "", false
	}
	all := []candidate{{recipient, -1, atStart}}
	if recipient != "" {
		all[0].line = n.text.lineOf(recipient)
	}
	if !n.listed {
		n.listed, n.others = true, n.recipients()
	}
	for _, c := range n.others {
		if !strings.EqualFold(c.address, recipient) && c.rank == atStart && c.line >= 0 {
			all = append(all, c)
		}
	}
	found, words := n.text.evidence(all[0], all)
	return found, words, true
}

// looksLikeStatus reports whether the fields of a report stand among the words.
func (t *noticeText) looksLikeStatus() bool {
	return strings.Contains(t.low, "final-recipient:") || strings.Contains(t.low, "diagnostic-code:") && strings.Contains(t.low, "action:")
}

// readStatusInWords reads a report that stands among the words for people.
func (n *notice) readStatusInWords() []Event {
	at := len(n.text.low)
	for _, name := range [...]string{"reporting-mta:", "final-recipient:", "original-recipient:", "action:", "diagnostic-code:"} {
		if i := strings.Index(n.text.low, "\n"+name); i >= 0 && i+1 < at {
			at = i + 1
		}
	}
	if at > len(n.text.words) {
		return nil
	}
	fields, recipients := statusBlocks(n.text.words[at:])
	ofMail := n.statusOfMail(fields)
	var out []Event
	for _, r := range recipients {
		if e := n.statusEvent(ofMail, r); e.Recipient != "" {
			out = append(out, e)
		}
	}
	return out
}

// receivedTime is when a mail was received last.
func (n *notice) receivedTime() (time.Time, bool) {
	_, date, ok := strings.Cut(n.mail.Get("Received"), ";")
	if !ok {
		return time.Time{}, false
	}
	return mail.ParseDate(strings.TrimSpace(date))
}
