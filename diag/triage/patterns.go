package triage

import "time"

// Pattern is what the numbers of a group tell beside its cause.
type Pattern struct {
	Kind    PatternKind
	Since   time.Time // of Sudden
	Failed  int64     // of Sudden: how many in the group since then, and how many were delivered there before
	Before  int64
	Value   string // the domain, sender or address that is the only one
	Many    int    // how many domains or providers
	AtLeast bool   // Many may be more
	Share   float64
}

// PatternKind is a kind of pattern.
type PatternKind string

// The patterns.
const (
	ArrivedLater PatternKind = "arrived_later" // of delays: (nearly) all were delivered later
	Sudden       PatternKind = "sudden"        // it began at a moment before which mail arrived
	ListIsOld    PatternKind = "list"          // unknown recipients at many domains
	OneDomain    PatternKind = "one_domain"    // one recipient domain alone
	OneSender    PatternKind = "one_sender"    // one of several senders alone
	OneAddress   PatternKind = "one_address"   // one of several addresses of ours alone
	Everywhere   PatternKind = "everywhere"    // the same cause at several providers
	Always       PatternKind = "always"        // nothing at all was delivered to the provider
)

func (t *Tally) findPatterns(r *Triage) {}
