package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"todoku/diag/watch"
)

// The bounds of one Tell. What it leaves over is told by the next one.
const (
	tellPage = 5000
	tellMost = 200_000
)

// stale is how long ago a change is that is told nobody any more: it is of a time when nobody told.
const stale = 24 * time.Hour

// Tell makes incidents of changes that nobody was told of, and gives those that it opened and those that are over now. For each
// channel it queues what is to be delivered: each incident once, and its end once. Channels that other processes have announced
// are told, too, each from its own severity on; the longest of all times to settle holds.
//
// A change that is younger than settle waits; one that is over by then is not told. One with the culprit of an incident that is
// not over joins it, for as long as domains are looked at once (and a tenth more): it is the same cause, met by another domain.
// What is worse than that incident opens one of its own. One without a culprit opens an incident of its own, together with others
// of its rule, but not within an hour of the last one. What comes and goes is told three times an hour; after that, when it stays.
//
// Changes below a severity are told nobody, nor are those of more than a day ago (and the time to settle): they are of a time
// when nobody was to be told. What once printed is told over channels all the same.
func (s *Store) Tell(ctx context.Context, settle time.Duration, least string, channels []string) (told []watch.Incident, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, fleet); err != nil {
			return err
		}
		t := teller{Store: s, ctx: ctx, tx: tx, now: s.now(), settle: settle, least: least, touched: map[int64]bool{}}
		if err := t.tellFor(channels); err != nil {
			return err
		}
		if err := t.readAll(); err != nil {
			return err
		}
		told, err = t.result()
		return err
	})
	return told, err
}

// teller is one Tell.
type teller struct {
	*Store
	ctx     context.Context
	tx      *sql.Tx
	now     time.Time
	settle  time.Duration
	least   string
	opened  []int64
	touched map[int64]bool // incidents that were opened or joined, or of which something is over

	channels []channel // for which it tells
}

// untold is a change that nobody was told of.
type untold struct {
	Told
	domain int64
	every  time.Duration
	ended  int64
}

// readAll takes all changes, a page at a time. First all that ends something: what is over is not told.
func (t *teller) readAll() error {
	for _, take := range []struct {
		turns string
		do    func([]untold) error
	}{
		{`('mended', 'known', 'changed')`, t.end},
		{`('new', 'unknown')`, t.open},
	} {
		for after, n := int64(0), 0; n < tellMost; {
			page, err := t.page(take.turns, after)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			after, n = page[len(page)-1].ID, n+len(page)
			if err := take.do(page); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *teller) page(turns string, after int64) (page []untold, err error) {
	err = t.rows(t.ctx, t.tx, func(scan func(...any) error) error {
		var c untold
		var every int64
		var err error
		c.Told, err = scanTold(scan, &c.domain, &every, &c.ended)
		c.every = time.Duration(every) * time.Millisecond
		page = append(page, c)
		return err
	}, `SELECT `+toldColumns+`, h.domain, c.every, h.ended`+toldFrom+` JOIN watch_chunk c ON c.id = d.chunk
  WHERE h.told = 0 AND h.turn IN `+turns+` AND h.id > ? ORDER BY h.id LIMIT ?`, after, tellPage)
	return page, err
}

// mark marks changes as told.
func (t *teller) mark(ids []int64, incident int64) error {
	if len(ids) == 0 {
		return nil
	}
	among, arg, err := t.among(numbers("id", ids))
	if err != nil {
		return err
	}
	_, err = t.exec(t.ctx, t.tx, `UPDATE watch_change SET told = ?, incident = CASE WHEN incident = 0 THEN ? ELSE incident END
  WHERE `+among, millis(t.now), incident, arg)
	return err
}

// result counts the incidents, ends those that are over, and queues what is to be delivered.
func (t *teller) result() ([]watch.Incident, error) {
	if err := t.countStanding(t.ctx, t.tx, slices.Sorted(maps.Keys(t.touched))); err != nil {
		return nil, err
	}
	var over []int64
	err := t.rows(t.ctx, t.tx, each(&over), `UPDATE watch_incident SET recovered = ?
  WHERE recovered = 0 AND standing = 0 RETURNING id`, millis(t.now))
	if err != nil {
		return nil, err
	}
	slices.Sort(over)
	told, err := t.incidents(t.ctx, t.tx, unique(slices.Concat(t.opened, over)))
	if err != nil {
		return nil, err
	}
	for _, c := range t.channels {
		if err := t.queueFor(c, told, over); err != nil {
			return nil, err
		}
	}
	return told, nil
}

// queueFor queues what one channel is to get: of what opened what is severe enough for it, and of what is over what it was told of.
func (t *teller) queueFor(c channel, told []watch.Incident, over []int64) error {
	for _, n := range told {
		if !slices.Contains(t.opened, n.ID) || !watch.AtLeast(n.Severity, c.least) {
			continue
		}
		if err := t.queue(n.ID, 0, c.name, ` WHERE true`); err != nil {
			return err
		}
	}
	for _, id := range over {
		if err := t.queue(id, 1, c.name, ` WHERE EXISTS (SELECT 1 FROM watch_delivery o WHERE o.incident = v.incident
  AND o.recovery = 0 AND o.channel = v.channel AND o.dead = 0)`); err != nil {
			return err
		}
	}
	return nil
}

// queue queues a delivery, on a condition.
func (t *teller) queue(incident int64, recovery int, channel, condition string) error {
	_, err := t.exec(t.ctx, t.tx, `INSERT INTO watch_delivery (incident, recovery, channel, queued)
  SELECT v.incident, v.recovery, v.channel, v.queued
  FROM (SELECT CAST(? AS BIGINT) AS incident, CAST(? AS BIGINT) AS recovery, CAST(? AS TEXT) AS channel, CAST(? AS BIGINT) AS queued) v`+
		condition+` ON CONFLICT DO NOTHING`, incident, recovery, channel, millis(t.now))
	return err
}
