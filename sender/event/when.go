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

// fixed reads the usual form: "2006-01-02T15:04:05.000Z", "2006-01-02 15:04:05+0900".
func (t *timeReader) fixed(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' || s[10] != 'T' && s[10] != ' ' {
		return time.Time{}, false
	}
	var n [6]int
	for i, at := range [...]int{2, 5, 8, 11, 14, 17} {
		if !isDigit(s[at]) || !isDigit(s[at+1]) {
			return time.Time{}, false
		}
		n[i] = int(s[at]-'0')*10 + int(s[at+1]-'0')
	}
	rest, nanos := s[19:], int64(0)
	if rest[0] == '.' {
		end := 1
		for end < len(rest) && isDigit(rest[end]) {
			end++
		}
		nanos, _ = nanoseconds(rest[1:end])
		rest = rest[end:]
	}
	zone := time.UTC
	if rest != "Z" {
		d := dateText{s: rest}
		var ok bool
		if zone, ok = t.zoneOf(&d); !ok || d.clock != Exact {
			return time.Time{}, false
		}
	}
	if s[:2] != "20" || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 24 || n[4] > 59 || n[5] > 60 {
		return time.Time{}, false
	}
	return time.Date(2000+n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], int(nanos), zone), true
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

var (
	yearSigns, monthSigns   = []string{"-", "/", ".", "年"}, []string{"-", "/", ".", "月"}
	hourSigns, minuteSigns  = []string{":", "時"}, []string{":", "分"}
	dateEnd, fraction, noon = []string{"T", "日", " ", ","}, []string{".", ","}, []string{" ", "秒"}
)

// date reads a date of the year first, or of the month first as in the United States; of the day first where no month has its number.
func (t *timeReader) date(d *dateText) (time.Time, bool) {
	n, ok := d.numbers(false, yearSigns, monthSigns)
	if !ok {
		return time.Time{}, false
	}
	year, month, day := n[0], n[1], n[2]
	if n[0] < 100 {
		if month, day, year = n[0], n[1], n[2]; month > 12 {
			month, day = day, month
		}
	}
	if year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	var hms [3]int
	var nanos int64
	if d.after(dateEnd...) {
		for d.after(" ") {
		}
		if hms, ok = d.numbers(true, hourSigns, minuteSigns); !ok || hms[0] > 24 || hms[1] > 59 || hms[2] > 60 {
			return time.Time{}, false
		}
		if d.after(fraction...) {
			end := 0
			for end < len(d.s) && isDigit(d.s[end]) {
				end++
			}
			nanos, _ = nanoseconds(d.s[:end])
			d.s = d.s[end:]
		}
		for d.after(noon...) {
		}
	}
	switch {
	case d.after("PM", "pm") && hms[0] < 12:
		hms[0] += 12
	case d.after("AM", "am") && hms[0] == 12:
		hms[0] = 0
	}
	zone, ok := t.zoneOf(d)
	if !ok {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, hms[0], hms[1], hms[2], int(nanos), zone), true
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
