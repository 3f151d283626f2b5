package guide_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

func catalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// world is the lab with more zones in front of it.
func world(t testing.TB, c *codes.Catalogue) (guide.Env, *lab.Lab) {
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
	dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	p, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	return guide.Env{Env: diag.Env{DNS: dns, Now: time.Now, Providers: p}, Codes: c, Dial: l.Dial, Roots: l.Roots(), Helo: "out.lab.test", Timeout: 2 * time.Second}, l
}

func TestTry(t *testing.T) {
	c := catalogue(t)
	env, _ := world(t, c)
	for _, x := range []struct{ text, from, to, ip string }{
		{"550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "news@healthy.test", "user@healthy.test", "192.0.2.99"},
		{"550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "news@healthy.test", "user@healthy.test", "192.0.2.7"},
		{"550 5.1.1 user unknown", "news@healthy.test", "nobody@healthy.test", "192.0.2.7"},
		{"550 5.1.1 user unknown", "news@healthy.test", "user@healthy.test", "192.0.2.7"},
		{"41605", "news@healthy.test", "user@nodomain.test", ""},
		{"42553", "news@healthy.test", "user@healthy.test", ""},
	} {
		k := guide.Read(c, x.text)
		k.From, k.To = x.from, x.to
		if x.ip != "" {
			k.IP = netip.MustParseAddr(x.ip)
		}
		k.Settle(time.Now())
		d := guide.Run(context.Background(), env, k)
		t.Logf("== %s %s %s %s: %s %s", x.text, x.from, x.to, x.ip, k.Verdict.Reason.ID, k.Verdict.Rule)
		for _, o := range d.Outcomes {
			if !o.Suspected {
				continue
			}
			t.Logf("%-26s %-9s %s", o.Cause.ID, o.Status, o.FollowsFrom)
			for _, p := range o.Proofs {
				t.Logf("      %s %v", p.Says.EN, p.Data)
			}
		}
		for _, s := range d.Steps {
			t.Logf("  -> %s %s [%s]", s.Remedy.ID, s.Remedy.Text.EN, s.Check)
		}
		t.Logf("%v %v", d.Elapsed, d.Queries)
	}
	_ = net.Dial
}
