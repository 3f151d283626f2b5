// Package report prints documents: reports, diagnoses, letters and others. It is where data become words; the writers
// of package page write them.
package report

import (
	"time"

	"todoku/codes"
)

// Options is how a document should look.
type Options struct {
	Lang      codes.Lang
	Color     bool
	Width     int              // columns; 0 means 80
	Version   string           // of the tool
	Many      bool             // several may come: JSON becomes an array
	World     []codes.Arg      // the flags that say what world was looked at: --lab
	History   []codes.Arg      // the flag that says where the history is: --history FILE
	Catalogue *codes.Catalogue // what replies mean: for diagnoses, sendings and the history
	Now       time.Time        // for the history: what is under way, and the zone of its times
	Mark      bool             // CSV begins with a byte order mark
}

// wide gives a width to what has none.
func (o Options) wide() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	return o
}
