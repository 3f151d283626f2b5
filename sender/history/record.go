package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"todoku/codes"
)

// Batch is what was read of a mailbox: it is written down together, or not at all.
type Batch struct {
	Mailbox string // "" where nothing is remembered of it
	Mark    string // up to which it has been read; "" leaves the mark that it has
	Items   []ReadItem
	Events  []Event
	Safe    bool // it has to be on the disk before Record returns: what it was read from is deleted then
}

// ReadItem is an item of a mailbox that was read.
type ReadItem struct {
	ID      string
	Pending bool // it is to be moved or deleted once this is safe
}

// Recorded is what became of an event.
type Recorded struct {
	Event  Event
	Known  bool // it was recorded before, from this record or another one of the same happening
	Before Brief
	After  Brief
	Flag   Validity // of the recipient, after it
	Struck bool     // the address became invalid by it
}

// Brief is a sending in short.
type Brief struct {
	ID        string
	Recipient string
	Subject   string
	Started   time.Time
	Phase     Phase
	Result    Result
	Code      string
}

// Record writes events down with what they do to their sendings, each once, however often and by however many processes it
// is called.
func (l eventLog) Record(ctx context.Context, b Batch) ([]Recorded, error) {
	var out []Recorded
	err := l.commit(ctx, &change{synced: b.Safe, certain: b.Safe, do: func(w *writer) error {
		out = make([]Recorded, len(b.Events)) // a change may be done again
		for i, e := range b.Events {
			var err error
			if out[i], err = l.record(w, e); err != nil {
				return err
			}
		}
		return l.recordItems(w, b)
	}})
	return out, err
}

func (l eventLog) recordItems(w *writer, b Batch) error {
	now := millis(l.now())
	for _, it := range b.Items {
		if _, err := w.exec(`INSERT INTO items (mailbox, item, pending, read) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  pending = excluded.pending, read = excluded.read`, b.Mailbox, it.ID, it.Pending, now); err != nil {
			return err
		}
	}
	if b.Mark == "" || b.Mailbox == "" {
		return nil
	}
	_, err := w.exec(`INSERT OR REPLACE INTO mailboxes (name, mark, read) VALUES (?, ?, ?)`, b.Mailbox, b.Mark, now)
	return err
}

// record writes one event down.
func (l eventLog) record(w *writer, e Event) (Recorded, error) {
	now := l.now()
	e.Recorded = now
	r := Recorded{Event: e}
	known, settled, err := known(w, e)
	if err != nil || known {
		r.Known = true
		return r, err
	}
	if !settled { // it was read before, and now it is known of which mail it is
		if _, err := w.exec(`DELETE FROM events WHERE digest = ?`, e.digest()); err != nil {
			return r, err
		}
	}
	var seq sql.NullInt64
	if e.Sending != "" {
		if err := w.row(`SELECT seq FROM sendings WHERE id = ?`, e.Sending).Scan(&seq); err != nil {
			return r, fmt.Errorf("%w: %s", ErrNotFound, e.Sending)
		}
		if err := l.apply(w, &r); err != nil {
			return r, err
		}
	}
	_, err = w.exec(insertEvent, e.digest(), seq, e.slot(), e.MatchedBy, e.Why, r.Event.Effect, e.Action, millis(e.Time), e.Recipient,
		e.Original, e.Sender, e.Subject, e.MessageID, e.EnvelopeID, e.QueueID, e.ReturnPath, e.Reply, e.Reason, e.ReasonClass,
		e.Permanent, e.Provider,
		e.RemoteMTA, e.ReportingMTA, e.Feedback, e.Format, e.File, e.Line, millis(now))
	return r, err
}

const insertEvent = `INSERT INTO events (digest, sending, slot, matched_by, why, effect, action, time, recipient, original, sender,
  subject, message_id, envelope_id, queue_id, return_path, reply, reason, reason_class, permanent, provider, remote_mta, reporting_mta,
  feedback, format, file, line, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// known reports whether an event is recorded: this very record, unless its mail has become known since, or another record
// of the same happening. settled is false where the old row is to go.
func known(w *writer, e Event) (known, settled bool, err error) {
	var unmatched, waits bool
	err = w.row(`SELECT sending IS NULL, effect = 'waits' FROM events WHERE digest = ?`, e.digest()).Scan(&unmatched, &waits)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		settled, err = true, nil
	case err != nil:
		return false, false, err
	case !waits && (!unmatched || e.Sending == ""):
		return true, true, nil
	}
	if e.Sending == "" {
		return false, settled, nil
	}
	err = w.row(`SELECT EXISTS (SELECT 1 FROM events v JOIN sendings s ON s.seq = v.sending WHERE s.id = ? AND v.slot = ? AND
  v.digest <> ?)`, e.Sending, e.slot(), e.digest()).Scan(&known)
	return known, settled, err
}

// apply lets an event act on its sending, and on the flag of its address.
func (l eventLog) apply(w *writer, r *Recorded) (err error) {
	if r.Before, err = brief(w, r.Event.Sending); err != nil {
		return err
	}
	before, err := flagOf(w.row(selectFlag, Key(r.Before.Recipient)), r.Before.Recipient)
	if err != nil {
		return err
	}
	e := &r.Event
	switch e.Action {
	case "failed", "expired":
		err = bounced(w, e.Sending, Bounce{Reason: e.Reason, ReasonClass: e.ReasonClass, Permanent: e.Permanent,
			Reply: e.Reply, At: e.Time}, l.now())
		e.Effect = Bounced
	case "delivered", "relayed":
		err = l.confirmed(w, e.Sending, e.Reply, e.Time)
		e.Effect = Confirmed
	default:
		e.Effect = NoEffect
	}
	switch {
	case errors.Is(err, ErrUnderWay):
		e.Effect, err = Waits, nil
	case errors.Is(err, ErrFinished):
		e.Effect, err = NoEffect, nil
	}
	if err != nil {
		return err
	}
	if r.After, err = brief(w, e.Sending); err != nil {
		return err
	}
	r.Flag, err = flagOf(w.row(selectFlag, Key(r.Before.Recipient)), r.Before.Recipient)
	r.Struck = before.Valid && !r.Flag.Valid
	return err
}

func brief(w *writer, id string) (x Brief, err error) {
	var started int64
	err = w.row(`SELECT id, recipient, subject, started, phase, result, code FROM sendings WHERE id = ?`, id).Scan(&x.ID, &x.Recipient,
		&x.Subject, &started, &x.Phase, &x.Result, &x.Code)
	x.Started = fromMillis(started)
	return x, err
}

// bounced turns a sending that was accepted to an error. ErrFinished says that it is one already, ErrUnderWay that it has
// no result yet.
func bounced(w *writer, id string, b Bounce, now time.Time) error {
	if b.At.IsZero() {
		b.At = now
	}
	var recipient string
	err := w.row(`UPDATE sendings SET phase = 'done', result = 'error', code = ?1, reason = ?2, reason_class = ?3, permanent = ?4, own = 0,
  reply = iif(?5 = '', reply, ?5), finished = ?6, updated = ?7, next_attempt = 0, lease = 0
  WHERE id = ?8 AND (result = 'ok' OR result = 'preparing' AND phase <> 'queued' AND lease <= ?7) RETURNING recipient`,
		codes.DeliveryBounced, b.Reason, b.ReasonClass, b.Permanent, b.Reply, millis(b.At), millis(now), id).Scan(&recipient)
	if errors.Is(err, sql.ErrNoRows) {
		err = refusal(w, id)
		if errors.Is(err, ErrTaken) {
			err = fmt.Errorf("%w: %s", ErrUnderWay, id)
		}
		return err
	}
	if err != nil {
		return err
	}
	return recount(w, recipient, b.At)
}

// confirmed settles a sending of which nobody knew how it ended (40001). ErrFinished says that this is known.
func (l eventLog) confirmed(w *writer, id, reply string, at time.Time) error {
	now := l.now()
	if at.IsZero() {
		at = now
	}
	n, err := w.exec(`UPDATE sendings SET phase = 'done', code = ?1, reply = iif(?2 = '', reply, ?2), finished = ?3, updated = ?4
  WHERE id = ?5 AND result = 'ok' AND code = ?6`, codes.DeliveryOK, reply, millis(at), millis(now), id, codes.DeliveryNoReply)
	if err != nil || n > 0 {
		return err
	}
	if err = refusal(w, id); errors.Is(err, ErrTaken) {
		err = fmt.Errorf("%w: %s", ErrUnderWay, id)
	}
	return err
}
