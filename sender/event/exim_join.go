package event

import (
	"bytes"
	"strconv"
)

// eximMail is what is known of a mail in the queue.
type eximMail struct {
	from, messageID, subject, client, login string
	size                                    int64
	try                                     eximTry
}

// eximJoiner adds the sender of a mail to what became of it.
type eximJoiner struct {
	mails queue[eximMail]
	names interner
	host  []byte // for the name of a client
	words []byte // of the host that was tried last
}

func newEximJoiner() *eximJoiner {
	return &eximJoiner{mails: queue[eximMail]{size: maxOpenMails}, names: interner{}}
}

func (j *eximJoiner) add(r *record, give func(*Event) error) error {
	id, e := toQueueID(r.key), r.Event
	switch r.kind {
	case eximArrived:
		j.arrive(j.mails.mail(id), r.text)
		return nil
	case eximTried:
		if host := j.readTry(r.text); host.address != nil {
			j.mails.mail(id).try.add(host, j.words, j.names)
		}
		return nil
	case eximCompleted:
		j.mails.drop(id)
		return nil
	}
	if m := j.mails.find(id); m != nil {
		if e.From == "" {
			e.From = m.from
		}
		e.MessageID, e.Subject, e.Client, e.Login, e.Size = m.messageID, m.subject, m.client, m.login, m.size
		m.try.tell(e)
	}
	return give(e)
}

// arrive reads "sender H=h [a] P=esmtpsa A=plain:user S=123 id=x@y T=\"subject\"".
func (j *eximJoiner) arrive(m *eximMail, text []byte) {
	*m = eximMail{}
	sender, rest := cutEximTarget(text)
	if string(sender) != "<>" {
		m.from = string(bytes.Trim(sender, "<>"))
	}
	if _, id, ok := bytes.Cut(rest, []byte(" id=")); ok {
		id, _, _ = bytes.Cut(id, []byte(" "))
		m.messageID = string(id)
	}
	for len(rest) > 0 {
		name, value, after, ok := nextEximField(rest)
		if !ok {
			return
		}
		switch string(name) {
		case "H":
			var host eximServer
			host, after = eximHost(value, after)
			j.host = host.appendTo(j.host[:0])
			m.client = j.names.name(j.host)
		case "U":
			if m.login == "" {
				m.login = j.names.name(value)
			}
		case "A":
			_, login, named := bytes.Cut(value, []byte(":"))
			if !named {
				login = value
			}
			m.login = j.names.name(login)
		case "S":
			m.size, _ = strconv.ParseInt(string(value), 10, 64)
		case "T":
			m.subject = string(value)
		}
		rest = after
	}
}

func (j *eximJoiner) end(func(*Event) error) error { return nil }
