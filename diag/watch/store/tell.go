package store

import (
	"context"
	"database/sql"
	"errors"
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

// hold is how long changes of one rule that have no cause in common wait after the last incident of that rule.
const hold = time.Hour

// Tell makes incidents of changes that nobody was told of, and gives those that it opened and those that are over now. For each
// channel it queues what is to be delivered: each incident once, and its end once.
//
// A change that is younger than settle waits; one that is over by then is not told. One with the culprit of an incident that is
// not over joins it, for as long as domains are looked at once (and a tenth more): it is the same cause, met by another domain.
// What is worse than that incident opens one of its own. One without a culprit opens an incident of its own, together with others
// of its rule, but not within an hour of the last one.
//
// Changes below a severity are told nobody, nor are those of more than a day ago (and the time to settle): they are of a time
// when nobody was to be told. What once printed is told over channels all the same.
func (s *Store) Tell(ctx context.Context, settle time.Duration, least string, channels []string) (told []watch.Incident, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, fleet); err != nil {
			return err
		}
		t := teller{Store: s, ctx: ctx, tx: tx, now: s.now(), settle: settle, least: least, touched: map[int64]bool{}}
		if err := t.readAll(); err != nil {
			return err
		}
		if told, err = t.result(channels); err != nil {
			return err
		}
		return nil
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

// end ends what is over, and marks the changes that say so.
func (t *teller) end(page []untold) error {
	var domain, at, ids []int64
	var check, rule, subject []string
	for _, c := range page {
		ids = append(ids, c.ID)
		if c.Turn == watch.Changed {
			continue
		}
		domain, at = append(domain, c.domain), append(at, millis(c.At))
		check, rule, subject = append(check, c.Check), append(rule, c.Rule), append(subject, c.Subject)
	}
	incidents, err := t.endOf(domain, at, check, rule, subject)
	if err != nil {
		return err
	}
	for _, id := range incidents {
		t.touched[id] = id > 0
	}
	return t.mark(ids, 0)
}

// endOf ends the findings and silences that are meant, and gives the incidents that they belong to.
func (t *teller) endOf(domain, at []int64, check, rule, subject []string) (incidents []int64, err error) {
	const those = ` AND turn IN ('new', 'unknown') AND ended = 0`
	each := func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		incidents = append(incidents, id)
		return err
	}
	if len(domain) == 0 {
		return nil, nil
	}
	if t.dialect == PostgreSQL {
		err = t.rows(t.ctx, t.tx, each, `UPDATE watch_change h SET ended = v.at
  FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[]) AS v(domain, at, checked, rule, subject)
  WHERE h.domain = v.domain AND h.at <= v.at AND h.checked = v.checked AND h.rule = v.rule AND h.subject = v.subject`+those+
			` RETURNING h.incident`, domain, at, check, rule, subject)
		return incidents, err
	}
	p, err := t.tx.PrepareContext(t.ctx, `UPDATE watch_change SET ended = ?1 WHERE domain = ?2 AND at <= ?1 AND checked = ?3 AND rule = ?4
  AND subject = ?5`+those+` RETURNING incident`)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	for i := range domain {
		rows, err := p.QueryContext(t.ctx, at[i], domain[i], check[i], rule[i], subject[i])
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			if err := each(rows.Scan); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return incidents, nil
}

// open puts changes into incidents.
func (t *teller) open(page []untold) error {
	var quiet []int64
	groups, joined := map[watch.Key][]untold{}, map[int64][]untold{}
	var keys []watch.Key // in the order in which they come
	windows := map[watch.Key]window{}
	for _, c := range page {
		key, _ := watch.KeyOf(c.Change)
		if c.ended > 0 || !watch.AtLeast(c.Severity, t.least) {
			quiet = append(quiet, c.ID)
			continue
		}
		w, known := windows[key]
		if !known {
			var err error
			if w, err = t.window(key); err != nil {
				return err
			}
			windows[key] = w
		}
		switch {
		case key.Culprit != "" && w.takes(c):
			joined[w.incident] = append(joined[w.incident], c)
		case t.now.Sub(c.At) > stale+t.settle:
			quiet = append(quiet, c.ID)
		case t.now.Sub(c.At) < t.settle || key.Culprit == "" && t.holds(w, c.every):
			// later
		case w.incident > 0 && slices.Contains(t.opened, w.incident):
			joined[w.incident] = append(joined[w.incident], c)
		default:
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], c)
		}
	}
	for incident, list := range joined {
		if err := t.join(incident, list); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := t.openOne(groups[key]); err != nil {
			return err
		}
	}
	return t.mark(quiet, 0)
}

// window is the last incident with a key.
type window struct {
	incident     int64 // 0: there is none
	severity     string
	made, opened time.Time
	over         bool
}

// takes reports whether a change belongs to the incident, which has the same cause. What is worse is to be told.
func (w window) takes(c untold) bool {
	return w.incident > 0 && !w.over && watch.AtLeast(w.severity, c.Severity) && c.At.Sub(w.opened) <= c.every+c.every/10
}

// holds reports whether the last incident with a key is too near for another one.
func (t *teller) holds(w window, every time.Duration) bool {
	return w.incident > 0 && t.now.Sub(w.made) < min(hold, every) && !slices.Contains(t.opened, w.incident)
}

func (t *teller) window(k watch.Key) (w window, err error) {
	var made, opened, recovered int64
	err = t.row(t.ctx, t.tx, `SELECT id, severity, made, opened, recovered FROM watch_incident
  WHERE turn = ? AND culprit = ? AND rule = ? AND kind = ? ORDER BY made DESC, id DESC LIMIT 1`,
		string(k.Turn), k.Culprit, k.Rule, k.Kind).Scan(&w.incident, &w.severity, &made, &opened, &recovered)
	if errors.Is(err, sql.ErrNoRows) {
		return window{}, nil
	}
	w.made, w.opened, w.over = fromMillis(made), fromMillis(opened), recovered > 0
	return w, err
}

// openOne opens an incident of changes with one key.
func (t *teller) openOne(list []untold) error {
	changes, ids := make([]watch.Change, len(list)), make([]int64, len(list))
	for i, c := range list {
		changes[i], ids[i] = c.Change, c.ID
	}
	for _, n := range watch.Group(changes, t.least) { // it is one: they have one key
		examples, err := encode(n.Examples)
		if err != nil {
			return err
		}
		var id int64
		err = t.row(t.ctx, t.tx, `INSERT INTO watch_incident (turn, culprit, rule, kind, severity, made, opened, joined, domains, standing,
  examples, message_en, message_ja) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, string(n.Key.Turn), n.Key.Culprit,
			n.Key.Rule, n.Key.Kind, n.Severity, millis(t.now), millis(n.Opened), millis(n.Joined), n.Count, n.Standing, examples,
			n.Message.EN, n.Message.JA).Scan(&id)
		if err != nil {
			return err
		}
		t.opened = append(t.opened, id)
		t.touched[id] = true
		if err := t.mark(ids, id); err != nil {
			return err
		}
	}
	return nil
}

// join puts changes into an incident: its examples grow, and where it was opened by this very Tell, it may become worse.
func (t *teller) join(incident int64, list []untold) error {
	found, err := t.incidents(t.ctx, t.tx, []int64{incident})
	if err != nil || len(found) != 1 {
		return err
	}
	n, ids := found[0], make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ID
		if !watch.AtLeast(n.Severity, c.Severity) {
			n.Severity, n.Message = c.Severity, c.Message
		}
		if len(n.Examples) < watch.MostExamples {
			n.Examples = append(n.Examples, watch.Example{Domain: c.Domain, Rule: c.Rule, Subject: c.Subject, Message: c.Message})
		}
	}
	examples, err := encode(n.Examples)
	if err != nil {
		return err
	}
	if _, err := t.exec(t.ctx, t.tx, `UPDATE watch_incident SET severity = ?, examples = ?, message_en = ?, message_ja = ? WHERE id = ?`,
		n.Severity, examples, n.Message.EN, n.Message.JA, incident); err != nil {
		return err
	}
	t.touched[incident] = true
	return t.mark(ids, incident)
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
func (t *teller) result(channels []string) ([]watch.Incident, error) {
	var touched []int64
	for id, is := range t.touched {
		if is {
			touched = append(touched, id)
		}
	}
	if err := t.countStanding(t.ctx, t.tx, unique(touched)); err != nil {
		return nil, err
	}
	var over []int64
	err := t.rows(t.ctx, t.tx, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		over = append(over, id)
		return err
	}, `UPDATE watch_incident SET recovered = ? WHERE recovered = 0 AND standing = 0 RETURNING id`, millis(t.now))
	if err != nil {
		return nil, err
	}
	slices.Sort(over)
	for _, channel := range channels {
		for _, id := range t.opened {
			if err := t.queue(id, 0, channel, ``); err != nil {
				return nil, err
			}
		}
		for _, id := range over {
			if err := t.queue(id, 1, channel, ` WHERE EXISTS (SELECT 1 FROM watch_delivery o WHERE o.incident = v.incident
  AND o.recovery = 0 AND o.channel = v.channel AND o.dead = 0)`); err != nil {
				return nil, err
			}
		}
	}
	return t.incidents(t.ctx, t.tx, unique(slices.Concat(t.opened, over)))
}

// queue queues a delivery: the end of an incident only where the incident is told too.
func (t *teller) queue(incident int64, recovery int, channel, condition string) error {
	if condition == "" {
		condition = ` WHERE true`
	}
	_, err := t.exec(t.ctx, t.tx, `INSERT INTO watch_delivery (incident, recovery, channel, queued)
  SELECT v.incident, v.recovery, v.channel, v.queued
  FROM (SELECT CAST(? AS BIGINT) AS incident, CAST(? AS BIGINT) AS recovery, CAST(? AS TEXT) AS channel, CAST(? AS BIGINT) AS queued) v`+
		condition+` ON CONFLICT DO NOTHING`, incident, recovery, channel, millis(t.now))
	return err
}

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
func (s *Store) stamp(ctx context.Context, tx *sql.Tx, update string, rows column) error {
	if len(rows.ints)+len(rows.texts) == 0 {
		return nil
	}
	among, arg, err := s.among(rows)
	if err == nil {
		_, err = s.exec(ctx, tx, update+among, millis(s.now()), arg)
	}
	return err
}
