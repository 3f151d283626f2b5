package watch

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Inline is a queue within one process, for a run that ends when all is done, and for tests. What waits in it is lost when the
// process ends, so it is for jobs that can be made anew. Each job is saved in a transaction of its own.
type Inline struct {
	// Backoff is how long a job waits that has failed so many times. Dead is with how many failures it is given up.
	Backoff func(failed int) time.Duration
	Dead    int

	db      *sql.DB
	mu      sync.Mutex
	wake    chan struct{} // closed when something is added or ends
	waiting []*entry
	running []*entry
	dead    []*entry
}

// entry is a job in a lane. at is when it can be done.
type entry struct {
	job    Job
	lane   Lane
	at     time.Time
	failed int
}

// NewInline makes a queue whose jobs are saved in a database.
func NewInline(db *sql.DB) *Inline {
	return &Inline{db: db, wake: make(chan struct{}), Dead: 8, Backoff: func(failed int) time.Duration {
		wait := min(time.Second<<min(failed-1, 10), 5*time.Minute)
		return wait + rand.N(wait/5)
	}}
}

// Add puts jobs into a lane. They stay in it when the transaction is given up: such a job is done once more, or is lost.
func (q *Inline) Add(_ context.Context, _ *sql.Tx, lane Lane, jobs []Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	known := map[Job]bool{}
	for _, e := range slices.Concat(q.waiting, q.running) {
		known[e.job] = known[e.job] || e.lane == lane
	}
	for _, j := range jobs {
		if !known[j] {
			known[j] = true
			q.waiting = append(q.waiting, &entry{job: j, lane: lane, at: time.Now()})
		}
	}
	q.changed()
	return nil
}

// changed wakes those who wait. The caller holds mu.
func (q *Inline) changed() {
	close(q.wake)
	q.wake = make(chan struct{})
}

// Work does jobs until ctx ends. There is no grace: jobs under way end with ctx, and wait again.
func (q *Inline) Work(ctx context.Context, side int, do func(context.Context, Job, Finish) error) error {
	q.work(ctx, side, do, false)
	return nil
}

// Drain does jobs until none waits or is worked on. The error is that of ctx.
func (q *Inline) Drain(ctx context.Context, side int, do func(context.Context, Job, Finish) error) error {
	q.work(ctx, side, do, true)
	return ctx.Err()
}

func (q *Inline) work(ctx context.Context, side int, do func(context.Context, Job, Finish) error, drain bool) {
	var wg sync.WaitGroup
	for _, lane := range []Lane{Now, Usual} {
		for range side {
			wg.Go(func() {
				for {
					e := q.take(ctx, lane, drain)
					if e == nil {
						return
					}
					q.end(e, do(ctx, e.job, q.finish), ctx.Err() != nil)
				}
			})
		}
	}
	wg.Wait()
}

// take waits for a job of a lane; nil: there is none any more.
func (q *Inline) take(ctx context.Context, lane Lane, drain bool) *entry {
	for ctx.Err() == nil {
		q.mu.Lock()
		first := q.first(lane)
		wake, wait := q.wake, time.Hour
		if first >= 0 {
			e := q.waiting[first]
			if wait = time.Until(e.at); wait <= 0 {
				q.waiting = slices.Delete(q.waiting, first, first+1)
				q.running = append(q.running, e)
				q.mu.Unlock()
				return e
			}
		}
		idle := len(q.waiting)+len(q.running) == 0
		q.mu.Unlock()
		if drain && idle {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// first is the index of the job of a lane that can be done first; -1: none waits.
func (q *Inline) first(lane Lane) int {
	best := -1
	for i, e := range q.waiting {
		if e.lane == lane && (best < 0 || e.at.Before(q.waiting[best].at)) {
			best = i
		}
	}
	return best
}

// end takes a job that was done, has failed, or was interrupted.
func (q *Inline) end(e *entry, err error, interrupted bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = slices.DeleteFunc(q.running, func(r *entry) bool { return r == e })
	switch {
	case err == nil:
	case interrupted:
		q.waiting = append(q.waiting, e)
	default:
		if e.failed++; e.failed >= q.Dead {
			q.dead = append(q.dead, e)
			break
		}
		e.at = time.Now().Add(q.Backoff(e.failed))
		q.waiting = append(q.waiting, e)
	}
	q.changed()
}

// finish is the Finish of all jobs.
func (q *Inline) finish(ctx context.Context, save func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := save(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Depth tells how much there is to do.
func (q *Inline) Depth(context.Context) (Depth, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	d := Depth{Waiting: len(q.waiting), Running: len(q.running), Dead: len(q.dead)}
	for _, e := range q.waiting {
		if now := time.Now(); !e.at.After(now) && (d.Oldest.IsZero() || e.at.Before(d.Oldest)) {
			d.Oldest = e.at
		}
	}
	return d, nil
}

// Revive tries dead jobs again, and says how many they were.
func (q *Inline) Revive(context.Context) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range q.dead {
		e.failed, e.at = 0, time.Now()
	}
	n := len(q.dead)
	q.waiting, q.dead = append(q.waiting, q.dead...), nil
	q.changed()
	return n, nil
}
