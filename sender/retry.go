package sender

import "time"

// Retry says how often and how long a mail that is put off is tried again. The
// zero value tries once.
type Retry struct {
	For     time.Duration // from the first attempt on; 0 is no retry
	First   time.Duration // the first wait, doubled each time; 0 is a minute
	Longest time.Duration // no wait is longer, whatever the server says; 0 is 4 hours
}

// wait is how long to wait after the n-th attempt (from 1 on) that ended at
// now, and whether there is another one. asked is the wait that the server
// names or that its way of putting off takes.
func (r Retry) wait(n int, started, now time.Time, asked time.Duration) (time.Duration, bool) {
	first, longest := r.First, r.Longest
	if first <= 0 {
		first = time.Minute
	}
	if longest <= 0 {
		longest = 4 * time.Hour
	}
	left := r.For - now.Sub(started)
	if left <= 0 {
		return 0, false
	}
	d := longest
	if n < 30 && first<<(n-1) < longest && first<<(n-1) > 0 {
		d = first << (n - 1)
	}
	d = min(max(d, asked), longest)
	if d > left {
		// One last attempt at the deadline, unless the server just spoke.
		return left, left >= first
	}
	return d, true
}
