package probe_test

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/lab"
	"todoku/diag/probe"
)

// prober begins a run that visits the lab, and counts its connections.
func prober(t *testing.T) (*probe.Run, *atomic.Int32) {
	t.Helper()
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	var dials atomic.Int32
	p := &probe.Prober{Roots: l.Roots(), Helo: "out.lab.test", Timeout: 2 * time.Second, Codes: c,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials.Add(1)
			return l.Dial(ctx, network, addr)
		}}
	return p.NewRun(), &dials
}

// TestVisitOnce: however many ask, each server is visited once for a question,
// and nobody gets a message.
func TestVisitOnce(t *testing.T) {
	t.Parallel()
	p, dials := prober(t)
	at := netip.MustParseAddrPort("192.0.2.100:25") // mx.takes.test
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			v := p.Visit(t.Context(), "mx.takes.test", at, probe.Depth{}, "user@takes.test", "nobody@takes.test")
			if v.Err != nil || len(v.Rcpts) != 2 || v.Rcpts[0].Reply.Code != 250 ||
				v.Rcpts[1].Verdict.Reason.ID != "user_unknown" || v.TLS == nil || !v.TLS.Verified || v.Size == 0 || !v.Connected() {
				t.Errorf("%+v", v)
			}
			for _, s := range v.Steps {
				if s.Stage == codes.StageData || s.Stage == codes.StageBody {
					t.Errorf("said %s", s.Sent)
				}
			}
		})
	}
	wg.Wait()
	if dials.Load() != 1 {
		t.Errorf("%d connections", dials.Load())
	}
	otherVisits(t, p, at, dials)
}

// otherVisits asks a server in other ways than before: each is a visit of its own.
func otherVisits(t *testing.T, p *probe.Run, at netip.AddrPort, dials *atomic.Int32) {
	t.Helper()
	if v := p.Visit(t.Context(), "mx.takes.test", at, probe.Depth{Plain: true}, "user@takes.test"); v.TLS != nil ||
		!v.STARTTLS || v.Reply.Code != 250 || dials.Load() != 2 {
		t.Errorf("plain: %+v", v)
	}
	if v := p.Visit(t.Context(), "mx.takes.test", at, probe.Depth{Greeting: true}); v.EHLO != nil || v.Banner == "" || dials.Load() != 3 {
		t.Errorf("greeting: %+v", v)
	}
}

// TestNoWayOut tells our own network from a server that refuses.
func TestNoWayOut(t *testing.T) {
	t.Parallel()
	p, _ := prober(t)
	for address, own := range map[string]bool{"192.0.2.116:25": false, "192.0.2.117:25": false} { // closed.test, unreachable.test
		v := p.Visit(t.Context(), "mx.test", netip.MustParseAddrPort(address), probe.Depth{})
		if v.Err == nil || v.Connected() || v.NoWayOut() != own {
			t.Errorf("%s: %v, no way out %t", address, v.Err, v.NoWayOut())
		}
	}
}
