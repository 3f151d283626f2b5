package store

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"todoku/diag/watch"
)

// hold is how long changes of one rule that have no cause in common wait after the last incident of that rule.
const hold = time.Hour

// mostAgain is how many incidents with one key are opened within that time, each after the end of the one before: what comes and goes
// more often is told when it stays.
const mostAgain = 3

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
		case t.now.Sub(c.At) < t.settle || key.Culprit == "" && t.holds(w, c.every) || t.flaps(w):
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
	recent       int // incidents with the key within hold
}

// takes reports whether a change belongs to the incident, which has the same cause. What is worse is to be told.
func (w window) takes(c untold) bool {
	return w.incident > 0 && !w.over && watch.AtLeast(w.severity, c.Severity) && c.At.Sub(w.opened) <= c.every+c.every/10
}

// holds reports whether the last incident with a key is too near for another one.
func (t *teller) holds(w window, every time.Duration) bool {
	return w.incident > 0 && t.now.Sub(w.made) < min(hold, every) && !slices.Contains(t.opened, w.incident)
}

// flaps reports whether what a key says has come and gone too often.
func (t *teller) flaps(w window) bool {
	return w.over && w.recent >= mostAgain && !slices.Contains(t.opened, w.incident)
}

func (t *teller) window(k watch.Key) (w window, err error) {
	var made, opened, recovered int64
	err = t.row(t.ctx, t.tx, `SELECT i.id, i.severity, i.made, i.opened, i.recovered, (SELECT count(*) FROM watch_incident r
    WHERE r.turn = i.turn AND r.culprit = i.culprit AND r.rule = i.rule AND r.kind = i.kind AND r.made > ?)
  FROM watch_incident i WHERE i.turn = ? AND i.culprit = ? AND i.rule = ? AND i.kind = ? ORDER BY i.made DESC, i.id DESC LIMIT 1`,
		millis(t.now.Add(-hold)), string(k.Turn), k.Culprit, k.Rule, k.Kind).
		Scan(&w.incident, &w.severity, &made, &opened, &recovered, &w.recent)
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
		n.Examples = watch.WithExample(n.Examples, c.Change)
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
