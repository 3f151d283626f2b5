package store

import (
	"context"
	"database/sql"
	"slices"
)

// MarkTold marks changes as told, for those who print them: those of Changes and of Firsts. What Tell does is its own: it tells
// them, and ends what they end, all the same.
func (s *Store) MarkTold(ctx context.Context, list []Told) error {
	for batch := range slices.Chunk(list, batchSize) {
		var ids []int64
		var firsts []string
		for _, c := range batch {
			if c.ID > 0 {
				ids = append(ids, c.ID)
			} else if !slices.Contains(firsts, c.Domain) {
				firsts = append(firsts, c.Domain)
			}
		}
		err := s.tx(ctx, func(tx *sql.Tx) error {
			if err := s.lock(ctx, tx, fleet); err != nil {
				return err
			}
			if err := s.stamp(ctx, tx, `UPDATE watch_change SET printed = ? WHERE printed = 0 AND `, numbers("id", ids)); err != nil {
				return err
			}
			return s.stamp(ctx, tx, `UPDATE watch_domain SET told = ? WHERE told = 0 AND `, texts("name", firsts))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stamp writes the time into rows.
func (s *database) stamp(ctx context.Context, tx *sql.Tx, update string, rows column) error {
	if len(rows.ints)+len(rows.texts) == 0 {
		return nil
	}
	among, arg, err := s.among(rows)
	if err == nil {
		_, err = s.exec(ctx, tx, update+among, millis(s.now()), arg)
	}
	return err
}
