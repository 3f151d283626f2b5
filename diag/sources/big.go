package sources

import "strings"

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

// bigMissing names the big receivers that do not report.
func bigMissing(d *Domain) []string {
	var out []string
	for _, b := range bigReporters() {
		found := false
		for _, r := range d.Reporters {
			for _, w := range b.words {
				found = found || strings.Contains(strings.ToLower(r.Org), w)
			}
		}
		if !found {
			out = append(out, b.name)
		}
	}
	return out
}
