package watch_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/cmd"
	"todoku/cmd/app"
)

// screen takes what a program says, while it runs.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

// find waits for a text.
func (s *screen) find(ctx context.Context, form string) string {
	for {
		s.mu.Lock()
		m := regexp.MustCompile(form).FindString(s.text.String())
		s.mu.Unlock()
		if m != "" || ctx.Err() != nil {
			return m
		}
		select {
		case <-s.more:
		case <-ctx.Done():
		}
	}
}

// TestRunAnswersAMonitoringSystem with the figures of its store, and nobody who came by another name.
func TestRunAnswersAMonitoringSystem(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "watch.db")
	run := func(ctx context.Context, said io.Writer, args ...string) app.ExitStatus {
		return cmd.Execute(ctx, app.New(strings.NewReader(""), io.Discard, said, func(string) string { return "" }), args)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	said := &screen{more: make(chan struct{}, 1)}
	if got := run(ctx, said, "watch", "add", "healthy.test", "spf-none.test", "--store", store); got != app.ExitOK {
		t.Fatal(got, said.text.String())
	}
	var wg sync.WaitGroup
	running, stop := context.WithCancel(ctx)
	wg.Go(func() { run(running, said, "--lab", "watch", "run", "--store", store, "--listen", "127.0.0.1:0") })
	defer wg.Wait()
	defer stop()
	address := said.find(ctx, `http://127\.0\.0\.1:[0-9]+/metrics`)
	if address == "" {
		t.Fatal(said.text.String())
	}
	get := func(host string) (int, string) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		b, err := io.ReadAll(reply.Body)
		if err != nil {
			t.Fatal(err)
		}
		return reply.StatusCode, string(b)
	}
	if status, page := get(""); status != 200 || !strings.Contains(page, "\ntodoku_watch_domains 2\n") {
		t.Errorf("%d\n%s", status, page)
	}
	if status, page := get("evil.example"); status != http.StatusMisdirectedRequest || strings.Contains(page, "todoku_watch") {
		t.Errorf("%d\n%s", status, page)
	}
}
