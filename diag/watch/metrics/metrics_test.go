package metrics_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/metrics"
	"todoku/diag/watch/store"
)

func began() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// figures are those of a fleet in which everything happens, and whose names are hostile.
func figures() metrics.Figures {
	s := watch.NewSummary()
	s.Status["fail"], s.Status["pass"], s.Rules["spf-none"], s.Rules["a\"b\\c\nd"], s.Silent["timeout"], s.Listed = 7, 93, 7, 1, 3, 2
	for _, use := range []string{"smtp", "mtasts"} {
		s.Expires = append(s.Expires, watch.Ending{Domain: "例え\".test\n# x",
			Expiry: watch.Expiry{Host: "mx.test", Use: use, At: began().Add(time.Hour)}})
	}
	return metrics.Figures{Overview: store.Overview{Domains: 100, Never: 1, Overdue: 2, Lag: time.Minute, OldestLook: began().Add(-time.Hour),
		Summary: s, Incidents: 4, Deliveries: store.Deliveries{Waiting: 5, Failed: 6}},
		Queue: watch.Depth{Waiting: 8, Running: 9, Dead: 10, Oldest: began().Add(-time.Second)}}
}

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	s := httptest.NewServer(h)
	defer s.Close()
	r, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	e := &metrics.Exporter{Now: began, Version: "v1", Read: func(context.Context) (metrics.Figures, error) { return figures(), nil }}
	e.Count(watch.Event{Domains: 500, Took: 3 * time.Second, Changes: 2})
	e.Count(watch.Event{Err: errors.New("the store is gone")})
	e.Count(watch.Event{Err: watch.ErrLost})
	status, page := get(t, e.Handler(), "/metrics")
	if status != 200 {
		t.Fatal(status)
	}
	for _, line := range []string{
		`todoku_watch_build_info{version="v1"} 1`,
		`todoku_watch_store_up 1`,
		`todoku_watch_domains 100`,
		`todoku_watch_domains_by_status{status="fail"} 7`,
		`todoku_watch_domains_by_status{status="unknown"} 0`,
		`todoku_watch_findings{rule="spf-none",severity="fail"} 7`,
		`todoku_watch_findings{rule="a\"b\\c\nd",severity=""} 1`,
		`todoku_watch_unknown{kind="timeout"} 3`,
		`todoku_watch_listed 2`,
		`todoku_watch_last_look_age_seconds 3600`,
		`todoku_watch_lag_seconds 60`,
		`todoku_watch_queue_waiting 8`, `todoku_watch_queue_running 9`, `todoku_watch_queue_dead 10`, `todoku_watch_queue_lag_seconds 1`,
		`todoku_watch_certificate_expiry_seconds{domain="例え\".test\n# x",host="mx.test",use="smtp"} 3600`,
		`todoku_watch_incidents 4`, `todoku_watch_alerts_waiting 5`, `todoku_watch_alerts_failed 6`,
		`todoku_watch_looks_total 500`, `todoku_watch_changes_total 2`, `todoku_watch_jobs_failed_total 1`, `todoku_watch_jobs_lost_total 1`,
		`todoku_watch_look_seconds_bucket{le="2.5"} 0`, `todoku_watch_look_seconds_bucket{le="5"} 1`,
		`todoku_watch_look_seconds_bucket{le="+Inf"} 1`, `todoku_watch_look_seconds_sum 3`, `todoku_watch_look_seconds_count 1`,
	} {
		if !strings.Contains("\n"+page, "\n"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, page)
		}
	}
	if status, page := get(t, e.Handler(), "/healthz"); status != 200 || page != "ok\n" {
		t.Errorf("%d %q", status, page)
	}
	t.Run("promtool", func(t *testing.T) { promtool(t, page) })
}

// promtool lets Prometheus's own tool read a page.
func promtool(t *testing.T, page string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	switch {
	case err != nil && os.Getenv("TODOKU_SERVERS_REQUIRED") != "":
		t.Fatal("promtool is not installed (Debian: prometheus)")
	case err != nil:
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	c := exec.CommandContext(t.Context(), path, "check", "metrics")
	c.Stdin = strings.NewReader(page)
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// TestAStoreThatCannotBeReadTellsNothingOfTheFleet: no figure of before, no zero.
func TestAStoreThatCannotBeReadTellsNothingOfTheFleet(t *testing.T) {
	t.Parallel()
	now, fails := began(), false
	e := &metrics.Exporter{Now: func() time.Time { return now }, Read: func(context.Context) (metrics.Figures, error) {
		if fails {
			return figures(), errors.New("secret")
		}
		return figures(), nil
	}}
	get(t, e.Handler(), "/metrics")
	fails, now = true, now.Add(time.Minute)
	_, page := get(t, e.Handler(), "/metrics")
	if !strings.Contains(page, "todoku_watch_store_up 0\n") || strings.Contains(page, "todoku_watch_domains") ||
		strings.Contains(page, "secret") {
		t.Error(page)
	}
	if status, page := get(t, e.Handler(), "/healthz"); status != 503 || strings.Contains(page, "secret") {
		t.Errorf("%d %q", status, page)
	}
}

// TestManyScrapesReadOnce within some seconds.
func TestManyScrapesReadOnce(t *testing.T) {
	t.Parallel()
	now, reads := began(), 0
	e := &metrics.Exporter{Now: func() time.Time { return now }, Read: func(context.Context) (metrics.Figures, error) {
		reads++
		return figures(), nil
	}}
	for range 20 {
		get(t, e.Handler(), "/metrics")
	}
	if reads != 1 {
		t.Errorf("%d reads", reads)
	}
	now = now.Add(6 * time.Second)
	get(t, e.Handler(), "/metrics")
	if reads != 2 {
		t.Errorf("%d reads", reads)
	}
}
