package watch

import "time"

// Happening counts mails of one domain within an hour that had the same end.
type Happening struct {
	Hour     time.Time // its start
	Domain   string    // of the sender, in ASCII
	Reason   string    // the ID of a codes.Reason; past.Arrived for mails that arrived
	Class    string    // of the reason: "policy_block"
	Provider string    // of the receivers; "" where none is known
	Code     string    // the delivery code
	Source   string    // a digest that tells one log or notice from another, the same for a copy of it
	Count    int64     // mails. Of one source the larger of two counts holds: it was read twice
	First    time.Time // the first of them
	Last     time.Time
	Example  string // what a server said to one of them
}
