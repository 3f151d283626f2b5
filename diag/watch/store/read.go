package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"todoku/diag/watch"
)

// split reads selectors that stand in one text.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}

// Job is the job to look at one domain now. ErrNotWatched says that it is not in the store.
func (s *Store) Job(ctx context.Context, name string) (watch.Job, error) {
	var j watch.Job
	err := s.row(ctx, s.read, `SELECT chunk, id FROM watch_domain WHERE name = ?`, name).Scan(&j.Chunk, &j.Domain)
	if errors.Is(err, sql.ErrNoRows) {
		return j, ErrNotWatched
	}
	return j, s.fault(err)
}
