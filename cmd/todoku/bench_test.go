package main

import (
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// BenchmarkList checks 1,000 domains of a synthetic world as `check domain
// @FILE --format ndjson` does: over real sockets, findings and JSON included.
// The server runs in the same process, so that domains/s is for both; questions
// are what one domain asks.
func BenchmarkList(b *testing.B) {
	const n = 1000
	world, err := lab.Synthetic(1, n)
	if err != nil {
		b.Fatal(err)
	}
	for _, delay := range []time.Duration{0, 20 * time.Millisecond} {
		b.Run(fmt.Sprintf("delay=%s", delay), func(b *testing.B) {
			l, err := lab.Start(b.Context(), world, lab.Options{Delay: delay})
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			providers, err := provider.Load()
			if err != nil {
				b.Fatal(err)
			}
			questions, before := 0, cpu()
			for b.Loop() {
				questions = list(b, l.DNSAddr(), providers, n)
			}
			total := float64(b.N * n)
			b.ReportMetric(total/b.Elapsed().Seconds(), "domains/s")
			b.ReportMetric(float64(questions)/n, "questions/domain")
			b.ReportMetric(float64((cpu()-before).Microseconds())/1000/total, "cpu-ms/domain")
		})
	}
}

// list runs the checks once over all domains with a fresh resolver.
func list(b *testing.B, addr string, providers *provider.Catalogue, n int) (questions int) {
	client, err := resolve.New(resolve.Options{Servers: []string{addr}})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	printer, err := report.Reports.Open("ndjson", page.To(io.Discard), page.Options{Lang: codes.English, Many: true})
	if err != nil {
		b.Fatal(err)
	}
	domains := func(yield func(diag.Target) bool) {
		for i := range n {
			if target, err := diag.DomainTarget(fmt.Sprintf("d%d.test", i)); err != nil || !yield(target) {
				return
			}
		}
	}
	err = diag.RunAll(b.Context(), diag.Env{DNS: client, Now: time.Now, Providers: providers}, domains,
		check.Domain(check.DomainOptions{}), diag.Workers, false, func(r *diag.Report) error {
			questions += r.Queries.Unique
			return printer.Put(r)
		})
	if err != nil {
		b.Fatal(err)
	}
	return questions
}

// cpu is the processor time of this process, server included.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
