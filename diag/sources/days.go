package sources

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"
	"time"
)

// days is a set of days. The zero value is empty.
type days struct{ list []week }

// week is 64 days in a row.
type week struct {
	at   int32 // the first of them, a multiple of 64
	days uint64
}

// maxWeeks bounds a set, whatever the clocks of reporters say; a day beyond it is left out.
const maxWeeks = 256

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

func (d *days) find(day int32) (int, bool) {
	return slices.BinarySearchFunc(d.list, day&^63, func(w week, at int32) int { return cmp.Compare(w.at, at) })
}

func (d *days) add(day int32) {
	if day < 0 {
		return
	}
	i, there := d.find(day)
	if !there {
		if len(d.list) >= maxWeeks {
			return
		}
		d.list = slices.Insert(d.list, i, week{at: day &^ 63})
	}
	d.list[i].days |= 1 << (day & 63)
}

func (d *days) has(day int32) bool {
	i, there := d.find(day)
	return there && d.list[i].days&(1<<(day&63)) != 0
}

// all gives the days in their order.
func (d *days) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, w := range d.list {
			for left := w.days; left != 0; left &= left - 1 {
				if !yield(w.at + int32(bits.TrailingZeros64(left))) {
					return
				}
			}
		}
	}
}

func (d *days) merge(o *days) {
	for _, w := range o.list {
		d.add(w.at + int32(bits.TrailingZeros64(w.days)))
		if i, there := d.find(w.at); there {
			d.list[i].days |= w.days
		}
	}
}

func (d *days) count() int {
	n := 0
	for _, w := range d.list {
		n += bits.OnesCount64(w.days)
	}
	return n
}

// ends are the first and the last day; 0 and -1 of an empty set.
func (d *days) ends() (first, last int32) {
	if len(d.list) == 0 {
		return 0, -1
	}
	a, b := d.list[0], d.list[len(d.list)-1]
	return a.at + int32(bits.TrailingZeros64(a.days)), b.at + int32(63-bits.LeadingZeros64(b.days))
}

// farOff is how many days without any report part a wrong clock from the others.
const farOff = 90

// bulk are the first and the last day without the few that are far off all others: those of a wrong clock.
func (d *days) bulk() (first, last int32) {
	list := slices.Collect(d.all())
	if len(list) == 0 {
		return 0, -1
	}
	for {
		a, b := 1, len(list)-1
		for a < len(list) && list[a]-list[a-1] <= farOff {
			a++
		}
		for b > 0 && list[b]-list[b-1] <= farOff {
			b--
		}
		switch atEnd := len(list) - b; {
		case 5*a < len(list) && a <= atEnd:
			list = list[a:]
		case 5*atEnd < len(list):
			list = list[:b]
		default:
			return list[0], list[len(list)-1]
		}
	}
}

// within are the days from first to last.
func (d *days) within(first, last int32) []int32 {
	var out []int32
	for day := range d.all() {
		if day >= first && day <= last {
			out = append(out, day)
		}
	}
	return out
}

// Gap is days without any report, the last one included.
type Gap struct{ First, Last time.Time }

// Days is how many they are.
func (g Gap) Days() int { return int(g.Last.Sub(g.First)/(24*time.Hour)) + 1 }

// gaps are the days of the bulk that are not in the set.
func (d *days) gaps() []Gap {
	var out []Gap
	first, last := d.bulk()
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
