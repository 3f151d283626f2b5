package store

import (
	"context"
	"database/sql"
	"time"

	"todoku/diag/watch"
)

var _ watch.Outbox = (*Store)(nil)

// Take gives what waits for those of the channels whose time has come, and leases these.
func (s *Store) Take(ctx context.Context, channels []string, now time.Time, lease time.Duration, most int) ([]watch.Delivery, error) {
	var out []watch.Delivery
	err := s.tx(ctx, func(tx *sql.Tx) error {
		out = out[:0]
		free, err := s.freeChannels(ctx, tx, channels, now)
		if err != nil {
			return err
		}
		for _, channel := range free {
			if len(out) == most {
				return nil
			}
			if out, err = s.waiting(ctx, tx, channel, now, out, most); err != nil {
				return err
			}
			if _, err := s.exec(ctx, tx, `UPDATE watch_channel SET leased = ? WHERE name = ?`, millis(now.Add(lease)), channel); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// freeChannels are those of the channels with something to deliver that nobody has and whose time has come. What waits longest is
// first.
func (s *Store) freeChannels(ctx context.Context, tx *sql.Tx, channels []string, now time.Time) (names []string, err error) {
	if err := s.lock(ctx, tx, outbox); err != nil {
		return nil, err
	}
	if err := s.see(ctx, tx, channels, now); err != nil {
		return nil, err
	}
	among, arg, err := s.among(texts("c.name", channels))
	if err != nil || len(channels) == 0 {
		return nil, err
	}
	err = s.rows(ctx, tx, each(&names), `SELECT w.channel FROM watch_delivery w JOIN watch_channel c ON c.name = w.channel
  WHERE w.delivered = 0 AND w.dead = 0
  AND c.next_try <= ? AND c.leased <= ? AND `+among+` AND `+ready+` GROUP BY w.channel ORDER BY min(w.id)`,
		millis(now), millis(now), arg, millis(now))
	return names, err
}

// ready is a condition that the time has come for a delivery w, and for what of its incident was to be delivered before it.
const ready = `NOT EXISTS (SELECT 1 FROM watch_delivery e WHERE e.incident = w.incident AND e.channel = w.channel
  AND e.recovery <= w.recovery AND e.delivered = 0 AND e.dead = 0 AND e.next_try > ?)`

// waiting adds what waits for a channel.
func (s *Store) waiting(ctx context.Context, tx *sql.Tx, channel string, now time.Time, to []watch.Delivery, most int,
) ([]watch.Delivery, error) {
	err := s.rows(ctx, tx, func(scan func(...any) error) error {
		var d watch.Delivery
		var over, queued int64
		var err error
		d.Incident, err = scanIncident(scan, &d.ID, &over, &queued, &d.Tries, &d.Failure)
		d.Channel, d.Over, d.Queued = channel, over > 0, fromMillis(queued)
		to = append(to, d)
		return err
	}, `SELECT w.id, w.recovery, w.queued, w.tries, w.failure, `+incidentColumns+` FROM watch_delivery w
  JOIN watch_incident i ON i.id = w.incident WHERE w.channel = ? AND w.delivered = 0 AND w.dead = 0
  AND `+ready+` ORDER BY w.id LIMIT ?`, channel, millis(now), most-len(to))
	return to, err
}

// Delivered ends deliveries, and frees their channels.
func (s *Store) Delivered(ctx context.Context, at time.Time, ids []int64) error {
	return s.settle(ctx, ids, 0, func(tx *sql.Tx, among string, arg any) error {
		if _, err := s.exec(ctx, tx, `UPDATE watch_delivery SET delivered = ?, failure = ''
  WHERE delivered = 0 AND `+among, millis(at), arg); err != nil {
			return err
		}
		_, err := s.exec(ctx, tx, `UPDATE watch_incident SET told = ?
  WHERE told = 0 AND id IN (SELECT incident FROM watch_delivery WHERE `+among+`)`, millis(at), arg)
		return err
	})
}

// Refused keeps deliveries for a try at next, or gives them up, and frees their channels.
func (s *Store) Refused(ctx context.Context, ids []int64, failure string, next time.Time) error {
	return s.keep(ctx, ids, failure, next, 0)
}

// Failed is Refused, and frees the channels at next.
func (s *Store) Failed(ctx context.Context, ids []int64, failure string, next time.Time) error {
	return s.keep(ctx, ids, failure, next, millis(next))
}

func (s *Store) keep(ctx context.Context, ids []int64, failure string, next time.Time, channels int64) error {
	dead := int64(0)
	if next.IsZero() {
		dead = millis(s.now())
	}
	return s.settle(ctx, ids, channels, func(tx *sql.Tx, among string, arg any) error {
		_, err := s.exec(ctx, tx, `UPDATE watch_delivery SET tries = tries + 1, failure = ?, dead = ?, next_try = ?
  WHERE delivered = 0 AND `+among, clean(failure), dead, millis(next), arg)
		return err
	})
}

// settle changes deliveries, and frees their channels until next.
func (s *Store) settle(ctx context.Context, ids []int64, next int64, do func(tx *sql.Tx, among string, arg any) error) error {
	if len(ids) == 0 {
		return nil
	}
	among, arg, err := s.among(numbers("id", ids))
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, outbox); err != nil {
			return err
		}
		if err := do(tx, among, arg); err != nil {
			return err
		}
		_, err := s.exec(ctx, tx, `UPDATE watch_channel SET leased = 0, next_try = ?
  WHERE name IN (SELECT channel FROM watch_delivery WHERE `+among+`)`, next, arg)
		return err
	})
}

// giveUp gives up what has waited for too long for channels that no process has any more: those that have one give up by
// themselves.
func (s *Store) giveUp(ctx context.Context) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, outbox); err != nil {
			return err
		}
		now := s.now()
		_, err := s.exec(ctx, tx, `UPDATE watch_delivery SET dead = ?, failure = CASE failure WHEN '' THEN ? ELSE failure END
  WHERE delivered = 0 AND dead = 0 AND queued <= ? AND NOT EXISTS
  (SELECT 1 FROM watch_channel c WHERE c.name = watch_delivery.channel AND c.seen > ?)`,
			millis(now), "no process has this channel", millis(now.Add(-watch.GiveUp)), millis(now.Add(-unseen)))
		return err
	})
}
