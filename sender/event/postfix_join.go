package event

import (
	"bytes"
	"strconv"

	"todoku/codes"
)

// Bounds of what is remembered of mails in the queue.
const (
	maxOpenMails    = 24_000 // of each of two generations
	maxOpenDelays   = 16_000 // recipients that wait, of each generation
	maxDelaysOfMail = 1_000  // recipients that wait, of one mail
)

// postfixMail is what is known of a mail in the queue.
type postfixMail struct {
	id        queueID
	from      string
	messageID string
	client    string
	login     string
	size      int64
	delayed   []Event // the last one of each recipient that waits
}

// queueID is a key for a queue id, filled up with zeros.
type queueID [maxQueueID]byte

func toQueueID(id []byte) (q queueID) {
	copy(q[:], id)
	return q
}

// postfixJoiner joins the lines of a mail. It remembers two generations of mails: one that is used moves into the younger one,
// and when that is full, what is left in the older one is forgotten.
type postfixJoiner struct {
	young, old map[queueID]*postfixMail
	waiting    int // recipients in young
	unused     []*postfixMail
	names      interner
	forgotten  int // mails with recipients that waited
}

func newPostfixJoiner() *postfixJoiner {
	return &postfixJoiner{young: map[queueID]*postfixMail{}, old: map[queueID]*postfixMail{}, names: interner{}}
}

func (j *postfixJoiner) add(r *record, give func(Event) error) error {
	if r.kind == isEvent {
		return j.deliver(r, give)
	}
	id := toQueueID(r.key)
	switch r.kind {
	case postfixClient:
		m := j.mail(id)
		m.client, m.login = j.client(r.text)
	case postfixMessageID:
		j.mail(id).messageID = string(bytes.Trim(r.text, "<>"))
	case postfixSender:
		m := j.mail(id)
		if m.from == "" {
			m.from = string(r.text)
		}
		if r.number > 0 {
			m.size = r.number
		}
	case postfixExpired:
		return j.expire(r, give)
	case postfixRemoved:
		j.forget(id)
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
func (j *postfixJoiner) deliver(r *record, give func(Event) error) error {
	id := toQueueID(r.key)
	m := j.find(id)
	if m == nil && r.Action == Delayed {
		m = j.mail(id)
	}
	if m != nil {
		m.fill(r.Event)
		j.wait(m, r.Event)
	}
	return give(*r.Event)
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
	for i := range m.delayed {
		if m.delayed[i].Recipient == e.Recipient && m.delayed[i].OriginalRecipient == e.OriginalRecipient {
			if e.Action == Delayed {
				m.delayed[i] = *e
				return
			}
			m.delayed = append(m.delayed[:i], m.delayed[i+1:]...)
			j.waiting--
			return
		}
	}
	if e.Action == Delayed && len(m.delayed) < maxDelaysOfMail {
		m.delayed = append(m.delayed, *e)
		j.waiting++
	}
}

// expire gives an event for each recipient that waited: the line of qmgr names none. Where none is known, it stands for all.
func (j *postfixJoiner) expire(r *record, give func(Event) error) error {
	m := j.find(toQueueID(r.key))
	if m == nil || len(m.delayed) == 0 {
		if m != nil {
			m.fill(r.Event)
		}
		return give(*r.Event)
	}
	for _, e := range m.delayed {
		e.Source, e.Time, e.Clock = r.Source, r.Time, r.Clock
		e.Action, e.End = Expired, codes.EventDeadline
		if err := give(e); err != nil {
			return err
		}
	}
	j.waiting -= len(m.delayed)
	m.delayed = nil
	return nil
}

// find is the mail of an id, nil where nothing is known of it.
func (j *postfixJoiner) find(id queueID) *postfixMail {
	if m := j.young[id]; m != nil {
		return m
	}
	m := j.old[id]
	if m != nil {
		delete(j.old, id)
		j.enter(m)
	}
	return m
}

// mail is the mail of an id, a new one where nothing is known of it.
func (j *postfixJoiner) mail(id queueID) *postfixMail {
	m := j.find(id)
	if m != nil {
		return m
	}
	if n := len(j.unused); n > 0 {
		m, j.unused = j.unused[n-1], j.unused[:n-1]
	} else {
		m = new(postfixMail)
	}
	m.id = id
	j.enter(m)
	return m
}

func (j *postfixJoiner) enter(m *postfixMail) {
	if len(j.young) >= maxOpenMails || j.waiting > maxOpenDelays {
		for _, lost := range j.old {
			if len(lost.delayed) > 0 {
				j.forgotten++
			}
			j.reuse(lost)
		}
		clear(j.old)
		j.young, j.old, j.waiting = j.old, j.young, 0
	}
	j.young[m.id] = m
	j.waiting += len(m.delayed)
}

func (j *postfixJoiner) forget(id queueID) {
	m := j.find(id)
	if m == nil {
		return
	}
	delete(j.young, id)
	j.waiting -= len(m.delayed)
	j.reuse(m)
}

func (j *postfixJoiner) reuse(m *postfixMail) {
	*m = postfixMail{}
	j.unused = append(j.unused, m)
}

func (j *postfixJoiner) end(func(Event) error) error { return nil }

func (j *postfixJoiner) notes() []codes.Text {
	if j.forgotten == 0 {
		return nil
	}
	n := strconv.Itoa(j.forgotten)
	return []codes.Text{{EN: "mails that waited in the queue for so long that their recipients were forgotten: " + n,
		JA: "キューに長くとどまり、宛先を覚えておけなかったメール: " + n + "通"}}
}
