package history

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"todoku/sender/sqlite"
)

// writer is the one connection that writes, with the statements that it has
// prepared. Whoever has the turn uses it.
type writer struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

// statement prepares a statement, once.
func (w *writer) statement(query string) (*sql.Stmt, error) {
	if p := w.prepared[query]; p != nil {
		return p, nil
	}
	p, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.prepared[query] = p
	}
	return p, err
}

// close gives the connection back.
func (w *writer) close() error {
	var errs []error
	for _, p := range w.prepared {
		errs = append(errs, p.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// exec changes rows and says how many.
func (w *writer) exec(query string, args ...any) (int64, error) {
	p, err := w.statement(query)
	if err != nil {
		return 0, err
	}
	r, err := p.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row asks for one row.
func (w *writer) row(query string, args ...any) scanner {
	p, err := w.statement(query)
	if err != nil {
		return noRow{err}
	}
	return p.QueryRow(args...)
}

type noRow struct{ err error }

func (n noRow) Scan(...any) error { return n.err }

// change is what one caller wants to write, wholly or not at all. It may be done
// again after it failed.
type change struct {
	ctx     context.Context // its end ends the wait for other processes
	do      func(*writer) error
	synced  bool          // it has to reach the disk: see syncEvery
	certain bool          // even where another one reached it a moment ago
	mayWait bool          // for another change to go along with
	ready   chan struct{} // closed when it is written, or has failed
	err     error
}

// commits joins all changes that wait at the same time into one transaction, since a commit is slower than a change.
type commits struct {
	writerLock   sync.Mutex // of the writer
	listLock     sync.Mutex // of waiting
	waiting      []*change
	nextSync     time.Time // when a synced change reaches the disk again
	severalMails bool      // there is a list: soon another mail writes something down
}

// batchDelay is how long a change waits for another one, so that both cost one commit.
const batchDelay = 5 * time.Millisecond

// tx makes a change and returns when it is committed. Then it stays, however this process ends. A ctx that ends stops
// only the wait for other processes.
func (s *SQLite) tx(ctx context.Context, do func(*writer) error) error {
	return s.commit(ctx, &change{do: do})
}

func (s *SQLite) commit(ctx context.Context, c *change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.writer == nil {
		return unwritable(s.path, errReadOnly)
	}
	c.ctx, c.ready = ctx, make(chan struct{})
	s.commits.listLock.Lock()
	s.commits.waiting = append(s.commits.waiting, c)
	waits := c.mayWait && s.commits.severalMails
	s.commits.listLock.Unlock()
	if waits {
		select {
		case <-c.ready:
			return fault(s.path, c.err)
		case <-time.After(batchDelay):
		}
	}
	s.commits.writerLock.Lock()
	defer s.commits.writerLock.Unlock()
	select {
	case <-c.ready: // another one took it along
	default:
		s.commits.listLock.Lock()
		all := s.commits.waiting
		s.commits.waiting = nil
		s.commits.listLock.Unlock()
		s.writeAll(all)
	}
	return fault(s.path, c.err)
}

// writeAll writes changes down in one transaction; where one of them fails,
// each in its own.
func (s *SQLite) writeAll(all []*change) {
	err := s.sync(all, func() error {
		for _, c := range all {
			if err := c.do(s.writer); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && len(all) > 1 && sqlite.FaultOf(err) != sqlite.Busy {
		for _, c := range all {
			s.writeAll([]*change{c})
		}
		return
	}
	for _, c := range all {
		c.err = err
		close(c.ready)
	}
}

// syncEvery is the least time between two syncs. A sync to the disk is slow, so the time between two is also at least ten
// times as long as the last one took.
const syncEvery = 100 * time.Millisecond

// sync runs a transaction. One that has to reach the disk does so unless another
// one did a moment ago.
func (s *SQLite) sync(all []*change, do func() error) error {
	full, certain := false, false
	for _, c := range all {
		full, certain = full || c.synced, certain || c.certain
	}
	if !full || !certain && time.Now().Before(s.commits.nextSync) {
		_, err := s.transaction(all, do)
		return err
	}
	if _, err := s.writer.exec(`PRAGMA synchronous = FULL`); err != nil {
		return err
	}
	took, err := s.transaction(all, do)
	if err == nil {
		s.commits.nextSync = time.Now().Add(max(syncEvery, 10*took))
	}
	_, back := s.writer.exec(`PRAGMA synchronous = NORMAL`)
	if err == nil && back != nil {
		s.commits.nextSync = time.Time{} // it stays as it was: slower, and no less safe
	}
	return err
}

// transaction tells how long the commit took.
func (s *SQLite) transaction(all []*change, do func() error) (took time.Duration, err error) {
	if err := s.begin(all); err != nil {
		return 0, err
	}
	if err = do(); err == nil {
		began := time.Now()
		_, err = s.writer.exec(`COMMIT`)
		took = time.Since(began)
	}
	if err != nil {
		_, _ = s.writer.exec(`ROLLBACK`) // SQLite may have done it: there is no transaction then
	}
	return took, err
}

// begin waits for other processes to let it write, until all changes that want it
// are interrupted.
func (s *SQLite) begin(all []*change) error {
	for end := time.Now().Add(busyTimeout); ; {
		_, err := s.writer.exec(`BEGIN IMMEDIATE`)
		if sqlite.FaultOf(err) != sqlite.Busy || time.Now().After(end) {
			return err
		}
		if !slices.ContainsFunc(all, func(c *change) bool { return c.ctx.Err() == nil }) {
			return all[0].ctx.Err()
		}
		time.Sleep(time.Millisecond)
	}
}
