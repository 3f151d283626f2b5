package river

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"
)

// leastPatience is how long a database may take at least to answer a renewal.
const leastPatience = 5 * time.Second

// beat renews the running jobs of this process, and gives those of lost ones to others, until ctx ends.
func (w *worker) beat(ctx context.Context) {
	var well time.Time // since when this process reaches the database
	failed := 0        // renewals in a row
	tick := time.NewTicker(w.q.o.Renew)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		begun := time.Now()
		short, cancel := context.WithTimeout(ctx, max(w.q.o.Lost, leastPatience))
		err := w.renew(short)
		cancel()
		failed = w.reach(ctx, failed, err)
		switch {
		case err != nil || time.Since(begun) > w.q.o.Lost/2:
			// Others may be alive and unable to renew as well: nobody is lost until all had the time to.
			well = time.Time{}
		case well.IsZero():
			well = time.Now()
		case time.Since(well) >= w.q.o.Lost:
			_ = w.q.giveBack(ctx)
		}
	}
}

// awayAfter is after how many renewals that failed, in a row, the database is away: one may be bad luck.
const awayAfter = 2

// reach tells whether the database can be reached where that has changed. It takes how many renewals failed before this one, and
// gives how many did with it.
func (w *worker) reach(ctx context.Context, failed int, err error) int {
	if ctx.Err() != nil {
		return failed
	}
	tell := w.q.o.Reach
	if tell == nil {
		tell = func(error) {}
	}
	if err == nil {
		if failed >= awayAfter {
			tell(nil)
		}
		return 0
	}
	if failed++; failed == awayAfter {
		tell(err)
	}
	return failed
}

// renew says of the running jobs that their worker lives. Those that were given to others are given up.
func (w *worker) renew(ctx context.Context) error {
	w.mu.Lock()
	mine := slices.Sorted(maps.Keys(w.running))
	w.mu.Unlock()
	if len(mine) == 0 {
		return w.q.db.PingContext(ctx)
	}
	kept, err := w.q.ids(ctx, `UPDATE river_job SET attempted_at = `+w.q.dialect.now()+` WHERE id IN (`+list(mine)+
		`) AND state = 'running' RETURNING id`)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range mine {
		if cancel := w.running[id]; cancel != nil && !slices.Contains(kept, id) {
			cancel()
		}
	}
	return nil
}

// giveBack gives running jobs to other workers that nobody has renewed.
func (q *Queue) giveBack(ctx context.Context) error {
	lost, err := q.ids(ctx, `SELECT id FROM river_job WHERE state = 'running' AND attempted_at < `+q.dialect.ago(q.o.Lost)+` ORDER BY id`)
	for _, id := range lost {
		if err := q.giveBackOne(ctx, id); err != nil {
			return err
		}
	}
	return err
}

// giveBackOne ends the row of a job and makes a new one for it, or a dead one where it was tried often enough. A chore gets no
// new one: there is a next period. The id is told apart from the old one, so that the old worker cannot end it.
func (q *Queue) giveBackOne(ctx context.Context, id int64) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var dead bool
	err = tx.QueryRowContext(ctx, `UPDATE river_job SET finalized_at = `+q.dialect.now()+`,
  state = CASE WHEN kind = 'todoku_look' AND attempt >= max_attempts THEN `+q.dialect.state("discarded")+
		` ELSE `+q.dialect.state("cancelled")+` END
  WHERE id = $1 AND state = 'running' AND attempted_at < `+q.dialect.ago(q.o.Lost)+`
  RETURNING state = 'discarded' OR kind <> 'todoku_look'`, id).Scan(&dead)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	if !dead {
		if _, err := tx.ExecContext(ctx, `INSERT INTO river_job (state, attempt, max_attempts, created_at, scheduled_at, priority, args,
  attempted_by, kind, metadata, queue, tags, unique_key, unique_states)
  SELECT 'available', attempt, max_attempts, created_at, scheduled_at, priority, args,
  attempted_by, kind, metadata, queue, tags, unique_key, unique_states FROM river_job WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}
