package event

// eximMail is what is known of a mail in the queue.
type eximMail struct {
	from, messageID, subject, client, login string
	size                                    int64
}

// eximJoiner adds the sender of a mail to what became of it.
type eximJoiner struct{ mails queue[eximMail] }

func newEximJoiner() *eximJoiner { return &eximJoiner{queue[eximMail]{size: maxOpenMails}} }

func (j *eximJoiner) add(r *record, give func(*Event) error) error {
	id, e := toQueueID(r.key), r.Event
	switch r.kind {
	case eximArrived:
		*j.mails.mail(id) = eximMail{e.From, e.MessageID, e.Subject, e.Client, e.Login, e.Size}
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
	}
	return give(e)
}

func (j *eximJoiner) end(func(*Event) error) error { return nil }
