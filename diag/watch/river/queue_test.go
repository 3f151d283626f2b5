package river_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"todoku/diag/watch"
	"todoku/diag/watch/river"
)

// quick is how a queue goes about its work in tests.
func quick() river.Options {
	return river.Options{Renew: 50 * time.Millisecond, Lost: 5 * time.Second, Grace: 100 * time.Millisecond,
		Poll: 50 * time.Millisecond, Backoff: time.Millisecond, Tries: 3}
}

// bench is a queue in a database of its own, and a table for what was done.
type bench struct {
	watch.Queue
	db      *sql.DB
	dialect river.Dialect
}

// other is another queue on the same database, as another process has it.
func (b *bench) other(t *testing.T, o river.Options) *river.Queue {
	t.Helper()
	q, err := river.New(b.db, b.dialect, o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func openBench(t *testing.T, driver, dsn string, d river.Dialect) *bench {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if d == river.SQLite {
		db.SetMaxOpenConns(1)
	}
	if _, err := db.Exec(`CREATE TABLE done (chunk BIGINT, round BIGINT)`); err != nil {
		t.Fatal(err)
	}
	return &bench{db: db, dialect: d}
}

func sqliteBench(t *testing.T) *bench {
	return openBench(t, "sqlite", file(filepath.Join(t.TempDir(), "q.db")), river.SQLite)
}

// file opens a file as the store does.
func file(path string) string {
	return "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(20000)&_pragma=synchronous(NORMAL)&_txlock=immediate"
}

func postgresBench(t *testing.T) *bench {
	return openBench(t, "pgx", database(t), river.PostgreSQL)
}

// withRiver makes the queue of a bench.
func withRiver(t *testing.T, b *bench, o river.Options) *bench {
	t.Helper()
	must(t, river.Prepare(t.Context(), b.db, b.dialect))
	b.Queue = b.other(t, o)
	return b
}

// eachQueue runs a test with all queues that there are.
func eachQueue(t *testing.T, test func(*testing.T, *bench)) {
	t.Run("inline", func(t *testing.T) {
		t.Parallel()
		b := sqliteBench(t)
		q := watch.NewInline(b.db)
		q.Dead, q.Backoff = 3, func(int) time.Duration { return time.Millisecond }
		b.Queue = q
		test(t, b)
	})
	eachRiver(t, quick(), test)
}

// eachRiver runs a test with River on both databases.
func eachRiver(t *testing.T, o river.Options, test func(*testing.T, *bench)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, withRiver(t, sqliteBench(t), o))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, withRiver(t, postgresBench(t), o))
	})
}

// add puts jobs into a lane in a transaction of their own.
func (b *bench) add(t *testing.T, lane watch.Lane, jobs ...watch.Job) {
	t.Helper()
	tx, err := b.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	must(t, errors.Join(b.Add(t.Context(), tx, lane, jobs), tx.Commit()))
}

// work begins to work, and returns what ends it.
func work(t *testing.T, q watch.Queue, side int, do func(context.Context, watch.Job, watch.Finish) error) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() {
		defer close(ended)
		if err := q.Work(ctx, side, do); err != nil {
			t.Error(err)
		}
	}()
	end = func() {
		cancel()
		<-ended
	}
	t.Cleanup(end)
	return end
}

// written is the save that writes a job down.
func written(ctx context.Context, j watch.Job) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO done (chunk, round) VALUES ($1, $2)`, j.Chunk, j.Round)
		return err
	}
}

func write(ctx context.Context, j watch.Job, end watch.Finish) error {
	return end(ctx, written(ctx, j))
}

// done counts what was written down.
func (b *bench) done(t *testing.T) (n int) {
	t.Helper()
	if err := b.db.QueryRow(`SELECT count(*) FROM done`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bench) depth(t *testing.T) watch.Depth {
	t.Helper()
	d, err := b.Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rounds(n int64) (jobs []watch.Job) {
	for chunk := range n {
		jobs = append(jobs, watch.Job{Chunk: chunk + 1, Round: 1})
	}
	return jobs
}

func TestEachJobIsDoneOnce(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(40)...)
		b.add(t, watch.Usual, rounds(50)...)
		if d := b.depth(t); d.Waiting != 50 || d.Oldest.IsZero() || time.Since(d.Oldest).Abs() > time.Hour {
			t.Errorf("%+v", d)
		}
		end := work(t, b, 4, write)
		until(t, "all jobs are done", func() bool { return b.depth(t) == watch.Depth{} })
		end()
		if n := b.done(t); n != 50 {
			t.Errorf("50 jobs, %d written down", n)
		}
	})
}

func TestJobsOfATransactionThatIsGivenUpAreNone(t *testing.T) {
	t.Parallel()
	eachRiver(t, quick(), func(t *testing.T, b *bench) {
		tx, err := b.db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(b.Add(t.Context(), tx, watch.Usual, rounds(5)), tx.Rollback()); err != nil {
			t.Fatal(err)
		}
		if d := b.depth(t); d != (watch.Depth{}) {
			t.Errorf("%+v", d)
		}
	})
}

func TestJobThatFailsLeavesNothingAndIsDeadThenRevived(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(2)...)
		var mended atomic.Bool
		work(t, b, 2, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			if j.Chunk == 1 || mended.Load() {
				return write(ctx, j, end)
			}
			return end(ctx, func(tx *sql.Tx) error { return errors.Join(written(ctx, j)(tx), watch.ErrLost, errors.New("broken")) })
		})
		until(t, "the job is dead", func() bool { return b.depth(t) == watch.Depth{Dead: 1} })
		if n := b.done(t); n != 1 {
			t.Errorf("%d written down", n)
		}
		mended.Store(true)
		if n, err := b.Revive(t.Context()); n != 1 || err != nil {
			t.Errorf("%d revived, %v", n, err)
		}
		until(t, "the job is done", func() bool { return b.depth(t) == watch.Depth{} })
		if n := b.done(t); n != 2 {
			t.Errorf("%d written down", n)
		}
	})
}

func TestLookNowDoesNotWaitForChunks(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(3)...)
		now := make(chan bool)
		work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			if j.Domain != 0 {
				close(now)
				return write(ctx, j, end)
			}
			<-ctx.Done()
			return ctx.Err()
		})
		until(t, "a chunk is looked at", func() bool { return b.depth(t).Running == 1 })
		b.add(t, watch.Now, watch.Job{Chunk: 1, Domain: 7})
		<-now
	})
}

func TestJobsUnderWayWhenWorkEndsAreGivenBack(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(2)...)
		var begun sync.WaitGroup
		begun.Add(2)
		end := work(t, b, 2, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			begun.Done()
			<-ctx.Done()
			return ctx.Err()
		})
		begun.Wait()
		end()
		if d := b.depth(t); d.Waiting != 2 || d.Running != 0 || d.Oldest.IsZero() {
			t.Errorf("they do not wait for another worker: %+v", d)
		}
		work(t, b, 2, write)
		until(t, "they are done", func() bool { return b.depth(t) == watch.Depth{} })
		if n := b.done(t); n != 2 {
			t.Errorf("%d written down", n)
		}
	})
}

func TestJobsThatEndInTheGraceAreSaved(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Grace = time.Hour
	eachRiver(t, o, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(1)...)
		begun, proceed := make(chan bool), make(chan bool)
		end := work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			close(begun)
			<-proceed
			return write(ctx, j, end)
		})
		<-begun
		time.AfterFunc(10*time.Millisecond, func() { close(proceed) })
		end()
		if n, d := b.done(t), b.depth(t); n != 1 || d != (watch.Depth{}) {
			t.Errorf("%d written down, %+v", n, d)
		}
	})
}
