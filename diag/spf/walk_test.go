package spf

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"todoku/diag/resolve"
)

// outline writes a tree one node a word: term=result, with what is below in
// brackets.
func outline(nodes []*Node) string {
	var out []string
	for _, n := range nodes {
		s := n.Term
		if n.Result != NodeOK {
			s += "=" + n.Result
		}
		if len(n.Children) > 0 {
			s += "[" + outline(n.Children) + "]"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestWalk(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.addr("h.test.test", "192.0.2.1").addr("h6.test.test", "2001:db8::1").mx("m.test.test", "h.test.test",
		"gone.test.test").mx("null.test.test", ".")
	w.txt("ok.test", "v=spf1 a:h.test.test -all").txt("bad.test", "v=spf1 moo").txt("two.test", "v=spf1 -all",
		"v=spf1 +all").txt("text.test", "hello")
	w.txt("mac.ok.test", "v=spf1 -all").fail("sick.test", resolve.TypeTXT, resolve.KindServFail).fail("sick.test",
		resolve.TypeAAAA, resolve.KindTimeout).addr("sick.test", "192.0.2.3")
	w.txt("nest.test", "v=spf1 include:ok.test include:deep.test ~all").txt("deep.test",
		"v=spf1 include:nest.test include:ok.test mx:m.test.test -all")
	var many []string
	for i := range 11 {
		many = append(many, fmt.Sprintf("h%d.test.test", i))
	}
	w.mx("many.test.test", many...)
	for _, c := range []struct {
		record, want             string
		lookups, voids, includes int
		failed                   bool
	}{
		{"v=spf1 ip4:192.0.2.1 -all", "", 0, 0, 0, false},
		{"v=spf1 a:h.test.test a:h6.test.test mx:null.test.test ptr exists:h.test.test -all mx redirect=gone.test",
			"a:h.test.test a:h6.test.test mx:null.test.test=void ptr exists:h.test.test", 5, 0, 0, false},
		{"v=spf1 a:gone.test mx:gone.test exists:h6.test.test mx:m.test.test exists:%{i}.a.test -all",
			"a:gone.test=void mx:gone.test=void exists:h6.test.test=void mx:m.test.test exists:%{i}.a.test=unexpanded", 5, 4, 0, false},
		{"v=spf1 include:ok.test include:OK.test. redirect=ok.test",
			"include:ok.test[a:h.test.test] include:OK.test.=repeated redirect=ok.test=repeated", 6, 0, 2, false},
		{"v=spf1 include:bad.test include:two.test include:text.test include:gone.test include:a..b.test include:mac.%{d} -all",
			"include:bad.test=permerror include:two.test=permerror include:text.test=none include:gone.test=none " +
				"include:a..b.test=none include:mac.%{d}=none", 6, 2, 6, false},
		{"v=spf1 include:nest.test include:example.test -all",
			"include:nest.test[include:ok.test[a:h.test.test] include:deep.test[include:nest.test=loop " +
				"include:ok.test=repeated mx:m.test.test]] include:example.test=loop", 9, 1, 6, false},
		{"v=spf1 mx:many.test.test a:sick.test include:sick.test -all",
			"mx:many.test.test=permerror a:sick.test=temperror include:sick.test=temperror", 3, 9, 1, true},
	} {
		world := w.clone()
		world.txt("example.test", c.record)
		tree := Walk(context.Background(), world, "example.test", nil)
		if got := outline(tree.Nodes); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.record, got, c.want)
		}
		if tree.Lookups != c.lookups || tree.VoidLookups != c.voids || tree.Includes != c.includes || (tree.Err != nil) != c.failed || tree.Cut {
			t.Errorf("%s: %d look-ups, %d void, %d includes, %v", c.record, tree.Lookups, tree.VoidLookups, tree.Includes, tree.Err)
		}
		last := 0
		tree.Each(func(n *Node) { last = max(last, n.Running) })
		if last != tree.Lookups {
			t.Errorf("%s: the running total ends at %d, not %d", c.record, last, tree.Lookups)
		}
	}
}

// clone copies a world, so that a test can add to it.
func (w *world) clone() *world {
	return &world{names: maps.Clone(w.names), answers: maps.Clone(w.answers), alias: w.alias, fails: w.fails}
}

func TestWalkExpandsWhatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld().txt("example.test",
		"v=spf1 include:%{l}.u.test include:%{d}.x.test include:%{i}.y.test include:%{h}.z.test exists:%{p}.q.test -all")
	for _, c := range []struct {
		q    *Query
		want string
	}{
		{nil, " example.test.x.test   "},
		{&Query{MailFrom: "bob@example.test"}, "bob.u.test example.test.x.test   "},
		{&Query{IP: netip.MustParseAddr("192.0.2.1"), HELO: "me.test"}, "postmaster.u.test example.test.x.test 192.0.2.1.y.test me.test.z.test "},
	} {
		var names []string
		for _, n := range Walk(context.Background(), w, "example.test", c.q).Nodes {
			names = append(names, n.Domain)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
}

// slow answers after a while, in the time of a synctest bubble.
type slow struct{ resolve.Resolver }

func (s slow) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	time.Sleep(20 * time.Millisecond)
	return s.Resolver.Ask(ctx, name, t)
}

// TestWalkDepth: each level of the tree takes one round trip, whatever its width.
func TestWalkDepth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.txt("example.test", "v=spf1 a mx include:one.test a:h1.test mx:m.test exists:e.test -all")
		w.txt("one.test", "v=spf1 include:two.test a:h2.test redirect=three.test").txt("two.test",
			"v=spf1 mx:m.test -all").txt("three.test", "v=spf1 -all")
		w.mx("m.test", "h1.test", "h2.test", "h3.test").mx("example.test", "h1.test")
		start := time.Now()
		Walk(t.Context(), slow{w}, "example.test", nil)
		if took := time.Since(start); took != 5*20*time.Millisecond { // TXT, TXT, TXT, MX, addresses
			t.Errorf("took %s", took)
		}
	})
}

// TestBombs: trees that grow without end come to an end, say so, and are the
// same each time.
func TestBombs(t *testing.T) {
	t.Parallel()
	wide, chain, hosts := newWorld(), newWorld(), newWorld()
	for i := range 200 {
		r := "v=spf1"
		for j := range 30 {
			r += fmt.Sprintf(" include:b%d.test", (i*7+j*3+1)%200)
		}
		wide.txt(fmt.Sprintf("b%d.test", i), r+" -all")
		chain.txt(fmt.Sprintf("b%d.test", i), fmt.Sprintf("v=spf1 include:b%d.test include:b%d.test -all", i+1, i+1))
	}
	hosts.txt("b0.test", "v=spf1 "+strings.Repeat("mx:m.test a:h.test ", 3000)+"-all").mx("m.test", "h0.test", "h1.test", "h2.test")
	for name, w := range map[string]*world{"wide": wide, "chain": chain, "hosts": hosts} {
		first := ""
		for range 5 {
			w.asked.Store(0)
			tree := Walk(context.Background(), w, "b0.test", nil)
			b, err := json.Marshal(tree.Nodes)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%d %d %v %d %v", tree.Lookups, tree.Includes, tree.Cut, len(b), tree.Result())
			if first == "" {
				first = got
			}
			if name != "hosts" && got != first {
				t.Errorf("%s: %s, then %s", name, first, got)
			}
			if tree.Lookups <= MaxLookups || !tree.Cut || len(b) > 1<<20 || w.asked.Load() > 1000 {
				t.Errorf("%s: %s, %d questions", name, got, w.asked.Load())
			}
			tree.Cheaper()
			if e := Check(context.Background(), w, Query{IP: netip.MustParseAddr("192.0.2.1"), MailFrom: "b0.test"}); e.Result != PermError {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// TestRepeatsInRepeats: what doubles at each level takes no longer for that.
func TestRepeatsInRepeats(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for i := range 35 {
		w.txt(fmt.Sprintf("b%d.test", i), fmt.Sprintf("v=spf1 include:b%d.test include:b%d.test ip4:192.0.2.%d -all", i+1, i+1, i))
	}
	w.txt("b35.test", "v=spf1 -ip4:198.51.100.1 ip4:198.51.100.0/24 -all")
	tree := Walk(context.Background(), w, "b0.test", nil)
	steps := tree.Cheaper()
	if tree.Lookups != manyLookups || tree.Cut || len(steps) == 0 {
		t.Errorf("%d look-ups, %v", tree.Lookups, steps)
	}
	if !tree.Passes(netip.MustParsePrefix("192.0.2.0/28")) || tree.Passes(netip.MustParsePrefix("198.51.100.0/30")) {
		t.Error("the wrong addresses pass")
	}
}

func TestWalkEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tree := Walk(ctx, newWorld().txt("example.test", "v=spf1 -all"), "example.test", nil)
	if tree.Err == nil || tree.Result() != TempError {
		t.Errorf("%v %v", tree.Err, tree.Result())
	}
}

func BenchmarkWalk(b *testing.B) {
	w := newWorld().addr("h.test", "192.0.2.1").mx("m.test", "h.test")
	w.txt("example.test", "v=spf1 mx:m.test a:h.test ip4:192.0.2.0/24 include:one.test include:two.test ~all")
	w.txt("one.test", "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 include:two.test ~all").txt("two.test",
		"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all")
	b.ReportAllocs()
	for b.Loop() {
		Walk(context.Background(), w, "example.test", nil)
	}
}
