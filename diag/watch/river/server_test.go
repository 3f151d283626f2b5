package river_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"todoku/diag/watch/testserver"
)

// server is the PostgreSQL of all tests of this package that do not stop it.
type server struct {
	sync.Once
	*testserver.Server
	err error
	n   atomic.Int64
}

var shared server

// startServer starts a server without what protects its data from a loss of power.
func startServer(ctx context.Context) (*testserver.Server, error) {
	return testserver.Start(ctx, "fsync=off", "full_page_writes=off", "max_connections=300")
}

func TestMain(m *testing.M) {
	if os.Getenv(fleetStore) != "" {
		os.Exit(fleetWorker())
	}
	status := m.Run()
	if shared.Server != nil {
		if err := shared.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

// started skips a test where PostgreSQL is not installed, unless TODOKU_SERVERS_REQUIRED says that it must be.
func started(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, testserver.ErrMissing) && os.Getenv("TODOKU_SERVERS_REQUIRED") == "" {
		t.Skip(err)
	}
	must(t, err)
}

// database is the address of an empty database.
func database(t testing.TB) string {
	t.Helper()
	shared.Do(func() { shared.Server, shared.err = startServer(context.Background()) })
	started(t, shared.err)
	where, err := shared.Database(t.Context(), fmt.Sprintf("test%d", shared.n.Add(1)))
	must(t, err)
	return where
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until waits for what happens in another goroutine or process, far longer than it takes.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("did not happen: %s", what)
		}
	}
}
