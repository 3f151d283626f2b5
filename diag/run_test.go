package diag_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// quiet is a resolver for which nothing exists; domains named slow wait.
type quiet struct{ slow chan struct{} }

func (q quiet) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if q.slow != nil && strings.Contains(name, "slow") {
		select {
		case <-q.slow:
		case <-ctx.Done():
			return resolve.Answer{}, ctx.Err()
		}
	}
	return resolve.Answer{Name: name, Type: t, Status: resolve.NoName}, nil
}

func targets(t *testing.T, names ...string) func(func(diag.Target) bool) {
	return func(yield func(diag.Target) bool) {
		for _, n := range names {
			target, err := diag.DomainTarget(n)
			if err != nil {
				t.Error(err)
			}
			if !yield(target) {
				return
			}
		}
	}
}

func many(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("d%d.test", i)
	}
	return out
}

func TestRunAllKeepsOrderWhereAsked(t *testing.T) {
	t.Parallel()
	names := append([]string{"slow.test"}, many(10)...)
	for _, ordered := range []bool{true, false} {
		release := make(chan struct{})
		var got []string
		err := diag.RunAll(t.Context(), diag.Env{DNS: quiet{release}, Now: time.Now}, func(yield func(diag.Target) bool) {
			targets(t, names...)(yield)
			if ordered {
				close(release) // nothing may have come out before
			}
		}, check.Domain(check.DomainOptions{}), 4, ordered, func(r *diag.Report) error {
			if got = append(got, r.Target.Name); !ordered && len(got) == len(names)-1 {
				close(release) // everything else is out while one is slow
			}
			return nil
		})
		want := append(names[1:len(names):len(names)], "slow.test")
		if ordered {
			want = names
		} else {
			slices.Sort(got[:len(got)-1])
			slices.Sort(want[:len(want)-1])
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("ordered %v: %v, %v", ordered, got, err)
		}
	}
}

// TestRunAllStaysInBounds counts how far the run reads ahead of a target that
// does not end.
func TestRunAllStaysInBounds(t *testing.T) {
	t.Parallel()
	const workers = 4
	ctx, cancel := context.WithCancel(t.Context())
	var taken atomic.Int32
	done := make(chan error, 1)
	go func() {
		done <- diag.RunAll(ctx, diag.Env{DNS: quiet{make(chan struct{})}, Now: time.Now}, func(yield func(diag.Target) bool) {
			for i := 0; ; i++ {
				name := fmt.Sprintf("d%d.test", i)
				if i == 0 {
					name = "slow.test"
				}
				taken.Add(1)
				if target, _ := diag.DomainTarget(name); !yield(target) {
					return
				}
			}
		}, check.Domain(check.DomainOptions{}), workers, true, func(*diag.Report) error { return nil })
	}()
	for last := int32(-1); last != taken.Load(); time.Sleep(50 * time.Millisecond) {
		last = taken.Load()
	}
	if n := taken.Load(); n > workers*4+2 {
		t.Errorf("%d targets read while the first is under way", n)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestRunAllEndsWithTheFirstErrorOfEmit(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	n := 0
	err := diag.RunAll(t.Context(), diag.Env{DNS: quiet{}, Now: time.Now}, targets(t, many(500)...),
		check.Domain(check.DomainOptions{}), 8, false, func(*diag.Report) error {
			n++
			return full
		})
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d reports", err, n)
	}
}

func TestStatusIsDerived(t *testing.T) {
	t.Parallel()
	rule := func(s diag.Severity) diag.Finding { return diag.Finding{Rule: &diag.Rule{Severity: s}} }
	for _, c := range []struct {
		r    diag.Result
		want diag.Status
	}{
		{diag.Result{}, diag.OK},
		{diag.Result{Findings: []diag.Finding{rule(diag.Info)}}, diag.Info},
		{diag.Result{Findings: []diag.Finding{rule(diag.Warn)}, Err: errors.New("x")}, diag.Unknown},
		{diag.Result{Findings: []diag.Finding{rule(diag.Fail), rule(diag.Info)}, Err: errors.New("x")}, diag.Fail},
	} {
		if got := c.r.Status(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.r, got, c.want)
		}
	}
}

// lateContext is a context whose deadline has come, but which ends a little later, as a timer does.
type lateContext struct{ context.Context }

func (lateContext) Deadline() (time.Time, bool) { return time.Now().Add(-time.Millisecond), true }

// TestRunAllTellsADeadlineThatHasCome: questions that ended with the deadline return before the context does.
func TestRunAllTellsADeadlineThatHasCome(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the deadline")
	err := diag.RunAll(lateContext{ctx}, diag.Env{DNS: quiet{}, Now: time.Now}, targets(t, "example.test"), []*diag.Check{check.MX()}, 1, true,
		func(*diag.Report) error {
			time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
			return nil
		})
	if !errors.Is(err, cause) {
		t.Errorf("the run ended with %v", err)
	}
}
