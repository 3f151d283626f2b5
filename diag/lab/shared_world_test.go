package lab_test

import (
	"net"
	"net/netip"
	"testing"

	"todoku/diag/lab"
)

// TestWorldsTakeReceiversApart: a receiver that one world of all scenarios takes is in no other.
func TestWorldsTakeReceiversApart(t *testing.T) {
	at := netip.MustParseAddr("198.51.100.99")
	own, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	own.Put(lab.Receiver{Name: "mx.own.test"}, at)
	other, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	other.Put(lab.Receiver{Name: "mx.other.test"}, netip.MustParseAddr("198.51.100.98"))
	for _, w := range []struct {
		world *lab.World
		has   bool
	}{{own, true}, {other, false}} {
		l, err := lab.Start(t.Context(), w.world, lab.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		c, err := l.Dial(t.Context(), "tcp", net.JoinHostPort(at.String(), "25"))
		if err == nil {
			c.Close()
		}
		if (err == nil) != w.has {
			t.Errorf("connected: %v, want %v", err, w.has)
		}
	}
}
