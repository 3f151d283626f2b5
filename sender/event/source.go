package event

import (
	"io"
	"time"

	"todoku/codes"
)

// Source is an input to read events from.
type Source struct {
	Name     string // shown as the place of its events
	Reader   io.Reader
	Modified time.Time // when it was last written to; the year of a log without years is inferred from it
	Workers  int       // how many processors may be used; 0 is all. The events and their order are the same with any number
	Input    *Input    // filled in while it is read, where it is given
}

// Input is what is learnt of an input as a whole.
type Input struct {
	File   string
	Format string // "mbox", "postfix", "ses" …, several joined by "+"; "" where nothing was recognised
	Lines  int64  // or mails of a mailbox
	Events int64
	Unread int64        // records that look like an outcome and could not be read
	Clock  Clock        // the least exact one of its events
	Notes  []codes.Text // a bound that was reached, a damaged end, the year that was inferred
}
