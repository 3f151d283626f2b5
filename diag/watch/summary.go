package watch

import (
	"cmp"
	"slices"
	"time"

	"todoku/diag"
)

// Summary counts what stands in a chunk after a round. The overview of a fleet adds them up.
type Summary struct {
	Domains int            `json:"domains"`
	Status  map[string]int `json:"status"`  // domains by their worst status: "pass", "info", "warn", "unknown", "fail"
	Rules   map[string]int `json:"rules"`   // domains by rule
	Silent  map[string]int `json:"silent"`  // domains by the kind of a silence: "timeout"
	Listed  int            `json:"listed"`  // domains with an address or a name on a blocklist
	Expires []Ending       `json:"expires"` // the certificates that end first
}

// Ending is the end of a certificate of a domain.
type Ending struct {
	Domain string `json:"domain"`
	Expiry
}

// mostEndings bounds Summary.Expires.
const mostEndings = 5

// Status is the worst status of a domain in a state: the words of diag.Status.
func (s State) Status() string {
	worst := diag.OK
	for _, f := range s.Findings {
		for _, severe := range []diag.Status{diag.Info, diag.Warn, diag.Fail} {
			if f.Severity == severe.String() {
				worst = max(worst, severe)
			}
		}
	}
	if len(s.Silent) > 0 {
		worst = max(worst, diag.Unknown)
	}
	return worst.String()
}

// NewSummary is the summary of no domain.
func NewSummary() Summary {
	return Summary{Status: map[string]int{}, Rules: map[string]int{}, Silent: map[string]int{}, Expires: []Ending{}}
}

// Count adds a domain.
func (s *Summary) Count(domain string, of State) {
	s.Domains++
	s.Status[of.Status()]++
	rules, kinds, listed := map[string]bool{}, map[string]bool{}, false
	for _, f := range of.Findings {
		rules[f.Rule] = true
		listed = listed || f.Rule == "dnsbl-listed" || f.Rule == "dnsbl-domain-listed"
	}
	for _, q := range of.Silent {
		kinds[q.Kind] = true
	}
	for r := range rules {
		s.Rules[r]++
	}
	for k := range kinds {
		s.Silent[k]++
	}
	if listed {
		s.Listed++
	}
	for _, e := range of.Expires {
		s.Expires = append(s.Expires, Ending{domain, e})
	}
	s.shorten()
}

// Add adds another summary.
func (s *Summary) Add(o Summary) {
	s.Domains += o.Domains
	s.Listed += o.Listed
	for into, from := range map[*map[string]int]map[string]int{&s.Status: o.Status, &s.Rules: o.Rules, &s.Silent: o.Silent} {
		for k, n := range from {
			(*into)[k] += n
		}
	}
	s.Expires = append(s.Expires, o.Expires...)
	s.shorten()
}

// shorten leaves the endings that come first.
func (s *Summary) shorten() {
	slices.SortFunc(s.Expires, func(a, b Ending) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Host, b.Host))
	})
	s.Expires = s.Expires[:min(len(s.Expires), mostEndings)]
}

// Oldest is the start of the longest silence of a state; zero where nothing is silent.
func (s State) Oldest() (since time.Time) {
	for _, q := range s.Silent {
		if since.IsZero() || q.Since.Before(since) {
			since = q.Since
		}
	}
	return since
}
