package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"todoku/diag/watch"
)

const happeningColumns = `hour, domain, reason, class, provider, code, count, first_seen, last_seen, example, source FROM watch_event`

func scanHappening(scan func(...any) error) (h watch.Happening, err error) {
	var hour, first, last int64
	err = scan(&hour, &h.Domain, &h.Reason, &h.Class, &h.Provider, &h.Code, &h.Count, &first, &last, &h.Example, &h.Source)
	h.Hour, h.First, h.Last = fromMillis(hour), fromMillis(first), fromMillis(last)
	return h, err
}

// mostCounted is how many rows one transaction of Happened writes.
const mostCounted = 500

// Happened keeps what happened as counts that replace smaller ones: of one source, hour and reason the larger of two counts holds,
// so that a log which is read again, or on, counts once. Source tells one log or notice from another, the same for a copy.
func (s *Store) Happened(ctx context.Context, list []watch.Happening) error {
	for part := range slices.Chunk(list, mostCounted) {
		err := s.tx(ctx, func(tx *sql.Tx) error {
			for _, h := range part {
				if err := s.count(ctx, tx, h); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) count(ctx context.Context, tx *sql.Tx, h watch.Happening) error {
	_, err := s.exec(ctx, tx, `INSERT INTO watch_event
  (domain, hour, reason, class, provider, code, source, count, first_seen, last_seen, example)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (domain, hour, reason, class, provider, code, source) DO UPDATE SET
    count = CASE WHEN excluded.count > watch_event.count THEN excluded.count ELSE watch_event.count END,
    first_seen = CASE WHEN excluded.first_seen < watch_event.first_seen THEN excluded.first_seen ELSE watch_event.first_seen END,
    last_seen = CASE WHEN excluded.last_seen > watch_event.last_seen THEN excluded.last_seen ELSE watch_event.last_seen END`,
		clean(h.Domain), millis(h.Hour.Truncate(time.Hour)), clean(h.Reason), clean(h.Class), clean(h.Provider), clean(h.Code),
		clean(h.Source), h.Count, millis(h.First), millis(h.Last), clean(h.Example))
	return err
}

// mostTallied bounds what Tally gives.
const mostTallied = 5000

// Tally is what happened to mails of a domain between two times, of all sources together, oldest first. cut: there is more of it,
// before that.
func (s *Store) Tally(ctx context.Context, domain string, since, until time.Time) (list []watch.Happening, cut bool, err error) {
	err = s.rows(ctx, s.read, func(scan func(...any) error) error {
		h := watch.Happening{Domain: domain}
		var hour, first, last int64
		err := scan(&hour, &h.Reason, &h.Class, &h.Provider, &h.Code, &h.Count, &first, &last, &h.Example)
		h.Hour, h.First, h.Last = fromMillis(hour), fromMillis(first), fromMillis(last)
		list = append(list, h)
		return err
	}, `SELECT hour, reason, class, provider, code, CAST(sum(count) AS BIGINT), min(first_seen), max(last_seen), max(example)
  FROM watch_event WHERE domain = ? AND hour >= ? AND hour <= ? GROUP BY hour, reason, class, provider, code
  ORDER BY hour DESC, reason, class, provider, code LIMIT ?`, domain, millis(since.Truncate(time.Hour)), millis(until), mostTallied)
	slices.Reverse(list)
	return list, len(list) == mostTallied, s.fault(err)
}
