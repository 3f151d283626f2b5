package guide_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// slow answers every question after a delay, and knows the longest chain of
// questions of which each could only be asked after the one before.
type slow struct {
	resolve.Resolver
	delay time.Duration
	mu    sync.Mutex
	asked int
}

func (s *slow) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	s.mu.Lock()
	s.asked++
	s.mu.Unlock()
	select {
	case <-time.After(s.delay):
	case <-ctx.Done():
		return resolve.Answer{}, ctx.Err()
	}
	return s.Resolver.Ask(ctx, name, t)
}

// BenchmarkDiagnose is a refusal by policy, for which nearly every cause is
// looked at, with 50 ms for each question; rounds is the time in such delays.
// The longest dependent chain is three: the SPF record, its include, and what
// that includes.
func BenchmarkDiagnose(b *testing.B) {
	c := catalogue(b)
	env := world(b, c)
	const delay = 50 * time.Millisecond
	var total time.Duration
	questions := 0
	for b.Loop() {
		s := &slow{Resolver: env.DNS, delay: delay}
		e := env
		e.DNS = s
		k := usual(c, "550 5.7.1 Message rejected due to local policy")
		start := time.Now()
		guide.Run(b.Context(), e, k)
		total += time.Since(start)
		questions = s.asked
	}
	b.ReportMetric(float64(total)/float64(b.N)/float64(delay), "rounds/op")
	b.ReportMetric(float64(questions), "questions/op")
}
