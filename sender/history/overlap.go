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

// unlisted finds the newest sending of the same mail to the same recipient that
// stands on no list, 0 where there is none.
func unlisted(w *writer, x Sending, same func(kept []byte) bool) (int64, error) {
	rows, err := w.conn.QueryContext(context.Background(), `SELECT seq, (SELECT content FROM contents c WHERE c.id = s.id) FROM sendings s
  WHERE recipient_key = ? AND kind = ? AND sender = ? AND subject = ? AND NOT EXISTS (SELECT 1 FROM members WHERE sending = s.seq)
  ORDER BY started DESC, seq DESC`, key(x.Recipient), x.Kind, x.Sender, x.Subject)
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
