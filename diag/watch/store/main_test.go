package store_test

import (
	"context"
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
	err error
	n   atomic.Int64
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
		if err := postgres.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

// database is the address of an empty database, or skips the test where PostgreSQL is not installed, unless
// TODOKU_SERVERS_REQUIRED says that it must be.
func database(t testing.TB) string {
	t.Helper()
	postgres.Do(func() {
		postgres.Server, postgres.err = testserver.Start(context.Background(), "fsync=off", "full_page_writes=off", "max_connections=200")
	})
	if errors.Is(postgres.err, testserver.ErrMissing) && os.Getenv("TODOKU_SERVERS_REQUIRED") == "" {
		t.Skip(postgres.err)
	}
	must(t, postgres.err)
	where, err := postgres.Database(t.Context(), fmt.Sprintf("test%d", postgres.n.Add(1)))
	must(t, err)
	return where
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
