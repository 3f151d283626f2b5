package batch

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"todoku/sender/history"
	"todoku/sender/mail"
)

// Enlist writes the whole list down before its first mail goes out, or finds the one that is to be resumed and takes
// what it has left. resumed tells that some of it had been sent before. The error is a *ResumeError where the list
// would bring somebody a second mail, or another process sends it.
func (b *Batch) Enlist(ctx context.Context) (resumed bool, err error) {
	now := b.Now()
	l := history.List{ID: history.NewID(now), Recipients: b.recipients, Mail: b.Composer.Digest, Started: now}
	var join func(kept []byte) bool // whether a mail that the history kept is this one; nil begins a new list
	fresh := l.ID
	if b.Resume {
		if l, err = b.listToResume(ctx, l); err != nil {
			return false, err
		}
		if join, err = b.Composer.sameBody(); err != nil {
			return false, err
		}
	}
	l, err = b.History.Enlist(ctx, l, join, b.sendings())
	if errors.Is(err, history.ErrListBusy) {
		return false, &ResumeError{Fault: ListBusy, ID: l.ID}
	}
	if err != nil {
		return false, err
	}
	b.ListID = l.ID
	if b.Before, err = b.History.Resume(ctx, l.ID, b.Force); err != nil {
		return false, err
	}
	s := b.Before
	return l.ID != fresh || s.Delivered+s.Perhaps+s.Refused+s.Temporary+s.Busy > 0, b.reportInvalid(ctx)
}

// listToResume is the list that ResumeID names, or l where it names none. A list
// that would bring somebody a second mail is refused.
func (b *Batch) listToResume(ctx context.Context, l history.List) (history.List, error) {
	if b.ResumeID != "" {
		return b.listByID(ctx, l)
	}
	other, err := b.History.Overlap(ctx, l, func(yield func(string) bool) {
		for _, item := range b.Items {
			if !yield(item.To.String()) {
				return
			}
		}
	})
	switch {
	case errors.Is(err, history.ErrNoList):
		return l, nil
	case err != nil:
		return l, err
	case other.Mail == l.Mail:
		return l, &ResumeError{Fault: OtherRecipients, ID: other.ID}
	}
	return l, &ResumeError{Fault: Unfinished, ID: other.ID}
}

// listByID is the list of ResumeID. It must have the mail of l.
func (b *Batch) listByID(ctx context.Context, l history.List) (history.List, error) {
	found, err := b.History.FindList(ctx, history.List{ID: b.ResumeID})
	switch {
	case errors.Is(err, history.ErrNoList):
		return l, &ResumeError{Fault: NoList, ID: b.ResumeID}
	case errors.Is(err, history.ErrAmbiguous):
		return l, &ResumeError{Fault: AmbiguousID, ID: b.ResumeID}
	case err != nil:
		return l, err
	case found.Mail != l.Mail:
		return l, &ResumeError{Fault: OtherMail, ID: found.ID}
	}
	return found, nil
}

// LeaveOutSent leaves out of a dry run whoever would get no mail, and refuses what the
// real run refuses.
func (b *Batch) LeaveOutSent(ctx context.Context) error {
	l, err := b.listToResume(ctx, history.List{Recipients: b.recipients, Mail: b.Composer.Digest})
	if err != nil {
		return err
	}
	l, err = b.History.FindList(ctx, l)
	switch {
	case errors.Is(err, history.ErrNoList):
		return nil
	case err != nil:
		return err
	}
	done := map[string]bool{}
	for s, err := range b.History.List(ctx, history.Filter{List: l.ID}) {
		if err != nil {
			return err
		}
		done[history.Key(s.Recipient)] = !s.Left()
	}
	b.Items = slices.DeleteFunc(b.Items, func(item Item) bool { return done[history.Key(item.To.String())] })
	return nil
}

// reportInvalid tells the addresses of the list that have become invalid. Those of
// recipients that come from a list are told already.
func (b *Batch) reportInvalid(ctx context.Context) error {
	if b.FromList {
		return nil
	}
	for _, addr := range b.Before.Invalid {
		to, err := mail.ParseAddress("To", addr)
		if err != nil {
			return err
		}
		if _, err := b.valid(ctx, to); err != nil {
			return err
		}
	}
	return nil
}

// sendings are those of a new list, as the history gets them.
func (b *Batch) sendings() iter.Seq[history.Sending] {
	return func(yield func(history.Sending) bool) {
		now := b.Now()
		from, subject := b.Composer.head()
		x := history.Sending{
			Kind: b.kind(), Sender: from.String(), Name: from.Name(), Subject: subject, EnvelopeID: b.DSN.ENVID, Started: now, Via: b.Via,
			ReplyTo: strings.Join(mail.Strings(b.ReplyTo), ", "), Bcc: mail.Strings(b.Bcc), Cc: mail.Strings(b.Cc),
		}
		for _, item := range b.Items {
			x.ID, x.Recipient = history.NewID(now), item.To.String()
			if !yield(x) {
				return
			}
		}
	}
}

// queue gives the mails to send, one after the other.
func (b *Batch) queue(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if b.ListID == "" {
			for _, item := range b.Items {
				if !yield(item, nil) {
					return
				}
			}
			return
		}
		for s, err := range b.History.Queued(ctx, b.ListID) {
			item, left := Item{}, false
			if err == nil {
				item, left, err = b.queuedItem(ctx, s)
			}
			if err != nil {
				yield(item, err)
				return
			}
			if left && !yield(item, nil) {
				return
			}
		}
	}
}

// queuedItem makes an item of a sending of the list; false says that its address
// has become invalid. A mail that was made already is sent as it is.
func (b *Batch) queuedItem(ctx context.Context, s history.Sending) (Item, bool, error) {
	item := Item{Earlier: &s, Claimed: true}
	var err error
	if item.To, err = mail.ParseAddress("To", s.Recipient); err != nil {
		return item, false, err
	}
	if b.Resume {
		if ok, err := b.valid(ctx, item.To); err != nil || !ok {
			return item, false, err
		}
	}
	if s.MessageID == "" {
		return item, true, nil
	}
	raw, err := b.History.Content(ctx, s.ID)
	if errors.Is(err, history.ErrNotFound) { // too large to be kept: it is made again
		return item, true, nil
	}
	if err == nil {
		item.Composer, err = Again(s, raw)
	}
	return item, true, err
}
