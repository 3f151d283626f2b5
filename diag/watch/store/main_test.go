package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag/watch/store"
	"todoku/diag/watch/testserver"
)

// server is the PostgreSQL of all tests of this package.
type server struct {
	sync.Once
	*testserver.Server
	err   error
	where string  // a database
	db    *sql.DB // of it
	n     atomic.Int64
}

var postgres server

func TestMain(m *testing.M) {
	if os.Getenv(childStore) != "" {
		if err := child(context.Background(), os.Getenv(childStore)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	status := m.Run()
	if postgres.Server != nil {
		if postgres.db != nil {
			_ = postgres.db.Close()
		}
		if err := postgres.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

// database is the address of an empty schema in a database that all tests share. It skips the test where PostgreSQL is not
// installed, unless TODOKU_SERVERS_REQUIRED says that it must be.
func database(t testing.TB) string {
	t.Helper()
	postgres.Do(func() { postgres.err = postgres.start(context.Background()) })
	if errors.Is(postgres.err, testserver.ErrMissing) && os.Getenv("TODOKU_SERVERS_REQUIRED") == "" {
		t.Skip(postgres.err)
	}
	must(t, postgres.err)
	schema := fmt.Sprintf("test%d", postgres.n.Add(1))
	_, err := postgres.db.ExecContext(t.Context(), `CREATE SCHEMA `+schema)
	must(t, err)
	return postgres.where + "&search_path=" + schema
}

func (s *server) start(ctx context.Context) (err error) {
	s.Server, err = testserver.Start(ctx, "fsync=off", "full_page_writes=off", "max_connections=200")
	if err != nil {
		return err
	}
	if s.where, err = s.Database(ctx, "tests"); err != nil {
		return err
	}
	s.db, err = sql.Open("pgx", s.where)
	return err
}

// both runs a test over an empty store in SQLite, and over one in PostgreSQL.
func both(t *testing.T, test func(t *testing.T, where string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "watch.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, database(t))
	})
}

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newClock() *clock { return &clock{at: start} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return c.at
}

func open(t testing.TB, where string, c *clock) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), where, store.Options{Now: c.now})
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
