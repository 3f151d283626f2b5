package altered

import (
	"iter"
	"time"

	"todoku/sender/mail"
)

// dateLayouts are the ways in which programs write a date (RFC 5322 §3.3).
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 02 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 -0700",
	"02 Jan 2006 15:04:05 -0700",
	"Mon, _2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04 -0700",
	"Mon, 2 Jan 2006 15:04:05 -0700 (MST)",
	"Mon, 02 Jan 2006 15:04:05 -0700 (MST)",
	"Mon, 2 Jan 2006 15:04:05 MST",
	"Mon, 02 Jan 2006 15:04:05 MST",
	"Mon,2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 06 15:04:05 -0700",
	"Mon, 02 Jan 06 15:04:05 -0700",
	"Mon 2 Jan 2006 15:04:05 -0700",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02T15:04:05-07:00",
	"Mon, 2 Jan 2006 3:04:05 -0700",
}

// zones are the names that stand for an offset in minutes.
var zones = []struct {
	minutes int
	names   []string
}{
	{540, []string{"JST", "GMT+09:00"}}, {0, []string{"GMT", "UTC", "UT", "Z", "GMT+00:00"}}, {-300, []string{"EST", "CDT"}},
	{-480, []string{"PST"}},
	{-420, []string{"PDT", "MST"}}, {-240, []string{"EDT"}}, {-360, []string{"CST", "MDT"}}, {60, []string{"CET", "BST"}},
	{120, []string{"CEST"}},
}

// dates are the same time in other zones and layouts.
func dates(f mail.RawField) iter.Seq[string] {
	return func(yield func(string) bool) {
		at, ok := mail.ParseDate(f.Value())
		if !ok {
			return
		}
		_, own := at.Zone()
		minutes := []int{own / 60, 540, 0}
		for half := -24; half <= 28; half++ {
			minutes = append(minutes, half*30)
		}
		for _, m := range minutes {
			for _, name := range zoneNames(m) {
				there := at.In(time.FixedZone(name, m*60))
				for _, layout := range dateLayouts {
					if !yield(there.Format(layout)) {
						return
					}
				}
				if m == 0 && !yield(there.Format("Mon, 2 Jan 2006 15:04:05 ")+"-0000") {
					return
				}
			}
		}
	}
}

func zoneNames(minutes int) []string {
	for _, z := range zones {
		if z.minutes == minutes {
			return z.names
		}
	}
	return []string{"X"}
}
