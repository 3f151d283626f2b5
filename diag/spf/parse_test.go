package spf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		record string
		want   []Fault
	}{
		{"v=spf1", nil},
		{"V=SPF1 A MX:Example.TEST/24//64 Include:_a.b.test IP6:2001:DB8::/32 ?ALL", nil},
		{"v=spf1  a   -all  ", nil},
		{"v=spf1 a:%{d} mx:%{l1r+-}.%{o}/24 exists:%%%_%-.%{IR}._x.test a:%{h}//0 exists:%{d2}", nil},
		{"v=spf1 x-y.z_1=%{c}/:= redirect=_spf.%{d} exp=%{i}.why.test.", nil},
		{"v=spf1 a:foo:bar/baz.example.test/8 a:x.test./24 a:a.b-c mx:1.2.c3", nil},
		{"v=spf2.0/pra -all", []Fault{{FaultVersion, 0, "v=spf2.0/pra"}}},
		{"v=spf1 moo -all", []Fault{{FaultMechanism, 7, "moo"}}},
		{"v=spf1 ~ipv4:192.0.2.1 -all;", []Fault{{FaultMechanism, 7, "~ipv4:192.0.2.1"}, {FaultMechanism, 23, "-all;"}}},
		{"v=spf1 include: a.test - all include :b.test redirect= c.test", []Fault{{FaultBlank, 7, "include: a.test"},
			{FaultBlank, 23, "- all"}, {FaultBlank, 29, "include :b.test"}, {FaultBlank, 45, "redirect= c.test"}}},
		{"v=spf1 --all - moo ip4: -all exp redirect", []Fault{{FaultMechanism, 7, "--all"}, {FaultMechanism, 13, "-"},
			{FaultMechanism, 15, "moo"}, {FaultNoArgument, 19, "ip4:"}, {FaultEquals, 29, "exp"}, {FaultEquals, 33, "redirect"}}},
		{"v=spf1 all:x all/8 ptr/0 include:a.test/24", []Fault{{FaultArgument, 10, ":x"}, {FaultArgument, 16, "/8"},
			{FaultArgument, 22, "/0"}, {FaultArgument, 39, "/24"}}},
		{"v=spf1 include exists: ip4 a: redirect= exp=", []Fault{{FaultNoArgument, 7, "include"},
			{FaultNoArgument, 15, "exists:"}, {FaultNoArgument, 23, "ip4"},
			{FaultNoArgument, 27, "a:"}, {FaultNoArgument, 30, "redirect="}, {FaultNoArgument, 40, "exp="}}},
		{"v=spf1 redirect:a.test -exp=b.test 1x=y =z", []Fault{{FaultColon, 7, "redirect:a.test"},
			{FaultModifier, 23, "-exp="}, {FaultModifier, 35, "1x="}, {FaultModifier, 40, "="}}},
		{"v=spf1 ip4:1.2.3 ip4:01.2.3.4 ip4:1.2.3.4/33 ip4:1.2.3.4/08 ip4:::1 ip4:1.2.3.256/",
			[]Fault{{FaultIP4, 11, "1.2.3"}, {FaultIP4, 21, "01.2.3.4"}, {FaultCIDR, 41, "/33"}, {FaultCIDR, 56, "/08"},
				{FaultIP4, 64, "::1"}, {FaultIP4, 72, "1.2.3.256"}, {FaultCIDR, 81, "/"}}},
		{"v=spf1 ip6:1.2.3.4 ip6:fe80::1%eth0 ip6:::/129 ip6:::1//64", []Fault{{FaultIP6, 11, "1.2.3.4"},
			{FaultIP6, 23, "fe80::1%eth0"}, {FaultCIDR, 42, "/129"}, {FaultCIDR, 54, "//64"}}},
		{"v=spf1 a/33 mx//129 a/24/64 a:x.test/ a//", []Fault{{FaultCIDR, 8, "/33"}, {FaultCIDR, 14, "//129"},
			{FaultCIDR, 21, "/24/64"}, {FaultCIDR, 36, "/"}, {FaultCIDR, 39, "//"}}},
		{"v=spf1 a:test a:x.123 a:x.-y mx:x.y- exists:a..", []Fault{{FaultDomain, 9, "test"}, {FaultDomain, 16, "x.123"},
			{FaultDomain, 24, "x.-y"}, {FaultDomain, 32, "x.y-"}, {FaultDomain, 44, "a.."}}},
		{"v=spf1 a:192.0.2.1 include:2001:db8::1", []Fault{{FaultAddress, 9, "192.0.2.1"}, {FaultAddress, 27, "2001:db8::1"}}},
		{"v=spf1 exists:%{x}.%a.%{d0}.%{l}.%(i) x=%", []Fault{{FaultMacroLetter, 14, "%{x}"}, {FaultMacro, 19, "%"},
			{FaultMacro, 22, "%{d0}"}, {FaultMacro, 33, "%"}, {FaultDomain, 14, "%{x}.%a.%{d0}.%{l}.%(i)"}, {FaultMacro, 40, "%"}}},
		{"v=spf1 exists:%{c} redirect=%{r}.test exists:%{d exists:%{d!}", []Fault{{FaultMacroLetter, 14, "%{c}"},
			{FaultMacroLetter, 28, "%{r}"}, {FaultMacro, 45, "%{d"}, {FaultMacro, 56, "%{d!}"}}},
		{"v=spf1 a\t-all ip4:1.2.3.4\u00a0mx", []Fault{{FaultCharacter, 8, "\t"}, {FaultCharacter, 25, "\u00a0"}}},
		{"v=spf1 exp=a.test exp=b.test redirect=c.test redirect=c.test", []Fault{{FaultDuplicate, 18, "exp=b.test"},
			{FaultDuplicate, 45, "redirect=c.test"}}},
		{"v=spf1 a:%{d}com", []Fault{{FaultDomain, 9, "%{d}com"}}},
	} {
		r, got := Parse(c.record)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.record, d)
		}
		for _, term := range r.Terms {
			if c.record[term.Offset:term.Offset+len(term.Text)] != term.Text {
				t.Errorf("%q: term %q does not stand at %d", c.record, term.Text, term.Offset)
			}
		}
	}
}

func TestLints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ record, want string }{
		{"v=spf1 -all", ""},
		{"v=spf1 mx redirect=a.test", ""},
		{"v=spf1 mx", "no-all@9"},
		{"v=spf1 mx +all", ""},
		{"v=spf1 ip4:1.2.3.4/0 -all", ""},
		{"v=spf1 -ip4:0.0.0.0/0 ?all", "neutral-all@22 ?all"},
		{"v=spf1 ptr -all mx exp=a.test redirect=b.test", "ptr@7 ptr, after-all@16 mx, after-all@30 redirect=b.test"},
		{"v=spf1 ip4=1.2.3.4 exists:%{l}.a.test exists:%{i}.%{d} -all", "ignored@7 ip4=1.2.3.4, macro@19 exists:%{l}.a.test"},
		{"v=spf1 " + strings.Repeat("ip4:192.0.2.1 ", 32) + "-all", "long@450"},
		{"v=spf1 " + strings.Repeat("ip4:192.0.2.1 ", 40) + "-all", "too-long@512"},
	} {
		r, faults := Parse(c.record)
		if len(faults) > 0 {
			t.Errorf("%q: %v", c.record, faults)
		}
		var got []string
		for _, l := range r.Lints() {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s@%d %s", l.Kind, l.Offset, l.Text)))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q: %s, want %s", c.record, s, c.want)
		}
	}
}

func TestMacros(t *testing.T) {
	t.Parallel()
	// RFC 7208 §7.4 has the outcomes of these for its two clients.
	v4 := Query{IP: addr(t, "192.0.2.3"), MailFrom: "strong-bad@email.example.com", HELO: "mx.example.org"}
	v6 := Query{IP: addr(t, "2001:db8::cb01"), MailFrom: v4.MailFrom}
	for _, c := range []struct {
		q          Query
		spec, want string
	}{
		{v4, "%{s}", "strong-bad@email.example.com"},
		{v4, "%{d4}", "email.example.com"},
		{v4, "%{d2}", "example.com"},
		{v4, "%{dr}", "com.example.email"},
		{v4, "%{d2r}", "example.email"},
		{v4, "%{lr-}", "bad.strong"},
		{v4, "%{l1r-}", "strong"},
		{v4, "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
		{v4, "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
		{v6, "%{ir}.%{v}._spf.%{d2}", "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"},
		{v4, "%{h}/%{H1}/%{S}/%%%_%-", "mx.example.org/org/strong-bad%40email.example.com/% %20"},
		{v4, "%{c} %{r} %{t}", "192.0.2.3 unknown -62135596800"},
		{v6, "%{c}", "2001:db8::cb01"},
		{v4, "%{d0} %{x} %{", "%{d0} %{x} %{"},
	} {
		ch := checker{q: c.q, domain: "email.example.com", sender: "email.example.com", local: "strong-bad"}
		got, _ := Spec(c.spec).expand(nil, &ch)
		if string(got) != c.want {
			t.Errorf("%s: %s, want %s", c.spec, got, c.want)
		}
	}
}

func TestMend(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]string{
		"v=spf1 ip:192.0.2.1 a:192.0.2.0/24 mx:2001:db8::1 192.0.2.9 -all.": "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 " +
			"ip6:2001:db8::1 ip4:192.0.2.9 -all",
		"v=spf1 mx\u00a0include:a.test,\tredirect:b.test": "v=spf1 mx include:a.test redirect=b.test",
		"v=spf1 ~all:x":    "v=spf1 ~all",
		"v=spf1 moo -all":  "",
		"v=spf1 ip4:1.2.3": "",

		"v=spf1 include:cafe\u0301.test -all":   "", // not cafe.test
		"v=spf1 include:caf\xe9.test -all":      "",
		"v=spf1 include:\uff41\ufe0f.test -all": "v=spf1 include:a.test -all",
	} {
		if got, _ := Mend(record); got != want {
			t.Errorf("%q: %q, want %q", record, got, want)
		}
	}
	for txt, want := range map[string]string{
		`"v=spf1 mx -all"`:     "v=spf1 mx -all",
		"v=spf1,mx -all":       "v=spf1 mx -all",
		"spf1 mx ~all":         "v=spf1 mx ~all",
		" v=spf1 mx ~all":      "v=spf1 mx ~all",
		"v=spf1 mx ~all":       "",
		"v=spf10 mx":           "",
		"google-verification=": "",
	} {
		if got := first(Meant(txt)); got != want {
			t.Errorf("%q: %q, want %q", txt, got, want)
		}
	}
}

// TestLowerCaseIsLonger reads letters that have more octets in lower case: offsets into one text do not fit the other.
func TestLowerCaseIsLonger(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\u023a", 10)
	for _, text := range []string{"v=spf1 " + long + " -all", "v=spf1 x " + long + " v=spf1", long + "v=spf1", long + " v=spf1 -all"} {
		NearMiss(text)
		if got := Readings(text); len(got) > 0 {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// first is the likeliest of some readings, "" where there are none.
func first(readings []string) string {
	if len(readings) == 0 {
		return ""
	}
	return readings[0]
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"v=spf1 a:%{d}/24//64 -all", "v=spf1 ip4:1.2.3.4/33 exists:%{l1r+-}.a.test",
		"v=spf1 redirect=_spf.a.test exp=%{i}.b.test", "v=spf1 \x80 x=%{", "v=spf1 all mx/", "v=spf1 \u023a\u023a\u023a v=spf1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, faults := Parse(s)
		for _, x := range faults {
			if x.Offset < 0 || x.Offset+len(x.Text) > len(s) || s[x.Offset:x.Offset+len(x.Text)] != x.Text {
				t.Fatalf("fault %+v does not stand there", x)
			}
		}
		invalid := false
		for i := range r.Terms {
			invalid = invalid || r.Terms[i].Kind == Invalid
		}
		if invalid && len(faults) == 0 {
			t.Fatal("an invalid term without a fault")
		}
		if len(faults) == 0 {
			again, faults := Parse(r.Without(func(*Term) bool { return false }))
			if len(faults) > 0 || len(again.Terms) != len(r.Terms) {
				t.Fatalf("reads differently when written anew: %v", faults)
			}
			r.Lints()
			if joined, ok := Join([]string{s, "v=spf1 -all"}); ok {
				if _, faults := Parse(joined); len(faults) > 0 {
					t.Fatalf("%q: %v", joined, faults)
				}
			}
		}
		if mended, ok := Mend(s); ok {
			if _, faults := Parse(mended); len(faults) > 0 {
				t.Fatalf("mended to %q: %v", mended, faults)
			}
		}
		Meant(s)
	})
}

func FuzzMacro(f *testing.F) {
	for _, s := range []string{"%{l1r+-}.%{d2}", "%{H}%%%_%-", "%{ir}.%{v}", "%{x}%{d", "a%{p}"} {
		f.Add(s, "user.name+x@a.b.test")
	}
	ip := addr(f, "2001:db8::1")
	f.Fuzz(func(t *testing.T, s, from string) {
		q := Query{IP: ip, MailFrom: from, HELO: from}
		ch := checker{r: newWorld(), ctx: t.Context(), q: q, ip: ip, domain: "a.test"}
		ch.local, ch.sender = q.Sender()
		text := ""
		for p := range Spec(s).Parts() {
			text += p.Text
		}
		if text != s {
			t.Fatalf("parts join to %q", text)
		}
		name, _ := Spec(s).target("a.test", &ch)
		if len(name) > 253 && strings.Contains(name, ".") {
			t.Fatalf("a name of %d octets", len(name))
		}
		ch.explanation(s)
	})
}
