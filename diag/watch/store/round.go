package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"todoku/diag/watch"
)

// Due takes chunks whose time has come. The jobs of a chunk are one round apart, so whoever takes a chunk twice gets the same
// job twice.
func (s *Store) Due(ctx context.Context, now time.Time, most int, add func(*sql.Tx, []watch.Job) error) (int, error) {
	var jobs []watch.Job
	err := s.tx(ctx, func(tx *sql.Tx) error {
		jobs = jobs[:0]
		var ids, due []int64
		err := s.rows(ctx, tx, func(scan func(...any) error) error {
			var id, every, round int64
			if err := scan(&id, &every, &round); err != nil {
				return err
			}
			jobs = append(jobs, watch.Job{Chunk: id, Round: round + 1})
			ids, due = append(ids, id), append(due, millis(nextDue(id, round, now, time.Duration(every)*time.Millisecond)))
			return nil
		}, `SELECT id, every, round FROM watch_chunk WHERE due <= ? ORDER BY due, id LIMIT ?`+s.dialect.locking("SKIP LOCKED"),
			millis(now), most)
		if err != nil || len(jobs) == 0 {
			return err
		}
		for i, id := range ids {
			if _, err := s.exec(ctx, tx, `UPDATE watch_chunk SET waits = CASE WHEN waits = 0 THEN due ELSE waits END, due = ?
  WHERE id = ?`, due[i], id); err != nil {
				return err
			}
		}
		return add(tx, jobs)
	})
	if err != nil {
		return 0, err
	}
	return len(jobs), nil
}

// nextDue is when a chunk is due again: each has its own time within every, and is moved about by 5 % of it. The first of
// these times that is at least half of every away is taken.
func nextDue(chunk, round int64, now time.Time, every time.Duration) time.Time {
	phase := time.Duration(fraction(uint64(chunk)) * float64(every))
	jitter := time.Duration((fraction(uint64(chunk)*31+uint64(round)) - 0.5) * float64(every) / 10)
	next := now.Truncate(every).Add(phase)
	for next.Sub(now) < every/2 {
		next = next.Add(every)
	}
	return next.Add(jitter)
}

// fraction spreads numbers evenly over 0 to 1: multiples of the golden ratio.
func fraction(n uint64) float64 {
	const golden = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio
	return float64(n*golden>>11) / (1 << 53)
}

// kept are the columns of a domain with when it was looked at last: with its chunk, if it was one of it in that round.
const kept = `d.id, d.version, d.name, CASE WHEN d.round > 0 AND c.looked > d.looked THEN c.looked ELSE d.looked END, d.state,
  coalesce((SELECT string_agg(s.selector, ' ') FROM watch_selector s WHERE s.domain = d.name), '')`

// Load reads the domains of a job. One whose state cannot be read is given as one that was never looked at.
func (s *Store) Load(ctx context.Context, j watch.Job) (watch.Work, error) {
	w := watch.Work{Job: j}
	which, arg := `d.chunk = ?`, j.Chunk
	if j.Domain != 0 {
		which, arg = `d.id = ?`, j.Domain
	}
	var chunk, round int64
	err := s.rows(ctx, s.read, func(scan func(...any) error) error {
		var k watch.Kept
		var looked int64
		var state, selectors string
		if err := scan(&k.ID, &k.Version, &k.Name, &looked, &state, &selectors, &chunk, &round); err != nil {
			return err
		}
		var err error
		k.Looked, k.Selectors = fromMillis(looked), split(selectors)
		if k.State, err = DecodeState(k.Name, state); err != nil {
			k.Looked, k.State = time.Time{}, watch.State{} // its chunk is looked at all the same, and it is written anew
		}
		w.Domains = append(w.Domains, k)
		return nil
	}, `SELECT `+kept+`, c.looked, c.round FROM watch_domain d JOIN watch_chunk c ON c.id = d.chunk WHERE `+which+` ORDER BY d.id`, arg)
	switch {
	case err != nil:
		return watch.Work{}, s.fault(err)
	case len(w.Domains) == 0 || j.Domain == 0 && round != j.Round-1:
		return watch.Work{}, watch.ErrLost
	case j.Domain != 0:
		w.Looked = w.Domains[0].Looked
	default:
		w.Looked = fromMillis(chunk)
	}
	return w, nil
}

// saver is what writes down what a job found.
type saver struct{ *Store }

// Save writes down what a job found.
func (s *Store) Save(ctx context.Context, tx *sql.Tx, w watch.Work, d watch.Done) error {
	if len(w.Domains) != len(d.Outcomes) {
		return errors.New("a job was saved without all of its outcomes")
	}
	v := saver{s}
	if err := v.saveRound(ctx, tx, w, d); err != nil {
		return s.fault(err)
	}
	saved, err := v.saveStates(ctx, tx, w, d)
	if err != nil {
		return s.fault(err)
	}
	if err := v.saveChanges(ctx, tx, w, d, saved); err != nil {
		return s.fault(err)
	}
	return s.fault(v.savePast(ctx, tx, w, d, saved))
}

// saveRound ends the round of a chunk. Of two workers with the same round the second one changes no row.
func (s saver) saveRound(ctx context.Context, tx *sql.Tx, w watch.Work, d watch.Done) error {
	if w.Job.Domain != 0 {
		return nil
	}
	summary, err := encode(d.Summary)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, tx, `UPDATE watch_chunk SET round = ?, looked = ?, took = ?, summary = ?, waits = 0
  WHERE id = ? AND round = ?`,
		w.Job.Round, millis(d.Started), d.Took.Milliseconds(), summary, w.Job.Chunk, w.Job.Round-1)
	if err == nil && n == 0 {
		err = fmt.Errorf("round %d of chunk %d: %w", w.Job.Round, w.Job.Chunk, watch.ErrLost)
	}
	return err
}

// touched reports whether the row of a domain is written: it is otherwise than before, or was not looked at with its chunk yet.
func touched(w watch.Work, d watch.Done, i int) bool {
	return d.Outcomes[i].Changed || w.Job.Domain != 0 || w.Domains[i].Looked.IsZero() || !w.Domains[i].Looked.Equal(w.Looked)
}

// states are rows of watch_domain to be written.
type states struct {
	ids, versions, first, told []int64
	status, text               []string
	at                         map[int64]int // id → index in the work
}

func statesOf(w watch.Work, d watch.Done) (states, error) {
	rows := states{at: map[int64]int{}}
	for i, k := range w.Domains {
		if !touched(w, d, i) {
			continue
		}
		o := d.Outcomes[i]
		var first, told int64
		if k.Looked.IsZero() {
			if first = millis(o.At); first == 0 {
				first = millis(d.Started)
			}
			if len(o.State.Findings)+len(o.State.Silent) == 0 {
				told = first // there is nothing to tell
			}
		}
		rows.at[k.ID] = i
		rows.ids, rows.versions = append(rows.ids, k.ID), append(rows.versions, k.Version)
		rows.first, rows.told = append(rows.first, first), append(rows.told, told)
		text, err := EncodeState(o.State)
		if err != nil {
			return states{}, err
		}
		rows.status, rows.text = append(rows.status, o.State.Status()), append(rows.text, text)
	}
	return rows, nil
}

// saveStates writes states down, and tells which domains were as they were loaded: the others were looked at by another job,
// or have been removed.
func (s saver) saveStates(ctx context.Context, tx *sql.Tx, w watch.Work, d watch.Done) (saved []bool, err error) {
	saved = make([]bool, len(w.Domains))
	rows, err := statesOf(w, d)
	if err != nil || len(rows.ids) == 0 {
		return saved, err
	}
	looked := millis(d.Started)
	if s.dialect == PostgreSQL {
		return saved, s.rows(ctx, tx, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			saved[rows.at[id]] = err == nil
			return err
		}, `UPDATE watch_domain d SET state = v.state, status = v.status, version = d.version + 1, looked = ?,
  round = CASE WHEN ? > 0 THEN ? ELSE d.round END, first_look = CASE WHEN v.first > 0 THEN v.first ELSE d.first_look END,
  told = CASE WHEN v.told > 0 THEN v.told ELSE d.told END
  FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[]) AS v(id, version, first, told, status, state)
  WHERE d.id = v.id AND d.version = v.version RETURNING d.id`,
			looked, w.Job.Round, w.Job.Round, rows.ids, rows.versions, rows.first, rows.told, rows.status, rows.text)
	}
	p, err := tx.PrepareContext(ctx, `UPDATE watch_domain SET state = ?1, status = ?2, version = version + 1, looked = ?3,
  round = CASE WHEN ?4 > 0 THEN ?4 ELSE round END, first_look = CASE WHEN ?5 > 0 THEN ?5 ELSE first_look END,
  told = CASE WHEN ?6 > 0 THEN ?6 ELSE told END WHERE id = ?7 AND version = ?8`)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	for k, id := range rows.ids {
		r, err := p.ExecContext(ctx, rows.text[k], rows.status[k], looked, w.Job.Round, rows.first[k], rows.told[k], id, rows.versions[k])
		if err != nil {
			return nil, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return nil, err
		}
		saved[rows.at[id]] = n == 1
	}
	return saved, nil
}

// changes are rows of watch_change.
type changes struct {
	domain, at, before, first                             []int64
	turn, check, rule, subject, severity, culprit, en, ja []string
}

func (c *changes) add(domain int64, ch watch.Change) {
	c.domain, c.at, c.before, c.first = append(c.domain, domain), append(c.at, millis(ch.At)), append(c.before, millis(ch.Before)),
		append(c.first, millis(ch.First))
	c.turn, c.check, c.rule = append(c.turn, string(ch.Turn)), append(c.check, ch.Check), append(c.rule, ch.Rule)
	c.subject, c.severity = append(c.subject, clean(ch.Subject)), append(c.severity, ch.Severity)
	c.culprit = append(c.culprit, clean(ch.Culprit))
	c.en, c.ja = append(c.en, clean(ch.Message.EN)), append(c.ja, clean(ch.Message.JA))
}

// saveChanges writes changes down. What a first look found stands in the state alone.
func (s saver) saveChanges(ctx context.Context, tx *sql.Tx, w watch.Work, d watch.Done, saved []bool) error {
	var c changes
	for i, o := range d.Outcomes {
		if !saved[i] || w.Domains[i].Looked.IsZero() {
			continue
		}
		for _, ch := range o.Changes {
			c.add(w.Domains[i].ID, ch)
		}
	}
	return s.insert(ctx, tx, "watch_change", len(c.domain),
		numbers("domain", c.domain), numbers("at", c.at), numbers("looked_before", c.before), numbers("first_seen", c.first),
		texts("turn", c.turn), texts("checked", c.check), texts("rule", c.rule), texts("subject", c.subject),
		texts("severity", c.severity), texts("culprit", c.culprit), texts("message_en", c.en), texts("message_ja", c.ja))
}

// savePast writes record sets down that are not as they were.
func (s saver) savePast(ctx context.Context, tx *sql.Tx, w watch.Work, d watch.Done, saved []bool) error {
	var domain, first, last []int64
	var name, typ, value []string
	for i, o := range d.Outcomes {
		if !saved[i] {
			continue
		}
		for _, p := range o.Past {
			text, err := encode(p.Values)
			if err != nil {
				return err
			}
			domain, first, last = append(domain, w.Domains[i].ID), append(first, millis(p.First)), append(last, millis(p.Last))
			name, typ, value = append(name, clean(p.Name)), append(typ, p.Type), append(value, text)
		}
	}
	return s.insert(ctx, tx, "watch_value", len(domain), numbers("domain", domain), numbers("first_seen", first),
		numbers("last_seen", last), texts("name", name), texts("type", typ), texts("value", value))
}

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
