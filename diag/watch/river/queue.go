package river

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	rv "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"todoku/diag/watch"
)

// Options is how a queue goes about its work. The zero value is meant for use.
type Options struct {
	Chores []Chore      // what is done once in a while, by one process for all
	Log    *slog.Logger // gets what River says; nil: nobody wants it
	Reach  func(error)  // is told once when a worker cannot reach the database, and with nil once when it can again; nil: nobody wants it

	Renew   time.Duration // how often running jobs are renewed; 0: 5 s
	Lost    time.Duration // a job that was not renewed for so long is given to another worker; 0: 20 s
	Grace   time.Duration // how long jobs under way have to come to an end when Work is to end; 0: 10 s
	Poll    time.Duration // how often a worker with room asks for jobs, for looks now twice as often; 0: 2 s
	Timeout time.Duration // how long a job may take; 0: 30 min
	Backoff time.Duration // how long a job waits that has failed once, then double; 0: 10 s, at most 1 h
	Tries   int           // with so many failures a job is dead; 0: 12
}

// Queue is a watch.Queue on River. Use it from as many goroutines and processes as you like.
type Queue struct {
	db      *sql.DB
	dialect Dialect
	o       Options
	insert  *rv.Client[*sql.Tx]
}

// look is a job as River keeps it.
type look struct {
	watch.Job
}

// Kind is the name of the jobs in the table of River.
func (look) Kind() string { return "todoku_look" }

// New makes a queue in a database that Prepare has made ready.
func New(db *sql.DB, d Dialect, o Options) (*Queue, error) {
	o.Renew, o.Lost, o.Grace = cmp.Or(o.Renew, 5*time.Second), cmp.Or(o.Lost, 20*time.Second), cmp.Or(o.Grace, 10*time.Second)
	o.Poll, o.Timeout = cmp.Or(o.Poll, 2*time.Second), cmp.Or(o.Timeout, 30*time.Minute)
	o.Backoff, o.Tries = cmp.Or(o.Backoff, 10*time.Second), cmp.Or(o.Tries, 12)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	insert, err := rv.NewClient(d.driver(db), &rv.Config{Logger: o.Log})
	if err != nil {
		return nil, err
	}
	return &Queue{db: db, dialect: d, o: o, insert: insert}, nil
}

// unfinished are the states of a job that waits or is worked on.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled}
}

// insertion is how a look is put into a lane: not where its like waits or is worked on.
func (q *Queue) insertion(lane watch.Lane) *rv.InsertOpts {
	return &rv.InsertOpts{Queue: string(lane), MaxAttempts: q.o.Tries,
		UniqueOpts: rv.UniqueOpts{ByArgs: true, ByQueue: true, ByState: unfinished()}}
}

// Add puts jobs into a lane, as a part of a transaction.
func (q *Queue) Add(ctx context.Context, tx *sql.Tx, lane watch.Lane, jobs []watch.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	params := make([]rv.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = rv.InsertManyParams{Args: look{j}, InsertOpts: q.insertion(lane)}
	}
	_, err := q.insert.InsertManyFastTx(ctx, tx, params)
	return err
}

// Depth tells how much there is to do.
func (q *Queue) Depth(ctx context.Context) (d watch.Depth, err error) {
	rows, err := q.db.QueryContext(ctx, `SELECT CAST(state AS TEXT), count(*), coalesce(`+q.dialect.millis("min(scheduled_at)")+`, 0)
  FROM river_job WHERE kind = 'todoku_look' AND finalized_at IS NULL GROUP BY state UNION ALL
  SELECT 'discarded', count(*), 0 FROM river_job WHERE kind = 'todoku_look' AND state = 'discarded'`)
	if err != nil {
		return d, err
	}
	defer rows.Close()
	for rows.Next() {
		var state rivertype.JobState
		var n int
		var oldest int64
		if err := rows.Scan(&state, &n, &oldest); err != nil {
			return d, err
		}
		switch state {
		case rivertype.JobStateRunning:
			d.Running += n
		case rivertype.JobStateDiscarded:
			d.Dead += n
		case rivertype.JobStateAvailable:
			d.Oldest = time.UnixMilli(oldest).UTC()
			d.Waiting += n
		default:
			d.Waiting += n
		}
	}
	return d, rows.Err()
}

// mostRevived bounds Revive.
const mostRevived = 100_000

// Revive tries dead jobs again, each once at least, and says how many they were. One whose like waits already is dropped.
func (q *Queue) Revive(ctx context.Context) (n int, err error) {
	ids, err := q.ids(ctx, `SELECT id FROM river_job WHERE kind = 'todoku_look' AND state = 'discarded' ORDER BY id LIMIT $1`, mostRevived)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch _, err := q.insert.JobRetry(ctx, id); {
		case err == nil:
			n++
		case errors.Is(err, rivertype.ErrNotFound) || ctx.Err() != nil:
		default:
			if _, err := q.insert.JobDelete(ctx, id); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
				return n, err
			}
		}
	}
	return n, ctx.Err()
}

// ids reads ids.
func (q *Queue) ids(ctx context.Context, query string, args ...any) (out []int64, err error) {
	rows, err := q.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
