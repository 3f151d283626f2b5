package collect

import (
	"context"
	"io"

	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

// A batch is written down when it has so many events, or items.
const (
	batchEvents = 500
	batchItems  = 100
)

// reading is a source that is being read.
type reading struct {
	*round
	source Source
	batch  history.Batch
	failed bool // an item could not be read: the mark stays before it
	input  *Input
}

// read reads what a source has.
func (r *round) read(ctx context.Context, s Source) error {
	in := &reading{round: r, source: s, batch: history.Batch{Mailbox: s.Name}}
	if err := in.clear(ctx); err != nil {
		return err
	}
	var failed error
	for item, err := range s.Box.Items(ctx) {
		if err == nil {
			err = in.item(ctx, item)
		}
		if err != nil && (r.broken(err) || context.Cause(ctx) != nil) {
			failed = err
			break
		}
		if err != nil {
			in.failed = true
			r.Failed = append(r.Failed, err)
		}
	}
	if err := in.flush(ctx); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return in.clear(ctx)
}

// item reads an item, and remembers that it was read once it was read to its end.
func (in *reading) item(ctx context.Context, item mailbox.Item) error {
	r, err := item.Open(ctx)
	if err != nil {
		return err
	}
	matched, others, err := in.events(ctx, item, r)
	if closed := r.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	pending := item.Mail && matched > 0 && others == 0 && (in.MoveTo != "" || in.Delete)
	if in.source.Name != "" && item.ID != "" && (item.Mark == "" || pending) {
		in.batch.Items = append(in.batch.Items, history.ReadItem{ID: item.ID, Pending: pending})
		in.batch.Safe = in.batch.Safe || pending
	}
	if !in.failed && item.Mark != "" {
		in.batch.Mark = item.Mark
	}
	if len(in.batch.Items) >= batchItems {
		return in.flush(ctx)
	}
	return nil
}

// events reads the events of an item. matched are those of sendings, others those of none.
func (in *reading) events(ctx context.Context, item mailbox.Item, r io.Reader) (matched, others int, err error) {
	var about event.Input
	tell := func(*event.Event) {}
	if in.Seen != nil {
		tell = in.Seen()
	}
	defer func() { in.tell(item, about) }()
	for e, err := range event.Read(ctx, event.Source{Name: item.Name, Reader: r, Modified: item.Modified,
		Workers: in.Workers, Input: &about}) {
		if err != nil {
			return matched, others, err
		}
		if e.Time.IsZero() {
			e.Time = item.Modified
		}
		in.Counts.Events++
		in.Judge.Judge(&e)
		tell(&e)
		known, err := in.one(ctx, e)
		if err != nil {
			return matched, others, err
		}
		if known {
			matched++
		} else {
			others++
		}
	}
	return matched, others, nil
}

// one finds the sending of a judged event, and puts both into the batch.
func (in *reading) one(ctx context.Context, e event.Event) (matched bool, err error) {
	found, err := in.match.find(ctx, &e)
	if err != nil {
		return false, historyError{err}
	}
	if found.sending == "" && in.ignored(e) {
		in.Counts.Ignored++
		return false, nil
	}
	in.batch.Events = append(in.batch.Events, record(e, found, in.Now()))
	if len(in.batch.Events) >= batchEvents { // all events of the items in it are in it
		err = in.flush(ctx)
	}
	return found.sending != "", err
}

// ignored reports whether an event of no sending is not kept: a mail of somebody else that arrived, or one too many.
func (in *reading) ignored(e event.Event) bool {
	if !kept(e.Action) {
		return true
	}
	if in.kept+len(in.batch.Events) >= MaxUnmatched {
		in.Cut = true
		return true
	}
	return false
}

// kept reports whether an event of no sending is kept.
func kept(a event.Action) bool {
	switch a {
	case event.Delivered, event.Relayed, event.Expanded, event.Other:
		return false
	}
	return true
}

// flush writes down what was read.
func (in *reading) flush(ctx context.Context) error {
	b := in.batch
	in.batch = history.Batch{Mailbox: b.Mailbox}
	if len(b.Events)+len(b.Items) == 0 && b.Mark == "" {
		return nil
	}
	return in.record(ctx, b)
}

// tell adds what was learnt of an item as a whole: a file has a line of its own, the mails of a mailbox share one.
func (in *reading) tell(item mailbox.Item, about event.Input) {
	if in.input == nil || item.Mark == "" && !item.Mail {
		in.Inputs = append(in.Inputs, Input{Name: item.Name, Format: about.Format})
		in.input = &in.Inputs[len(in.Inputs)-1]
		if item.Mail {
			in.input.Name, in.input.Format = in.source.shown(item), "mails"
		}
	}
	in.input.Items++
	in.input.Lines += about.Lines
	in.input.Events += about.Events
	in.input.Unread += about.Unread
	for _, n := range about.Notes {
		if len(in.input.Notes) < maxNotes {
			in.input.Notes = append(in.input.Notes, n)
		}
	}
}

// maxNotes bounds what is told of an input as a whole.
const maxNotes = 20

// shown is the mailbox of a mail, for people.
func (s Source) shown(item mailbox.Item) string {
	if s.Name != "" {
		return s.Name
	}
	return item.Name
}

// clear moves or deletes the mails that were read and are safe.
func (in *reading) clear(ctx context.Context) error {
	if in.MoveTo == "" && !in.Delete || in.source.Name == "" {
		return nil
	}
	for {
		ids, err := in.History.Events().Pending(ctx, in.source.Name, 1000)
		if err != nil {
			return historyError{err}
		}
		if len(ids) == 0 {
			return nil
		}
		if in.MoveTo != "" {
			err = in.source.Box.Move(ctx, ids, in.MoveTo)
		} else {
			err = in.source.Box.Delete(ctx, ids)
		}
		if err != nil {
			return err
		}
		in.Counts.Moved += int64(len(ids))
		if err := in.History.Events().Cleared(context.WithoutCancel(ctx), in.source.Name, ids); err != nil {
			return historyError{err}
		}
	}
}
