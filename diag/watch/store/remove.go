package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// Remove forgets domains, with all that was found of them. It tells those that were not watched.
func (s *Store) Remove(ctx context.Context, names []string) (removed int, missing []string, err error) {
	for batch := range slices.Chunk(names, batchSize) {
		var gone int
		var none []string
		err := s.tx(ctx, func(tx *sql.Tx) (err error) {
			gone, none, err = roster{s}.remove(ctx, tx, batch)
			return err
		})
		if err != nil {
			return removed, missing, err
		}
		removed, missing = removed+gone, append(missing, none...)
	}
	return removed, missing, nil
}

func (s roster) remove(ctx context.Context, tx *sql.Tx, names []string) (removed int, missing []string, err error) {
	if err := s.lock(ctx, tx, fleet); err != nil {
		return 0, nil, err
	}
	known, err := s.places(ctx, tx, names)
	if err != nil {
		return 0, nil, err
	}
	var ids, chunks []int64
	for _, name := range names {
		p, is := known[name]
		if !is {
			missing = append(missing, name)
			continue
		}
		ids, chunks = append(ids, p.id), append(chunks, p.chunk)
	}
	if ids = unique(ids); len(ids) == 0 {
		return 0, missing, nil
	}
	if err := s.lockChunks(ctx, tx, unique(chunks)); err != nil {
		return 0, nil, err
	}
	incidents, err := s.incidentsOf(ctx, tx, ids)
	if err != nil {
		return 0, nil, err
	}
	among, arg, err := s.among(numbers("id", ids))
	if err != nil {
		return 0, nil, err
	}
	if _, err := s.exec(ctx, tx, `DELETE FROM watch_domain WHERE `+among, arg); err != nil {
		return 0, nil, err
	}
	if err := s.countStanding(ctx, tx, incidents); err != nil {
		return 0, nil, err
	}
	if err := s.closeEmpty(ctx, tx, incidents); err != nil {
		return 0, nil, err
	}
	return len(ids), missing, s.recount(ctx, tx, chunks)
}

// closeEmpty closes incidents of which no change is left, in silence: nobody saw that they are over. Of the other ones Tell tells
// the end.
func (s roster) closeEmpty(ctx context.Context, tx *sql.Tx, incidents []int64) error {
	if len(incidents) == 0 {
		return nil
	}
	among, arg, err := s.among(numbers("id", incidents))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, tx, `UPDATE watch_incident SET recovered = ? WHERE recovered = 0 AND standing = 0 AND NOT EXISTS
  (SELECT 1 FROM watch_change h WHERE h.incident > 0 AND h.incident = watch_incident.id) AND `+among, millis(s.now()), arg)
	return err
}

// lockChunks keeps rounds of chunks from being saved until the transaction ends: whoever changes both a chunk and its domains
// takes the chunk first.
func (s roster) lockChunks(ctx context.Context, tx *sql.Tx, ids []int64) error {
	if s.dialect == SQLite {
		return nil
	}
	among, arg, err := s.among(numbers("id", ids))
	if err != nil {
		return err
	}
	return s.rows(ctx, tx, func(func(...any) error) error { return nil },
		`SELECT id FROM watch_chunk WHERE `+among+` ORDER BY id FOR UPDATE`, arg)
}

// retained is how many rows are deleted in one transaction.
const retained = 5000

// Retention forgets what is over for longer than keep: changes, record sets, events, selectors, incidents and what was told of them. What
// stands stays. What has waited for a week for a channel that no process has is given up. It works in small steps, so that nobody waits
// for it.
func (s *Store) Retention(ctx context.Context, keep time.Duration) error {
	if err := s.giveUp(ctx); err != nil {
		return err
	}
	before := millis(s.now().Add(-keep))
	for _, old := range []string{
		`SELECT id FROM watch_change WHERE at < ? AND (incident = 0 OR ended > 0) LIMIT ?`,
		`SELECT id FROM watch_value WHERE last_seen < ? LIMIT ?`,
		`SELECT id FROM watch_event WHERE hour < ? LIMIT ?`,
		`SELECT id FROM watch_incident WHERE recovered > 0 AND recovered < ? LIMIT ?`,
	} {
		if err := s.forget(ctx, old, before); err != nil {
			return err
		}
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := s.exec(ctx, tx, `DELETE FROM watch_selector WHERE last_seen < ?`, before)
		return err
	})
}

// forget deletes what a query finds, until it finds nothing.
func (s *database) forget(ctx context.Context, query string, before int64) error {
	table := tableOf(query)
	for {
		var n int64
		err := s.tx(ctx, func(tx *sql.Tx) (err error) {
			if err := s.lock(ctx, tx, fleet); err != nil {
				return err
			}
			n, err = s.exec(ctx, tx, `DELETE FROM `+table+` WHERE id IN (`+query+`)`, before, retained)
			return err
		})
		if err != nil || n < retained {
			return err
		}
	}
}

// tableOf is the table that a query reads.
func tableOf(query string) string {
	_, rest, _ := strings.Cut(query, " FROM ")
	table, _, _ := strings.Cut(rest, " ")
	return table
}
