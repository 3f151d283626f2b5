package past

import (
	"time"

	"todoku/diag/watch"
)

// History is what is known of a domain over a time.
type History struct {
	Domain  string         // in ASCII
	Looked  time.Time      // the last look; zero: it was never looked at
	State   watch.State    // as that look left it
	Past    []watch.Past   // record sets as they were, oldest first
	Changes []watch.Change // oldest first; first looks make none
	Events  []Happening    // what became of mails of the domain, oldest first
	Cut     bool           // there is more of it than is given
}

// Happening counts mails of one domain within an hour that had the same end.
type Happening struct {
	Hour     time.Time // its beginning
	Domain   string    // of the sender, in ASCII
	Reason   string    // as codes.Reason has it; Arrived for mails that arrived
	Class    string    // of the reason
	Provider string    // "" where none is known
	Code     string    // the delivery code
	Source   string    // a digest that tells one log or notice from another, the same for a copy of it
	Count    int64     // of one source the larger of two counts holds: it was read twice
	First    time.Time
	Last     time.Time
	Example  string // one reply of them
}

// Arrived is the Reason of mails that arrived.
const Arrived = "delivered"
