package history

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"
)

// eventLog is what a history keeps of events.
type eventLog struct{ *SQLite }

var _ Events = eventLog{}

// Events is what was told of mails after they were sent.
func (s *SQLite) Events() Events { return eventLog{s} }

const eventColumns = `coalesce((SELECT id FROM sendings s WHERE s.seq = events.sending), ''), matched_by, why, effect, action, time,
  recipient, original, sender, subject, message_id, envelope_id, queue_id, return_path, reply, reason, reason_class, permanent, provider,
  remote_mta, reporting_mta, feedback, format, file, line, recorded`

func scanEvent(rows *sql.Rows) (Event, error) {
	var e Event
	var at, recorded int64
	err := rows.Scan(&e.Sending, &e.MatchedBy, &e.Why, &e.Effect, &e.Action, &at, &e.Recipient, &e.Original, &e.Sender, &e.Subject,
		&e.MessageID, &e.EnvelopeID, &e.QueueID, &e.ReturnPath, &e.Reply, &e.Reason, &e.ReasonClass, &e.Permanent, &e.Provider, &e.RemoteMTA,
		&e.ReportingMTA, &e.Feedback, &e.Format, &e.File, &e.Line, &recorded)
	if err == nil && (at < 0 || at > lastMilli || recorded < 0 || recorded > lastMilli) {
		err = errTime
	}
	if err != nil {
		return Event{}, &RowError{e.Sending, err}
	}
	e.Time, e.Recorded = fromMillis(at), fromMillis(recorded)
	return e, nil
}

func (l eventLog) events(ctx context.Context, rest string, args ...any) iter.Seq2[Event, error] {
	return stream(ctx, l.SQLite, scanEvent, `SELECT `+eventColumns+` FROM events `+rest, args...)
}

// Of streams what was told of a sending, in the order of time.
func (l eventLog) Of(ctx context.Context, id string) iter.Seq2[Event, error] {
	return l.events(ctx, `WHERE sending = (SELECT seq FROM sendings WHERE id = ?) ORDER BY time, seq`, id)
}

// Unmatched streams what was told of mails that are not known here, the newest first; at most limit of them, 0 is all.
func (l eventLog) Unmatched(ctx context.Context, since time.Time, limit int) iter.Seq2[Event, error] {
	if limit == 0 {
		limit = -1
	}
	return l.events(ctx, `WHERE sending IS NULL AND time >= ? ORDER BY time DESC, seq DESC LIMIT ?`, millis(since), limit)
}

// CountUnmatched counts them.
func (l eventLog) CountUnmatched(ctx context.Context) (n int, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT count(*) FROM events WHERE sending IS NULL`).Scan(&n)
	return n, fault(l.path, err)
}

// Waiting streams what was told of sendings that had no result yet.
func (l eventLog) Waiting(ctx context.Context) iter.Seq2[Event, error] {
	return l.events(ctx, `WHERE effect = 'waits' ORDER BY seq`)
}

// Mark is up to where a mailbox has been read, "" where it never was.
func (l eventLog) Mark(ctx context.Context, mailbox string) (mark string, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT mark FROM mailboxes WHERE name = ?`, mailbox).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return mark, fault(l.path, err)
}

// WasRead reports whether an item of a mailbox has been read.
func (l eventLog) WasRead(ctx context.Context, mailbox, item string) (yes bool, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items WHERE mailbox = ? AND item = ?)`, mailbox, item).Scan(&yes)
	return yes, fault(l.path, err)
}

// Pending lists at most so many items of a mailbox that are to be moved or deleted.
func (l eventLog) Pending(ctx context.Context, mailbox string, most int) (out []string, err error) {
	for id, err := range stream(ctx, l.SQLite, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) },
		`SELECT item FROM items WHERE mailbox = ? AND pending = 1 ORDER BY item LIMIT ?`, mailbox, most) {
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// Cleared says that items of a mailbox were moved or deleted.
func (l eventLog) Cleared(ctx context.Context, mailbox string, items []string) error {
	return l.tx(ctx, func(w *writer) error {
		for _, id := range items {
			if _, err := w.exec(`UPDATE items SET pending = 0 WHERE mailbox = ? AND item = ?`, mailbox, id); err != nil {
				return err
			}
		}
		return nil
	})
}
