package sources

import (
	"math"
	"slices"
	"strings"
)

// big is a receiver that nearly everybody sends to, and that reports.
type big struct {
	name  string
	words []string // in the names by which it reports, in lower case
}

func bigReporters() []big {
	return []big{
		{"Google", []string{"google"}},
		{"Microsoft", []string{"outlook", "microsoft", "hotmail"}},
		{"Yahoo", []string{"yahoo", "aol"}},
	}
}

// bigMissing names the big receivers that do not report, and those whose reports are of less than half of the days from the first
// to the last: that they have no mail on some days is usual.
func bigMissing(d *Domain, ends [2]int32) (missing, partly []string) {
	for _, b := range bigReporters() {
		first, last := int32(math.MaxInt32), int32(-1)
		for _, r := range d.Reporters {
			if b.is(r.Org) {
				first, last = min(first, dayOf(r.First)), max(last, dayOf(r.Last))
			}
		}
		switch {
		case last < 0:
			missing = append(missing, b.name)
		case 2*(min(last, ends[1])-max(first, ends[0])+1) < ends[1]-ends[0]+1:
			partly = append(partly, b.name)
		}
	}
	return missing, partly
}

// is reports whether a name is one by which the receiver reports.
func (b *big) is(org string) bool {
	return slices.ContainsFunc(b.words, func(w string) bool { return strings.Contains(strings.ToLower(org), w) })
}
