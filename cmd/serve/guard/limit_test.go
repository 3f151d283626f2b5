package guard_test

import (
	"fmt"
	"net"
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

func TestSoManyAtOnce(t *testing.T) {
	t.Parallel()
	a := guard.NewAtOnce(2)
	one, ok1 := a.Begin("x")
	_, ok2 := a.Begin("x")
	_, ok3 := a.Begin("x")
	_, other := a.Begin("y")
	if !ok1 || !ok2 || ok3 || !other {
		t.Fatal(ok1, ok2, ok3, other)
	}
	one()
	one() // only once
	if _, ok := a.Begin("x"); !ok {
		t.Error("none is free again")
	}
	if _, ok := a.Begin("x"); ok {
		t.Error("one too many")
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
