package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag/probe"
)

// slowServer greets when it is told to; each connection is counted.
type slowServer struct {
	dials  atomic.Int32
	inside chan struct{} // a token for each connection
	greet  chan struct{}
}

func newSlowServer() *slowServer {
	return &slowServer{inside: make(chan struct{}, 10), greet: make(chan struct{})}
}

func (s *slowServer) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	s.dials.Add(1)
	s.inside <- struct{}{}
	select {
	case <-s.greet:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ours, theirs := net.Pipe()
	go func() {
		fmt.Fprint(theirs, "554 not now\r\n")
		_, _ = theirs.Read(make([]byte, 100)) // QUIT
		_ = theirs.Close()
	}()
	return ours, nil
}

var slow = netip.MustParseAddrPort("192.0.2.25:25")

// TestOneAskerLeaves: whose context ends gets nothing; the others get the visit
// that this one began.
func TestOneAskerLeaves(t *testing.T) {
	t.Parallel()
	s := newSlowServer()
	run := (&probe.Prober{Dial: s.dial}).NewRun()
	ctx, cancel := context.WithCancelCause(t.Context())
	first, second := make(chan probe.Visit), make(chan probe.Visit)
	go func() { first <- run.Visit(ctx, "mx.test", slow, probe.Depth{}) }()
	<-s.inside
	go func() { second <- run.Visit(t.Context(), "mx.test", slow, probe.Depth{}) }()
	for run.Askers("mx.test", slow) < 2 {
		time.Sleep(time.Millisecond)
	}
	enough := errors.New("enough")
	cancel(enough)
	if v := <-first; !errors.Is(v.Err, enough) || v.Host != "mx.test" || v.Address != slow {
		t.Errorf("the one that left: %+v", v)
	}
	close(s.greet)
	if v := <-second; v.Err != nil || v.Reply.Code != 554 || s.dials.Load() != 1 {
		t.Errorf("the other: %+v, %d connections", v, s.dials.Load())
	}
}

// TestLastAskerEndsTheVisit: it is broken off, and the next one visits anew.
func TestLastAskerEndsTheVisit(t *testing.T) {
	t.Parallel()
	s := newSlowServer()
	run := (&probe.Prober{Dial: s.dial}).NewRun()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	got := make(chan probe.Visit)
	go func() { got <- run.Visit(ctx, "mx.test", slow, probe.Depth{}) }()
	<-s.inside
	cancel(enough)
	if v := <-got; !errors.Is(v.Err, enough) {
		t.Errorf("%+v", v)
	}
	close(s.greet)
	for range 2 {
		if v := run.Visit(t.Context(), "mx.test", slow, probe.Depth{}); v.Err != nil || v.Reply.Code != 554 {
			t.Errorf("%+v", v)
		}
	}
	if s.dials.Load() != 2 {
		t.Errorf("%d connections", s.dials.Load())
	}
}

// TestRunsForget: another run of the same prober asks again.
func TestRunsForget(t *testing.T) {
	t.Parallel()
	s := newSlowServer()
	close(s.greet)
	p := &probe.Prober{Dial: s.dial}
	for range 2 {
		run := p.NewRun()
		for range 2 {
			run.Visit(t.Context(), "mx.test", slow, probe.Depth{})
		}
	}
	if s.dials.Load() != 2 {
		t.Errorf("%d connections", s.dials.Load())
	}
}
