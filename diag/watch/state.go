package watch

import (
	"time"

	"todoku/codes"
	"todoku/diag/baseline"
)

// State is what is known of one domain after a look. A store keeps it as JSON.
type State struct {
	Findings []Standing `json:"findings,omitempty"`
	Ignored  []Standing `json:"ignored,omitempty"` // stood when an exception came to be about them; neither mended nor counted
	Silent   []Silence  `json:"silent,omitempty"`
	Values   []Value    `json:"values,omitempty"`
	Expires  []Expiry   `json:"expires,omitempty"`
	Checks   []string   `json:"checks,omitempty"` // that have looked at least once, sorted
	Cut      int        `json:"cut,omitempty"`    // how many record sets were too large to be kept
}

// Standing is a finding that stands: it was last seen when the domain was last looked at, or, where its check is silent, when
// the silence began.
type Standing struct {
	baseline.Known
	Severity string     `json:"severity"` // "info", "warn", "fail"
	First    time.Time  `json:"first"`    // when it was first seen
	Message  codes.Text `json:"message"`
	Culprit  string     `json:"culprit,omitempty"` // as in Change
}

// Silence is a check that could not look.
type Silence struct {
	Check   string     `json:"check"`
	Kind    string     `json:"kind"` // of the error: "timeout", "servfail"
	Message codes.Text `json:"message"`
	Culprit string     `json:"culprit,omitempty"`
	Since   time.Time  `json:"since"`         // the first look that saw nothing
	Last    time.Time  `json:"last,omitzero"` // the last look that saw something; zero: none did
}

// Value is a record set that DNS has now.
type Value struct {
	Name   string    `json:"name"` // lower case, no final dot
	Type   string    `json:"type"` // "TXT"
	Values []string  `json:"values"`
	First  time.Time `json:"first"`         // when it was first seen so
	Seen   time.Time `json:"seen,omitzero"` // when it was last seen so; zero: at the last look
}

// Past is a record set as it was.
type Past struct {
	Value
	Last time.Time // when it was last seen so
}

// Expiry is the end of a certificate.
type Expiry struct {
	Host string    `json:"host"`
	Use  string    `json:"use"` // the check that met it: "smtp"
	At   time.Time `json:"at"`
}

// Turn is what happened at a look.
type Turn string

// The turns of findings, and of checks: a check that cannot look is Unknown, and Known when it can again.
const (
	New     Turn = "new"
	Changed Turn = "changed" // it says something else
	Mended  Turn = "mended"
	Unknown Turn = "unknown"
	Known   Turn = "known"
)

// Change is what one look found otherwise than the look before.
type Change struct {
	Domain   string // in ASCII
	At       time.Time
	Before   time.Time // the look before that; zero: there was none. It happened between the two
	Turn     Turn
	Check    string
	Rule     string // "" where a check became silent, or speaks again
	Subject  string
	Severity string    // "info", "warn", "fail"; of a silence "unknown"; of something that was taken away at least "warn"
	First    time.Time // when the finding or the silence was first seen
	Message  codes.Text
	Culprit  string // what other domains may suffer from, too: the domain of a provider, an address, a resolver; "" for none
}
