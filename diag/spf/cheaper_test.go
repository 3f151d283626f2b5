package spf

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

// randomWorld makes a record over the limit with nested includes, qualifiers,
// macros and hosts. Nothing in it is broken, so that every address has a result.
func randomWorld(rng *rand.Rand) (*world, []netip.Addr) {
	w := newWorld()
	var ips []netip.Addr
	note := func(p netip.Prefix) {
		ips = append(ips, p.Addr(), LastAddr(p), p.Addr().Prev(), LastAddr(p).Next())
	}
	block := func() string {
		if rng.IntN(4) == 0 {
			p := netip.MustParsePrefix(fmt.Sprintf("2001:db8:%x::/%d", rng.IntN(8), 48+rng.IntN(3))).Masked()
			note(p)
			return "ip6:" + p.String()
		}
		p := netip.MustParsePrefix(fmt.Sprintf("198.18.%d.%d/%d", rng.IntN(4), rng.IntN(256), 23+rng.IntN(10))).Masked()
		note(p)
		return "ip4:" + p.String()
	}
	sign := func() string {
		if rng.IntN(8) == 0 {
			return string("-~?"[rng.IntN(3)])
		}
		return ""
	}
	hosts := 0
	host := func() string {
		hosts++
		name := fmt.Sprintf("h%d.example.test", hosts)
		ip := netip.AddrFrom4([4]byte{198, 18, byte(rng.IntN(4)), byte(rng.IntN(256))})
		w.addr(name, ip.String(), fmt.Sprintf("2001:db8:%x::1", rng.IntN(8)))
		note(netip.PrefixFrom(ip, 32))
		return name
	}
	var record func(domain string, depth, terms int) string
	count := 0
	record = func(domain string, depth, terms int) string {
		w.addr(domain, fmt.Sprintf("198.18.%d.%d", rng.IntN(4), rng.IntN(256)), "2001:db8:77::1")
		r := "v=spf1"
		for range terms {
			switch k := rng.IntN(12); {
			case k < 4 && depth > 0:
				count++
				name := fmt.Sprintf("s%d.example.test", count)
				w.txt(name, record(name, depth-1, 1+rng.IntN(4)))
				r += " " + sign() + "include:" + name
			case k < 8:
				r += " " + sign() + block()
			case k == 8:
				r += " " + sign() + "a:" + host() + []string{"", "/30", "//64", "/28//56"}[rng.IntN(4)]
			case k == 9:
				r += " " + sign() + "a"
			case k == 10:
				name := host()
				w.mx("mx"+name, name)
				r += " mx:mx" + name
			default:
				r += " exists:%{i}.list.%{d2}"
			}
		}
		if depth < 2 && rng.IntN(6) == 0 {
			count++
			name := fmt.Sprintf("s%d.example.test", count)
			w.txt(name, record(name, 0, 2))
			return r + " redirect=" + name
		}
		return r + " " + string("-~?"[rng.IntN(3)]) + "all"
	}
	w.txt("example.test", record("example.test", 2, 8))
	for range 20 {
		ip := netip.AddrFrom4([4]byte{198, 18, byte(rng.IntN(4)), byte(rng.IntN(256))})
		w.addr(ip.String()+".list.example.test", "127.0.0.2")
		ips = append(ips, ip)
	}
	return w, ips
}

// unlimited evaluates as if there were no limits.
func unlimited(w resolve.Resolver, ip netip.Addr) Evaluation {
	c := checker{ctx: context.Background(), r: w, q: Query{IP: ip, MailFrom: "user@example.test",
		HELO: "mail.example.test"}, ip: ip, limit: 1 << 20, voidLimit: 1 << 20}
	return c.check()
}

func TestCheaperMeansTheSame(t *testing.T) {
	t.Parallel()
	got, over := 0, 0
	for seed := range uint64(500) {
		w, ips := randomWorld(rand.New(rand.NewPCG(seed, 1)))
		tree := Walk(context.Background(), w, "example.test", nil)
		steps := tree.Cheaper()
		if tree.Lookups <= MaxLookups && tree.VoidLookups <= MaxVoidLookups {
			if len(steps) > 0 {
				t.Fatalf("seed %d: steps for a record that is cheap enough", seed)
			}
			continue
		}
		over++
		record := tree.Root.Texts[0]
		cost := tree.Lookups
		for i, s := range steps {
			w.answers[question{"example.test", resolve.TypeTXT}][0].Text = s.Record
			after := Walk(context.Background(), w, "example.test", nil)
			if len(after.Root.Faults) > 0 {
				t.Fatalf("seed %d step %d: faults %v in %s", seed, i, after.Root.Faults, s.Record)
			}
			if after.Lookups != cost-s.Saves {
				t.Fatalf("seed %d step %d %+v: %d look-ups, want %d - %d", seed, i, s, after.Lookups, cost, s.Saves)
			}
			if i < len(steps)-1 && after.Lookups <= MaxLookups && after.VoidLookups <= MaxVoidLookups {
				t.Fatalf("seed %d: step %d was not needed", seed, i+1)
			}
			cost = after.Lookups
		}
		if cost <= MaxLookups {
			got++
		}
		if len(steps) == 0 {
			continue
		}
		for _, ip := range ips {
			after := unlimited(w, ip)
			w.answers[question{"example.test", resolve.TypeTXT}][0].Text = record
			before := unlimited(w, ip)
			w.answers[question{"example.test", resolve.TypeTXT}][0].Text = steps[len(steps)-1].Record
			if before.Result != after.Result {
				t.Fatalf("seed %d: %s gets %s (%s), before %s (%s)\n%s\n%s", seed, ip, after.Result, after.Trail, before.Result,
					before.Trail, record, steps[len(steps)-1].Record)
			}
		}
	}
	t.Logf("%d of %d records over the limit became cheap enough", got, over)
	if got*10 < over*5 {
		t.Errorf("only %d of %d records became cheap enough", got, over)
	}
}

func TestCheaperSteps(t *testing.T) {
	t.Parallel()
	a := func(n int) string { return strings.Repeat("a:host.example.test ", n) }
	for _, c := range []struct{ name, record, want string }{
		{"enough", "v=spf1 mx -all", ""},
		{"repeated", "v=spf1 " + a(11) + "-all", "v=spf1 " + a(10) + "-all"},
		{"nothing there", "v=spf1 a:gone.example.test include:nine.example.test mx -all", "v=spf1 include:nine.example.test -all"},
		{"never passes", "v=spf1 include:no.example.test include:nine.example.test -all", "v=spf1 include:nine.example.test -all"},
		{"repeated with another sign", "v=spf1 include:nine.example.test a:host.example.test -a:host.example.test ~all",
			"v=spf1 include:nine.example.test ~all"},
		{"flatten", "v=spf1 include:nine.example.test ip4:192.0.2.1 ip4:192.0.2.2/31 include:small.example.test -all",
			"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2/31 ip4:192.0.2.4/30 include:small.example.test -all"},
		{"flatten keeps macros", "v=spf1 include:macro.example.test include:nine.example.test ~all",
			"v=spf1 include:macro.example.test ip4:192.0.2.4/30 ~all"},
		{"redirect", "v=spf1 redirect=over.example.test", "v=spf1 a:host.example.test ip4:192.0.2.4/30 -all"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld().addr("host.example.test", "192.0.2.5").addr("nine.example.test", "192.0.2.5")
			w.txt("example.test", c.record)
			w.txt("nine.example.test", "v=spf1 "+a(7)+"a include:block.example.test -all")
			w.txt("block.example.test", "v=spf1 ip4:192.0.2.4/30 ~all")
			w.txt("no.example.test", "v=spf1 -all")
			w.txt("small.example.test", "v=spf1 ip4:198.51.100.0/24 ~all")
			w.txt("macro.example.test", "v=spf1 exists:%{ir}.%{d} ip4:198.51.100.0/24 ~all")
			w.txt("over.example.test", "v=spf1 a:host.example.test include:nine.example.test -all")
			steps := Walk(context.Background(), w, "example.test", nil).Cheaper()
			got := ""
			for _, s := range steps {
				t.Logf("%+v", s)
				got = s.Record
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
