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
// Who is on the list already is passed over. With join, the list with this ID is gone
// on with, else the newest one of the same recipients and mail, if there is one; it is
// what comes back. What an older todoku, which kept no lists, wrote down of this mail is
// then taken over: join tells by the mail as it was kept, or nil, whether it is this one.
// Without join, ErrListBusy and that list come back while another process sends it.
func (s *SQLite) Enlist(ctx context.Context, l List, join func(kept []byte) bool, sendings iter.Seq[Sending]) (List, error) {
	now, given := s.now(), l
	err := s.tx(ctx, func(w *writer) error {
		l = given // a change may be done again
		if join != nil {
			old, err := scanList(w.row(`SELECT `+listColumns+
				` FROM lists WHERE id = ?1 OR mail = ?2 AND recipients = ?3 ORDER BY id = ?1 DESC, seq DESC LIMIT 1`,
				l.ID, l.Mail, l.Recipients))
			if err == nil {
				l = old
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		} else if old, err := sentByOther(w, l, s.owner, now); err != nil {
			l = old
			return err
		}
		_, err := w.exec(`INSERT INTO lists (id, recipients, mail, started) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, l.ID,
			l.Recipients, l.Mail, millis(l.Started))
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
			if err := s.enlist(w, seq, x, now, join); err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

// enlist writes one sending of a list down, unless its recipient is there.
func (s *SQLite) enlist(w *writer, list int64, x Sending, now time.Time, join func(kept []byte) bool) error {
	if x.ID == "" || x.Recipient == "" {
		return errIncomplete
	}
	var there bool
	if err := w.row(`SELECT EXISTS (SELECT 1 FROM members WHERE list = ? AND recipient_key = ?)`, list,
		Key(x.Recipient)).Scan(&there); err != nil || there {
		return err
	}
	if join != nil {
		if seq, err := unlisted(w, x, join); err != nil || seq != 0 {
			if err == nil {
				_, err = w.exec(`INSERT INTO members (list, recipient_key, sending) VALUES (?, ?, ?)`, list, Key(x.Recipient), seq)
			}
			return err
		}
	}
	if _, err := w.exec(insertSending, s.insertArgs(x, now)...); err != nil {
		return err
	}
	_, err := w.exec(`INSERT INTO members (list, recipient_key, sending) VALUES (?, ?, last_insert_rowid())`, list, Key(x.Recipient))
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
	for x, err := range stream(ctx, s, func(r *sql.Rows) (List, error) { return scanList(r) }, `SELECT `+listColumns+
		` FROM lists`+where, args...) {
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
  AND EXISTS (SELECT 1 FROM members WHERE sending = seq AND list = (SELECT seq FROM lists WHERE id = ?)) ORDER BY seq LIMIT ?`, s.owner,
				last, list, some)
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
