package event

import "hash/maphash"

// maxRepeats is how many records are remembered, to know one that comes again.
const maxRepeats = 1 << 16

// repeats remembers the last records. Services send an event again until they are told that it came, so the same one may be
// recorded twice.
type repeats struct {
	seed maphash.Seed
	at   map[uint64]bool
	ring []uint64
	next int
}

// met reports whether a record was there before, and remembers it.
func (r *repeats) met(record []byte) bool {
	if r.at == nil {
		r.seed, r.at = maphash.MakeSeed(), map[uint64]bool{}
	}
	h := maphash.Bytes(r.seed, record)
	if r.at[h] {
		return true
	}
	if len(r.ring) < maxRepeats {
		r.ring = append(r.ring, h)
	} else {
		delete(r.at, r.ring[r.next])
		r.ring[r.next] = h
		r.next = (r.next + 1) % maxRepeats
	}
	r.at[h] = true
	return false
}
