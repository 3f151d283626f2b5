package batch

import (
	"context"
	"errors"

	"todoku/sender"
	"todoku/sender/history"
)

// Tally is how the mails of a run ended.
type Tally struct {
	OK          int // the servers took them
	Failed      int
	OwnFailures int  // our own DNS or network failed, which says nothing about the address
	Complete    bool // every mail of a list had its turn, and none was given up on the way
	Unfinished  bool // not every mail of the list has its result: another process has it, or nobody knows it
}

// Done is how many mails were tried.
func (t *Tally) Done() int { return t.OK + t.Failed + t.OwnFailures }

// count adds an outcome. A dry run that found the way has none.
func (t *Tally) count(o *sender.Outcome) {
	switch {
	case o.Result == history.Preparing:
	case o.Result != history.Failed:
		t.OK++
	case o.Ours && o.Reply.Code == 0 && !errors.Is(o.Err, sender.ErrNoTLS) && !errors.Is(o.Err, sender.ErrNoUTF8) &&
		!errors.Is(o.Err, sender.ErrNo8Bit):
		t.OwnFailures++
	default:
		t.Failed++
	}
}

// Standing counts the mails of the list after a run. Where a list was resumed it also adds to t the mails of earlier runs
// that have failed or have no result yet: the run is complete only when none is left. The error is the history's.
func (b *Batch) Standing(ctx context.Context, t *Tally) (history.Standing, error) {
	s, err := b.History.Stands(context.WithoutCancel(ctx), b.ListID)
	if err == nil && b.Resume {
		t.Failed += max(0, s.Refused+s.Temporary-t.Failed-t.OwnFailures)
		t.Unfinished = t.Unfinished || s.Busy > 0 || s.Queued > b.LeftOut || b.Before.Perhaps > 0
	}
	return s, err
}
