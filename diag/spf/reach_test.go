package spf

import (
	"context"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

// TestReach: the sum of what passes counts, and what is left after all that was turned away.
func TestReach(t *testing.T) {
	t.Parallel()
	w := newWorld().addr("h.test", "192.0.2.1", "2001:db8::1").mx("m.test", "h.test")
	w.txt("half.test", "v=spf1 ip4:128.0.0.0/1 -all").txt("open.test", "v=spf1 +all").txt("small.test", "v=spf1 ip4:192.0.2.0/24 -all")
	w.txt("halves.test", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all")
	for _, c := range []struct{ name, record, everybody, wide string }{
		{"healthy", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a:h.test -all", "", ""},
		{"all", "v=spf1 a:h.test +all", "+all", ""},
		{"nobody but all denied", "v=spf1 -all", "", ""},
		{"ip4 /0", "v=spf1 ip4:198.51.100.7/0 -all", "ip4:198.51.100.7/0", ""},
		{"ip6 /0", "v=spf1 ip6:::/0 -all", "ip6:::/0", ""},
		{"halves", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", "ip4:0.0.0.0/1 ip4:128.0.0.0/1", ""},
		{"halves, one included", "v=spf1 include:half.test ip4:0.0.0.0/1 -all", "ip4:128.0.0.0/1 ip4:0.0.0.0/1", ""},
		{"halves behind an include", "v=spf1 include:halves.test -all", "ip4:0.0.0.0/1 ip4:128.0.0.0/1", ""},
		{"halves behind a redirect", "v=spf1 redirect=halves.test", "ip4:0.0.0.0/1 ip4:128.0.0.0/1", ""},
		{"three parts without multicast", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/2 ip4:192.0.0.0/3 -all",
			"ip4:0.0.0.0/1 ip4:128.0.0.0/2 ip4:192.0.0.0/3", ""},
		{"halves of IPv6", "v=spf1 ip6:2000::/4 ip6:3000::/4 -all", "ip6:2000::/4 ip6:3000::/4", ""},
		{"a/0", "v=spf1 a:h.test/0 -all", "a:h.test/0", ""},
		{"a//0", "v=spf1 a:h.test//0 -all", "a:h.test//0", ""},
		{"mx/0", "v=spf1 mx:m.test/0 ~all", "mx:m.test/0", ""},
		{"mx/1", "v=spf1 mx:m.test/1 ~all", "", "mx:m.test/1"},
		{"a/8", "v=spf1 a:h.test/8 ~all", "", "a:h.test/8"},
		{"a/9", "v=spf1 a:h.test/9 ~all", "", ""},
		{"softfail of everybody", "v=spf1 ~ip4:0.0.0.0/0 ?ip6:::/0 -all", "", ""},
		{"denied before", "v=spf1 a:h.test -ip6:2000::/3 -ip4:0.0.0.0/0 +all", "", ""},
		{"IPv4 denied before", "v=spf1 -ip4:0.0.0.0/0 +all", "+all", ""},
		{"half denied before", "v=spf1 -ip4:0.0.0.0/1 -ip6:::/0 +all", "", "+all"},
		{"a little denied before", "v=spf1 -ip4:192.0.2.0/24 +all", "+all", ""},
		{"one wide", "v=spf1 ip4:203.0.113.0/8 a:h.test -all", "", "ip4:203.0.113.0/8"},
		{"one wide in IPv6", "v=spf1 ip6:2001:db8::/16 -all", "", "ip6:2001:db8::/16"},
		{"wide in IPv6, not in IPv4", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/20 -all", "", "ip6:2001:db8::/20"},
		{"sum of halves of an /8", "v=spf1 ip4:203.0.0.0/9 ip4:203.128.0.0/9 -all", "", "ip4:203.0.0.0/9 ip4:203.128.0.0/9"},
		{"private /8", "v=spf1 ip4:10.0.0.0/8 -all", "", ""},
		{"included +all", "v=spf1 include:open.test -all", "+all", ""},
		{"included +all, not passed on", "v=spf1 ?include:open.test -all", "", ""},
		{"included twice", "v=spf1 include:small.test include:small.test -all", "", ""},
		{"behind all", "v=spf1 -all ip4:0.0.0.0/0", "", ""},
	} {
		w.answers[question{"d.test", resolve.TypeTXT}] = nil
		w.txt("d.test", c.record)
		r := Walk(context.Background(), w, "d.test", nil).Reach()
		if got := leafNames(r.Everybody); got != c.everybody {
			t.Errorf("%s: everybody by %q, want %q", c.name, got, c.everybody)
		}
		if got := leafNames(r.Wide); got != c.wide {
			t.Errorf("%s: wide by %q, want %q", c.name, got, c.wide)
		}
	}
}

func leafNames(leaves []Leaf) string {
	var out []string
	for _, l := range leaves {
		out = append(out, l.Term)
	}
	return strings.Join(out, " ")
}
