package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Overlap finds the newest other list with which a new one would send twice: one
// of the same mail that shares a recipient, or one of the same recipients that was
// cut short. ErrNoList says that there is none.
func (s *SQLite) Overlap(ctx context.Context, l List, recipients iter.Seq[string]) (List, error) {
	found, err := s.overlap(ctx, l, recipients)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoList
	}
	return found, fault(s.path, err)
}

// overlap gives sql.ErrNoRows where there is none.
func (s *SQLite) overlap(ctx context.Context, l List, recipients iter.Seq[string]) (List, error) {
	var this, mail bool // whether this very list is there, and whether any list of this mail
	err := s.read.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM lists WHERE mail = ?1 AND recipients = ?2), EXISTS (SELECT 1 FROM lists WHERE mail = ?1)`,
		l.Mail, l.Recipients).Scan(&this, &mail)
	if err != nil {
		return List{}, err
	}
	if this {
		return List{}, sql.ErrNoRows
	}
	found, err := scanList(s.read.QueryRowContext(ctx, `SELECT `+listColumns+` FROM lists WHERE recipients = ? AND mail <> ? AND EXISTS (
  SELECT 1 FROM members m JOIN sendings s ON s.seq = m.sending WHERE m.list = lists.seq AND s.result = 'preparing')
  ORDER BY seq DESC LIMIT 1`, l.Recipients, l.Mail))
	if !mail || !errors.Is(err, sql.ErrNoRows) {
		return found, err
	}
	shares, err := s.read.PrepareContext(ctx, `SELECT `+listColumns+` FROM lists WHERE mail = ? AND EXISTS (
  SELECT 1 FROM members WHERE list = lists.seq AND recipient_key = ?) ORDER BY seq DESC LIMIT 1`)
	if err != nil {
		return List{}, err
	}
	defer shares.Close()
	for r := range recipients {
		if found, err = scanList(shares.QueryRowContext(ctx, l.Mail, Key(r))); !errors.Is(err, sql.ErrNoRows) {
			return found, err
		}
	}
	return List{}, sql.ErrNoRows
}

// sentByOther gives ErrListBusy, and the list, where a process other than owner is sending the same mail to the same
// recipients.
func sentByOther(w *writer, l List, owner string, now time.Time) (List, error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT l.id, x.owner, max(x.lease) FROM lists l JOIN members m ON m.list = l.seq
  JOIN sendings x ON x.seq = m.sending WHERE l.mail = ? AND l.recipients = ? AND x.result = 'preparing' GROUP BY l.seq, x.owner`, l.Mail,
		l.Recipients)
	if err != nil {
		return l, err
	}
	defer rows.Close()
	owners := ownerStates{}
	for rows.Next() {
		var id, other string
		var lease int64
		if err := rows.Scan(&id, &other, &lease); err != nil {
			return l, err
		}
		if other != owner && !owners.free(other, lease, now) {
			return List{ID: id}, fmt.Errorf("%w: %s", ErrListBusy, id)
		}
	}
	return l, rows.Err()
}

// unlisted finds the newest sending of the same mail to the same recipient that
// stands on no list, 0 where there is none.
func unlisted(w *writer, x Sending, same func(kept []byte) bool) (int64, error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT seq, (SELECT content FROM contents c WHERE c.id = s.id) FROM sendings s
  WHERE recipient_key = ? AND kind = ? AND sender = ? AND subject = ? AND NOT EXISTS (SELECT 1 FROM members WHERE sending = s.seq)
  ORDER BY started DESC, seq DESC`, Key(x.Recipient), x.Kind, x.Sender, x.Subject)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var kept []byte
		if err := rows.Scan(&seq, &kept); err != nil {
			return 0, err
		}
		if same(kept) {
			return seq, nil
		}
	}
	return 0, rows.Err()
}
