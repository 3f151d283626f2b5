package collect

import (
	"context"
	"errors"
	"time"

	"todoku/codes"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

// Collector reads sources into a history. It is not safe for concurrent use; several processes may have one each.
type Collector struct {
	History history.Store
	Judge   *event.Judge
	Now     func() time.Time
	Workers int // as event.Source has it

	// Seen is called when a file or a mail begins, and gives what gets its events, judged; nil: nobody wants them.
	Seen func() func(*event.Event)

	MoveTo string // folder for mails whose events all belong to sendings; "" moves nothing
	Delete bool   // such mails are deleted
}

// Source is a mailbox and what the history calls it.
type Source struct {
	Name string // the same whenever it is opened; "" where nothing is to be remembered: standard input
	Box  mailbox.Box
}

// Round is what one look at the sources told.
type Round struct {
	Started time.Time
	Inputs  []Input
	Counts  Counts
	Changes []history.Recorded // results that changed: Bounced, Confirmed
	Told    []history.Recorded // what changes no result: delays, complaints, automatic answers, bounces of errors
	Others  []history.Event    // new events that belong to no sending
	Cut     bool               // there were more of them: only counted
	Failed  []error            // inputs that could not be read to their end
}

// Input is a file or a mailbox that was read.
type Input struct {
	Name   string
	Format string // as event.Input has it; of a mailbox "mails"
	Items  int64  // files, or mails
	Lines  int64
	Events int64
	Unread int64
	Notes  []codes.Text
}

// Counts are the events of a round by what became of them.
type Counts struct {
	Events    int64 `json:"events"`
	Bounced   int64 `json:"bounced"`   // ok to error, 90000
	Settled   int64 `json:"settled"`   // 40001 to ok, 40000
	Delayed   int64 `json:"delayed"`   // may yet arrive
	Complaint int64 `json:"complaint"` //
	AutoReply int64 `json:"auto_reply"`
	Other     int64 `json:"other"`     // of sendings, without an effect
	Waits     int64 `json:"waits"`     // the sending has no result yet
	Known     int64 `json:"known"`     // recorded before
	Unmatched int64 `json:"unmatched"` // of no sending, and kept
	Ignored   int64 `json:"ignored"`   // deliveries of mails that were not sent from here, and what is over the bound of those kept
	Moved     int64 `json:"moved"`
	Invalid   int64 `json:"invalid"` // addresses that became invalid
}

// What a round lists of each kind, at most. The history has all of it.
const (
	MaxChanges = 4_000
	MaxListed  = 1_000 // of what changes no result
)

// maxWaiting bounds what is looked at again in one round.
const maxWaiting = 50_000

// MaxUnmatched bounds what is kept of events that belong to no sending.
const MaxUnmatched = 100_000

// Changed reports whether a result changed, or something is known of a sending that was not.
func (r *Round) Changed() bool { return len(r.Changes)+len(r.Told) > 0 }

// New reports whether the round tells anything that was not known.
func (r *Round) New() bool { return r.Changed() || len(r.Others) > 0 }

// Round looks at all sources once. What could not be read is in Failed, and the rest has been read. The error is one of
// the history, or the end of ctx: what was read before is safe, and the round tells it.
func (c *Collector) Round(ctx context.Context, sources []Source) (*Round, error) {
	r := &round{Collector: c, Round: &Round{Started: c.Now()}, match: matcher{history: c.History, now: c.Now}}
	var err error
	if r.kept, err = c.History.Events().CountUnmatched(ctx); err == nil {
		err = r.settle(ctx)
	}
	for i := 0; err == nil && i < len(sources); i++ {
		if err = r.read(ctx, sources[i]); err != nil && context.Cause(ctx) == nil && !r.broken(err) {
			r.Failed, err = append(r.Failed, err), nil
		}
	}
	return r.Round, err
}

// historyError is an error of the history: there is no sense in reading on.
type historyError struct{ error }

// Unwrap gives the error.
func (h historyError) Unwrap() error { return h.error }

// round is a Round under way.
type round struct {
	*Collector
	*Round
	match matcher
	kept  int // events in the history that belong to no sending
}

func (r *round) broken(err error) bool { return errors.As(err, &historyError{}) }

// settle looks again at what was told of sendings that had no result yet.
func (r *round) settle(ctx context.Context) error {
	var waiting []history.Event
	for e, err := range r.History.Events().Waiting(ctx) {
		if err != nil {
			return historyError{err}
		}
		if waiting = append(waiting, e); len(waiting) == maxWaiting {
			break
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return r.record(ctx, history.Batch{Events: waiting})
}

// record writes a batch down and counts what became of it.
func (r *round) record(ctx context.Context, b history.Batch) error {
	all, err := r.History.Events().Record(context.WithoutCancel(ctx), b)
	if err != nil {
		return historyError{err}
	}
	for _, x := range all {
		r.count(x)
	}
	return nil
}

// count counts what became of an event, and lists what is new.
func (r *round) count(x history.Recorded) {
	n := &r.Counts
	if x.Struck {
		n.Invalid++
	}
	switch {
	case x.Known:
		n.Known++
		return
	case x.Event.Sending == "":
		n.Unmatched++
		r.kept++
		r.Others = keep(r, r.Others, x.Event, MaxListed)
		return
	case x.Event.Effect == history.Bounced:
		n.Bounced++
		r.Changes = keep(r, r.Changes, x, MaxChanges)
		return
	case x.Event.Effect == history.Confirmed:
		n.Settled++
		r.Changes = keep(r, r.Changes, x, MaxChanges)
		return
	case x.Event.Effect == history.Waits:
		n.Waits++
	case x.Event.Action == string(event.Delayed):
		n.Delayed++
	case x.Event.Action == string(event.Complaint):
		n.Complaint++
	case x.Event.Action == string(event.AutoReply):
		n.AutoReply++
	default:
		n.Other++
	}
	r.Told = keep(r, r.Told, x, MaxListed)
}

func keep[T any](r *round, list []T, x T, most int) []T {
	if len(list) >= most {
		r.Cut = true
		return list
	}
	return append(list, x)
}
