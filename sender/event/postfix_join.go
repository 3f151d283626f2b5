package event

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"todoku/codes"
)

// Bounds of what is remembered of mails in the queue.
const (
	maxOpenMails    = 24_000 // of each of two generations
	maxDelaysOfMail = 1_000  // recipients that wait, of one mail
	maxDelays       = 24_000 // recipients that began to wait, of each generation
)

// postfixMail is what is known of a mail in the queue.
type postfixMail struct {
	from      string
	messageID string
	client    string
	login     string
	size      int64
	delayed   []delay
}

// delay is the last delivery that was put off, to one recipient. It keeps what the mail itself does not tell.
type delay struct {
	Recipient, OriginalRecipient string
	RemoteMTA, Diagnostic        string
	RemoteIP                     netip.Addr
	Reply                        codes.Reply
}

func (d *delay) set(e *Event) {
	*d = delay{strings.Clone(e.Recipient), strings.Clone(e.OriginalRecipient), strings.Clone(e.RemoteMTA), strings.Clone(e.Diagnostic),
		e.RemoteIP, e.Reply}
}

// postfixJoiner joins the lines of a mail.
type postfixJoiner struct {
	mails     queue[postfixMail]
	delays    int // that began in the younger generation
	forgotten int // mails with recipients that waited
	names     interner
}

func newPostfixJoiner() *postfixJoiner {
	j := &postfixJoiner{names: interner{}}
	j.mails.size = maxOpenMails
	j.mails.lost = func(m postfixMail) {
		if len(m.delayed) > 0 {
			j.forgotten++
		}
	}
	return j
}

func (j *postfixJoiner) add(r *record, give func(*Event) error) error {
	id := toQueueID(r.key)
	switch r.kind {
	case isEvent:
		return j.deliver(id, r.Event, give)
	case postfixClient:
		m := j.mails.mail(id)
		m.client, m.login = j.client(r.text)
	case postfixMessageID:
		j.mails.mail(id).messageID = string(bytes.Trim(r.text, "<>"))
	case postfixSender:
		m := j.mails.mail(id)
		if m.from == "" {
			m.from = string(r.text)
		}
		if r.number > 0 {
			m.size = r.number
		}
	case postfixExpired:
		return j.expire(id, r.Event, give)
	case postfixRemoved:
		j.mails.drop(id)
	}
	return nil
}

// client reads "host[address], sasl_method=PLAIN, sasl_username=name".
func (j *postfixJoiner) client(text []byte) (client, login string) {
	head, rest, _ := bytes.Cut(text, []byte(", "))
	if _, name, ok := bytes.Cut(rest, []byte("sasl_username=")); ok {
		name, _, _ = bytes.Cut(name, []byte(", "))
		login = j.names.name(name)
	}
	return j.names.name(head), login
}

// deliver gives what became of a recipient.
func (j *postfixJoiner) deliver(id queueID, e *Event, give func(*Event) error) error {
	m := j.mails.find(id)
	if m == nil && e.Action == Delayed {
		m = j.mails.mail(id)
	}
	if m != nil {
		j.wait(m, e)
		m.fill(e)
	}
	return give(e)
}

// fill adds what other lines said of the mail.
func (m *postfixMail) fill(e *Event) {
	if e.From == "" {
		e.From = m.from
	}
	e.MessageID, e.Client, e.Login, e.Size = m.messageID, m.client, m.login, m.size
}

// wait notes whether a recipient still waits.
func (j *postfixJoiner) wait(m *postfixMail, e *Event) {
	at := len(m.delayed)
	for i := range m.delayed {
		if m.delayed[i].Recipient == e.Recipient && m.delayed[i].OriginalRecipient == e.OriginalRecipient {
			at = i
			break
		}
	}
	switch {
	case e.Action != Delayed:
		if at < len(m.delayed) {
			m.delayed = append(m.delayed[:at], m.delayed[at+1:]...)
		}
	case at < len(m.delayed):
		m.delayed[at].set(e)
	case at < maxDelaysOfMail:
		m.delayed = append(m.delayed, delay{})
		m.delayed[at].set(e)
		if j.delays++; j.delays >= maxDelays {
			j.mails.turn()
			j.delays = 0
		}
	}
}

// expire gives an event for each recipient that waited: the line of qmgr names none. Where none is known, it stands for all.
func (j *postfixJoiner) expire(id queueID, e *Event, give func(*Event) error) error {
	m := j.mails.find(id)
	if m == nil {
		return give(e)
	}
	m.fill(e)
	if len(m.delayed) == 0 {
		return give(e)
	}
	for _, d := range m.delayed {
		one := *e
		one.Recipient, one.OriginalRecipient, one.RemoteMTA, one.RemoteIP = d.Recipient, d.OriginalRecipient, d.RemoteMTA, d.RemoteIP
		one.Diagnostic, one.Reply = d.Diagnostic, d.Reply
		if err := give(&one); err != nil {
			return err
		}
	}
	m.delayed = nil
	return nil
}

func (j *postfixJoiner) end(func(*Event) error) error { return nil }

func (j *postfixJoiner) notes() []codes.Text { return forgottenNote(j.forgotten) }

// forgottenNote tells of mails that waited for so long that they had to be forgotten.
func forgottenNote(mails int) []codes.Text {
	if mails == 0 {
		return nil
	}
	n := strconv.Itoa(mails)
	return []codes.Text{{EN: "mails that waited in the queue for so long that their recipients were forgotten: " + n,
		JA: "キューに長くとどまり、宛先を覚えておけなかったメール: " + n + "通"}}
}
