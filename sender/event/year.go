package event

import "time"

// oneDay is how far the clock of a log may be ahead of ours: it names no time zone.
const oneDay = 24 * time.Hour

// written is when the input was last written to, or now.
func (in *input) written() time.Time {
	if in.Modified.IsZero() {
		return in.now
	}
	return in.Modified
}

// setYear gives the time of a line without a year the last year in which it is not after the input was written to. So the
// lines of December are of the year before those of January that follow them.
func (in *input) setYear(e *Event) {
	if e.Clock != NoYear || e.Time.Year() != 0 {
		return
	}
	_, month, day := e.Time.Date()
	hour, minute, second := e.Time.Clock()
	last := in.written().Add(oneDay)
	for year := last.Year(); ; year-- {
		t := time.Date(year, month, day, hour, minute, second, e.Time.Nanosecond(), time.UTC)
		if !t.After(last) && t.Day() == day || year < last.Year()-8 { // 29 February needs a leap year
			e.Time = t
			return
		}
	}
}
