package sources

import (
	"math/bits"
	"time"
)

// days is a set of days. The zero value is empty.
type days struct {
	base  int32 // the first day of words, a multiple of 64
	words []uint64
}

// maxSpan is how many days lie at most between the first and the last one of a set; a day beyond it is left out.
const maxSpan = 64 * 64

// dayOf is a day by its number since 1970, in UTC; -1 for a time that no report can have.
func dayOf(t time.Time) int32 {
	const last = 1 << 20 // in the year 4840
	if day := t.Unix() / 86400; day >= 0 && day < last {
		return int32(day)
	}
	return -1
}

// timeOf is the start of a day.
func timeOf(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

func (d *days) add(day int32) {
	if day < 0 {
		return
	}
	at := day &^ 63
	switch {
	case d.words == nil:
		d.base, d.words = at, make([]uint64, 1)
	case at < d.base:
		more := int(d.base-at) / 64
		if len(d.words)+more > maxSpan/64 {
			return
		}
		d.words = append(make([]uint64, more, more+len(d.words)), d.words...)
		d.base = at
	case int(at-d.base)/64 >= len(d.words):
		if int(at-d.base)/64 >= maxSpan/64 {
			return
		}
		d.words = append(d.words, make([]uint64, int(at-d.base)/64+1-len(d.words))...)
	}
	d.words[(at-d.base)/64] |= 1 << (day & 63)
}

func (d *days) has(day int32) bool {
	at := int(day&^63-d.base) / 64
	return day >= d.base && at < len(d.words) && d.words[at]&(1<<(day&63)) != 0
}

func (d *days) merge(o *days) {
	for i, w := range o.words {
		for ; w != 0; w &= w - 1 {
			d.add(o.base + int32(i*64+bits.TrailingZeros64(w)))
		}
	}
}

func (d *days) count() int {
	n := 0
	for _, w := range d.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// ends are the first and the last day; 0 and -1 of an empty set.
func (d *days) ends() (first, last int32) {
	last = -1
	for i, w := range d.words {
		if w == 0 {
			continue
		}
		if last < 0 {
			first = d.base + int32(i*64+bits.TrailingZeros64(w))
		}
		last = d.base + int32(i*64+63-bits.LeadingZeros64(w))
	}
	return first, last
}

// Gap is days without any report, the last one included.
type Gap struct{ First, Last time.Time }

// Days is how many they are.
func (g Gap) Days() int { return int(g.Last.Sub(g.First)/(24*time.Hour)) + 1 }

// gaps are the days between the first and the last one that are not in the set.
func (d *days) gaps() []Gap {
	var out []Gap
	first, last := d.ends()
	for day := first; day <= last; day++ {
		if d.has(day) {
			continue
		}
		if n := len(out); n > 0 && dayOf(out[n-1].Last) == day-1 {
			out[n-1].Last = timeOf(day)
			continue
		}
		out = append(out, Gap{timeOf(day), timeOf(day)})
	}
	return out
}
