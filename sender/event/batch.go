package event

import "strings"

// slabSize is how many events a batch gets at a time.
const slabSize = 64

// batch is a run of lines with what they tell.
type batch struct {
	text    []byte
	lines   int64
	long    int64 // lines of which the end was passed over
	unread  int64
	records []record
	one     record // the one that is being read

	slabs [][]Event // events for the records, used again with the batch
	used  int       // of them

	copies copies
}

// copies makes strings of parts of lines, many in one piece of memory: one alone keeps all of it. Who keeps one for long clones it.
type copies struct{ strings.Builder }

// copiesSize is how much one piece of memory holds, in octets.
const copiesSize = 16 << 10

func (c *copies) of(part []byte) string {
	if c.Cap()-c.Len() < len(part) {
		c.Reset()
		c.Grow(max(copiesSize, len(part)))
	}
	from := c.Len()
	c.Write(part)
	return c.String()[from:]
}

// record is what one line tells.
type record struct {
	*Event // nil before take. It is lent: who keeps it copies it
	kind   recordKind
	free   *Event  // an empty one for take
	copies *copies // for the strings of Event

	// What a line tells to the joiner of its format beside the event, or without one. These point into the line: who keeps them
	// copies them.
	key, text []byte
	number    int64

	format uint8 // the number of the format
	line   int32 // in the batch, from 0
}

// take gives the line its event, which is empty. A line that tells none takes none: to empty an event again costs more than to
// look at the line.
func (r *record) take() *Event {
	if r.Event = r.free; r.Event == nil {
		r.Event = new(Event)
	}
	return r.Event
}

// recordKind says what a line tells; what the kinds after isEvent mean is the format's own matter.
type recordKind uint8

const (
	isEvent recordKind = 0
	unread  recordKind = 255 // it looks like an outcome and could not be read
)

// reset makes the batch ready for other lines.
func (b *batch) reset() {
	for i := range b.used {
		b.slabs[i/slabSize][i%slabSize] = Event{}
	}
	b.lines, b.long, b.unread, b.records, b.used = 0, 0, 0, b.records[:0], 0
}

// slot is an event that no record has.
func (b *batch) slot() *Event {
	i, j := b.used/slabSize, b.used%slabSize
	if i == len(b.slabs) {
		b.slabs = append(b.slabs, make([]Event, slabSize))
	}
	return &b.slabs[i][j]
}
