package event

// queueID is a key for the id of a mail in a queue, filled up with zeros.
type queueID [maxQueueID]byte

// maxQueueID is the length of an id at most.
const maxQueueID = 24

func toQueueID(id []byte) (q queueID) {
	copy(q[:], id)
	return q
}

// queue remembers what is known of mails in two generations: a mail that is looked up moves into the younger one, and when
// that is full, what is left in the older one is forgotten.
type queue[M any] struct {
	size       int     // of a generation
	lost       func(M) // a mail is forgotten that was not done; may be nil
	young, old map[queueID]*M
	unused     []*M
}

// find is the mail of an id, nil where nothing is known of it.
func (q *queue[M]) find(id queueID) *M {
	if m := q.young[id]; m != nil {
		return m
	}
	m := q.old[id]
	if m != nil {
		delete(q.old, id)
		q.enter(id, m)
	}
	return m
}

// mail is the mail of an id, a new one where nothing is known of it.
func (q *queue[M]) mail(id queueID) *M {
	m := q.find(id)
	if m != nil {
		return m
	}
	if n := len(q.unused); n > 0 {
		m, q.unused = q.unused[n-1], q.unused[:n-1]
	} else {
		m = new(M)
	}
	q.enter(id, m)
	return m
}

func (q *queue[M]) enter(id queueID, m *M) {
	if len(q.young) >= q.size {
		q.turn()
	}
	if q.young == nil {
		q.young = map[queueID]*M{}
	}
	q.young[id] = m
}

// turn forgets the older generation, and makes the younger one the older.
func (q *queue[M]) turn() {
	for _, m := range q.old {
		if q.lost != nil {
			q.lost(*m)
		}
		q.reuse(m)
	}
	clear(q.old)
	q.young, q.old = q.old, q.young
}

// drop forgets a mail that is done.
func (q *queue[M]) drop(id queueID) {
	if m := q.young[id]; m != nil {
		delete(q.young, id)
		q.reuse(m)
	} else if m := q.old[id]; m != nil {
		delete(q.old, id)
		q.reuse(m)
	}
}

func (q *queue[M]) reuse(m *M) {
	var zero M
	*m = zero
	if len(q.unused) < q.size {
		q.unused = append(q.unused, m)
	}
}
