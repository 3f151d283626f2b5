package batch

import (
	"context"
	"iter"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// The kinds of a sending, as the history has them.
const (
	KindTest     = "test"     // to recipients that were named one by one
	KindCampaign = "campaign" // to a list
)

// Batch is one mail to many recipients, or to one.
type Batch struct {
	Composer *Composer
	Items    []Item
	Options
	History History // history.Empty remembers nothing
	Now     func() time.Time
	Skipped func(history.Validity) // called for each address of a list that is left out because it is marked invalid

	LeftOut int              // how many were told to Skipped
	ListID  string           // of the list that the history keeps, else ""
	Before  history.Standing // of the list, when this run began

	recipients string // the Digest of all of them
}

// Item is one mail to one recipient.
type Item struct {
	To       mail.Address
	Composer *Composer        // of the earlier mail; nil is that of the batch
	Earlier  *history.Sending // what is sent again or resumed
	Claimed  bool             // the earlier one is resumed: nothing of it had been sent
}

// Options say how a batch goes out.
type Options struct {
	To, Cc, Bcc, ReplyTo []mail.Address // named one by one; To and Cc stand in the header
	FromList             bool           // the recipients come from a list
	ErrorsTo             *mail.Address  // the envelope sender instead of the composer's; the zero address is <>
	VERP                 bool           // the envelope sender names sending and recipient
	QuitAfter            codes.Stage    // ends each session here
	DSN                  sender.DSN
	Via                  string // the relay, for the history
	Force                bool   // also to addresses that are marked invalid
	Confirmed            bool   // a mail may go out a second time
	Resume               bool   // takes up a list that was cut short
	ResumeID             string // the id of that list; "" finds it by recipients and mail
	DryRun               bool   // nothing goes out
}

// History is what a batch asks of a history.Store.
type History interface {
	Get(ctx context.Context, id string) (history.Sending, error)
	Content(ctx context.Context, id string) ([]byte, error)
	Take(ctx context.Context, id string) (history.Sending, error)
	List(ctx context.Context, f history.Filter) iter.Seq2[history.Sending, error]

	Flag(ctx context.Context, addr string) (history.Validity, error)
	Invalid(ctx context.Context) iter.Seq2[history.Validity, error]

	Enlist(ctx context.Context, l history.List, join func(kept []byte) bool, sendings iter.Seq[history.Sending]) (history.List, error)
	FindList(ctx context.Context, l history.List) (history.List, error)
	Overlap(ctx context.Context, l history.List, recipients iter.Seq[string]) (history.List, error)
	Resume(ctx context.Context, list string, force bool) (history.Standing, error)
	Stands(ctx context.Context, list string) (history.Standing, error)
	Queued(ctx context.Context, list string) iter.Seq2[history.Sending, error]
}

// SetRecipients makes an item of each address.
func (b *Batch) SetRecipients(list []mail.Address) {
	for _, to := range list {
		b.Items = append(b.Items, Item{To: to})
	}
	b.recipients = Digest(list)
}

// Many reports whether the mails are a list, and not a single one.
func (b *Batch) Many() bool { return b.FromList || b.Resume || len(b.Items) > 1 }

// kind is what the mails are sent for.
func (b *Batch) kind() string {
	if b.FromList || len(b.To)+len(b.Cc)+len(b.Bcc) == 0 {
		return KindCampaign
	}
	return KindTest
}

// job makes the delivery of an item. The error is a *codes.UserError.
func (b *Batch) job(item Item) (sender.Job, error) {
	composer := b.Composer
	if item.Composer != nil {
		composer = item.Composer
	}
	j := sender.Job{
		Kind: b.kind(), To: item.To, From: composer.From, QuitAfter: b.QuitAfter, DSN: b.DSN, Bcc: b.Bcc, ID: history.NewID(b.Now()),
	}
	to, cc := b.To, b.Cc
	if j.Kind == KindCampaign {
		to, cc = []mail.Address{item.To}, nil
	}
	if len(to)+len(cc) == 0 { // only Bcc: the header names the sender
		to = []mail.Address{composer.From}
	}
	if s := item.Earlier; s != nil {
		j.Kind = s.Kind
		if j.DSN.ENVID == "" {
			j.DSN.ENVID = s.EnvelopeID
		}
		if item.Claimed {
			j.ID, j.Claimed, j.Listed = s.ID, true, b.ListID != "" && item.Composer == nil
		}
	}
	var err error
	if j.Message, err = composer.Message(to, cc); err != nil {
		return j, err
	}
	if b.ErrorsTo != nil {
		j.From = *b.ErrorsTo
	}
	if (b.VERP || composer.VERP) && !j.From.IsZero() {
		j.From, err = mail.VERP(j.From, j.ID, j.To)
	}
	return j, err
}
