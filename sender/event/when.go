package event

import (
	"strconv"
	"strings"
	"time"
)

// timeReader reads the times of records. It keeps the zone of the last one, since most records have the same.
type timeReader struct {
	offset int
	zone   *time.Location
}

// read reads a time as services and programs write it: seconds or milliseconds since 1970, RFC 3339 and what looks like it, dates of
// tables, and those of mails (RFC 5322). False is none of them.
func (t *timeReader) read(s string) (time.Time, Clock, bool) {
	s = strings.TrimSpace(s)
	if when, ok := sinceEpoch(s); ok {
		return when, Exact, true
	}
	if len(s) >= len("1/2/2006") && isDigit(s[0]) {
		if when, ok := t.fixed(s); ok {
			return when, Exact, true
		}
		d := dateText{s: s}
		if when, ok := t.date(&d); ok {
			return when, d.clock, true
		}
	}
	for _, layout := range [...]string{time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700",
		"Mon, 2 Jan 2006 15:04:05 -0700 (MST)", time.UnixDate} {
		if when, err := time.Parse(layout, s); err == nil {
			return when, Exact, true
		}
	}
	return time.Time{}, Exact, false
}

// fixedForm is the usual form of a date and a time: a 0 is any digit, and the blank may be a T.
const fixedForm = "2000-00-00 00:00:00"

// fixed reads the usual form: "2006-01-02T15:04:05.000Z", "2006-01-02 15:04:05+0900".
func (t *timeReader) fixed(s string) (time.Time, bool) {
	if len(s) <= len(fixedForm) || !isFixed(s) {
		return time.Time{}, false
	}
	two := func(at int) int { return int(s[at]-'0')*10 + int(s[at+1]-'0') }
	c := civil{two(0)*100 + two(2), time.Month(two(5)), two(8), two(11), two(14), two(17), 0}
	d := dateText{s: s[len(fixedForm):]}
	if d.after(".") {
		c.nano = d.fraction()
	}
	zone, ok := t.zoneOf(&d)
	if !ok || d.clock != Exact || !c.possible() {
		return time.Time{}, false
	}
	return c.in(zone), true
}

// isFixed reports whether a text begins with the usual form.
func isFixed(s string) bool {
	for i := range len(fixedForm) {
		switch want, c := fixedForm[i], s[i]; {
		case want == '0' && !isDigit(c), want == ' ' && c != ' ' && c != 'T', want != '0' && want != ' ' && c != want:
			return false
		}
	}
	return true
}

// sinceEpoch reads seconds, or milliseconds, since 1970.
func sinceEpoch(s string) (time.Time, bool) {
	whole, part, _ := strings.Cut(s, ".")
	if len(whole) != 10 && len(whole) != 13 || len(part) > 9 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	if len(whole) == 13 {
		return time.UnixMilli(n).UTC(), true
	}
	nanos, ok := nanoseconds(part)
	return time.Unix(n, nanos).UTC(), ok
}

func nanoseconds(part string) (int64, bool) {
	var n int64
	for i := range 9 {
		n *= 10
		if i < len(part) {
			if !isDigit(part[i]) {
				return 0, false
			}
			n += int64(part[i] - '0')
		}
	}
	return n, true
}

// dateText is a date with its time, being read from its beginning.
type dateText struct {
	s     string
	clock Clock
}

// number takes the digits that come next, at most 4.
func (d *dateText) number() (int, bool) {
	n, i := 0, 0
	for i < len(d.s) && i < 4 && isDigit(d.s[i]) {
		n = n*10 + int(d.s[i]-'0')
		i++
	}
	d.s = d.s[i:]
	return n, i > 0
}

// after takes one of the signs, where it comes next.
func (d *dateText) after(signs ...string) bool {
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(d.s, sign); ok {
			d.s = rest
			return true
		}
	}
	return false
}

// numbers takes three numbers with signs between them; the third may be missing where it says so.
func (d *dateText) numbers(optional bool, first, second []string) (n [3]int, ok bool) {
	if n[0], ok = d.number(); !ok || !d.after(first...) {
		return n, false
	}
	if n[1], ok = d.number(); !ok {
		return n, false
	}
	if !d.after(second...) {
		return n, optional
	}
	n[2], ok = d.number()
	return n, ok
}

// fraction takes the digits of a part of a second.
func (d *dateText) fraction() (nano int) {
	end := 0
	for end < len(d.s) && isDigit(d.s[end]) {
		end++
	}
	n, _ := nanoseconds(d.s[:end])
	d.s = d.s[end:]
	return int(n)
}

var (
	yearSigns, monthSigns     = []string{"-", "/", ".", "年"}, []string{"-", "/", ".", "月"}
	hourSigns, minuteSigns    = []string{":", "時"}, []string{":", "分"}
	dateEnd, pointSigns, noon = []string{"T", "日", " ", ","}, []string{".", ","}, []string{" ", "秒"}
)

// date reads a date and a time, with the zone.
func (t *timeReader) date(d *dateText) (time.Time, bool) {
	c, ok := d.day()
	if !ok || d.after(dateEnd...) && !d.timeOfDay(&c) {
		return time.Time{}, false
	}
	switch {
	case d.after("PM", "pm") && c.hour < 12:
		c.hour += 12
	case d.after("AM", "am") && c.hour == 12:
		c.hour = 0
	}
	zone, ok := t.zoneOf(d)
	if !ok || !c.possible() {
		return time.Time{}, false
	}
	return c.in(zone), true
}

// day takes a date of the year first, or of the month first as in the United States; of the day first where no month has its number.
func (d *dateText) day() (c civil, ok bool) {
	n, ok := d.numbers(false, yearSigns, monthSigns)
	switch {
	case n[0] >= 100:
		c.year, c.month, c.day = n[0], time.Month(n[1]), n[2]
	case n[0] > 12:
		c.day, c.month, c.year = n[0], time.Month(n[1]), n[2]
	default:
		c.month, c.day, c.year = time.Month(n[0]), n[1], n[2]
	}
	return c, ok
}

// timeOfDay takes a time, of which the seconds may be missing.
func (d *dateText) timeOfDay(c *civil) bool {
	for d.after(" ") {
	}
	n, ok := d.numbers(true, hourSigns, minuteSigns)
	c.hour, c.minute, c.second = n[0], n[1], n[2]
	if d.after(pointSigns...) {
		c.nano = d.fraction()
	}
	for d.after(noon...) {
	}
	return ok
}

// zoneOf reads the zone at the end of a time.
func (t *timeReader) zoneOf(d *dateText) (*time.Location, bool) {
	s := strings.Trim(d.s, " ()")
	switch s {
	case "":
		d.clock = NoZone
		return time.UTC, true
	case "Z", "z", "UTC", "GMT", "+0000", "+00:00", "+00", "-0000", "+0000 UTC":
		return time.UTC, true
	case "JST":
		s = "+0900"
	}
	if s[0] != '+' && s[0] != '-' {
		return nil, false
	}
	digits, _, _ := strings.Cut(s[1:], " ")
	hours, minutes, _ := strings.Cut(digits, ":")
	if len(hours) == 4 {
		hours, minutes = hours[:2], hours[2:]
	}
	h, err := strconv.Atoi(hours)
	if err != nil || h > 14 {
		return nil, false
	}
	m, _ := strconv.Atoi(minutes)
	offset := (h*60 + m) * 60
	if s[0] == '-' {
		offset = -offset
	}
	if t.zone == nil || t.offset != offset {
		t.offset, t.zone = offset, time.FixedZone("", offset)
	}
	return t.zone, true
}
