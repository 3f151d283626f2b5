package event

import (
	"bytes"
	"sync"
	"time"
)

// readStamp reads a time as logs write it; stampLength says which forms there are. The year is 0 where there is none.
func readStamp(s []byte) (t time.Time, clock Clock) {
	if len(s) < 15 {
		return t, NoYear
	}
	if s[0] >= 'A' {
		return readBSD(s)
	}
	if len(s) < 19 {
		return t, NoYear
	}
	day := civil{year: digits(s[:4]), month: time.Month(digits(s[5:7])), day: digits(s[8:10])}
	n := clockLength(s[11:])
	day.clock(s[11 : 11+n])
	zone := bytes.TrimLeft(s[11+n:], " ")
	where, ok := readZone(zone)
	if !ok {
		return day.in(time.UTC), NoZone
	}
	return day.in(where), Exact
}

// readBSD reads "Nov  2 03:04:05".
func readBSD(s []byte) (time.Time, Clock) {
	c := civil{month: month(s)}
	i := 4
	for ; s[i] == ' '; i++ {
	}
	for ; isDigit(s[i]); i++ {
		c.day = c.day*10 + int(s[i]-'0')
	}
	i++
	clock := NoYear
	if s[i+2] != ':' {
		c.year, clock = digits(s[i:i+4]), NoZone
		i += 5
	}
	n := clockLength(s[i:])
	c.clock(s[i : i+n])
	if rest := s[i+n:]; len(rest) == 5 {
		c.year, clock = digits(rest[1:]), NoZone
	}
	return c.in(time.UTC), clock
}

// civil is a time as people write it.
type civil struct {
	year                            int
	month                           time.Month
	day, hour, minute, second, nano int
}

// clock reads "03:04:05.678".
func (c *civil) clock(s []byte) {
	if len(s) < 8 {
		return
	}
	c.hour, c.minute, c.second = digits(s[:2]), digits(s[3:5]), digits(s[6:8])
	for i, unit := 9, 100_000_000; i < len(s) && unit > 0; i, unit = i+1, unit/10 {
		c.nano += int(s[i]-'0') * unit
	}
}

// possible reports whether there is such a time, but for the lengths of months.
func (c civil) possible() bool {
	return c.year >= 1970 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31 &&
		c.hour <= 24 && c.minute <= 59 && c.second <= 60
}

func (c civil) in(zone *time.Location) time.Time {
	return time.Date(c.year, c.month, c.day, c.hour, c.minute, c.second, c.nano, zone)
}

// digits reads a number; what is no digit counts as one.
func digits(s []byte) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// isDate reports whether a text begins with a date such as 2026-11-02.
func isDate(s []byte) bool {
	for i, c := range s[:10] {
		if i != 4 && i != 7 && !isDigit(c) {
			return false
		}
	}
	return s[4] == '-' && s[7] == '-'
}

// readZone reads "Z", "+09:00", "+0900", "+09"; false where there is none.
func readZone(s []byte) (*time.Location, bool) {
	if len(s) == 0 {
		return nil, false
	}
	if s[0] == 'Z' || string(s) == "UTC" || string(s) == "GMT" {
		return time.UTC, true
	}
	if s[0] != '+' && s[0] != '-' || len(s) < 3 || !isDigit(s[1]) || !isDigit(s[2]) {
		return nil, false
	}
	minutes := digits(s[1:3]) * 60
	if rest := bytes.TrimPrefix(s[3:], []byte{':'}); len(rest) >= 2 && isDigit(rest[0]) && isDigit(rest[1]) {
		minutes += digits(rest[:2])
	}
	if s[0] == '-' {
		minutes = -minutes
	}
	return zoneAt(minutes), true
}

// zoneAt is the time zone of a distance from UTC.
func zoneAt(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	if i := minutes/15 + farthest; minutes%15 == 0 && i >= 0 && i <= 2*farthest {
		return zones()[i]
	}
	return time.FixedZone("", minutes*60)
}

// farthest is how far the time zones of zones are from UTC, in quarters of an hour.
const farthest = 14 * 4

// zones are those of a whole quarter of an hour, made once, since lines are many.
var zones = sync.OnceValue(func() []*time.Location {
	out := make([]*time.Location, 2*farthest+1)
	for i := range out {
		out[i] = time.FixedZone("", (i-farthest)*15*60)
	}
	return out
})
