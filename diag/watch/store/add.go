package store

import (
	"context"
	"database/sql"
	"iter"
	"slices"
	"time"

	"todoku/diag/watch"
)

// Added is what Add did.
type Added struct {
	New   int // domains that were not watched
	Known int // domains that were, in the same way
	Moved int // domains that are looked at more or less often from now on
}

// batchSize is how many domains are added or removed in one transaction.
const batchSize = 1000

// roster is what changes which domains there are, and in which chunks.
type roster struct{ *Store }

// Add watches domains, each looked at once in every. Names are in ASCII; they are read as they come and written a thousand at a
// time, so that after an error those before it are watched.
func (s *Store) Add(ctx context.Context, names iter.Seq[string], every time.Duration) (Added, error) {
	return s.addAll(ctx, names, every, false)
}

// AddNew is Add, but domains that are watched already are looked at as often as before.
func (s *Store) AddNew(ctx context.Context, names iter.Seq[string], every time.Duration) (Added, error) {
	return s.addAll(ctx, names, every, true)
}

func (s *Store) addAll(ctx context.Context, names iter.Seq[string], every time.Duration, keep bool) (Added, error) {
	var all Added
	var batch []string
	write := func() error {
		var one Added
		err := s.tx(ctx, func(tx *sql.Tx) (err error) {
			one, err = roster{s}.add(ctx, tx, batch, every, keep)
			return err
		})
		if err == nil {
			all.New, all.Known, all.Moved = all.New+one.New, all.Known+one.Known, all.Moved+one.Moved
		}
		batch = batch[:0]
		return err
	}
	for name := range names {
		if batch = append(batch, name); len(batch) == batchSize {
			if err := write(); err != nil {
				return all, err
			}
		}
	}
	if len(batch) == 0 {
		return all, nil
	}
	return all, write()
}

// The locks that lock takes: numbers of our own.
const (
	fleet  = 0x746f646f6b75 // add, remove, tell, forget
	outbox = fleet + 1      // take, deliver
)

// lock lets one process at a time do something, until the transaction ends.
func (s *database) lock(ctx context.Context, tx *sql.Tx, what int64) error {
	if s.dialect == SQLite {
		return nil // a transaction that writes has the file
	}
	_, err := s.exec(ctx, tx, `SELECT pg_advisory_xact_lock(?)`, what)
	return err
}

// place is where a domain stands.
type place struct {
	id, chunk int64
	every     time.Duration
}

// places finds domains by their names.
func (s roster) places(ctx context.Context, tx asker, names []string) (map[string]place, error) {
	among, arg, err := s.among(texts("d.name", names))
	if err != nil {
		return nil, err
	}
	found := map[string]place{}
	return found, s.rows(ctx, tx, func(scan func(...any) error) error {
		var name string
		var p place
		var every int64
		err := scan(&name, &p.id, &p.chunk, &every)
		p.every = time.Duration(every) * time.Millisecond
		found[name] = p
		return err
	}, `SELECT d.name, d.id, d.chunk, c.every FROM watch_domain d JOIN watch_chunk c ON c.id = d.chunk WHERE `+among, arg)
}

func (s roster) add(ctx context.Context, tx *sql.Tx, names []string, every time.Duration, keep bool) (a Added, err error) {
	if err := s.lock(ctx, tx, fleet); err != nil {
		return a, err
	}
	known, err := s.places(ctx, tx, names)
	if err != nil {
		return a, err
	}
	var fresh []string
	var moved, from []int64
	seen := map[string]bool{}
	for _, name := range names {
		p, is := known[name]
		switch {
		case seen[name] || is && (keep || p.every == every):
			a.Known++
		case is:
			moved, from = append(moved, p.id), append(from, p.chunk)
		default:
			fresh = append(fresh, name)
		}
		seen[name] = true
	}
	a.New, a.Moved = len(fresh), len(moved)
	if len(fresh)+len(moved) == 0 {
		return a, nil
	}
	if err := s.lockChunks(ctx, tx, unique(slices.Clone(from))); err != nil {
		return a, err
	}
	rooms, err := s.rooms(ctx, tx, len(fresh)+len(moved), every)
	if err != nil {
		return a, err
	}
	if err := s.join(ctx, tx, fresh, rooms[:len(fresh)]); err != nil {
		return a, err
	}
	if err := s.move(ctx, tx, moved, rooms[len(fresh):]); err != nil {
		return a, err
	}
	return a, s.recount(ctx, tx, slices.Concat(from, rooms[len(fresh):]))
}

// join writes new domains into chunks.
func (s roster) join(ctx context.Context, tx *sql.Tx, names []string, chunks []int64) error {
	added := slices.Repeat([]int64{millis(s.now())}, len(names))
	return s.insert(ctx, tx, "watch_domain", len(names), texts("name", names), numbers("chunk", chunks), numbers("added", added))
}

// move puts domains into other chunks. What is known of them stays; a look that is under way is not saved for them.
func (s roster) move(ctx context.Context, tx *sql.Tx, domains, chunks []int64) error {
	for i, id := range domains {
		if _, err := s.exec(ctx, tx, `UPDATE watch_domain SET chunk = ?, version = version + 1,
  looked = CASE WHEN round > 0 THEN coalesce((SELECT max(c.looked) FROM watch_chunk c WHERE c.id = watch_domain.chunk
    AND c.looked > watch_domain.looked), looked) ELSE looked END, round = 0 WHERE id = ?`, chunks[i], id); err != nil {
			return err
		}
	}
	return nil
}

// rooms finds room for so many domains: in chunks that are not full, then in new ones. A new chunk is due at once, one that
// gets more domains soon: it is looked at ten times in every at most.
func (s roster) rooms(ctx context.Context, tx *sql.Tx, n int, every time.Duration) ([]int64, error) {
	var out []int64
	take := func(chunk int64, free int) error {
		free = min(free, n-len(out))
		out = append(out, slices.Repeat([]int64{chunk}, free)...)
		now := millis(s.now())
		_, err := s.exec(ctx, tx, `UPDATE watch_chunk SET domains = domains + ?,
  waits = CASE WHEN domains = 0 THEN 0 ELSE waits END, due = CASE WHEN due < ? THEN due
  WHEN looked + ? < ? THEN ? WHEN looked + ? < due THEN looked + ? ELSE due END WHERE id = ?`,
			free, now, every.Milliseconds()/10, now, now, every.Milliseconds()/10, every.Milliseconds()/10, chunk)
		return err
	}
	var chunks []int64
	var free []int
	err := s.rows(ctx, tx, func(scan func(...any) error) error {
		var id int64
		var domains int
		err := scan(&id, &domains)
		chunks, free = append(chunks, id), append(free, watch.ChunkSize-domains)
		return err
	}, `SELECT id, domains FROM watch_chunk WHERE every = ? AND domains < ? ORDER BY domains DESC, id LIMIT 100`+s.dialect.locking(""),
		every.Milliseconds(), watch.ChunkSize)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(chunks) && len(out) < n; i++ {
		if err := take(chunks[i], free[i]); err != nil {
			return nil, err
		}
	}
	for len(out) < n {
		var id int64
		now := millis(s.now())
		if err := s.row(ctx, tx, `INSERT INTO watch_chunk (every, made, due) VALUES (?, ?, ?) RETURNING id`,
			every.Milliseconds(), now, now).Scan(&id); err != nil {
			return nil, err
		}
		if err := take(id, watch.ChunkSize); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// recount counts what stands in chunks whose domains are not the same ones any more. Empty chunks go.
func (s roster) recount(ctx context.Context, tx *sql.Tx, chunks []int64) error {
	for _, chunk := range unique(chunks) {
		sum, n := watch.NewSummary(), 0
		err := s.rows(ctx, tx, func(scan func(...any) error) error {
			var name, text string
			var first int64
			if err := scan(&name, &first, &text); err != nil {
				return err
			}
			n++
			if st, err := DecodeState(name, text); err == nil && first > 0 { // else its next look counts it
				sum.Count(name, st)
			}
			return nil
		}, `SELECT name, first_look, state FROM watch_domain WHERE chunk = ?`, chunk)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err = s.exec(ctx, tx, `DELETE FROM watch_chunk WHERE id = ?`, chunk)
		} else {
			var text string
			if text, err = encode(sum); err == nil {
				_, err = s.exec(ctx, tx, `UPDATE watch_chunk SET domains = ?, summary = ? WHERE id = ?`, n, text, chunk)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
