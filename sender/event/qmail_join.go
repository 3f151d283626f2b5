package event

// qmailKept is how many messages and deliveries are remembered, twice.
const qmailKept = 20000

// qmailStarted is a delivery that has begun.
type qmailStarted struct{ message, recipient string }

// qmailJoiner knows the sender of each message in the queue, and which delivery has which number.
type qmailJoiner struct {
	senders    recent[string]
	deliveries recent[qmailStarted]
}

func newQmailJoiner() joiner {
	return &qmailJoiner{senders: recent[string]{size: qmailKept}, deliveries: recent[qmailStarted]{size: qmailKept}}
}

func (j *qmailJoiner) add(r *record, give func(*Event) error) error {
	switch r.kind {
	case qmailInfo:
		j.senders.put(r.QueueID, r.From)
		return nil
	case qmailStart:
		j.deliveries.put(r.QueueID, qmailStarted{r.EnvelopeID, r.Recipient})
		return nil
	case qmailEnd:
		j.senders.drop(r.QueueID)
		return nil
	}
	begun, _ := j.deliveries.get(r.QueueID)
	j.deliveries.drop(r.QueueID)
	e := *r.Event
	e.QueueID, e.Recipient = begun.message, begun.recipient
	e.From, _ = j.senders.get(begun.message)
	return give(&e)
}

func (j *qmailJoiner) end(func(*Event) error) error { return nil }
