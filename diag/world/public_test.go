package world_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"todoku/diag/resolve"
	"todoku/diag/world"
)

// TestOnlyPublicAddressesAreConnectedTo: neither by their address nor by a name, also where the address is written as one of
// IPv6; in the lab the hosts of its world are reached as before.
func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	zone, err := resolve.ParseZone(strings.NewReader("a.test. 60 IN A 127.0.0.1\n"), "zone")
	if err != nil {
		t.Fatal(err)
	}
	zones := []*resolve.Zone{zone}
	public, every := open(t, world.Options{Zones: zones, Public: true}), open(t, world.Options{Zones: zones})
	if c, err := every.Dial(t.Context(), "tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	} else {
		c.Close()
	}
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fc00::1",
		"64:ff9b::7f00:1"} {
		if c, err := public.Dial(t.Context(), "tcp", net.JoinHostPort(host, port)); err == nil {
			c.Close()
			t.Errorf("%s was connected to", host)
		} else if !errors.Is(err, world.ErrNotPublic) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := public.HTTPS().Get("https://127.0.0.1:" + port + "/"); !errors.Is(err, world.ErrNotPublic) {
		t.Errorf("a page: %v", err)
	}
	lab := open(t, world.Options{Lab: true, Public: true})
	if c, err := lab.Dial(t.Context(), "tcp", "192.0.2.100:25"); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
	if _, err := lab.Dial(t.Context(), "tcp", l.Addr().String()); !errors.Is(err, world.ErrNotPublic) {
		t.Errorf("loopback through the lab: %v", err)
	}
}

// TestASharedWorldStaysOpen: one of its users closes nothing.
func TestASharedWorldStaysOpen(t *testing.T) {
	t.Parallel()
	w := open(t, world.Options{Lab: true, Replies: catalogue(t)})
	one := w.Shared(false)
	if one.Run().SMTP != nil {
		t.Error("mail servers are asked where nobody wants it")
	}
	one.Close()
	if _, err := w.Shared(true).Run().DNS.Ask(t.Context(), "takes.test", resolve.TypeMX); err != nil {
		t.Error(err)
	}
	if w.Shared(true).Run().SMTP == nil {
		t.Error("no mail server is asked")
	}
}
