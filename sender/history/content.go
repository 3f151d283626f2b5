package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// MaxContent is the largest mail that is kept for sending it again, in octets.
const MaxContent = 1 << 20

// beginWith writes a new sending down together with its mail.
func (s *SQLite) beginWith(ctx context.Context, id string, args []any, content []byte) error {
	insert, err := s.statement(ctx, insertSending)
	if err != nil {
		return err
	}
	keep, err := s.statement(ctx, `INSERT INTO contents (id, content) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.StmtContext(ctx, insert).ExecContext(ctx, args...); err != nil {
			return err
		}
		_, err := tx.StmtContext(ctx, keep).ExecContext(ctx, id, content)
		return err
	})
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
	var owner string
	err := s.write.QueryRowContext(ctx, `SELECT owner FROM sendings WHERE id = ?`, id).Scan(&owner)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Sending{}, fault(s.path, err)
	}
	if !gone(owner) {
		owner = s.owner // a living owner keeps it for the lease
	}
	now := s.now()
	x, err := scan(s.write.QueryRowContext(ctx, `UPDATE sendings SET owner = ?1, lease = ?2, updated = ?3
  WHERE id = ?4 AND phase = 'queued' AND (lease <= ?3 OR owner = ?5 AND ?5 <> ?1) RETURNING `+columns,
		s.owner, millis(now.Add(s.lease)), millis(now), id, owner), false)
	if errors.Is(err, sql.ErrNoRows) {
		return Sending{}, refusal(ctx, s.write, id)
	}
	return x, fault(s.path, err)
}
