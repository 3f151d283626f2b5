// Package sources judges what receivers report about the mail of a domain: DMARC aggregate reports (RFC 7489 App. C, RFC
// 9990) and TLS reports (RFC 8460). A Tally adds reports up as they come; its memory grows with the number of different
// sources, not with the number of reports. Judge then groups the sources by who runs them, says of each group whether it is
// ours, a forwarder, a forger or unknown, and what a stricter policy would cost.
package sources

import (
	"time"

	"todoku/sender/aggregate"
)

// The bounds of a Tally. What is beyond them is counted and told (Result.Beyond).
const (
	MaxStreams   = 200_000 // different mails: source, domains, results
	MaxDomains   = 2_000   // domains with reports
	MaxReporters = 500     // of one domain
	MaxReports   = 500_000 // reports that are remembered, to tell duplicates
	MaxSelectors = 300     // of one domain
)

// Options say which reports count.
type Options struct {
	Since, Until time.Time // zero: no bound
	Domain       string    // only reports about this domain and those below it, in ASCII; "" is all
}

// Counts are what was read.
type Counts struct {
	DMARC       int64 // DMARC reports that count
	TLS         int64 // TLS reports that count
	Rows        int64 // of the DMARC reports
	Duplicates  int64 // reports that were there before
	Overlapping int64 // reports whose time a report of the same sender about the same domain has too, in part
	Outside     int64 // reports that are not asked for: another time, another domain
	Lost        int64 // reports of which a part could not be read
	Beyond      int64 // mails beyond a bound: they count in the totals, and in no group
	TLSBeyond   int64 // TLS sessions with domains beyond MaxDomains
	Unknown     int64 // reports beyond MaxReports, of which nobody knows whether they were there before
}

// Input is what was read of one input.
type Input struct {
	File    string
	Reports int64 // of both kinds
	Others  int64 // mails and files that are no report
	Err     error // why it could not be read (to its end); nil where it was
	Notes   []Note
}

// Note is what was odd about a report, and where.
type Note struct {
	Place string // "all.mbox#3/report.zip/report.xml"
	Fault aggregate.Fault
}

// Result is what the reports tell.
type Result struct {
	Inputs      []Input
	Cut         bool // the reading was ended before the end
	Counts      Counts
	First, Last time.Time // of the reports
	Domains     []*Domain // the one with the most mail first
	TLS         []*TLSDomain
	Asked       int       // addresses that DNS was asked about
	NotAsked    int       // addresses beyond the bound, with the least mail
	Why         AskedWhy  // why nobody was asked; "" where somebody was
	WhatIf      *Change   // the policy that is only meant; nil: none is
	Now         time.Time // when it was judged
}

// AskedWhy says why DNS was not asked, or no longer.
type AskedWhy string

// The reasons.
const (
	AskedAll    AskedWhy = ""
	NobodyAsked AskedWhy = "no_dns" // the user wants it so, or there is nobody to ask
	Silent      AskedWhy = "silent" // DNS gave no answer to the first questions
)

// Wrong reports whether something needs a person: without a change that is meant, where mail that is ours or unknown fails,
// or TLS does; with one, where it is not safe.
func (r *Result) Wrong() bool {
	for _, d := range r.Domains {
		switch {
		case d.WhatIf != nil && d.WhatIf.Verdict != Safe:
			return true
		case d.WhatIf == nil && (d.ByClass[Ours].Fail > 0 || d.ByClass[Unknown].Fail > 0 || d.Beyond > 0):
			return true
		}
	}
	for _, d := range r.TLS {
		if d.Failed > 0 && r.WhatIf == nil {
			return true
		}
	}
	return false
}
