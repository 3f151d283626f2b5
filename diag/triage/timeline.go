package triage

import (
	"slices"
	"time"
)

// Timeline counts events by their time in at most maxBuckets buckets of one width. The width begins at a minute and
// doubles whenever the times need more room; the result does not depend on their order.
type Timeline struct {
	width  int64 // in seconds
	start  int64 // number of the first bucket since 1970
	counts []int64
}

const maxBuckets = 256

// Add counts an event; one without time is not counted.
func (l *Timeline) Add(t time.Time) {
	if !t.IsZero() {
		l.add(t.Unix(), 1)
	}
}

// add counts n events of a time in seconds since 1970.
func (l *Timeline) add(unix, n int64) {
	if l.counts == nil {
		l.width = 60
		l.start = floor(unix, l.width)
		l.counts = make([]int64, 1, 8)
	}
	b := floor(unix, l.width)
	for max(b+1, l.start+int64(len(l.counts)))-min(b, l.start) > maxBuckets {
		l.double()
		b = floor(unix, l.width)
	}
	if b < l.start {
		l.counts = append(make([]int64, l.start-b, maxBuckets), l.counts...)
		l.start = b
	}
	if n := b - l.start + 1 - int64(len(l.counts)); n > 0 {
		l.counts = append(l.counts, make([]int64, n)...)
	}
	l.counts[b-l.start] += n
}

// merge adds the events of another one.
func (l *Timeline) merge(o *Timeline) {
	for l.counts != nil && l.width < o.width {
		l.double()
	}
	for i, n := range o.counts {
		if n > 0 {
			l.add((o.start+int64(i))*o.width, n)
		}
	}
}

// double makes the buckets twice as wide, in their memory.
func (l *Timeline) double() {
	start, last := floor(l.start, 2), int64(0)
	for i, n := range l.counts {
		l.counts[i] = 0
		last = floor(l.start+int64(i), 2) - start
		l.counts[last] += n
	}
	l.start, l.counts, l.width = start, l.counts[:last+1], 2*l.width
}

// Counts are those of each part, from the first event to the last; start is that of the first part.
func (l *Timeline) Counts() (start time.Time, counts []int64) {
	return time.Unix(l.start*l.width, 0).UTC(), l.counts
}

// Coarse is the same in at most n buckets.
func (l *Timeline) Coarse(n int) *Timeline {
	out := &Timeline{l.width, l.start, slices.Clone(l.counts)}
	for len(out.counts) > n {
		out.double()
	}
	return out
}

// Width is how long a bucket is; 0 before the first event.
func (l *Timeline) Width() time.Duration { return time.Duration(l.width) * time.Second }

// Sums are the counts in n parts of the same length between two times, for a drawing.
func (l *Timeline) Sums(from, to time.Time, n int) []int64 {
	out := make([]int64, n)
	length := to.Sub(from)
	for i, count := range l.counts {
		at := time.Unix((l.start+int64(i))*l.width+l.width/2, 0).Sub(from)
		part := 0
		if length > 0 {
			part = int(float64(at) / float64(length) * float64(n))
		}
		out[min(max(part, 0), n-1)] += count
	}
	return out
}

// Sum is how many events there are.
func (l *Timeline) Sum() int64 {
	var n int64
	for _, count := range l.counts {
		n += count
	}
	return n
}

// quantile is the beginning of the bucket in which one part of all events is passed, and how many lie before it.
func (l *Timeline) quantile(part int64) (at time.Time, before int64) {
	limit := l.Sum() / part
	for i, count := range l.counts {
		if before+count > limit {
			return time.Unix((l.start+int64(i))*l.width, 0).UTC(), before
		}
		before += count
	}
	return time.Time{}, before
}

// Before is how many events there are before a time, by the buckets.
func (l *Timeline) Before(t time.Time) int64 {
	var n int64
	for i, count := range l.counts {
		if (l.start+int64(i)+1)*l.width > t.Unix() {
			break
		}
		n += count
	}
	return n
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
