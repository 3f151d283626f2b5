package river

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	rv "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"todoku/diag/watch"
)

// do is what a worker does with a job.
type do = func(context.Context, watch.Job, watch.Finish) error

// worker works on the jobs of one call of Work.
type worker struct {
	rv.WorkerDefaults[look]
	q    *Queue
	stop context.Context // ends when Work is to end
	do   do

	mu      sync.Mutex
	running map[int64]context.CancelFunc // the jobs under way by their ids; the func gives a job up that was lost
}

// Work does jobs, at most side at once in each lane, until ctx ends; jobs under way then have the grace to come to an end, and
// are given back after it. It goes on when the database goes away and comes back. The error is that of a database that could
// not be reached at all.
func (q *Queue) Work(ctx context.Context, side int, do func(context.Context, watch.Job, watch.Finish) error) error {
	w := &worker{q: q, stop: ctx, do: do, running: map[int64]context.CancelFunc{}}
	client, err := q.start(ctx, side, w)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	beats, end := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { w.beat(beats) })
	for _, c := range q.o.Chores {
		wg.Go(func() { remind(ctx, client, c) })
	}
	<-client.Stopped()
	end()
	wg.Wait()
	return nil
}

// starting is how long Work tries to reach a database at its start.
const starting = 30 * time.Second

// start makes a client and starts it.
func (q *Queue) start(ctx context.Context, side int, w *worker) (*rv.Client[*sql.Tx], error) {
	workers := rv.NewWorkers()
	rv.AddWorker(workers, w)
	for _, c := range q.o.Chores {
		rv.AddWorkerArgs(workers, chore{c.Name}, &chorist{chore: c})
	}
	queues := map[string]rv.QueueConfig{
		string(watch.Usual): {MaxWorkers: side},
		string(watch.Now):   {MaxWorkers: side, FetchPollInterval: q.o.Poll / 2},
	}
	if n := len(q.o.Chores); n > 0 {
		queues[chores] = rv.QueueConfig{MaxWorkers: n}
	}
	for since := time.Now(); ; {
		client, err := rv.NewClient(q.dialect.driver(q.db), &rv.Config{
			Queues: queues, Workers: workers, Logger: q.o.Log, RetryPolicy: backoff{q.o.Backoff},
			PollOnly: true, FetchPollInterval: q.o.Poll, FetchCooldown: min(100*time.Millisecond, q.o.Poll/2),
			FetchOnlyKnownKinds: true, JobTimeout: q.o.Timeout, SoftStopTimeout: q.o.Grace,
			CompletedJobRetentionPeriod: time.Hour, CancelledJobRetentionPeriod: time.Hour,
		})
		if err != nil {
			return nil, err
		}
		if err = client.Start(ctx); err == nil {
			return client, nil
		}
		if time.Since(since) > starting || !sleep(ctx, time.Second) {
			return nil, err
		}
	}
}

// Work does one job.
func (w *worker) Work(ctx context.Context, job *rv.Job[look]) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.mu.Lock()
	w.running[job.ID] = cancel
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.running, job.ID)
		w.mu.Unlock()
	}()
	err := w.do(ctx, job.Args.Job, w.finish(job))
	if err != nil && ctx.Err() != nil && w.stop.Err() != nil {
		return rv.JobSnooze(0) // given back as it was: it did not fail
	}
	return err
}

// saves is how often a job is saved before it has failed: the look is dear, and the database comes back in some seconds.
const saves = 7

// finish saves what a job found, and ends it.
func (w *worker) finish(job *rv.Job[look]) watch.Finish {
	return func(ctx context.Context, save func(*sql.Tx) error) error {
		for try := 0; ; try++ {
			err := w.q.save(ctx, job, save)
			if err == nil || errors.Is(err, watch.ErrLost) || try == saves-1 || !sleep(ctx, 250*time.Millisecond<<try) {
				return err
			}
		}
	}
}

// save is one try. It saves first, so that rows are locked in the order in which they are when the job is added.
func (q *Queue) save(ctx context.Context, job *rv.Job[look], save func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := save(tx); err != nil {
		return err
	}
	// The driver is named for its type of transaction only: it is the same with SQLite.
	row, err := rv.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx, job)
	if errors.Is(err, rivertype.ErrNotFound) {
		return watch.ErrLost
	}
	if err != nil {
		return err
	}
	if row.State != rivertype.JobStateCompleted {
		return watch.ErrLost
	}
	return tx.Commit()
}

// sleep waits; false says that ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// backoff says when a job that failed is tried again: after first, then double each time, with jitter, at most after an hour.
type backoff struct{ first time.Duration }

func (b backoff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(b.first<<min(max(job.Attempt-1, 0), 20), time.Hour)
	if wait <= 0 {
		wait = time.Hour
	}
	return time.Now().UTC().Add(wait + rand.N(wait/5+1))
}
