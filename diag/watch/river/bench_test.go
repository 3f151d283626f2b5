package river_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/river"
)

// BenchmarkJob measures what a job costs besides its look: it is added, fetched, ended, and nothing is saved. cpu-ms/job is the
// time of processors, that of PostgreSQL included.
func BenchmarkJob(b *testing.B) {
	eachDatabase(b, func(b *testing.B, q *bench) {
		left := make(chan bool, b.N)
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error)
		before := cpu(b)
		for i := 0; i < b.N; i += 200 {
			var jobs []watch.Job
			for k := range min(200, b.N-i) {
				jobs = append(jobs, watch.Job{Chunk: int64(i + k), Round: 1})
			}
			tx, err := q.db.BeginTx(ctx, nil)
			must(b, err)
			must(b, q.Add(ctx, tx, watch.Usual, jobs))
			must(b, tx.Commit())
		}
		go func() {
			ended <- q.Work(ctx, 4, func(ctx context.Context, j watch.Job, end watch.Finish) error {
				err := end(ctx, func(*sql.Tx) error { return nil })
				left <- true
				return err
			})
		}()
		for range b.N {
			<-left
		}
		b.ReportMetric(float64(cpu(b)-before)/float64(time.Millisecond)/float64(b.N), "cpu-ms/job")
		cancel()
		must(b, <-ended)
	})
}

// BenchmarkIdle measures what a process costs that waits for jobs, with a chore every 5 s: cpu-ms/s.
func BenchmarkIdle(b *testing.B) {
	eachDatabase(b, func(b *testing.B, q *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		defer cancel()
		ended := make(chan error)
		go func() { ended <- q.Work(ctx, 4, write) }()
		time.Sleep(2 * time.Second) // it has started
		before, begun := cpu(b), time.Now()
		for range b.N {
			time.Sleep(time.Second)
		}
		b.ReportMetric(float64(cpu(b)-before)/float64(time.Millisecond)/time.Since(begun).Seconds(), "cpu-ms/s")
		cancel()
		must(b, <-ended)
	})
}

func eachDatabase(b *testing.B, run func(*testing.B, *bench)) {
	o := river.Options{Chores: []river.Chore{{Name: "nothing", Every: 5 * time.Second, Do: func(context.Context) error { return nil }}}}
	open := func(b *testing.B, driver, dsn string, d river.Dialect) *bench {
		db, err := sql.Open(driver, dsn)
		must(b, err)
		b.Cleanup(func() { db.Close() })
		db.SetMaxOpenConns(8)
		if d == river.SQLite {
			db.SetMaxOpenConns(1)
		}
		must(b, river.Prepare(b.Context(), db, d))
		q, err := river.New(db, d, o)
		must(b, err)
		_, err = db.Exec(`CREATE TABLE done (chunk BIGINT, round BIGINT)`)
		must(b, err)
		return &bench{Queue: q, db: db, dialect: d}
	}
	b.Run("sqlite", func(b *testing.B) { run(b, open(b, "sqlite", file(filepath.Join(b.TempDir(), "q.db")), river.SQLite)) })
	b.Run("postgres", func(b *testing.B) { run(b, open(b, "pgx", database(b), river.PostgreSQL)) })
}

// cpu is the time of processors that this process and the server have taken.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var own syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &own))
	all := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	if shared.Server == nil {
		return all
	}
	pid := shared.PID()
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	must(b, err)
	for i, p := range append(strings.Fields(string(children)), strconv.Itoa(pid)) {
		stat, err := os.ReadFile("/proc/" + p + "/stat")
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		times := fields[11:13] // utime, stime; of the server itself also those of children that have ended
		if i == len(strings.Fields(string(children))) {
			times = fields[11:15]
		}
		for _, f := range times {
			ticks, err := strconv.ParseInt(f, 10, 64)
			must(b, err)
			all += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return all
}
