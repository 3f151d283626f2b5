package event

import (
	"strings"

	"todoku/codes"
)

// Bounds of what is remembered of a log of Sendmail, which does not say when it is done with a mail.
const (
	sendmailMails = 8000 // mails, twice
	sendmailWaits = 200  // recipients of a mail that wait for another attempt
)

// sendmailMail is a mail in the queue.
type sendmailMail struct {
	from, messageID string
	waiting         []Event // the last attempt of each recipient that was put off
	expired         bool    // it was told that the mail is given up
}

// sendmailJoiner knows the senders of mails, and who still waits for them.
type sendmailJoiner struct {
	mails     recent[*sendmailMail]
	forgotten int // mails with recipients that waited
}

func newSendmailJoiner() joiner {
	j := &sendmailJoiner{mails: recent[*sendmailMail]{size: sendmailMails}}
	j.mails.lost = func(m *sendmailMail) {
		if len(m.waiting) > 0 {
			j.forgotten++
		}
	}
	return j
}

func (j *sendmailJoiner) notes() []codes.Text { return forgottenNote(j.forgotten) }

func (j *sendmailJoiner) mail(id string) *sendmailMail {
	m, ok := j.mails.get(id)
	if !ok {
		m = new(sendmailMail)
		j.mails.put(id, m)
	}
	return m
}

func (j *sendmailJoiner) add(r *record, give func(*Event) error) error {
	m := j.mail(r.QueueID)
	switch r.kind {
	case sendmailFrom:
		m.from, m.messageID = r.From, r.MessageID
		return nil
	case sendmailExpired:
		return j.expire(m, r, give)
	}
	if r.Action == Delivered && j.isHandedOver(r) {
		return nil
	}
	for to := range sendmailRecipients(r.Recipient) {
		e := *r.Event
		e.Recipient = to
		m.complete(&e)
		m.note(&e)
		if err := give(&e); err != nil {
			return err
		}
	}
	return nil
}

func (j *sendmailJoiner) end(func(*Event) error) error { return nil }

// complete fills in what the line about the sender tells.
func (m *sendmailMail) complete(e *Event) {
	if m.from != "" {
		e.From = m.from
	}
	e.MessageID = m.messageID
}

// note remembers a recipient who waits, and forgets one who does not any more.
func (m *sendmailMail) note(e *Event) {
	for i := range m.waiting {
		if m.waiting[i].Recipient == e.Recipient {
			m.waiting = append(m.waiting[:i], m.waiting[i+1:]...)
			break
		}
	}
	m.expired = m.expired || e.Action == Expired
	if e.Action == Delayed && len(m.waiting) < sendmailWaits {
		m.waiting = append(m.waiting, *e)
	}
}

// expire gives up all recipients who wait. A second line about the same mail, to the postmaster, tells nothing more.
func (j *sendmailJoiner) expire(m *sendmailMail, r *record, give func(*Event) error) error {
	known := m.waiting
	if len(known) == 0 && !m.expired {
		m.complete(r.Event)
		known = []Event{*r.Event}
	}
	m.waiting, m.expired = nil, true
	for _, last := range known {
		e := last
		e.Source, e.Time, e.Clock, e.Action, e.End = r.Source, r.Time, r.Clock, Expired, r.End
		if err := give(&e); err != nil {
			return err
		}
	}
	return nil
}

// isHandedOver reports whether a mail went to the daemon on the same machine, which logs it under an id of its own:
// "stat=Sent (0A1B2C3D Message accepted for delivery)". What becomes of it is told there.
func (j *sendmailJoiner) isHandedOver(r *record) bool {
	if !r.RemoteIP.IsLoopback() {
		return false
	}
	_, id, ok := strings.Cut(r.Diagnostic, "(")
	if !ok || !strings.Contains(id, "accepted for delivery") {
		return false
	}
	for word := range strings.FieldsSeq(id) {
		if _, known := j.mails.get(word); known && len(word) >= 8 {
			return true
		}
	}
	return false
}

// sendmailRecipients are those of one line: "<a@b>,<c@d>", "a,b", "<a@b>, [more]".
func sendmailRecipients(list string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		list = strings.TrimRight(strings.TrimSuffix(list, "[more]"), ", ")
		quoted, start := false, 0
		depth := 0
		for i := 0; i <= len(list); i++ {
			if i < len(list) {
				switch c := list[i]; {
				case c == '"':
					quoted = !quoted
				case c == '<' && !quoted:
					depth++
				case c == '>' && !quoted:
					depth--
				}
				if list[i] != ',' || quoted || depth > 0 {
					continue
				}
			}
			one := withoutBrackets(list[start:i])
			start = i + 1
			if one == "" || strings.HasPrefix(one, "...") {
				continue
			}
			if !yield(one) {
				return
			}
		}
	}
}
