package sources

// rhythm is how regularly mails come.
type rhythm struct {
	days    int
	span    int32 // from the first day to the last one
	regular bool  // again and again for long, and over at least half of the time since they began
	often   bool  // on two days of five since they began
	weekly  bool
	months  int  // how many in a row it sends in, once in each; 0 where it sends otherwise
	fresh   bool // it began lately, and has sent on most days since
}

// byCalendar reports whether mails come by the week or by the month.
func (r *rhythm) byCalendar() bool { return r.weekly || r.months >= 3 }

// monthly reports whether much comes by the month, if only twice: two months of reports tell no more.
func (r *rhythm) monthly(h *heap) bool { return r.months >= 2 && h.mails >= burstMails }

// longEnough is for how many days mails come at least that are regular, where the reports are of a longer time.
const longEnough = 21

// The bounds of a sender that is new.
const (
	freshDays = 14 // from the first of its mails to the end of the reports, at most
	freshSent = 5  // days with mails, at least
	freshLast = 3  // days without mails at the end, at most: a weekend, and a report under way
)

// rhythm measures from the first mail to the end of the reports: a server may be new. ends are their first and last day; those of
// a wrong clock do not count.
func (h *heap) rhythm(ends [2]int32) (r rhythm) {
	list := h.days.within(ends[0], ends[1])
	if len(list) == 0 {
		return r
	}
	first, last := list[0], list[len(list)-1]
	since, whole := ends[1]-first+1, ends[1]-ends[0]+1
	r.days, r.span = len(list), last-first+1
	r.regular = r.days >= 3 && 2*r.span >= since && (2*r.span >= whole || r.span >= longEnough)
	r.often = int32(r.days)*5 >= 2*since
	r.weekly = everyWeek(list)
	r.months = everyMonth(list)
	r.fresh = since <= freshDays && r.days >= freshSent && r.often && ends[1]-last <= freshLast
	return r
}

// everyWeek reports whether days, in their order, come by the week: a month at least, on one day of the week or beside it, and
// with at most a quarter of the weeks left out.
func everyWeek(list []int32) bool {
	weeks, before := int32(0), int32(-1)
	for _, day := range list {
		at := day - list[0] + 1 // a day early is of the week to come
		if at%7 > 2 {
			return false
		}
		if at/7 != before {
			weeks, before = weeks+1, at/7
		}
	}
	return weeks >= 4 && weeks*4 >= (before+1)*3
}

// everyMonth is in how many months in a row days come that are about a month apart, each of them or some in a row; 0 where they
// come otherwise.
func everyMonth(list []int32) int {
	months, begun := 1, list[0]
	for _, day := range list {
		switch gap := day - begun; {
		case gap <= 3:
		case gap < 26 || gap > 35: // a month, and a weekend before or after it
			return 0
		default:
			months, begun = months+1, day
		}
	}
	return months
}
