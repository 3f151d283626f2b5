package triage

import "todoku/sender/event"

// maxDelays is how many delayed mails are followed at a time.
const maxDelays = 1 << 15

// delays remembers which mails are delayed, so that each group of delays knows what became of them. A mail is told by its
// id at the system that recorded it and its recipient.
type delays struct {
	open map[uint64]*Group
	ring []uint64 // in the order in which they began
	next int
}

// began takes the first delay of a mail.
func (d *delays) began(e *event.Event, g *Group) {
	if d.open == nil {
		d.open = map[uint64]*Group{}
	}
	h := hashOf(e)
	if _, known := d.open[h]; known {
		return
	}
	g.Followed++
	if len(d.ring) < maxDelays {
		d.ring = append(d.ring, h)
	} else {
		delete(d.open, d.ring[d.next])
		d.ring[d.next] = h
		d.next = (d.next + 1) % maxDelays
	}
	d.open[h] = g
}

// ended takes the end of a mail.
func (d *delays) ended(e *event.Event, delivered bool) {
	if len(d.open) == 0 {
		return
	}
	h := hashOf(e)
	g, known := d.open[h]
	if !known {
		return
	}
	delete(d.open, h)
	if g.into != nil {
		g = g.into
	}
	if delivered {
		g.Later.Delivered++
	} else {
		g.Later.Failed++
	}
}

// hashOf tells one mail for one recipient from all others.
func hashOf(e *event.Event) uint64 {
	id := e.QueueID
	if id == "" {
		id = e.MessageID
	}
	return hashLower(e.Recipient, hashLower(id, 0))
}
