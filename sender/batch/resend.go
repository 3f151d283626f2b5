package batch

import (
	"context"
	"errors"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// Resend makes the batch of one mail of the history. One of which nothing has reached a server is resumed; any other
// becomes a new sending, if it may: the error is a *ResumeError where it may not.
func (b *Batch) Resend(ctx context.Context, id string) error {
	s, err := b.History.Get(ctx, id)
	switch {
	case errors.Is(err, history.ErrNotFound):
		return &ResumeError{Fault: NoSending, ID: id}
	case errors.Is(err, history.ErrAmbiguous):
		return &ResumeError{Fault: AmbiguousID, ID: id}
	case err != nil:
		return err
	}
	raw, err := b.History.Content(ctx, s.ID)
	if errors.Is(err, history.ErrNotFound) {
		return &ResumeError{Fault: NotKept, ID: s.ID}
	}
	if err != nil {
		return err
	}
	item := Item{Earlier: &s}
	if item.To, err = mail.ParseAddress("To", s.Recipient); err != nil {
		return err
	}
	if item.Composer, err = Again(s, raw); err != nil {
		return err
	}
	b.Composer = item.Composer
	if !b.DryRun {
		if item.Claimed = b.claim(ctx, s); !item.Claimed {
			err = b.mayRepeat(s)
		}
	}
	b.Items = []Item{item}
	return err
}

// claim takes a sending of which nothing has reached a server.
func (b *Batch) claim(ctx context.Context, s history.Sending) bool {
	if s.Phase != history.Queued {
		return false
	}
	_, err := b.History.Take(ctx, s.ID)
	return err == nil
}

// mayRepeat refuses what could arrive twice without anybody wanting that.
func (b *Batch) mayRepeat(s history.Sending) error {
	refused := func(f Fault) error { return &ResumeError{Fault: f, ID: s.ID, Code: s.Code} }
	switch {
	case s.Result == history.Preparing && s.Lease.After(b.Now()):
		return refused(SendingBusy)
	case b.Confirmed:
		return nil
	case s.Result == history.Preparing:
		return refused(EndUnknown)
	case s.Code == codes.DeliveryNoReply:
		return refused(Perhaps)
	case s.Result == history.OK:
		return refused(Taken)
	}
	return refused(Refused)
}
