package river

import (
	"context"
	"sync"
	"time"

	rv "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Chore is what one of all processes does once in a period: to give due chunks to the queue, to tell changes.
type Chore struct {
	Name  string
	Every time.Duration // at least a second
	Do    func(context.Context) error
}

// chores is the queue of the chores.
const chores = "chores"

// chore is a chore as River keeps it.
type chore struct {
	Name string `json:"name"`
}

// Kind is the name of the chores in the table of River.
func (chore) Kind() string { return "todoku_chore" }

// remind adds a chore in each period, until ctx ends. Of all processes that do so one succeeds.
func (q *Queue) remind(ctx context.Context, c Chore) {
	for {
		// A chore that could not be added, or has failed, is done in the next period.
		_, _ = q.insert.Insert(ctx, chore{c.Name}, &rv.InsertOpts{Queue: chores, MaxAttempts: 1, UniqueOpts: rv.UniqueOpts{
			ByArgs: true, ByPeriod: c.Every, ByState: append(unfinished(), rivertype.JobStateCompleted)}})
		now := time.Now()
		if !sleep(ctx, now.Truncate(c.Every).Add(c.Every).Sub(now)) {
			return
		}
	}
}

// chorist does chores, each once at a time.
type chorist struct {
	rv.WorkerDefaults[chore]
	chores map[string]Chore
	busy   map[string]*sync.Mutex
}

func newChorist(all []Chore) *chorist {
	c := &chorist{chores: map[string]Chore{}, busy: map[string]*sync.Mutex{}}
	for _, one := range all {
		c.chores[one.Name], c.busy[one.Name] = one, &sync.Mutex{}
	}
	return c
}

// Work does a chore, unless this process still does it since the period before. Its error is for itself to tell: a row of it
// would say nothing that the next period does not.
func (c *chorist) Work(ctx context.Context, job *rv.Job[chore]) error {
	if busy := c.busy[job.Args.Name]; busy != nil && busy.TryLock() {
		defer busy.Unlock()
		_ = c.chores[job.Args.Name].Do(ctx)
	}
	return nil
}
