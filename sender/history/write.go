package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"todoku/sender/sqlite"
)

const insertSending = `INSERT INTO sendings (id, kind, sender, name, recipient, recipient_key, domain, cc, bcc,
  reply_to, errors_to, subject,
  message_id, envelope_id, phase, result, via, started, updated, attempts, next_attempt, owner, lease)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 'preparing', ?, ?, ?, ?, ?, ?, ?)`

// Begin writes a new sending down: ID and Recipient must be there, a Started of
// zero is now. It is queued, whatever the rest of s says.
func (s *SQLite) Begin(ctx context.Context, x Sending) error {
	if x.ID == "" || x.Recipient == "" {
		return errIncomplete
	}
	args := s.insertArgs(x, s.now())
	err := s.tx(ctx, func(w *writer) error {
		if _, err := w.exec(insertSending, args...); err != nil {
			return err
		}
		return writeContent(w, x.ID, x.Content)
	})
	if sqlite.FaultOf(err) == sqlite.Duplicate {
		return fmt.Errorf("%w: %s", ErrExists, x.ID)
	}
	return err
}

var errIncomplete = errors.New("history: a sending needs an id and a recipient")

func (s *SQLite) insertArgs(x Sending, now time.Time) []any {
	if x.Started.IsZero() {
		x.Started = now
	}
	owner, lease := s.owner, now.Add(s.lease).UnixMilli()
	if !x.NextAttempt.IsZero() {
		owner, lease = "", 0
	}
	return []any{x.ID, x.Kind, x.Sender, x.Name, x.Recipient, Key(x.Recipient), domainOf(x.Recipient),
		addresses(x.Cc), addresses(x.Bcc), x.ReplyTo, x.ErrorsTo, x.Subject, x.MessageID, x.EnvelopeID, x.Via,
		millis(x.Started), millis(now), x.Attempts, millis(x.NextAttempt), owner, lease}
}

func addresses(list []string) string {
	if len(list) == 0 {
		return ""
	}
	b, _ := json.Marshal(list) // strings cannot fail
	return string(b)
}

const updateProgress = `UPDATE sendings SET phase = ?1, mx = iif(?2 = '', mx, ?2), address = iif(?3 = '', address,
  ?3), via = iif(?4 = '', via, ?4),
  reply = iif(?5 = '', reply, ?5), attempts = iif(?6 = 0, attempts, ?6), next_attempt = ?7, updated = ?8, lease = ?9
  WHERE id = ?10 AND owner = ?11 AND result = 'preparing'`

// Progress writes a step down, and prolongs the lease.
func (s *SQLite) Progress(ctx context.Context, id string, p Step) error {
	switch p.Phase {
	case Queued, InSession, ContentSent:
	default:
		return fmt.Errorf("history: %q is no phase on the way", p.Phase)
	}
	now := s.now()
	lease := now
	if p.NextAttempt.After(now) {
		lease = p.NextAttempt
	}
	args := []any{p.Phase, p.MX, p.Address, p.Via, p.Reply, p.Attempts, millis(p.NextAttempt), millis(now),
		millis(lease.Add(s.lease)), id, s.owner}
	return s.commit(ctx, &change{synced: p.Phase == ContentSent, do: func(w *writer) error {
		if err := one(w, id, updateProgress, args...); err != nil {
			return err
		}
		return p.Mail.write(w, id)
	}})
}

// Release lets others claim a queued sending at once.
func (s *SQLite) Release(ctx context.Context, id string) error {
	return s.tx(ctx, func(w *writer) error {
		return one(w, id, `UPDATE sendings SET lease = 0, updated = ? WHERE id = ? AND owner = ? AND phase = 'queued'`,
			millis(s.now()), id, s.owner)
	})
}

// one changes one row, or says why there is none.
func one(w *writer, id, query string, args ...any) error {
	if n, err := w.exec(query, args...); n > 0 || err != nil {
		return err
	}
	return refusal(w, id)
}

// refusal is why a sending cannot be changed.
func refusal(w *writer, id string) error {
	var result Result
	err := w.row(`SELECT result FROM sendings WHERE id = ?`, id).Scan(&result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%w: %s", ErrNotFound, id)
	case err != nil:
		return err
	case result != Preparing:
		return fmt.Errorf("%w: %s", ErrFinished, id)
	}
	return fmt.Errorf("%w: %s", ErrTaken, id)
}

// A sending is finished by whoever works on it, or by anybody once that one is
// gone. What nobody can know the end of (40001) keeps its phase; its end may
// still become known.
const updateFinish = `UPDATE sendings SET phase = iif(?2 = '40001', phase, 'done'), result = ?1, code = ?2, reason =
  ?3, reason_class = ?4, permanent = ?5, own = ?6,
  reply = ?7, mx = iif(?8 = '', mx, ?8), address = iif(?9 = '', address, ?9), via = iif(?10 = '', via, ?10),
  message_id = iif(?11 = '', message_id, ?11), attempts = iif(?12 = 0, attempts, ?12), finished = ?13, updated = ?14,
  next_attempt = 0, lease = 0, transcript = ?15
  WHERE id = ?16 AND (result = 'preparing' OR code = '40001' AND phase <> 'done') AND (owner = ?17 OR lease <= ?14) RETURNING recipient`

// Finish writes the end down together with what it means for the address.
func (s *SQLite) Finish(ctx context.Context, id string, o Outcome) error {
	if o.Result != OK && o.Result != Failed {
		return fmt.Errorf("history: %q is no end of a sending", o.Result)
	}
	now := s.now()
	if o.At.IsZero() {
		o.At = now
	}
	args := []any{o.Result, o.Code, o.Reason, o.ReasonClass, o.Permanent, o.Own, o.Reply, o.MX, o.Address, o.Via,
		o.MessageID, o.Attempts, millis(o.At), millis(now), transcript(o.Transcript), id, s.owner}
	return s.commit(ctx, &change{mayWait: true, do: func(w *writer) error {
		var recipient string
		err := w.row(updateFinish, args...).Scan(&recipient)
		if errors.Is(err, sql.ErrNoRows) {
			return refusal(w, id)
		}
		if err == nil {
			err = o.Mail.write(w, id)
		}
		if err != nil {
			return err
		}
		return applyToFlag(w, recipient, effectOf(o.Result, o.Code, o.Own), o.Code, o.At)
	}})
}

// transcript keeps what is no JSON as a text, so that no result is lost for it.
func transcript(raw json.RawMessage) []byte {
	if len(raw) == 0 || json.Valid(raw) {
		return raw
	}
	b, _ := json.Marshal(string(raw)) // strings cannot fail
	return b
}

// Bounced turns a sending that was accepted to an error, once: a second bounce
// changes nothing, and an error stays the error that it is. A sending whose
// outcome nobody knows has one with that.
func (s *SQLite) Bounced(ctx context.Context, id string, b Bounce) error {
	return s.tx(ctx, func(w *writer) error {
		if err := bounced(w, id, b, s.now()); !errors.Is(err, ErrFinished) {
			return err
		}
		return nil
	})
}
