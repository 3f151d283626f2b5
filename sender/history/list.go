package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// List is one mail to many recipients.
type List struct {
	ID         string
	Recipients string // digest of who is on it
	Mail       string // digest of what they get
	Started    time.Time
}

// Enlist writes a list down, with all its sendings, before the first of them
// goes out: ID and Recipient of each must be there, and this store works on them.
// Who is on the list already is passed over. With join, the newest list of the
// same recipients and mail is gone on with, if there is one; it is what comes back.
// Without join, ErrListBusy and that list come back while another process sends it.
func (s *SQLite) Enlist(ctx context.Context, l List, join bool, sendings iter.Seq[Sending]) (List, error) {
	now := s.now()
	err := s.tx(ctx, func(w *writer) error {
		if join {
			old, err := scanList(w.row(`SELECT `+listColumns+` FROM lists WHERE mail = ? AND recipients = ? ORDER BY seq DESC LIMIT 1`, l.Mail, l.Recipients))
			if err == nil {
				l = old
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		} else if old, err := s.underWay(w, l, now); err != nil {
			l = old
			return err
		}
		_, err := w.exec(`INSERT INTO lists (id, recipients, mail, started) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, l.ID, l.Recipients, l.Mail, millis(l.Started))
		if err != nil {
			return err
		}
		var seq int64
		if err := w.row(`SELECT seq FROM lists WHERE id = ?`, l.ID).Scan(&seq); err != nil {
			return err
		}
		for x := range sendings {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.enlist(w, seq, x, now); err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

// underWay gives ErrListBusy, and the list, where another process is sending the
// same mail to the same recipients.
func (s *SQLite) underWay(w *writer, l List, now time.Time) (List, error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT l.id, x.owner, max(x.lease) FROM lists l JOIN members m ON m.list = l.seq
  JOIN sendings x ON x.seq = m.sending WHERE l.mail = ? AND l.recipients = ? AND x.result = 'preparing' GROUP BY l.seq, x.owner`, l.Mail, l.Recipients)
	if err != nil {
		return l, err
	}
	defer rows.Close()
	owners := owners{}
	for rows.Next() {
		var id, owner string
		var lease int64
		if err := rows.Scan(&id, &owner, &lease); err != nil {
			return l, err
		}
		if owner != s.owner && !owners.free(owner, lease, now) {
			return List{ID: id}, fmt.Errorf("%w: %s", ErrListBusy, id)
		}
	}
	return l, rows.Err()
}

// enlist writes one sending of a list down, unless its recipient is there.
func (s *SQLite) enlist(w *writer, list int64, x Sending, now time.Time) error {
	if x.ID == "" || x.Recipient == "" {
		return errIncomplete
	}
	var there bool
	if err := w.row(`SELECT EXISTS (SELECT 1 FROM members WHERE list = ? AND recipient_key = ?)`, list, key(x.Recipient)).Scan(&there); err != nil || there {
		return err
	}
	if _, err := w.exec(insertSending, s.insertArgs(x, now)...); err != nil {
		return err
	}
	_, err := w.exec(`INSERT INTO members (list, recipient_key, sending) VALUES (?, ?, last_insert_rowid())`, list, key(x.Recipient))
	return err
}

const listColumns = `id, recipients, mail, started`

func scanList(row scanner) (List, error) {
	var l List
	var started int64
	err := row.Scan(&l.ID, &l.Recipients, &l.Mail, &started)
	l.Started = fromMillis(started)
	return l, err
}

// FindList finds a list by its id or a beginning that only it has, or the newest
// one of some recipients and a mail.
func (s *SQLite) FindList(ctx context.Context, l List) (List, error) {
	where, args := ` WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 2`, []any{len([]rune(l.ID)), l.ID}
	if l.ID == "" {
		where, args = ` WHERE mail = ? AND recipients = ? ORDER BY seq DESC LIMIT 1`, []any{l.Mail, l.Recipients}
	}
	var found []List
	for x, err := range stream(ctx, s, func(r *sql.Rows) (List, error) { return scanList(r) }, `SELECT `+listColumns+` FROM lists`+where, args...) {
		if err != nil {
			return List{}, err
		}
		found = append(found, x)
	}
	switch len(found) {
	case 0:
		return List{}, fmt.Errorf("%w: %s", ErrNoList, l.ID)
	case 1:
		return found[0], nil
	}
	return List{}, fmt.Errorf("%w: %s", ErrAmbiguous, l.ID)
}

// Overlap finds the newest other list with which a new one would send twice: one
// of the same mail that shares a recipient, or one of the same recipients that was
// cut short. ErrNoList says that there is none.
func (s *SQLite) Overlap(ctx context.Context, l List, recipients iter.Seq[string]) (List, error) {
	var found List
	err := s.tx(ctx, func(w *writer) error {
		var same bool
		err := w.row(`SELECT EXISTS (SELECT 1 FROM lists WHERE mail = ? AND recipients = ?)`, l.Mail, l.Recipients).Scan(&same)
		if err != nil || same { // this is that list
			return errors.Join(err, ErrNoList)
		}
		found, err = scanList(w.row(`SELECT `+listColumns+` FROM lists WHERE recipients = ?1 AND mail <> ?2 AND EXISTS (
  SELECT 1 FROM members m JOIN sendings s ON s.seq = m.sending WHERE m.list = lists.seq AND s.result = 'preparing') ORDER BY seq DESC LIMIT 1`, l.Recipients, l.Mail))
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := w.row(`SELECT EXISTS (SELECT 1 FROM lists WHERE mail = ?)`, l.Mail).Scan(&same); err != nil || !same {
			return errors.Join(err, ErrNoList)
		}
		for r := range recipients {
			found, err = scanList(w.row(`SELECT `+listColumns+` FROM lists WHERE mail = ? AND EXISTS (
  SELECT 1 FROM members WHERE list = lists.seq AND recipient_key = ?) ORDER BY seq DESC LIMIT 1`, l.Mail, key(r)))
			if err == nil || !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return ErrNoList
	})
	return found, err
}

// queuedColumns are what is needed to send a mail of a list.
const queuedColumns = `seq, id, kind, sender, recipient, errors_to, message_id, envelope_id`

// Queued streams the sendings of a list that are queued and that this store works
// on, in the order in which they were written down, with what is needed to send
// them. Others may write meanwhile.
func (s *SQLite) Queued(ctx context.Context, list string) iter.Seq2[Sending, error] {
	const some = 256 // at a time: no snapshot of the file stays open while mails go out
	return func(yield func(Sending, error) bool) {
		for last, n := int64(0), some; n == some; {
			rows := stream(ctx, s, func(r *sql.Rows) (x Sending, err error) {
				err = r.Scan(&last, &x.ID, &x.Kind, &x.Sender, &x.Recipient, &x.ErrorsTo, &x.MessageID, &x.EnvelopeID)
				return x, err
			}, `SELECT `+queuedColumns+` FROM sendings WHERE result = 'preparing' AND phase = 'queued' AND owner = ? AND seq > ?
  AND EXISTS (SELECT 1 FROM members WHERE sending = seq AND list = (SELECT seq FROM lists WHERE id = ?)) ORDER BY seq LIMIT ?`, s.owner, last, list, some)
			var chunk []Sending
			for x, err := range rows {
				if err != nil {
					yield(x, err)
					return
				}
				chunk = append(chunk, x)
			}
			n = len(chunk)
			for _, x := range chunk {
				if !yield(x, nil) {
					return
				}
			}
		}
	}
}
