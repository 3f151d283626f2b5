package guard_test

import (
	"context"
	"fmt"
	"net"
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

// TestConnectionsAreBounded: the third waits until one of two ends.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := guard.Bounded(inner, 2)
	accepted := make(chan net.Conn)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first := <-accepted
	<-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection is accepted")
	default:
	}
	first.Close()
	if c := <-accepted; c == nil {
		t.Error("no connection after one ended")
	}
	l.Close()
	if c, more := <-accepted; more {
		t.Errorf("accepted after the end: %v", c)
	}
}
