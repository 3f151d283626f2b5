package history

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A sending is due when nothing of it was sent, its time has come, and nobody
// works on it. What was in a session is never taken: the server may have it.
const claimDue = `UPDATE sendings SET owner = ?1, lease = ?2, updated = ?3 WHERE seq = (
  SELECT seq FROM sendings WHERE result = 'preparing' AND phase = 'queued' AND next_attempt <= ?3 AND lease <= ?3
  ORDER BY max(next_attempt, started), seq LIMIT 1) RETURNING ` + columns

// Claim takes the queued sending that is due for longest and that nobody works
// on. Whoever had it before is stopped by its next Progress.
func (s *SQLite) Claim(ctx context.Context, now time.Time) (Sending, bool, error) {
	var x Sending
	err := s.tx(ctx, func(w *writer) (err error) {
		x, err = scan(w.row(claimDue, s.owner, millis(now.Add(s.lease)), millis(now)), ownerStates{}, false)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Sending{}, false, nil
	}
	return x, err == nil, err
}
