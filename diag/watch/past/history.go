package past

import (
	"time"

	"todoku/diag/watch"
)

// History is what is known of a domain over a time.
type History struct {
	Domain  string            // in ASCII
	Looked  time.Time         // the last look; zero: it was never looked at
	State   watch.State       // as that look left it
	Past    []watch.Past      // record sets as they were, oldest first
	Changes []watch.Change    // oldest first; first looks make none
	Events  []watch.Happening // what became of mails of the domain, oldest first
	Cut     bool              // there is more of it than is given
}

// Arrived is the Reason of mails that arrived.
const Arrived = "delivered"
