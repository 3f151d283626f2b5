package check_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// zoneWorld is a closed world of one zone file.
func zoneWorld(t testing.TB, zone string) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader("$TTL 300\n$ORIGIN test.\n"+zone), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func runSPF(t testing.TB, r resolve.Resolver, name string, o check.SPFOptions) diag.Result {
	t.Helper()
	target, err := diag.DomainTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Unix(1e9, 0) }
	return diag.Run(context.Background(), diag.Env{DNS: r, Now: now}, target, []*diag.Check{check.SPF(o)}).Results[0]
}

func addrs(ips ...string) (out []netip.Addr) {
	for _, s := range ips {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// manyMX are so many MX records of d.
func manyMX(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "d MX 10 mx%d\n", i)
	}
	return b.String()
}

// TestSPF looks at one world per rule: what is told, and what to publish.
func TestSPF(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("a:h.d.test ", 11)
	for _, c := range []struct {
		name, zone string
		o          check.SPFOptions
		rules      string // that are told
		publish    string // the first record to publish
		result     string
	}{
		{"healthy", `d TXT "v=spf1 ip4:192.0.2.1 -all"`, check.SPFOptions{}, "", "", ""},
		{"no mail", `d TXT "v=spf1 -all"`, check.SPFOptions{}, "", "", ""},
		{"passes", `d TXT "v=spf1 ip4:192.0.2.1 -all"`, check.SPFOptions{IPs: addrs("192.0.2.1")}, "", "", "pass"},
		{"none", `d MX 10 mx
mx A 192.0.2.9`, check.SPFOptions{IPs: addrs("192.0.2.1", "2001:db8::1")}, "spf-none",
			"v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 mx ~all", "none"},
		{"none, null MX", `d MX 0 .`, check.SPFOptions{}, "spf-none", "v=spf1 -all", "none"},
		{"none, many MX", manyMX(11), check.SPFOptions{IPs: addrs("192.0.2.1")}, "spf-none", "v=spf1 ip4:192.0.2.1 ~all", "none"},
		{"no such domain", `other A 192.0.2.1`, check.SPFOptions{}, "spf-none", "", "none"},
		{"meant", `d TXT "v=spf1;include:ok.test -all"`, check.SPFOptions{}, "spf-none", "v=spf1 include:ok.test -all", "none"},
		{"multiple", `d TXT "v=spf1 ip4:192.0.2.1 -all"
d TXT "v=spf1 include:ok.test ~all"`, check.SPFOptions{}, "spf-multiple", "v=spf1 ip4:192.0.2.1 include:ok.test ~all", "permerror"},
		{"syntax", `d TXT "v=spf1 ipv4:192.0.2.1 a:192.0.2.2 mx/33 -all;"`, check.SPFOptions{},
			"spf-syntax spf-syntax spf-syntax spf-syntax", "", "permerror"},
		{"syntax mended", `d TXT "v=spf1 ipv4:192.0.2.1 a:192.0.2.2 redirect:ok.test -all;"`, check.SPFOptions{},
			"spf-syntax spf-syntax spf-syntax spf-syntax", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 redirect=ok.test -all", "permerror"},
		{"syntax, one", `d TXT "v=spf1 ip4:192.0.2.1 -all;"`, check.SPFOptions{}, "spf-syntax", "v=spf1 ip4:192.0.2.1 -all", "permerror"},
		{"included syntax", `d TXT "v=spf1 include:bad.test -all"
bad TXT "v=spf1 ip4:300.1.1.1 -all"`, check.SPFOptions{}, "spf-syntax", "", "permerror"},
		{"look-ups", `d TXT "v=spf1 ` + many + `-all"
h.d A 192.0.2.1`, check.SPFOptions{}, "spf-lookups", "v=spf1 " + many[:len(many)-11] + "-all", "permerror"},
		{"void", `d TXT "v=spf1 a:x.d.test a:y.d.test mx ip4:192.0.2.1 -all"`, check.SPFOptions{}, "spf-void-lookups",
			"v=spf1 ip4:192.0.2.1 -all", "permerror"},
		{"all pass", `d TXT "v=spf1 mx +all"
d MX 10 mx
mx A 192.0.2.1`, check.SPFOptions{}, "spf-all-pass", "v=spf1 mx ~all", ""},
		{"included all pass", `d TXT "v=spf1 include:open.test ip4:192.0.2.1 -all"
open TXT "v=spf1 all"`, check.SPFOptions{}, "spf-all-pass", "v=spf1 ip4:192.0.2.1 -all", ""},
		{"loop", `d TXT "v=spf1 include:d.test ip4:192.0.2.1 -all"`, check.SPFOptions{}, "spf-loop", "v=spf1 ip4:192.0.2.1 -all", "permerror"},
		{"repeated is no loop", `d TXT "v=spf1 include:ok.test include:two.test -all"
two TXT "v=spf1 include:ok.test -all"`, check.SPFOptions{}, "", "", ""},
		{"include none", `d TXT "v=spf1 include:gone.test ip4:192.0.2.1 -all"`, check.SPFOptions{}, "spf-include-none",
			"v=spf1 ip4:192.0.2.1 -all", "permerror"},
		{"redirect none", `d TXT "v=spf1 redirect=gone.test"`, check.SPFOptions{}, "spf-redirect-none", "", "permerror"},
		{"missing include", `d TXT "v=spf1 ip4:192.0.2.1 -all"`, check.SPFOptions{RequireIncludes: []string{"OK.test."}},
			"spf-missing-include", "v=spf1 ip4:192.0.2.1 include:ok.test -all", ""},
		{"include there", `d TXT "v=spf1 redirect=two.test"
two TXT "v=spf1 include:ok.test -all"`, check.SPFOptions{RequireIncludes: []string{"ok.test"}}, "", "", ""},
		{"missing block", `d TXT "v=spf1 ip4:192.0.2.0/26 -all"`,
			check.SPFOptions{RequireIPs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}}, "spf-missing-ip",
			"v=spf1 ip4:192.0.2.0/26 ip4:192.0.2.0/25 -all", ""},
		{"a hole in the block", `d TXT "v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 -all"`,
			check.SPFOptions{RequireIPs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}}, "spf-missing-ip",
			"v=spf1 ip4:192.0.2.0/25 -ip4:192.0.2.7 ip4:192.0.2.0/24 -all", ""},
		{"block there", `d TXT "v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all"`,
			check.SPFOptions{RequireIPs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.0.2.3/32")}}, "", "", ""},
		{"address fails", `d TXT "v=spf1 ip4:192.0.2.1 -all"`, check.SPFOptions{IPs: addrs("192.0.2.1", "192.0.2.2",
			"2001:db8::1")}, "spf-ip-fail spf-ip-fail", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip6:2001:db8::1 -all", "pass"},
		{"address turned away early", `d TXT "v=spf1 ip4:192.0.2.1 -ip4:192.0.2.0/24 mx:d.test ~all"`,
			check.SPFOptions{IPs: addrs("192.0.2.2")}, "spf-ip-fail", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -ip4:192.0.2.0/24 mx:d.test ~all", "fail"},
		{"no all", `d TXT "v=spf1 ip4:192.0.2.1"`, check.SPFOptions{}, "spf-no-all", "v=spf1 ip4:192.0.2.1 ~all", ""},
		{"neutral all behind a redirect", `d TXT "v=spf1 redirect=_spf.d.test"
_spf.d TXT "v=spf1 ip4:192.0.2.1 ?all"`, check.SPFOptions{}, "spf-neutral-all", "v=spf1 ip4:192.0.2.1 ~all", ""},
		{"ptr", `d TXT "v=spf1 ptr -all"`, check.SPFOptions{}, "spf-ptr", "", ""},
		{"after all", `d TXT "v=spf1 -all ip4:192.0.2.1 redirect=ok.test"`, check.SPFOptions{}, "spf-after-all",
			"v=spf1 ip4:192.0.2.1 redirect=ok.test", ""},
		{"long", `d TXT ( "v=spf1 ` + strings.Repeat("ip4:192.0.2.0/26 ", 14) + `" "` + strings.Repeat("ip4:192.0.2.64/26 ",
			13) + `-all" )`, check.SPFOptions{}, "spf-long", "v=spf1 ip4:192.0.2.0/25 -all", ""},
		{"macro", `d TXT "v=spf1 exists:%{l}.u.d.test -all"`, check.SPFOptions{}, "spf-macro", "", ""},
		{"ignored", `d TXT "v=spf1 ip4=192.0.2.1 -all"`, check.SPFOptions{}, "spf-ignored", "v=spf1 ip4:192.0.2.1 -all", ""},
		{"mail from wins", `d TXT "v=spf1 -all"`, check.SPFOptions{Evaluate: true, MailFrom: "user@ok.test",
			IPs: addrs("198.51.100.1")}, "", "", "pass"},
		{"domain as mail from", `d TXT "v=spf1 -all"`, check.SPFOptions{Evaluate: true, MailFrom: "@ok.test",
			IPs: addrs("198.51.100.1")}, "", "", "pass"},
		{"HELO without mail from", `d TXT "v=spf1 -all"`, check.SPFOptions{Evaluate: true, HELO: "ok.test",
			IPs: addrs("198.51.100.1")}, "", "", "pass"},
		{"IDN mail from", `d TXT "v=spf1 -all"
xn--r8jz45g TXT "v=spf1 ip4:192.0.2.1 -all"`, check.SPFOptions{Evaluate: true, MailFrom: "u@例え.test",
			IPs: addrs("192.0.2.1")}, "", "", "pass"},
		{"more MX hosts than allowed", "d TXT \"v=spf1 mx -all\"\n" +
			strings.Repeat("d MX 1 h1\nd MX 1 h2\nd MX 1 h3\nd MX 1 h4\nd MX 1 h5\nd MX 1 h6\nd MX 1 h7\nd MX 1 h8\nd MX 1 "+
				"h9\nd MX 1 h10\nd MX 1 h11\n", 1) +
			"h1 A 192.0.2.1\nh2 A 192.0.2.1\nh3 A 192.0.2.1\nh4 A 192.0.2.1\nh5 A 192.0.2.1\nh6 A 192.0.2.1\nh7 A " +
			"192.0.2.1\nh8 A 192.0.2.1\nh9 A 192.0.2.1\nh10 A 192.0.2.1\nh11 A 192.0.2.1\n", check.SPFOptions{}, "spf-mx-hosts", "", "permerror"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := zoneWorld(t, c.zone+"\nok TXT \"v=spf1 ip4:198.51.100.0/24 -all\"\n")
			res := runSPF(t, w, "d.test", c.o)
			if res.Err != nil {
				t.Fatal(res.Err)
			}
			var rules []string
			publish := ""
			for _, f := range res.Findings {
				rules = append(rules, f.Rule.ID)
				if len(f.Evidence) == 0 {
					t.Errorf("%s shows no evidence", f.Rule.ID)
				}
				for _, text := range []string{f.Rule.Says.EN, f.Rule.Says.JA, f.Rule.Fix.EN, f.Rule.Fix.JA, f.Rule.Why.EN, f.Rule.Why.JA} {
					checkTemplate(t, text, f.Data)
				}
				if publish == "" && len(f.Records) > 0 {
					publish = f.Records[0].Value
				}
			}
			slices.Sort(rules)
			if got := strings.Join(rules, " "); got != c.rules {
				t.Errorf("told %q, want %q", got, c.rules)
			}
			if publish != c.publish {
				t.Errorf("publish %q, want %q", publish, c.publish)
			}
			facts := res.Facts.(*check.SPFFacts)
			if string(facts.Result) != c.result {
				t.Errorf("result %q, want %q", facts.Result, c.result)
			}
			if facts.Tree == nil || facts.Evaluations == nil || facts.Cheaper == nil {
				t.Error("a list is nil")
			}
		})
	}
}

// checkTemplate finds placeholders that the data cannot fill.
func checkTemplate(t *testing.T, text string, data codes.Data) {
	t.Helper()
	if text == "" {
		t.Error("a text is missing")
	}
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			return
		}
		key, after, _ := strings.Cut(rest, "}")
		if _, ok := data.Get(key); !ok {
			t.Errorf("no {%s} in the data of %q", key, text)
		}
		text = after
	}
}

// TestSPFIgnorance fails each question of a rich tree in turn: nothing may be
// said to be absent, and the result is unknown.
func TestSPFIgnorance(t *testing.T) {
	t.Parallel()
	world := zoneWorld(t, `
d     TXT "v=spf1 a mx a:h.d.test exists:e.d.test include:ok.test exists:%{i}.x.d.test include:two.test -all"
d     A   203.0.113.1
d     MX  10 h.d
h.d   A   203.0.113.2
h.d   AAAA 2001:db8::2
e.d   TXT "no address here"
ok    TXT "v=spf1 ip4:198.51.100.0/24 mx:h2.test -all"
h2    MX  10 h.d
two   TXT "v=spf1 redirect=three.test"
three TXT "v=spf1 ip4:192.0.2.0/25 -all"
192.0.2.1.x.d TXT "no address here"
`)
	o := check.SPFOptions{IPs: addrs("192.0.2.1"), RequireIncludes: []string{"three.test"},
		RequireIPs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}}
	healthy := &blind{Resolver: world, asked: map[string]resolve.Type{}}
	if r := runSPF(t, healthy, "d.test", o); r.Status() != diag.OK {
		t.Fatalf("healthy: %v %v", r.Findings, r.Err)
	}
	if len(healthy.asked) < 14 {
		t.Fatalf("only %d questions", len(healthy.asked))
	}
	for q, typ := range healthy.asked {
		_, name, _ := strings.Cut(q, " ")
		for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused, resolve.KindMangled} {
			r := runSPF(t, &blind{Resolver: world, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}, "d.test", o)
			if len(r.Findings) > 0 || r.Status() != diag.Unknown {
				t.Errorf("%s for %s: %s %v", kind, q, r.Status(), r.Findings)
			}
		}
	}
}

// TestSPFIgnoranceIsToldOnce: the record, and the evaluations of two addresses, need the same answer.
func TestSPFIgnoranceIsToldOnce(t *testing.T) {
	t.Parallel()
	o := check.SPFOptions{IPs: addrs("192.0.2.1", "192.0.2.2")}
	r := runSPF(t, &blind{Resolver: zoneWorld(t, `d TXT "v=spf1 -all"`), name: "d.test", t: resolve.TypeTXT, kind: resolve.KindServFail,
		asked: map[string]resolve.Type{}}, "d.test", o)
	if many, ok := r.Err.(interface{ Unwrap() []error }); !ok || len(many.Unwrap()) != 1 {
		t.Errorf("%v", r.Err)
	}
}

// TestSPFPTRIgnorance: RFC 7208 §5.5 passes over errors of ptr questions, but
// what we could not look up turns nobody away.
func TestSPFPTRIgnorance(t *testing.T) {
	t.Parallel()
	world := zoneWorld(t, `
d     TXT "v=spf1 ptr -all"
out.d A   192.0.2.1
1.2.0.192.in-addr.arpa. PTR out.d
`)
	for _, q := range []resolve.Type{resolve.TypePTR, resolve.TypeA} {
		name := map[resolve.Type]string{resolve.TypePTR: "1.2.0.192.in-addr.arpa", resolve.TypeA: "out.d.test"}[q]
		r := runSPF(t, &blind{Resolver: world, name: name, t: q, kind: resolve.KindServFail,
			asked: map[string]resolve.Type{}}, "d.test", check.SPFOptions{IPs: addrs("192.0.2.1")})
		if len(r.Findings) != 1 || r.Findings[0].Rule.ID != "spf-ptr" || r.Err == nil {
			t.Errorf("%s: %v %v", name, r.Findings, r.Err)
		}
	}
}
