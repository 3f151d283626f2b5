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
	"slices"
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

// TestTheExampleWithAMailCanBeTyped: it has all that alerts by mail need. Without a sender it is refused.
func TestTheExampleWithAMailCanBeTyped(t *testing.T) {
	t.Parallel()
	env := map[string]string{"TODOKU_STORE": filepath.Join(t.TempDir(), "watch.db"), "TODOKU_OFFLINE": "true", "TODOKU_DEADLINE": "1ms"}
	_, help := typed(t.Context(), env, "watch", "run", "--help")
	_, example, found := strings.Cut(help, "\n  todoku watch run --alert mailto:")
	example, _, _ = strings.Cut(example, "\n")
	words := strings.Fields("watch run --alert mailto:" + example)
	if status, out := typed(t.Context(), env, words...); !found || status == app.ExitUsage {
		t.Errorf("%q: %d %s", words, status, out)
	}
	if status, _ := typed(t.Context(), env, words[:4]...); status != app.ExitUsage {
		t.Errorf("%q: %d", words[:4], status)
	}
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
	sameFile := dir + "/./watch.db"
	run := []string{"watch", "run", "--store", sameFile, "--only", "spf",
		"--resolver", "127.0.0.1:1", "--zone", after, "--settle", "0s", "--alert-on", "fail"}
	wg.Go(func() { status, out = typed(ctx, env, run...) })
	select {
	case body := <-told:
		var n struct {
			Schema string
			Opened []struct {
				Rule     string
				Commands []struct{ Argv []string }
			}
		}
		err := json.Unmarshal([]byte(body), &n)
		if err != nil || n.Schema != "todoku/alert/1" || len(n.Opened) == 0 || n.Opened[0].Rule != "spf-none" {
			t.Errorf("%v: %s", err, body)
			break
		}
		for i, want := range [][]string{{"todoku", "watch", "show", "a.test", "--store", sameFile},
			{"todoku", "--resolver", "127.0.0.1:1", "--zone", after, "check", "domain", "a.test"}} {
			if got := n.Opened[0].Commands[i].Argv; !slices.Equal(got, want) {
				t.Errorf("a command of an alert: %q", got)
			}
		}
	case <-time.After(patience):
		t.Error("nothing was told")
	}
	stop(app.ErrInterrupted)
	wg.Wait()
	if status != app.ExitInterrupted || strings.Contains(out, "secret") || !strings.Contains(out, "fail: spf-none (1 domain)") {
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

// TestAWorkerLooksNow: where a process is at work, a look that somebody asks for is its look, with its resolver and its zone.
func TestAWorkerLooksNow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := map[string]string{"TODOKU_STORE": filepath.Join(dir, "watch.db"), "TODOKU_RESOLVER": "127.0.0.1:1"}
	if status, out := typed(t.Context(), env, "watch", "add", "a.test", "--every", "7d"); status != app.ExitOK {
		t.Fatalf("%d %s", status, out)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	var wg sync.WaitGroup
	theirs, other := zone(t, dir, "a.test. MX 0 .\n"), zone(t, t.TempDir(), "a.test. MX 0 .\na.test. TXT \"v=spf1 -all\"\n")
	wg.Go(func() { typed(ctx, env, "watch", "run", "--only", "spf", "--offline", "--zone", theirs) })
	defer wg.Wait()
	defer stop(app.ErrInterrupted)
	type timeline struct {
		Looked   string
		Standing []struct{ Rule, Severity string }
	}
	show := func(args ...string) (l timeline) {
		t.Helper()
		_, out := typed(t.Context(), env, append([]string{"watch", "show", "a.test", "--format", "json"}, args...)...)
		if err := json.Unmarshal([]byte(out), &l); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return l
	}
	for end := time.Now().Add(patience); show().Looked == ""; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it was not looked at")
		}
	}
	l := show("--now")
	if len(l.Standing) != 1 || l.Standing[0].Rule != "spf-none" {
		t.Errorf("it was not the worker that looked: %+v", l.Standing)
	}
	if l = show("--now", "--only", "spf", "--offline", "--zone", other); len(l.Standing) != 0 {
		t.Errorf("it was not this process that looked, as its flags want: %+v", l.Standing)
	}
}
