package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// MaxContent is the largest mail that is kept for sending it again, in octets.
const MaxContent = 1 << 20

// writeContent writes the mail of a sending down, unless it is too large.
func writeContent(w *writer, id string, content []byte) error {
	if n := len(content); n == 0 || n > MaxContent {
		return nil
	}
	_, err := w.exec(`INSERT OR REPLACE INTO contents (id, content) VALUES (?, ?)`, id, content)
	return err
}

// Mail is what becomes known of a sending of a list when its turn comes.
type Mail struct {
	Started   time.Time
	MessageID string
	ErrorsTo  string
	Content   []byte
}

func (m *Mail) write(w *writer, id string) error {
	if m == nil {
		return nil
	}
	if _, err := w.exec(`UPDATE sendings SET started = ?, message_id = ?, errors_to = ? WHERE id = ?`, millis(m.Started),
		m.MessageID, m.ErrorsTo, id); err != nil {
		return err
	}
	return writeContent(w, id, m.Content)
}

// Content gives the mail of a sending as it went out. ErrNotFound says that it
// was not kept: it was too large, or the history is older than that.
func (s *SQLite) Content(ctx context.Context, id string) ([]byte, error) {
	var b []byte
	err := s.read.QueryRowContext(ctx, `SELECT content FROM contents WHERE id = ?`, id).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: the mail of %s", ErrNotFound, id)
	}
	return b, fault(s.path, err)
}

// Take claims this one sending, of which nothing has reached a server and on
// which nobody works. ErrTaken says that it is otherwise, ErrFinished that it
// has its result.
func (s *SQLite) Take(ctx context.Context, id string) (Sending, error) {
	var x Sending
	err := s.tx(ctx, func(w *writer) error {
		var owner string
		err := w.row(`SELECT owner FROM sendings WHERE id = ?`, id).Scan(&owner)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !processEnded(owner) {
			owner = s.owner // a living owner keeps it for the lease
		}
		now := s.now()
		x, err = scan(w.row(`UPDATE sendings SET owner = ?1, lease = ?2, updated = ?3
  WHERE id = ?4 AND phase = 'queued' AND (lease <= ?3 OR owner = ?5 AND ?5 <> ?1) RETURNING `+columns,
			s.owner, millis(now.Add(s.lease)), millis(now), id, owner), ownerStates{}, false)
		if errors.Is(err, sql.ErrNoRows) {
			return refusal(w, id)
		}
		return err
	})
	return x, err
}
