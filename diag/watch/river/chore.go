package river

import (
	"context"
	"database/sql"
	"sync"
	"time"

	rv "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Chore is what one of all processes does once in a period: to give due chunks to the queue, to tell changes.
type Chore struct {
	Name  string        // a word; processes that have a chore of one name share it
	Every time.Duration // at least a second
	Do    func(context.Context) error
}

// chores is the queue of the chores.
const chores = "chores"

// chore is a chore as River keeps it.
type chore struct {
	Name string `json:"name"`
}

// Kind is the name of the chore in the table of River: a process fetches only those that it knows.
func (c chore) Kind() string { return "todoku_chore_" + c.Name }

// remind adds a chore in each period, until ctx ends. Of all processes that do so one succeeds. The client is the one that
// works: it fetches what it has added at once.
func remind(ctx context.Context, client *rv.Client[*sql.Tx], c Chore) {
	for {
		// A chore that could not be added, or has failed, is done in the next period.
		_, _ = client.Insert(ctx, chore{c.Name}, &rv.InsertOpts{Queue: chores, MaxAttempts: 1, UniqueOpts: rv.UniqueOpts{
			ByPeriod: c.Every, ByState: append(unfinished(), rivertype.JobStateCompleted)}})
		now := time.Now()
		if !sleep(ctx, now.Truncate(c.Every).Add(c.Every).Sub(now)) {
			return
		}
	}
}

// chorist does a chore, once at a time.
type chorist struct {
	rv.WorkerDefaults[chore]
	chore Chore
	busy  sync.Mutex
}

// Work does the chore, unless this process still does it since the period before. Its error is for itself to tell: a row of it
// would say nothing that the next period does not.
func (c *chorist) Work(ctx context.Context, _ *rv.Job[chore]) error {
	if c.busy.TryLock() {
		defer c.busy.Unlock()
		_ = c.chore.Do(ctx)
	}
	return nil
}
