package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"todoku/diag/watch"
)

// Options change what Open does. The zero value is right for a program.
type Options struct {
	Now      func() time.Time // nil is the wall clock
	MaxConns int              // connections to a server at most, no less than 2; 0 is 8. A file has one that writes and four that read
}

// Store is a fleet in a database.
type Store struct{ database }

// database is where a store is, and how it is spoken to.
type database struct {
	place   string // what errors say: a file, or the address of a server without its password
	dialect Dialect
	write   *sql.DB // of SQLite one connection: writers queue here, not at the lock of the file
	read    *sql.DB // of PostgreSQL the same as write
	now     func() time.Time
}

var _ watch.Store = (*Store)(nil)

// ErrNotWatched says that a domain is not in the store.
var ErrNotWatched = errors.New("this domain is not watched")

const (
	defaultConns = 8
	openTimeout  = 30 * time.Second // for all of Open: migrations of other processes are waited for
)

// Open opens a store: a file, or the address of a PostgreSQL server that begins with postgres://. It makes the file, its
// folders and the tables where they are not there. The error is a *codes.UserError for what a person can mend.
func Open(ctx context.Context, where string, o Options) (*Store, error) {
	s := &Store{database{now: o.Now}}
	if s.now == nil {
		s.now = time.Now
	}
	if o.MaxConns <= 0 {
		o.MaxConns = defaultConns
	}
	var err error
	if address := server(where); address != "" {
		err = s.openServer(address, max(o.MaxConns, 2))
	} else {
		err = s.openFile(where)
	}
	if err != nil {
		return nil, err
	}
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := s.prepare(opening); err != nil {
		return nil, errors.Join(s.fault(err), s.Close())
	}
	return s, nil
}

// DB is the database, for those who join their transactions to those of the store. Of SQLite it has one connection: whoever
// has a transaction open must not ask for another one.
func (s *database) DB() *sql.DB { return s.write }

// Dialect says which SQL the database speaks.
func (s *database) Dialect() Dialect { return s.dialect }

// Place names the store for people: a file, or the address of a server without its password.
func (s *database) Place() string { return s.place }

// Close closes the store.
func (s *database) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(s.read.Close(), err)
	}
	return err
}

// tries is how often a transaction is done that other ones got in the way of.
const tries = 5

// tx does something in a transaction: wholly or not at all. It may be done again.
func (s *database) tx(ctx context.Context, do func(*sql.Tx) error) error {
	for try := 1; ; try++ {
		err := s.once(ctx, do)
		if try == tries || s.dialect == SQLite || !again(err) { // SQLite has waited
			return s.fault(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * rand.N(20*time.Millisecond)):
		}
	}
}

func (s *database) once(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, ended(tx.Rollback()))
	}
	return tx.Commit()
}

// ended passes over that a transaction has ended already.
func ended(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// millis is a time as the database holds it.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
