package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/diag/watch/store"
)

// patience is how long a test waits for what has to come.
const patience = 2 * time.Minute

// typed runs a command line, and gives its exit status and what it wrote.
func typed(ctx context.Context, env map[string]string, args ...string) (app.ExitStatus, string) {
	var out safe
	status := cmd.Execute(ctx, app.New(strings.NewReader(""), &out, &out, func(name string) string { return env[name] }), args)
	return status, out.String()
}

// safe is a buffer for several goroutines.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// zone writes a zone file.
func zone(t *testing.T, dir, text string) string {
	t.Helper()
	name := filepath.Join(dir, "zone")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestAChangeIsTold: a process that goes on looks at what is due, and tells a webhook what changed since the look before, once.
func TestAChangeIsTold(t *testing.T) {
	t.Parallel()
	told := make(chan string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		told <- string(b)
	}))
	defer hook.Close()
	dir := t.TempDir()
	env := map[string]string{"TODOKU_STORE": filepath.Join(dir, "watch.db"), "TODOKU_ALERT": hook.URL + "/secret"}
	before := zone(t, dir, "a.test. TXT \"v=spf1 -all\"\na.test. MX 0 .\n")
	for _, args := range [][]string{{"watch", "add", "a.test"}, {"watch", "once", "--only", "spf", "--offline", "--zone", before}} {
		if status, out := typed(t.Context(), env, args...); status > app.ExitWrong {
			t.Fatalf("%v: %d %s", args, status, out)
		}
	}
	after := zone(t, dir, "a.test. MX 0 .\n")
	full := []string{"watch", "once", "--only", "spf", "--offline", "--zone", after, "-o", "/dev/full"}
	if status, out := typed(t.Context(), env, full...); status != app.ExitUnknown {
		t.Fatalf("a change that is not told: %d %s", status, out)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	var wg sync.WaitGroup
	var out string
	var status app.ExitStatus
	// Alerts go out into the world that is looked at, so that one is not offline; what the zone has is asked of nobody.
	run := []string{"watch", "run", "--only", "spf", "--resolver", "127.0.0.1:1", "--zone", after, "--settle", "0s", "--alert-on", "fail"}
	wg.Go(func() { status, out = typed(ctx, env, run...) })
	select {
	case body := <-told:
		var n struct {
			Schema string
			Opened []struct{ Rule string }
		}
		err := json.Unmarshal([]byte(body), &n)
		if err != nil || n.Schema != "todoku/alert/1" || len(n.Opened) == 0 || n.Opened[0].Rule != "spf-none" {
			t.Errorf("%v: %s", err, body)
		}
	case <-time.After(patience):
		t.Error("nothing was told")
	}
	stop(app.ErrInterrupted)
	wg.Wait()
	if status != app.ExitInterrupted || strings.Contains(out, "secret") || !strings.Contains(out, "fail: spf-none (1 domains)") {
		t.Errorf("exit %d: %s", status, out)
	}
	if len(told) > 0 {
		t.Errorf("told again: %s", <-told)
	}
	s, err := store.Open(t.Context(), env["TODOKU_STORE"], store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var least string
	row := s.DB().QueryRowContext(t.Context(), `SELECT least FROM watch_channel`)
	if err := row.Scan(&least); err != nil || least != "fail" {
		t.Errorf("what other processes tell for this one: from %q on, %v", least, err)
	}
}
