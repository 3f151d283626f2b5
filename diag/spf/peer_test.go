package spf

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"

	peer "blitiri.com.ar/go/spf"

	"todoku/diag/resolve"
)

// peerDNS shows a world to another implementation.
type peerDNS struct{ w *world }

func (p peerDNS) ask(name string, t resolve.Type) ([]resolve.Record, error) {
	a, err := p.w.Ask(context.Background(), name, t)
	if err != nil {
		return nil, &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}
	}
	if len(a.Records) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return a.Records, nil
}

func (p peerDNS) LookupTXT(_ context.Context, name string) ([]string, error) {
	rs, err := p.ask(name, resolve.TypeTXT)
	return resolve.Answer{Records: rs}.Texts(), err
}

func (p peerDNS) LookupMX(_ context.Context, name string) (out []*net.MX, err error) {
	rs, err := p.ask(name, resolve.TypeMX)
	for _, r := range rs {
		out = append(out, &net.MX{Host: r.Host, Pref: r.Pref})
	}
	return out, err
}

func (p peerDNS) LookupIPAddr(_ context.Context, host string) (out []net.IPAddr, err error) {
	v4, err4 := p.ask(host, resolve.TypeA)
	v6, err6 := p.ask(host, resolve.TypeAAAA)
	for _, r := range append(append([]resolve.Record{}, v4...), v6...) {
		out = append(out, net.IPAddr{IP: r.Addr.AsSlice()})
	}
	if len(out) > 0 {
		return out, nil
	}
	return nil, cmp.Or(err4, err6)
}

func (p peerDNS) LookupAddr(_ context.Context, addr string) (out []string, err error) {
	rs, err := p.ask(resolve.Reverse(netip.MustParseAddr(addr)), resolve.TypePTR)
	for _, r := range rs {
		out = append(out, r.Host+".")
	}
	return out, err
}

// TestPeerAgrees compares results with another implementation over worlds of
// our own, limits included.
func TestPeerAgrees(t *testing.T) {
	t.Parallel()
	seen := map[Result]int{}
	for seed := range uint64(150) {
		w, ips := randomWorld(rand.New(rand.NewPCG(seed, 2)))
		for _, ip := range ips {
			if !ip.IsValid() {
				continue
			}
			ours := Check(context.Background(), w, Query{IP: ip, MailFrom: "user@example.test", HELO: "mail.example.test"})
			theirs, err := peer.CheckHostWithSender(ip.AsSlice(), "mail.example.test", "user@example.test", peer.WithResolver(peerDNS{w}))
			if string(ours.Result) != string(theirs) {
				t.Fatalf("seed %d, %s: %+v, peer says %s (%v)\n%s", seed, ip, ours, theirs, err,
					w.answers[question{"example.test", resolve.TypeTXT}][0].Text)
			}
			seen[ours.Result]++
		}
	}
	for _, r := range []Result{Pass, Fail, SoftFail, Neutral, PermError} {
		if seen[r] < 50 {
			t.Errorf("only %d cases of %s", seen[r], r)
		}
	}
	t.Log(seen)
}

// FuzzCheck evaluates and walks records put together from fuzzed pieces.
func FuzzCheck(f *testing.F) {
	f.Add("v=spf1 a mx include:b.test exists:%{i}.b.test ptr -all", "v=spf1 include:a.test redirect=a.test", "u@a.test",
		"h.test", []byte{192, 0, 2, 1})
	f.Add("v=spf1 exp=e.test redirect=b.test", "v=spf1 ?mx:a.test/0//0 -all exp=a.test", "@a.test", "[192.0.2.1]", []byte("0123456789abcdef"))
	f.Add("v=spf1 include:%{d}.b.test a:%{h} a:%{p} -all", "v=spf1 +all", "", "a.test", []byte{198, 51, 100, 1})
	f.Fuzz(func(t *testing.T, a, b, from, helo string, raw []byte) {
		ip, ok := netip.AddrFromSlice(raw)
		if !ok {
			ip = netip.MustParseAddr("192.0.2.1")
		}
		w := newWorld().txt("a.test", a).txt("b.test", b, "text").txt("a.test.b.test", a).txt("e.test", b)
		w.addr("a.test", "192.0.2.1", "2001:db8::1").mx("a.test", "a.test", ".", "gone.test").mx("b.test",
			"a.test").fail("b.test", resolve.TypeA, resolve.KindTimeout)
		w.ptr("192.0.2.1", "a.test", "x.a.test")
		q := Query{IP: ip, MailFrom: from, HELO: helo}
		e := Check(t.Context(), w, q)
		switch e.Result {
		case TempError:
			if e.Err == nil {
				t.Fatal("a temperror without a cause")
			}
		case PermError:
			if e.Problem.Kind == "" {
				t.Fatal("a permerror without a cause")
			}
		case None, Neutral, Pass, Fail, SoftFail:
		case "":
			if e.Needs == "" {
				t.Fatal("no result, and nothing is open")
			}
		default:
			t.Fatalf("result %q", e.Result)
		}
		if e.Lookups > MaxLookups+1 || e.VoidLookups > MaxVoidLookups+2 {
			t.Fatalf("%+v", e)
		}
		tree := Walk(t.Context(), w, "a.test", &q)
		for _, s := range tree.Cheaper() {
			if _, faults := Parse(s.Record); len(faults) > 0 {
				t.Fatalf("%+v: %v", s, faults)
			}
		}
		tree.Result()
		tree.Merged()
	})
}
