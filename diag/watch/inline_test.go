package watch_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"todoku/diag/watch"
)

func inline(t *testing.T) (*watch.Inline, *sql.DB) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "q.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(`CREATE TABLE done (chunk INTEGER)`); err != nil {
		t.Fatal(err)
	}
	q := watch.NewInline(db)
	q.Backoff = func(int) time.Duration { return time.Millisecond }
	return q, db
}

func add(t *testing.T, q watch.Queue, lane watch.Lane, jobs ...watch.Job) {
	t.Helper()
	if err := q.Add(t.Context(), nil, lane, jobs); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRow(`SELECT count(*) FROM done`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// written is the do that writes each job down.
func written(ctx context.Context, j watch.Job, end watch.Finish) error {
	return end(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO done (chunk) VALUES (?)`, j.Chunk)
		return err
	})
}

func TestDrainDoesEachJobOnce(t *testing.T) {
	t.Parallel()
	q, db := inline(t)
	for chunk := range int64(50) {
		add(t, q, watch.Usual, watch.Job{Chunk: chunk, Round: 1}, watch.Job{Chunk: chunk, Round: 1})
	}
	if d, err := q.Depth(t.Context()); err != nil || d.Waiting != 50 || d.Oldest.IsZero() {
		t.Errorf("%+v, %v", d, err)
	}
	if err := q.Drain(t.Context(), 4, written); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 50 {
		t.Errorf("%d jobs were written down", n)
	}
	if d, _ := q.Depth(t.Context()); d != (watch.Depth{}) {
		t.Errorf("left: %+v", d)
	}
}

func TestJobThatFailsIsTriedAgainThenDeadThenRevived(t *testing.T) {
	t.Parallel()
	q, db := inline(t)
	add(t, q, watch.Usual, watch.Job{Chunk: 1, Round: 1}, watch.Job{Chunk: 2, Round: 1})
	var mu sync.Mutex
	tries, broken := map[int64]int{}, true
	do := func(ctx context.Context, j watch.Job, end watch.Finish) error {
		mu.Lock()
		tries[j.Chunk]++
		fails := broken && (j.Chunk == 1 || tries[j.Chunk] < 3)
		mu.Unlock()
		if err := written(ctx, j, func(ctx context.Context, save func(*sql.Tx) error) error {
			return end(ctx, func(tx *sql.Tx) error {
				if err := save(tx); err != nil || !fails {
					return err
				}
				return errors.New("after writing")
			})
		}); err != nil {
			return err
		}
		return nil
	}
	if err := q.Drain(t.Context(), 2, do); err != nil {
		t.Fatal(err)
	}
	if d, _ := q.Depth(t.Context()); d != (watch.Depth{Dead: 1}) || tries[1] != q.Dead || tries[2] != 3 {
		t.Errorf("%+v after %v tries", d, tries)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d jobs were written down: a job that failed left something", n)
	}
	broken = false
	if n, err := q.Revive(t.Context()); n != 1 || err != nil {
		t.Errorf("%d revived, %v", n, err)
	}
	if err := q.Drain(t.Context(), 2, do); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d jobs were written down", n)
	}
}

func TestLookNowDoesNotWaitForChunks(t *testing.T) {
	t.Parallel()
	q, _ := inline(t)
	ctx, cancel := context.WithCancel(t.Context())
	busy, now, ended := make(chan bool), make(chan bool), make(chan bool)
	add(t, q, watch.Usual, watch.Job{Chunk: 1, Round: 1})
	go func() {
		defer close(ended)
		_ = q.Work(ctx, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			if j.Domain != 0 {
				close(now)
				return nil
			}
			close(busy)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	<-busy
	add(t, q, watch.Now, watch.Job{Chunk: 1, Domain: 7})
	<-now
	cancel()
	<-ended
	if d, _ := q.Depth(t.Context()); d.Waiting != 1 || d.Running != 0 {
		t.Errorf("the job that was interrupted does not wait again: %+v", d)
	}
}
