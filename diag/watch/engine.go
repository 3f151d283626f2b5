package watch

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Engine joins a store, a queue and a looker.
type Engine struct {
	Store  Store
	Queue  Queue
	Looker *Looker
	Now    func() time.Time
	Tell   func(Event) // gets what happens, for progress and figures; nil: nobody wants it
}

// Event is something that happened in an engine.
type Event struct {
	Job     Job
	Domains int // of the job; with Err 0 where they could not be read
	First   int // of these, those that were looked at for the first time
	Silent  int // of these, those at which no check could look
	Took    time.Duration
	Changes int
	Err     error // the job is tried again; ErrLost: it was another worker's
}

// mostDue is how many chunks get into the queue in one transaction.
const mostDue = 200

// Schedule gives the chunks to the queue whose time has come, and says how many they were.
func (e *Engine) Schedule(ctx context.Context) (all int, err error) {
	for {
		n, err := e.Store.Due(ctx, e.Now(), mostDue, func(tx *sql.Tx, jobs []Job) error { return e.Queue.Add(ctx, tx, Usual, jobs) })
		if all += n; err != nil || n < mostDue {
			return all, err
		}
	}
}

// Work does jobs until ctx ends, so many at once.
func (e *Engine) Work(ctx context.Context, side int) error { return e.Queue.Work(ctx, side, e.Do) }

// Do does one job. A job that another worker has done is done.
func (e *Engine) Do(ctx context.Context, j Job, end Finish) error {
	told := Event{Job: j}
	err := e.do(ctx, j, end, &told)
	if told.Err = err; e.Tell != nil {
		e.Tell(told)
	}
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}

func (e *Engine) do(ctx context.Context, j Job, end Finish, told *Event) error {
	w, err := e.Store.Load(ctx, j)
	if errors.Is(err, ErrLost) {
		return errors.Join(err, end(ctx, func(*sql.Tx) error { return nil }))
	}
	if err != nil {
		return err
	}
	told.Domains = len(w.Domains)
	d, err := e.Looker.Look(ctx, w)
	if err != nil {
		return err
	}
	told.Took = d.Took
	for _, k := range w.Domains {
		if k.Looked.IsZero() {
			told.First++
		}
	}
	for _, o := range d.Outcomes {
		told.Changes += len(o.Changes)
		if o.Blind {
			told.Silent++
		}
	}
	return end(ctx, func(tx *sql.Tx) error { return e.Store.Save(ctx, tx, w, d) })
}
