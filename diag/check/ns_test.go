package check_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// A zone without a fault, below a zone with one server, so that each question that fails is missed.
const nsWorld = `$TTL 300
test.              NS    reg.test.
reg.test.          A     192.0.2.4
$ORIGIN firm.test.
@                  NS    ns1
@                  NS    ns2.out.test.
@                  SOA   ns1 hostmaster 7 7200 3600 1209600 60
@                  DS    4711 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
@                  DNSKEY 257 3 13 {key}
ns1                A     192.0.2.53
ns2.out.test.      A     198.51.100.53
@                  MX    10 mx
mx                 A     192.0.2.25
@                  TXT   "v=spf1 mx -all"
@                  TXT   "some other text"
_dmarc             TXT   "v=DMARC1; p=reject"
s1._domainkey      CNAME s1.esp.test.
s1.esp.test.       TXT   "v=DKIM1; p="
`

// healthyWorld has the key that the DS record names. Its number is worked out by hand: 257 + 3<<8 + 13 and the octets.
func healthyWorld() string {
	return strings.NewReplacer("{key}", strings.Repeat("A", 88), "4711 13", "1038 13").Replace(nsWorld)
}

// startWorld starts a lab of a world, with a resolver and a way to its name servers.
func startWorld(t *testing.T, world string, timeout time.Duration) diag.Env {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(world), "world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return diag.Env{DNS: c, Now: time.Now, Direct: resolve.NewDirect(resolve.Options{Dial: l.Dial, Timeout: timeout})}
}

// lookAtServers runs the check of the name servers alone.
func lookAtServers(t *testing.T, env diag.Env, domain string) (*diag.Report, diag.Result, *check.NSFacts) {
	t.Helper()
	target, err := diag.DomainTarget(domain)
	if err != nil {
		t.Fatal(err)
	}
	r := diag.Run(t.Context(), env, target, []*diag.Check{check.NS(check.NSOptions{})})
	return r, r.Results[0], r.Results[0].Facts.(*check.NSFacts)
}

// TestNSHealthy: nothing is wrong, all is told, and no question is asked twice of a server.
func TestNSHealthy(t *testing.T) {
	t.Parallel()
	r, res, f := lookAtServers(t, startWorld(t, healthyWorld(), 5*time.Second), "firm.test")
	if res.Err != nil || len(res.Findings) > 0 || r.Status() != diag.OK {
		t.Fatalf("%v %s", res.Err, told(r))
	}
	// The way down takes 2 questions to a name server, and each of the two of the zone gets 7. The resolver is asked about the
	// zone above, the addresses of three servers, the four sets of the domain, and the usual selectors.
	if want := 2 + 2*7 + 1 + 3*2 + 4 + len((*provider.Catalogue)(nil).WellKnown()); r.Queries.Sent != want || r.Queries.Unique != want {
		t.Errorf("%+v, want %d", r.Queries, want)
	}
	if f.Zone != "firm.test" || f.Parent != "test" || !f.Signed || f.Bogus || !f.Exists || len(f.Servers) != 2 ||
		!slices.Equal(f.Delegation, []string{"ns1.firm.test", "ns2.out.test"}) || !slices.Equal(f.Own, f.Delegation) {
		t.Errorf("%+v", f)
	}
	for _, s := range f.Servers {
		if !s.Authoritative || !s.Delegated || !s.Answers || s.Serial != 7 || s.Error != "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestNSIgnoranceIsNoVerdict fails every question to every name server, one by one: something is unknown, and nothing is told.
func TestNSIgnoranceIsNoVerdict(t *testing.T) {
	t.Parallel()
	both := []string{"firm.test SOA", "firm.test NS", "firm.test MX", "firm.test TXT", "_dmarc.firm.test TXT", "s1._domainkey.firm.test TXT",
		"firm.test DNSKEY"}
	all := map[string][]string{"192.0.2.4": {"firm.test NS", "firm.test DS"}, "192.0.2.53": both, "198.51.100.53": both}
	for server, questions := range all {
		for _, q := range questions {
			for _, word := range []string{"SERVFAIL", "REFUSED", "SILENCE", "GARBAGE"} {
				t.Run(strings.Join([]string{server, q, word}, " "), func(t *testing.T) {
					t.Parallel()
					world := healthyWorld() + "$AT " + server + " $FAULT " + q + " " + word + "\n"
					r, res, _ := lookAtServers(t, startWorld(t, world, 300*time.Millisecond), "firm.test")
					if res.Err == nil || len(res.Findings) > 0 {
						t.Errorf("%v, findings %s", res.Err, told(r))
					}
					var fail *resolve.Error
					if errors.As(res.Err, &fail) && !fail.Direct {
						t.Errorf("%v: not told as the word of a name server", fail)
					}
				})
			}
		}
	}
}

// TestNSOfServersInTrouble: where all servers say SERVFAIL, or some say nothing beside that, nobody knows what is wrong.
func TestNSOfServersInTrouble(t *testing.T) {
	t.Parallel()
	const one, two = "$AT 192.0.2.53 $FAULT ", "$AT 198.51.100.53 $FAULT "
	for name, more := range map[string]string{
		"the zone":                "$FAULT firm.test * SERVFAIL\n$FAULT *.firm.test * SERVFAIL\n",
		"both servers":            one + "firm.test * SERVFAIL\n" + two + "firm.test * SERVFAIL\n",
		"one is silent":           one + "firm.test * SERVFAIL\n" + two + "firm.test * SILENCE\n",
		"one does not talk to us": one + "firm.test * SERVFAIL ede=22\n" + two + "firm.test * GARBAGE\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, res, f := lookAtServers(t, startWorld(t, healthyWorld()+more, 300*time.Millisecond), "firm.test")
			if res.Err == nil || len(res.Findings) > 0 {
				t.Errorf("%v, findings %s", res.Err, told(r))
			}
			for _, s := range f.Servers {
				if s.Authoritative || s.Error == "" {
					t.Errorf("%+v", s)
				}
			}
			for _, l := range f.Lines() {
				if strings.Contains(l.Says.EN, "does not have the zone") {
					t.Errorf("a line says more than is known: %s", l.Says.EN)
				}
			}
		})
	}
}

// TestNSWithoutSOA: a server that gives the zone's NS records and no SOA record is no server of a healthy zone.
func TestNSWithoutSOA(t *testing.T) {
	t.Parallel()
	world := healthyWorld() + "$AT 198.51.100.53 $FAULT firm.test SOA NODATA\n"
	if r, res, _ := lookAtServers(t, startWorld(t, world, time.Second), "firm.test"); res.Err == nil || len(res.Findings) > 0 {
		t.Errorf("%v, findings %s", res.Err, told(r))
	}
}

// TestNSResolverIsNoVerdict fails every question to the resolver of the run.
func TestNSResolverIsNoVerdict(t *testing.T) {
	t.Parallel()
	env := startWorld(t, healthyWorld(), 5*time.Second)
	healthy := &blind{Resolver: env.DNS, asked: map[string]resolve.Type{}}
	env.DNS = healthy
	if _, res, _ := lookAtServers(t, env, "firm.test"); res.Err != nil {
		t.Fatal(res.Err)
	}
	for q, typ := range healthy.asked {
		_, name, _ := strings.Cut(q, " ")
		others := slices.Contains([]string{"MX firm.test", "TXT firm.test", "TXT _dmarc.firm.test", // other checks tell them
			"AAAA reg.test"}, q) // the server of the zone above was reached at its other address
		for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
			env.DNS = &blind{Resolver: healthy.Resolver, name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}
			r, res, _ := lookAtServers(t, env, "firm.test")
			if (res.Err == nil) != others || len(res.Findings) > 0 {
				t.Errorf("%s for %s: %v, findings %s", kind, q, res.Err, told(r))
			}
		}
	}
}

// TestNSWithoutServers: where nobody may be asked, nothing is known and nothing passes.
func TestNSWithoutServers(t *testing.T) {
	t.Parallel()
	env := startWorld(t, healthyWorld(), 5*time.Second)
	env.Direct = nil
	r, res, _ := lookAtServers(t, env, "firm.test")
	var fail *resolve.Error
	if !errors.As(res.Err, &fail) || fail.Kind != check.KindOffline || r.Status() != diag.Unknown {
		t.Errorf("%v %s", res.Err, r.Status())
	}
}

// TestNSRules: each world breaks the healthy one in one way.
func TestNSRules(t *testing.T) {
	t.Parallel()
	at := func(lines ...string) string { return strings.Join(lines, "\n") + "\n" }
	two := "$AT 198.51.100.53 "
	first := (*provider.Catalogue)(nil).WellKnown()[0] + "._domainkey.firm.test."
	for name, w := range map[string]struct{ more, domain, want string }{
		"a domain that does not exist": {"", "gone.test", ""},
		"a name inside the zone":       {at("web.firm.test. MX 10 mx.firm.test."), "web.firm.test", ""},
		"a name that is not there":     {"", "none.firm.test", ""},
		"a zone that is gone":          {at(two + "$FAULT firm.test * REFUSED"), "firm.test", "ns-lame 198.51.100.53"},
		"a zone that is not loaded":    {at(two + "$FAULT firm.test * SERVFAIL"), "firm.test", "ns-lame 198.51.100.53"},
		"a resolver as a name server":  {at(two + "$FAULT firm.test * NOAUTHORITY"), "firm.test", "ns-lame 198.51.100.53"},
		"an older key, another MX":     {at(two + "firm.test. MX 20 old.firm.test."), "firm.test", "ns-differs firm.test"},
		"SPF that is not there":        {at(two + `firm.test. TXT "some other text"`), "firm.test", "ns-differs firm.test"},
		"other texts differ only":      {at(two+`firm.test. TXT "v=spf1 mx -all"`, two+`firm.test. TXT "one more"`), "firm.test", ""},
		"DMARC":                        {at(two + `_dmarc.firm.test. TXT "v=DMARC1; p=none"`), "firm.test", "ns-differs _dmarc.firm.test"},
		"a selector": {at(two + "s1._domainkey.firm.test. CNAME s1.old.test."), "firm.test",
			"ns-differs s1._domainkey.firm.test"},
		"the zone's own NS":    {at(two + "firm.test. NS ns1.firm.test."), "firm.test", "ns-differs firm.test"},
		"a server above only":  {at("$AT 192.0.2.4 firm.test. NS ns1.firm.test."), "firm.test", "ns-parent-differs firm.test"},
		"the order of records": {at(two+`firm.test. TXT "some other text"`, two+`firm.test. TXT "v=spf1 mx -all"`), "firm.test", ""},
		"an older version": {at(two + "firm.test. SOA ns1.firm.test. h.firm.test. 6 7200 3600 1209600 60"), "firm.test",
			"ns-serial-differs firm.test"},
		"a long TTL":                {at("long.firm.test. 90000 MX 10 mx.firm.test."), "long.firm.test", "ttl-long long.firm.test"},
		"a wildcard that is no key": {at("web.firm.test. MX 10 mx.firm.test.", `*.web.firm.test. TXT "v=spf1 -all"`), "web.firm.test", ""},
		"a wildcard alias":          {at("web.firm.test. MX 10 mx.firm.test.", "*.web.firm.test. CNAME mx.firm.test."), "web.firm.test", ""},
		"one key for all selectors": {at(`*._domainkey.firm.test. TXT "v=DKIM1; p="`), "firm.test", ""},
		"another one on one server": {at(`*._domainkey.firm.test. TXT "v=DKIM1; p="`, two+first+` TXT "v=DKIM1; p=QUJD"`),
			"firm.test", "ns-differs " + strings.TrimSuffix(first, ".")},
		"a day": {at("day.firm.test. 86400 MX 10 mx.firm.test."), "day.firm.test", ""},
		"no key": {at("$AT 192.0.2.53 $FAULT firm.test DNSKEY NODATA", two+"$FAULT firm.test DNSKEY NODATA"), "firm.test",
			"ns-bogus firm.test"},
		"a key on one server only":    {at(two + "$FAULT firm.test DNSKEY NODATA"), "firm.test", ""},
		"what the resolver validates": {at("$SECURE firm.test", "$AT 192.0.2.4 firm.test. DS 1 13 2 00"), "firm.test", ""},
		"a resolver that validates":   {at("$FAULT firm.test * SERVFAIL ede=7"), "firm.test", "ns-bogus firm.test"},
		"only MX is false":            {at("$FAULT firm.test MX SERVFAIL ede=10"), "firm.test", "ns-bogus firm.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, res, f := lookAtServers(t, startWorld(t, healthyWorld()+w.more, 5*time.Second), w.domain)
			if told(r) != w.want || res.Err != nil && !strings.HasPrefix(w.want, "ns-") {
				t.Errorf("findings %q, want %q; %v; %+v", told(r), w.want, res.Err, f)
			}
		})
	}
}

// TestNetworksOfBothKinds: a server over IPv4 and one over IPv6 are on no line that is known to be the same, unlike two that share
// a network of one kind.
func TestNetworksOfBothKinds(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		"AAAA 2001:db8::53": "",
		"A 192.0.2.54":      "ns-single-network firm.test",
		"AAAA 2001:db8::53\nns2.out.test. A 192.0.2.54": "ns-single-network firm.test",
	} {
		world := strings.Replace(healthyWorld(), "A     198.51.100.53", more, 1)
		if r, res, _ := lookAtServers(t, startWorld(t, world, 5*time.Second), "firm.test"); told(r) != want || res.Err != nil {
			t.Errorf("%s: findings %q, want %q; %v", more, told(r), want, res.Err)
		}
	}
}

// knowing is a resolver that has found a name.
type knowing struct {
	resolve.Resolver
	name string
}

func (k knowing) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if name == k.name && t == resolve.TypeMX {
		return resolve.Answer{Name: name, Type: t, Status: resolve.Found, Records: []resolve.Record{{Host: "mx.firm.test", Pref: 10}}}, nil
	}
	return k.Resolver.Ask(ctx, name, t)
}

// TestOneServerAboveWithoutTheDelegation: it says that there is no such name, and the resolver has it from the others: nobody says
// then that the domain does not exist.
func TestOneServerAboveWithoutTheDelegation(t *testing.T) {
	t.Parallel()
	env := startWorld(t, healthyWorld(), 5*time.Second)
	if _, res, f := lookAtServers(t, env, "gone.test"); res.Err != nil || f.Exists {
		t.Errorf("healthy twin: %v, exists %t", res.Err, f.Exists)
	}
	env.DNS = knowing{env.DNS, "gone.test"}
	if r, res, f := lookAtServers(t, env, "gone.test"); res.Err == nil || !f.Exists || len(res.Findings) > 0 {
		t.Errorf("%v, exists %t, findings %s", res.Err, f.Exists, told(r))
	}
}
