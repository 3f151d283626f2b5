package watch

import (
	"context"
	"database/sql"
	"time"
)

// ChunkSize is how many domains are looked at together at most.
const ChunkSize = 500

// Store keeps the fleet: domains in chunks, with what is known of them.
type Store interface {
	// Due takes chunks whose time has come, at most so many: in one transaction add gets their jobs, and their next time is
	// set. It returns how many they were.
	Due(ctx context.Context, now time.Time, most int, add func(*sql.Tx, []Job) error) (int, error)
	// Load reads the domains of a job. ErrLost says that its round has been saved already.
	Load(ctx context.Context, j Job) (Work, error)
	// Save writes down what a job found, as a part of a transaction. ErrLost says that its round has been saved already: the
	// transaction must be given up then. A domain that was looked at by another job since Load is left as that one saw it.
	Save(ctx context.Context, tx *sql.Tx, w Work, d Done) error
}

// Work is a job with the domains to look at.
type Work struct {
	Job     Job
	Looked  time.Time // when the chunk was looked at before; zero: never
	Domains []Kept
}

// Kept is a domain as the store keeps it.
type Kept struct {
	ID      int64
	Version int64 // grows with each saved state
	Name    string
	Looked  time.Time // zero: never
	State   State

	Selectors []string // of DKIM, that reports or mails have shown
}

// Done is what a job found.
type Done struct {
	Started  time.Time
	Took     time.Duration
	Outcomes []Outcome // of the domains of the Work, in their order
	Summary  Summary
}
