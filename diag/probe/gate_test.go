package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"todoku/diag/probe"
)

// crowd counts the connections that are open, in all and to each address.
type crowd struct {
	mu        sync.Mutex
	open      int
	most      int
	at        map[string]int
	crowded   bool
	connected int
}

type guest struct {
	net.Conn
	leave func()
}

func (g guest) Close() error { g.leave(); return g.Conn.Close() }

func (c *crowd) dial(_ context.Context, _, addr string) (net.Conn, error) {
	c.mu.Lock()
	c.connected++
	c.open++
	c.at[addr]++
	c.most = max(c.most, c.open)
	c.crowded = c.crowded || c.at[addr] > 1
	c.mu.Unlock()
	ours, theirs := net.Pipe()
	go func() {
		time.Sleep(5 * time.Millisecond) // so that all who may come in are there
		fmt.Fprint(theirs, "554 not now\r\n")
		_, _ = theirs.Read(make([]byte, 100)) // QUIT
		_ = theirs.Close()
	}()
	return guest{ours, sync.OnceFunc(func() {
		c.mu.Lock()
		c.open--
		c.at[addr]--
		c.mu.Unlock()
	})}, nil
}

// TestPolite: however many ask, there is one connection to an address at a time
// and a bounded number in all.
func TestPolite(t *testing.T) {
	t.Parallel()
	c := &crowd{at: map[string]int{}}
	p := (&probe.Prober{Dial: c.dial}).NewRun()
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() {
			at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i % 40)}), probe.Port)
			p.Visit(t.Context(), "mx.test", at, probe.Depth{}, fmt.Sprintf("user%d@a.test", i))
		})
	}
	wg.Wait()
	if c.most > 20 || c.crowded || c.connected != 400 || c.open != 0 {
		t.Errorf("%d open at once, two at an address: %t, %d in all, %d left open", c.most, c.crowded, c.connected, c.open)
	}
}

// TestGateEnds: who waits for a turn goes when the run ends.
func TestGateEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	inside := make(chan struct{})
	p := (&probe.Prober{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		close(inside)
		<-ctx.Done()
		return nil, ctx.Err()
	}}).NewRun()
	at := netip.MustParseAddrPort("192.0.2.25:25")
	var wg sync.WaitGroup
	wg.Go(func() { p.Visit(ctx, "mx.test", at, probe.Depth{}, "first@a.test") })
	<-inside
	wg.Go(func() {
		if v := p.Visit(ctx, "mx.test", at, probe.Depth{}, "second@a.test"); !errors.Is(v.Err, context.Canceled) {
			t.Errorf("%v", v.Err)
		}
	})
	cancel()
	wg.Wait()
}
