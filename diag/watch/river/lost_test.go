package river_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/watch/testserver"
)

// TestJobOfALostWorkerGoesToAnother has a worker that gives no sign of life, as one that was stopped: another one does its job.
// When it comes back it can save nothing.
func TestJobOfALostWorkerGoesToAnother(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Renew = time.Hour
	eachRiver(t, o, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(1)...)
		begun, back, told := make(chan bool), make(chan bool), make(chan error, 1)
		work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			close(begun)
			<-back
			err := write(ctx, j, end)
			told <- err
			if errors.Is(err, watch.ErrLost) {
				return nil
			}
			return err
		})
		<-begun
		o := quick()
		o.Lost = 600 * time.Millisecond
		work(t, b.other(t, o), 1, write)
		until(t, "the other worker has done it", func() bool { return b.depth(t) == watch.Depth{} })
		close(back)
		if err := <-told; !errors.Is(err, watch.ErrLost) {
			t.Errorf("the lost worker was told %v", err)
		}
		if n := b.done(t); n != 1 {
			t.Errorf("%d written down", n)
		}
	})
}

// TestJobThatWasGivenAwayIsGivenUp: a worker that renews too late learns that its job is no longer its own.
func TestJobThatWasGivenAwayIsGivenUp(t *testing.T) {
	t.Parallel()
	eachRiver(t, quick(), func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(1)...)
		var tries atomic.Int32
		begun, ended := make(chan bool), make(chan bool)
		work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			if tries.Add(1) > 1 {
				return write(ctx, j, end)
			}
			close(begun)
			<-ctx.Done()
			close(ended)
			return ctx.Err()
		})
		<-begun
		if _, err := b.db.Exec(`UPDATE river_job SET state = 'cancelled', finalized_at = scheduled_at WHERE state = 'running'`); err != nil {
			t.Fatal(err)
		}
		<-ended
		if d := b.depth(t); d.Dead != 0 || d.Waiting != 0 {
			t.Errorf("%+v", d)
		}
	})
}

// TestJobThatLosesItsWorkersIsDead: a chunk that kills whoever looks at it is not given on for ever.
func TestJobThatLosesItsWorkersIsDead(t *testing.T) {
	t.Parallel()
	o := quick()
	o.Renew, o.Tries = time.Hour, 1
	eachRiver(t, o, func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(1)...)
		begun, back := make(chan bool), make(chan bool)
		defer close(back)
		work(t, b, 1, func(context.Context, watch.Job, watch.Finish) error {
			close(begun)
			<-back
			return nil
		})
		<-begun
		o := quick()
		o.Lost = 600 * time.Millisecond
		work(t, b.other(t, o), 1, write)
		until(t, "the job is dead", func() bool { return b.depth(t) == watch.Depth{Dead: 1} })
	})
}

func TestPanicOfAJobIsAFailure(t *testing.T) {
	t.Parallel()
	eachRiver(t, quick(), func(t *testing.T, b *bench) {
		b.add(t, watch.Usual, rounds(2)...)
		work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
			if j.Chunk == 1 {
				panic("at a look")
			}
			return write(ctx, j, end)
		})
		until(t, "one is dead, one is done", func() bool { return b.depth(t) == watch.Depth{Dead: 1} && b.done(t) == 1 })
	})
}

// TestChoreIsDoneOnceInAPeriod has three processes with the same chore.
func TestChoreIsDoneOnceInAPeriod(t *testing.T) {
	t.Parallel()
	eachRiver(t, quick(), func(t *testing.T, b *bench) {
		var mu sync.Mutex
		periods := map[int64]int{}
		o := quick()
		o.Chores = []river.Chore{{Name: "count", Every: time.Second, Do: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			periods[time.Now().Unix()]++
			return errors.New("which is no concern of the queue")
		}}}
		ends := []func(){}
		idle := quick()
		idle.Chores = []river.Chore{{Name: "other", Every: time.Hour, Do: func(context.Context) error { return nil }}}
		work(t, b.other(t, idle), 1, write) // it must leave the chore to those who know it
		for range 3 {
			ends = append(ends, work(t, b.other(t, o), 1, write))
		}
		all := func() (n int) {
			mu.Lock()
			defer mu.Unlock()
			for _, k := range periods {
				n += k
			}
			return n
		}
		until(t, "a second period", func() bool { return all() >= 2 })
		for _, end := range ends[:2] {
			end()
		}
		before := all()
		until(t, "another does it when two have ended", func() bool { return all() > before })
		ends[2]()
		var rows int
		if err := b.db.QueryRow(`SELECT count(*) FROM river_job WHERE kind = 'todoku_chore_count'`).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if n := all(); n > rows || len(periods)+1 < n {
			t.Errorf("done %d times in %d periods, %d jobs", n, len(periods), rows)
		}
	})
}

func TestManyProcessesMakeTheTables(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) *bench{"sqlite": sqliteBench, "postgres": postgresBench} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if err := river.Prepare(t.Context(), b.db, b.dialect); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// comesBack kills PostgreSQL under a job and with jobs that wait.
func comesBack(t *testing.T, p *testserver.Server) {
	dsn, err := p.Database(t.Context(), "back")
	must(t, err)
	b := withRiver(t, openBench(t, "pgx", dsn, river.PostgreSQL), quick())
	b.add(t, watch.Usual, rounds(4)...)
	begun, proceed := make(chan bool, 4), make(chan bool)
	end := work(t, b, 1, func(ctx context.Context, j watch.Job, end watch.Finish) error {
		begun <- true
		<-proceed
		return write(ctx, j, end)
	})
	<-begun
	must(t, p.Kill())
	close(proceed)
	must(t, p.Up(t.Context()))
	count := func() (n int) {
		if err := b.db.QueryRow(`SELECT count(*) FROM done`).Scan(&n); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return -1
		}
		return n
	}
	until(t, "all are done", func() bool { return count() == 4 })
	end()
	if d := b.depth(t); d.Dead != 0 {
		t.Errorf("%+v", d)
	}
}

// TestADatabaseThatIsAwayIsToldOnce, and once that it is back: its worker can do nothing else meanwhile.
func TestADatabaseThatIsAwayIsToldOnce(t *testing.T) {
	t.Parallel()
	s, err := startServer(t.Context())
	started(t, err)
	t.Cleanup(func() { must(t, s.Stop()) })
	where, err := s.Database(t.Context(), "away")
	must(t, err)
	o, told := quick(), make(chan error, 100)
	o.Reach = func(err error) { told <- err }
	b := withRiver(t, openBench(t, "pgx", where, river.PostgreSQL), o)
	end := work(t, b, 1, write)
	b.add(t, watch.Usual, rounds(1)...)
	until(t, "a job is done", func() bool { return b.done(t) == 1 })
	must(t, s.Kill())
	if err := <-told; err == nil {
		t.Error("it is back before it was away")
	}
	must(t, s.Up(t.Context()))
	if err := <-told; err != nil {
		t.Errorf("told again: %v", err)
	}
	end()
	if len(told) > 0 {
		t.Errorf("told more: %v", <-told)
	}
}
