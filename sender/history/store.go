package history

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Store is a history. All of it may be used by several goroutines, and by
// several processes at once.
type Store interface {
	// Begin writes a new sending down. This store then works on it, except that
	// one with a NextAttempt waits for whoever claims it.
	Begin(ctx context.Context, s Sending) error
	// Progress writes a step down; before the final dot it lets only the one
	// store through that works on the sending.
	Progress(ctx context.Context, id string, s Step) error
	// Finish writes the end down together with what it means for the address.
	Finish(ctx context.Context, id string, o Outcome) error
	// Release lets others claim a queued sending at once.
	Release(ctx context.Context, id string) error
	// Claim takes the queued sending that is due for longest and that nobody
	// works on; false says there is none.
	Claim(ctx context.Context, now time.Time) (Sending, bool, error)
	// Take claims one sending of which nothing has reached a server yet.
	Take(ctx context.Context, id string) (Sending, error)
	// Enlist writes a list down whole, or finds it again.
	Enlist(ctx context.Context, l List, join func(kept []byte) bool, sendings iter.Seq[Sending]) (List, error)
	// FindList finds a list by its id, or by its recipients and its mail.
	FindList(ctx context.Context, l List) (List, error)
	// Resume takes what a list has left, of invalid addresses only with force,
	// and tells how all of it stands.
	Resume(ctx context.Context, list string, force bool) (Standing, error)
	// Stands tells how a list stands.
	Stands(ctx context.Context, list string) (Standing, error)
	// Overlap finds another list with which a new one would send twice.
	Overlap(ctx context.Context, l List, recipients iter.Seq[string]) (List, error)
	// Queued streams what this store has left to send of a list.
	Queued(ctx context.Context, list string) iter.Seq2[Sending, error]
	// Bounced turns a sending that was accepted to an error, once.
	Bounced(ctx context.Context, id string, b Bounce) error

	// Get finds a sending by its id, or by a beginning that only it has.
	Get(ctx context.Context, id string) (Sending, error)
	// Content is the mail of a sending, where it was kept.
	Content(ctx context.Context, id string) ([]byte, error)
	// Last is the newest sending.
	Last(ctx context.Context) (Sending, error)
	// List streams the sendings, newest first.
	List(ctx context.Context, f Filter) iter.Seq2[Sending, error]
	// Unfinished streams what has no result yet, oldest first.
	Unfinished(ctx context.Context) iter.Seq2[Sending, error]

	// Flag tells whether an address may be sent to.
	Flag(ctx context.Context, addr string) (Validity, error)
	// Revalidate sets an address valid again after the cause was mended.
	Revalidate(ctx context.Context, addr, note string) error
	// Invalid streams the addresses not to be sent to.
	Invalid(ctx context.Context) iter.Seq2[Validity, error]

	// Events is what was told of mails after they were sent.
	Events() Events

	Close() error
}

// Events is what was told of mails after they were sent, and how far the mailboxes have been read that tell it.
type Events interface {
	// Record writes events down with what they do to their sendings, each once.
	Record(ctx context.Context, b Batch) ([]Recorded, error)
	// Of streams what was told of a sending.
	Of(ctx context.Context, id string) iter.Seq2[Event, error]
	// Unmatched streams what was told of mails that are not known here, the newest first.
	Unmatched(ctx context.Context, since time.Time, limit int) iter.Seq2[Event, error]
	CountUnmatched(ctx context.Context) (int, error)
	// Waiting streams what was told of sendings that had no result yet.
	Waiting(ctx context.Context) iter.Seq2[Event, error]

	// Mark is up to where a mailbox has been read.
	Mark(ctx context.Context, mailbox string) (string, error)
	// WasRead reports whether an item of a mailbox has been read.
	WasRead(ctx context.Context, mailbox, item string) (bool, error)
	// Pending lists items of a mailbox that are to be moved or deleted, and Cleared says that they were.
	Pending(ctx context.Context, mailbox string, most int) ([]string, error)
	Cleared(ctx context.Context, mailbox string, items []string) error
}

// What can be wrong with a call.
var (
	ErrNoList    = errors.New("no such list")
	ErrListBusy  = errors.New("another process sends this list")
	ErrNotFound  = errors.New("no such sending")
	ErrAmbiguous = errors.New("several begin with this id")
	ErrExists    = errors.New("a sending with this id is there already")
	ErrTaken     = errors.New("another process works on this sending")
	ErrFinished  = errors.New("this sending has its result already")
	ErrUnderWay  = errors.New("this sending has no result yet")
)
