package metrics

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"todoku/diag/check"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// Figures are what a store and a queue say.
type Figures struct {
	store.Overview
	Queue watch.Depth
}

// Exporter answers a monitoring system. Its fields are set before it is used.
type Exporter struct {
	Read    func(ctx context.Context) (Figures, error)
	Now     func() time.Time
	Version string

	mu      sync.Mutex
	figures Figures
	err     error
	read    time.Time // when figures were read; zero: never

	looks, changes, failed, lost atomic.Int64
	buckets                      [len(bounds) + 1]atomic.Int64
	took                         atomic.Int64 // all together, in microseconds
}

// Bounds of a scrape.
const (
	keep     = 5 * time.Second // that figures are used again
	patience = 8 * time.Second // with the store: a scrape has 10 seconds by default
)

// bounds of the buckets of the time that a look at a chunk takes, in seconds.
var bounds = [...]float64{1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000}

// Count takes what happened in an engine (watch.Engine.Tell).
func (e *Exporter) Count(ev watch.Event) {
	switch {
	case errors.Is(ev.Err, watch.ErrLost):
		e.lost.Add(1)
		return
	case ev.Err != nil:
		e.failed.Add(1)
		return
	}
	e.looks.Add(int64(ev.Domains))
	e.changes.Add(int64(ev.Changes))
	e.took.Add(ev.Took.Microseconds())
	i := 0
	for i < len(bounds) && ev.Took.Seconds() > bounds[i] {
		i++
	}
	e.buckets[i].Add(1)
}

// now reads the figures, or gives those of a moment ago.
func (e *Exporter) now(ctx context.Context) (Figures, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if at := e.Now(); e.read.IsZero() || at.Sub(e.read) >= keep {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // others wait for it, too
		defer cancel()
		e.figures, e.err = e.Read(within)
		e.read = at
	}
	return e.figures, e.err
}

// Handler answers GET /metrics and GET /healthz.
func (e *Exporter) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		f, err := e.now(r.Context())
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = w.Write([]byte(e.page(f, err)))
	})
	m.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if _, err := e.now(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte("the store cannot be read\n"))
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	return m
}

// page is all of /metrics.
func (e *Exporter) page(f Figures, err error) string {
	t := &text{}
	t.one("build_info", gauge, "The version of the program.", 1, label{"version", e.Version})
	up := 1.0
	if err != nil {
		up = 0
	}
	t.one("store_up", gauge, "Whether the store could be read: without it, nothing is told of the fleet.", up)
	e.process(t)
	if err == nil {
		fleet(t, f, e.Now())
	}
	return t.String()
}

// process tells what this process did since its start.
func (e *Exporter) process(t *text) {
	t.one("looks_total", counter, "Looks at domains that were saved.", float64(e.looks.Load()))
	t.one("changes_total", counter, "Changes that the looks found.", float64(e.changes.Load()))
	t.one("jobs_failed_total", counter, "Looks at chunks that failed and are tried again.", float64(e.failed.Load()))
	t.one("jobs_lost_total", counter, "Looks at chunks that another worker had done already.", float64(e.lost.Load()))
	t.begin("look_seconds", histogram, "How long a look at a chunk of domains took.")
	var n int64
	for i, le := range bounds {
		n += e.buckets[i].Load()
		t.value("look_seconds_bucket", float64(n), label{"le", number(le)})
	}
	n += e.buckets[len(bounds)].Load()
	t.value("look_seconds_bucket", float64(n), label{"le", "+Inf"})
	t.value("look_seconds_sum", float64(e.took.Load())/1e6)
	t.value("look_seconds_count", float64(n))
}

// severities are those of the rules, by id.
func severities() map[string]string {
	out := map[string]string{}
	for _, r := range check.Rules() {
		out[r.ID] = r.Severity.String()
	}
	return out
}
