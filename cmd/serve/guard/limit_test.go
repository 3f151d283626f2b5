package guard_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"todoku/cmd/serve/guard"
)

func TestALimitFillsAgain(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	l := guard.NewLimiter(3, time.Minute, func() time.Time { return now })
	for range 3 {
		if wait := l.Take("a"); wait != 0 {
			t.Fatalf("waits %s", wait)
		}
	}
	if wait := l.Take("a"); wait != 20*time.Second {
		t.Errorf("the fourth waits %s", wait)
	}
	if wait := l.Take("b"); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
	now = now.Add(20 * time.Second)
	if l.Wait("a") != 0 || l.Take("a") != 0 || l.Take("a") == 0 {
		t.Error("one more after a third of the span, not two")
	}
}

// TestAKeyMayOwe: what was used beyond the limit is waited for.
func TestAKeyMayOwe(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	l := guard.NewLimiter(60, time.Minute, func() time.Time { return now })
	l.Charge("a", 69)
	if wait := l.Wait("a"); wait != 10*time.Second {
		t.Errorf("waits %s", wait)
	}
	now = now.Add(10 * time.Second)
	if wait := l.Wait("a"); wait != 0 {
		t.Errorf("still waits %s", wait)
	}
	l.Charge("a", 1_000_000)
	if wait := l.Wait("a"); wait > 2*time.Minute {
		t.Errorf("waits %s", wait)
	}
}

func TestALimitForgetsOldKeys(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	l := guard.NewLimiter(1, time.Minute, func() time.Time { return now })
	for i := range 30_000 {
		l.Take(fmt.Sprint(i))
	}
	if l.Keys() > 10_000 {
		t.Errorf("%d keys are remembered", l.Keys())
	}
}

// TestSoManyAtOnce: the third waits for its turn, the fourth is one too many, and other keys have turns of their own.
func TestSoManyAtOnce(t *testing.T) {
	t.Parallel()
	a := guard.NewAtOnce(2, 1)
	one, ok1 := a.Begin(t.Context(), "x")
	_, ok2 := a.Begin(t.Context(), "x")
	_, other := a.Begin(t.Context(), "y")
	if !ok1 || !ok2 || !other {
		t.Fatal(ok1, ok2, other)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := a.Begin(ended, "x"); ok {
		t.Error("one begins that nobody waits for")
	}
	third := make(chan bool)
	go func() {
		_, ok := a.Begin(t.Context(), "x")
		third <- ok
	}()
	for a.Waiting("x") == 0 {
		runtime.Gosched()
	}
	if _, ok := a.Begin(t.Context(), "x"); ok {
		t.Error("one too many waits")
	}
	one()
	one() // only once
	if !<-third {
		t.Error("the third has no turn")
	}
}

// TestConnectionsAreBounded: where all are taken, the one that waits longest without a request gives way; where all are busy
// a new one waits until one ends.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := guard.Bounded(inner, 2)
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	accept := func() net.Conn {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	silent := dial()
	accept()
	dial()
	busy := accept()
	l.State(busy, http.StateActive)
	dial()
	third := accept()
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the silent one did not give way")
	}
	l.State(third, http.StateActive)
	dial()
	accepted := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		accepted <- c
	}()
	select {
	case <-accepted:
		t.Fatal("one too many is accepted")
	default:
	}
	busy.Close()
	if c := <-accepted; c == nil {
		t.Error("no connection after one ended")
	}
	l.Close()
	if c, err := l.Accept(); err == nil {
		t.Errorf("accepted after the end: %v", c)
	}
}
