package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"todoku/diag/watch"
)

// unseen is how long after a process last had a channel no process has it any more.
const unseen = 24 * time.Hour

// channel is a way on which people are told, as the process wants it that has it.
type channel struct {
	name   string
	least  string // the severity from which on
	settle time.Duration
}

// Announce says that this process delivers over channels: whoever tells then tells for these, too, from a severity on, of changes
// that are older than settle. Take keeps this fresh; a day after the last one nothing more is queued for them.
func (s *Store) Announce(ctx context.Context, channels []string, least string, settle time.Duration) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, outbox); err != nil {
			return err
		}
		for _, name := range channels {
			if _, err := s.exec(ctx, tx, `INSERT INTO watch_channel (name, seen, least, settle) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET seen = excluded.seen, least = excluded.least, settle = excluded.settle`,
				name, millis(s.now()), least, settle.Milliseconds()); err != nil {
				return err
			}
		}
		return nil
	})
}

// see keeps fresh that a process has channels. It writes once an hour.
func (s *Store) see(ctx context.Context, tx *sql.Tx, channels []string, now time.Time) error {
	for _, name := range channels {
		if _, err := s.exec(ctx, tx, `INSERT INTO watch_channel (name, seen) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET seen = excluded.seen WHERE watch_channel.seen < ?`,
			name, millis(now), millis(now.Add(-time.Hour))); err != nil {
			return err
		}
	}
	return nil
}

// tellFor makes the teller tell for the channels of this process and for those that others have: from the lowest of their severities
// on, after the longest of their times.
func (t *teller) tellFor(own []string) error {
	for _, name := range own {
		t.channels = append(t.channels, channel{name: name, least: t.least, settle: t.settle})
	}
	return t.rows(t.ctx, t.tx, func(scan func(...any) error) error {
		var c channel
		var settle int64
		if err := scan(&c.name, &c.least, &settle); err != nil || slices.Contains(own, c.name) {
			return err
		}
		c.settle = time.Duration(settle) * time.Millisecond
		t.channels, t.settle = append(t.channels, c), max(t.settle, c.settle)
		if watch.AtLeast(t.least, c.least) {
			t.least = c.least
		}
		return nil
	}, `SELECT name, least, settle FROM watch_channel WHERE seen > ? ORDER BY name`, millis(t.now.Add(-unseen)))
}
