package serve

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// metrics are counted since the start.
type metrics struct {
	requests  [6]atomic.Int64 // by the first digit of the status; 0: none was given
	refused   atomic.Int64
	panics    atomic.Int64
	runs      atomic.Int64
	running   atomic.Int64
	octets    atomic.Int64 // of uploads
	questions atomic.Int64 // of DNS
	buckets   [len(bounds) + 1]atomic.Int64
	total     atomic.Int64 // of the durations, in microseconds
}

// bounds of the buckets of the duration of a request, in seconds.
var bounds = [...]float64{.005, .025, .1, .25, .5, 1, 2.5, 5, 10, 30}

// request counts one.
func (m *metrics) request(status int, took time.Duration) {
	m.requests[min(max(status/100, 0), 5)].Add(1)
	m.total.Add(took.Microseconds())
	i := 0
	for i < len(bounds) && took.Seconds() > bounds[i] {
		i++
	}
	m.buckets[i].Add(1)
}

// showMetrics writes them in the text format of Prometheus.
func (s *server) showMetrics(w http.ResponseWriter, _ *http.Request) {
	m := &s.metrics
	var b strings.Builder
	name := func(name, kind, help string) {
		fmt.Fprintf(&b, "# HELP todoku_%s %s\n# TYPE todoku_%s %s\n", name, help, name, kind)
	}
	value := func(metric, kind, help string, v int64) {
		name(metric, kind, help)
		fmt.Fprintf(&b, "todoku_%s %d\n", metric, v)
	}
	name("http_requests_total", "counter", "Requests by the class of their status.")
	for i := 1; i < len(m.requests); i++ {
		fmt.Fprintf(&b, "todoku_http_requests_total{class=\"%dxx\"} %d\n", i, m.requests[i].Load())
	}
	name("http_request_seconds", "histogram", "Time until a request was answered.")
	var n int64
	for i, le := range bounds {
		n += m.buckets[i].Load()
		fmt.Fprintf(&b, "todoku_http_request_seconds_bucket{le=\"%g\"} %d\n", le, n)
	}
	n += m.buckets[len(bounds)].Load()
	fmt.Fprintf(&b, "todoku_http_request_seconds_bucket{le=\"+Inf\"} %d\n", n)
	fmt.Fprintf(&b, "todoku_http_request_seconds_sum %.6f\ntodoku_http_request_seconds_count %d\n", float64(m.total.Load())/1e6, n)
	value("refused_total", "counter", "Requests that were refused: host, origin, user, form, limits.", m.refused.Load())
	value("panics_total", "counter", "Requests that ended by a fault of the program.", m.panics.Load())
	value("runs_total", "counter", "Command lines that ran.", m.runs.Load())
	value("runs_active", "gauge", "Command lines under way.", m.running.Load())
	value("dns_questions_total", "counter", "Questions that the command lines sent to DNS.", m.questions.Load())
	value("upload_bytes_total", "counter", "Octets of uploads that were read.", m.octets.Load())
	results, octets := s.results.count()
	value("results", "gauge", "Results that are kept.", int64(results))
	value("results_bytes", "gauge", "Octets of the results that are kept.", int64(octets))
	value("users", "gauge", "Users and browsers whose limits are counted.", int64(s.rate.Keys()))
	value("goroutines", "gauge", "Goroutines.", int64(runtime.NumGoroutine()))
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}
