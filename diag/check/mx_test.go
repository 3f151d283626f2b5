package check_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

const mxWorld = `$TTL 300
$ORIGIN good.test.
@        MX 10 mx
@        MX 20 mx.host.test.
mx       A 192.0.2.1
$ORIGIN host.test.
mx       AAAA 2001:db8::1
v4       A 192.0.2.9
$ORIGIN null.test.
@        MX 0 .
$ORIGIN both.test.
@        MX 0 .
@        MX 10 mx.good.test.
$ORIGIN implicit.test.
@        A 192.0.2.80
$ORIGIN twice.test.
@        MX 10 mx.good.test.
@        MX 20 MX.good.test.
$ORIGIN alias.test.
@        MX 10 mail
mail     CNAME mx.good.test.
$ORIGIN dangling.test.
@        MX 10 gone
@        MX 20 mx.good.test.
$ORIGIN private.test.
@        MX 10 in
in       A 10.0.0.25
in       A 192.0.2.5
$ORIGIN literal.test.
@        MX 10 192.0.2.25.
$ORIGIN txtonly.test.
@        TXT "v=spf1 -all"
$ORIGIN 192.in-addr.arpa.
1.2.0    PTR mx.good.test.
7.2.0    PTR out.good.test.
8.2.0    PTR h192-0-2-8.pool.isp.test.
9.2.0    PTR v4.host.test.
$ORIGIN pool.isp.test.
h192-0-2-8 A 192.0.2.8
`

func runCheck(t *testing.T, world, name string, eager bool, c *diag.Check) *diag.Report {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(world), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	return diag.Run(t.Context(), diag.Env{DNS: r, Now: time.Now, Providers: providers, Eager: eager}, target, []*diag.Check{c})
}

func TestMX(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"good.test":     "",
		"null.test":     "mx-null null.test",
		"both.test":     "mx-conflicting-null both.test",
		"implicit.test": "mx-implicit implicit.test",
		"twice.test":    "mx-duplicate twice.test",
		"alias.test":    "mx-cname mail.alias.test",
		"dangling.test": "mx-no-address gone.dangling.test",
		"private.test":  "mx-private-address in.private.test",
		"literal.test":  "mx-ip-literal 192.0.2.25",
		"txtonly.test":  "mx-none txtonly.test",
		"nowhere.test":  "mx-none nowhere.test",
	} {
		for _, eager := range []bool{false, true} {
			r := runCheck(t, mxWorld, name, eager, check.MX())
			if got := told(r); got != want || r.Results[0].Err != nil {
				t.Errorf("%s, eager %v: %q, %v; want %q", name, eager, got, r.Results[0].Err, want)
			}
		}
	}
	facts := runCheck(t, mxWorld, "good.test", false, check.MX()).Results[0].Facts.(*check.MXFacts)
	if len(facts.Hosts) != 2 || facts.Hosts[0].Host != "mx.good.test" || !slices.Equal(facts.Hosts[1].Addresses,
		[]string{"2001:db8::1"}) || facts.NullMX || facts.Implicit {
		t.Errorf("%+v", facts)
	}
	if f := runCheck(t, mxWorld, "null.test", false, check.MX()).Results[0].Facts.(*check.MXFacts); !f.NullMX || len(f.Hosts) != 0 {
		t.Errorf("%+v", f)
	}
	if f := runCheck(t, mxWorld, "implicit.test", false, check.MX()).Results[0].Facts.(*check.MXFacts); !f.Implicit ||
		f.Hosts[0].Host != "implicit.test" {
		t.Errorf("%+v", f)
	}
}

// Beside a null MX the other records are offered as they are, but only all of them.
func TestConflictingNullOffersTheWholeSet(t *testing.T) {
	t.Parallel()
	var hosts strings.Builder
	for i := range 31 {
		fmt.Fprintf(&hosts, "mx%d A 192.0.2.%d\n", i, i+1)
	}
	for name, zone := range map[string]struct {
		mx      string
		records int
	}{
		"whole":               {manyMX(30) + hosts.String(), 30},
		"too big":             {manyMX(31) + hosts.String(), 0},
		"one without address": {manyMX(2) + hosts.String() + "d MX 10 gone\n", 0},
		"literal":             {manyMX(2) + hosts.String() + "d MX 10 192.0.2.25.\n", 4},
	} {
		r := runCheck(t, "$TTL 300\n$ORIGIN test.\nd MX 0 .\n"+zone.mx, "d.test", false, check.MX()).Results[0]
		f := r.Found(check.MXConflictingNull)
		if len(f) != 1 || len(f[0].Records) != zone.records {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestProvidersAreRecognised(t *testing.T) {
	t.Parallel()
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	const world = "$TTL 60\na.test. MX 1 aspmx.l.google.com.\na.test. TXT \"v=spf1 include:_spf.google.com " +
		"include:sendgrid.net include:own.a.test a:mail.zendesk.com -all\"\nown.a.test. TXT \"v=spf1 -all\"\n"
	z, err := resolve.ParseZone(strings.NewReader(world), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget("a.test")
	if err != nil {
		t.Fatal(err)
	}
	report := diag.Run(t.Context(), diag.Env{DNS: r, Now: time.Now, Providers: providers}, target,
		[]*diag.Check{check.MX(), check.SPF(check.SPFOptions{})})
	if host := report.Results[0].Facts.(*check.MXFacts).Provider; host != "Google Workspace" {
		t.Errorf("mail host %q", host)
	}
	if services := report.Results[1].Facts.(*check.SPFFacts).Services; !slices.Equal(services, []string{"Google Workspace", "SendGrid"}) {
		t.Errorf("services %q", services)
	}
}

func TestPTR(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"192.0.2.1":        "",                       // the MX host's own: named and confirmed
		"192.0.2.7":        "ptr-mismatch 192.0.2.7", // out.good.test has no address
		"192.0.2.8":        "ptr-generic 192.0.2.8",
		"192.0.2.9":        "",
		"::ffff:192.0.2.9": "",
		"203.0.113.1":      "ptr-none 203.0.113.1",
		"2001:db8::1":      "ptr-none 2001:db8::1",
	} {
		r := runCheck(t, mxWorld, "good.test", false, check.PTR(check.PTROptions{IPs: []netip.Addr{netip.MustParseAddr(ip)}}))
		got := strings.TrimSuffix(strings.TrimSuffix(told(r), "ptr-mx-none 2001:db8::1"), ", ")
		if got != want || r.Results[0].Err != nil {
			t.Errorf("%s: %q, %v; want %q", ip, got, r.Results[0].Err, want)
		}
	}
}
