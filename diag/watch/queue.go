package watch

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Job is what a worker does at a time: to look at the domains of a chunk, or at one of them.
type Job struct {
	Chunk  int64 `json:"chunk"`
	Round  int64 `json:"round"`            // that the look makes; it is saved once. 0 with Domain
	Domain int64 `json:"domain,omitempty"` // the only domain to look at, because somebody asked; 0: all of the chunk
}

// Lane says who goes first.
type Lane string

// The lanes. A worker has room for both: whoever asks for a look now does not wait for chunks.
const (
	Usual Lane = "usual"
	Now   Lane = "now"
)

// ErrLost says that another worker has done the job, or does it now: nothing was saved.
var ErrLost = errors.New("another worker has this job")

// Finish ends a job: save and the end of the job are one transaction. ErrLost says that nothing was saved because the job
// belongs to another worker by now.
type Finish func(ctx context.Context, save func(*sql.Tx) error) error

// Queue hands out jobs to workers, on this machine or on many.
type Queue interface {
	// Add puts jobs into a lane, as a part of a transaction. A job that waits or is worked on is not added again.
	Add(ctx context.Context, tx *sql.Tx, lane Lane, jobs []Job) error
	// Work does jobs, at most side at once in each lane, until ctx ends; jobs that are under way then come to their end within
	// the grace that the queue gives. A job whose do returns an error is tried again later, and later each time; one that
	// fails many times is dead. The job of a worker that gives no sign of life for some seconds goes to another worker.
	Work(ctx context.Context, side int, do func(ctx context.Context, j Job, end Finish) error) error
	// Depth tells how much there is to do.
	Depth(ctx context.Context) (Depth, error)
	// Revive tries dead jobs again, and says how many they were.
	Revive(ctx context.Context) (int, error)
}

// Depth is how much a queue holds.
type Depth struct {
	Waiting int       `json:"waiting"` // also those to be tried again later
	Running int       `json:"running"`
	Dead    int       `json:"dead"`
	Oldest  time.Time `json:"oldest,omitzero"` // since when the oldest one waits that could be done now
}
