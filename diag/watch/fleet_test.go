package watch_test

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// dns is DNS in memory. A name that it does not have does not exist.
type dns struct {
	mu      sync.Mutex
	records map[string][]resolve.Record             // by name and type
	names   map[string]bool                         // that exist
	alias   map[string]string                       // by name
	fails   func(name string, t resolve.Type) error // nil: nothing does
}

// set puts records in place of those that were there: "d1.test TXT".
func (d *dns) set(name string, t resolve.Type, all ...resolve.Record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.records == nil {
		d.records, d.names, d.alias = map[string][]resolve.Record{}, map[string]bool{}, map[string]string{}
	}
	d.records[name+" "+t.String()] = all
	d.names[name] = true
}

// remove takes a name away, with all its records.
func (d *dns) remove(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key := range d.records {
		if strings.HasPrefix(key, name+" ") {
			delete(d.records, key)
		}
	}
	delete(d.names, name)
}

func txt(s string) resolve.Record  { return resolve.Record{TTL: 300, Text: s} }
func addr(s string) resolve.Record { return resolve.Record{TTL: 300, Addr: netip.MustParseAddr(s)} }
func host(s string) resolve.Record { return resolve.Record{TTL: 300, Host: s} }

// Ask implements resolve.Resolver.
func (d *dns) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := resolve.Answer{Name: name, Type: t, Server: "192.0.2.53"}
	for {
		if d.fails != nil {
			if err := d.fails(name, t); err != nil {
				return resolve.Answer{}, err
			}
		}
		to, aliased := d.alias[name]
		if !aliased || t == resolve.TypeCNAME {
			break
		}
		a.Chain, name = append(a.Chain, to), to
	}
	a.Records = d.records[name+" "+t.String()]
	switch {
	case len(a.Records) > 0:
		a.Status = resolve.Found
	case d.names[name] || slices.ContainsFunc([]string{"", "_domainkey."}, func(below string) bool { return d.names["s1."+below+name] }):
		a.Status = resolve.NoData
	default:
		a.Status = resolve.NoName
	}
	return a, nil
}

// key is the record of a DKIM key.
const key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

// customers is a world of so many domains of one provider, in which nothing is wrong: their SPF includes it, their keys are
// aliases of its keys, their mail goes to its hosts, and they share an address.
func customers(n int) (*dns, []watch.Kept) {
	d := &dns{}
	d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/28 -all"))
	d.set("mx.provider.example", resolve.TypeA, addr("192.0.2.25"))
	d.set("s1.dkim.provider.example", resolve.TypeTXT, txt(key))
	d.set("7.2.0.192.in-addr.arpa", resolve.TypePTR, host("out.provider.example"))
	d.set("25.2.0.192.in-addr.arpa", resolve.TypePTR, host("mx.provider.example"))
	d.set("out.provider.example", resolve.TypeA, addr("192.0.2.7"))
	d.set("2.0.0.127.list.example", resolve.TypeA, addr("127.0.0.2"))
	fleet := make([]watch.Kept, n)
	for i := range fleet {
		name := fmt.Sprintf("d%d.test", i)
		fleet[i].Name = name
		d.set(name, resolve.TypeTXT, txt("v=spf1 include:_spf.provider.example -all"))
		d.set(name, resolve.TypeMX, resolve.Record{TTL: 300, Pref: 10, Host: "mx.provider.example"})
		d.set("_dmarc."+name, resolve.TypeTXT, txt("v=DMARC1; p=reject; rua=mailto:dmarc@"+name))
		d.alias["s1._domainkey."+name] = "s1.dkim.provider.example"
	}
	return d, fleet
}

// grow lets the include of the provider need more look-ups than are allowed.
func grow(d *dns) {
	record := "v=spf1"
	for i := range 11 {
		name := fmt.Sprintf("h%d.provider.example", i)
		record += " a:" + name
		d.set(name, resolve.TypeA, addr("198.51.100.9"))
	}
	d.set("_spf.provider.example", resolve.TypeTXT, txt(record+" -all"))
}

// looker looks at customers with the checks of `check domain`, and asks one list.
func looker(d *dns) *watch.Looker {
	ip := netip.MustParseAddr("192.0.2.7")
	return &watch.Looker{
		Env: func() diag.Env { return diag.Env{DNS: d, Now: time.Now} },
		Checks: func(watch.Kept) []*diag.Check {
			return check.Domain(check.DomainOptions{DKIM: check.DKIMOptions{Selectors: []string{"s1"}},
				SPF: check.SPFOptions{IPs: []netip.Addr{ip}}, PTR: check.PTROptions{IPs: []netip.Addr{ip}},
				DNSBL: check.DNSBLOptions{IPs: []netip.Addr{ip}, Lists: []string{"list.example"}}})
		},
		Words:  func(err error) codes.Text { return codes.Same(err.Error()) },
		Places: make(chan struct{}, 64),
	}
}

// round looks at a fleet once, and takes over what it found.
func round(t *testing.T, l *watch.Looker, fleet []watch.Kept) (changes []watch.Change) {
	t.Helper()
	d, err := l.Look(t.Context(), watch.Work{Domains: fleet})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range d.Outcomes {
		fleet[i].State, fleet[i].Looked = o.State, d.Started
		changes = append(changes, o.Changes...)
	}
	time.Sleep(time.Hour) // of the bubble
	return changes
}

// trouble is what a provider does to its customers.
type trouble struct {
	breaks, mends func(*dns)
	turn          watch.Turn
	culprit       string
}

// park lets other name servers answer for the customers, who have no records any more, and gives how they get them back.
func park(d *dns, hosts string) (undo func(*dns)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	records, names, alias := maps.Clone(d.records), maps.Clone(d.names), maps.Clone(d.alias)
	for set := range records {
		if name, typ, _ := strings.Cut(set, " "); strings.HasSuffix(name, ".test") {
			delete(d.records, set)
			delete(d.names, name)
			if typ == resolve.TypeMX.String() {
				d.records[name+" "+resolve.TypeNS.String()] = []resolve.Record{host(hosts)}
				d.names[name] = true
			}
		}
	}
	d.alias = map[string]string{}
	return func(d *dns) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.records, d.names, d.alias = records, names, alias
	}
}

// troubles are those that are tried.
func troubles() map[string]trouble {
	servfail := func(suffix string) func(string, resolve.Type) error {
		return func(name string, t resolve.Type) error {
			if !strings.HasSuffix(name, suffix) && !strings.HasPrefix(name, "s1"+suffix) {
				return nil
			}
			return &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String(), Server: "192.0.2.53", Rcode: "SERVFAIL"}
		}
	}
	refused := func(name string, t resolve.Type) error {
		return &resolve.Error{Kind: resolve.KindRefused, Name: name, Type: t.String(), Server: "192.0.2.53", Rcode: "REFUSED"}
	}
	var undo func(*dns)
	return map[string]trouble{
		"the name servers park": {func(d *dns) { undo = park(d, "ns1.parking.example") }, func(d *dns) { undo(d) }, watch.New, "parking.example"},
		"nothing":               {func(*dns) {}, func(*dns) {}, "", ""},
		"the include vanishes": {func(d *dns) { d.remove("_spf.provider.example") },
			func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/28 -all")) }, watch.New, "provider.example"},
		"the include loses an address": {func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:198.51.100.1 -all")) },
			func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/28 -all")) }, watch.New, "192.0.2.7"},
		"the include is torn": {func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/280 -all")) },
			func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/28 -all")) }, watch.New, "provider.example"},
		"the include grows": {grow, func(d *dns) { d.set("_spf.provider.example", resolve.TypeTXT, txt("v=spf1 ip4:192.0.2.0/28 -all")) },
			watch.New, "provider.example"},
		"a key is revoked": {func(d *dns) { d.set("s1.dkim.provider.example", resolve.TypeTXT, txt("v=DKIM1; k=ed25519; p=")) },
			func(d *dns) { d.set("s1.dkim.provider.example", resolve.TypeTXT, txt(key)) }, watch.New, "provider.example"},
		"the address loses its name": {func(d *dns) { d.remove("7.2.0.192.in-addr.arpa") },
			func(d *dns) { d.set("7.2.0.192.in-addr.arpa", resolve.TypePTR, host("out.provider.example")) }, watch.New, "192.0.2.7"},
		"the list is silent": {func(d *dns) {
			d.fails = func(name string, t resolve.Type) error {
				if !strings.HasSuffix(name, "list.example") {
					return nil
				}
				return &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String(), Server: "192.0.2.53", Rcode: "SERVFAIL"}
			}
		}, func(d *dns) { d.fails = nil }, watch.Unknown, "list.example"},
		"the include fails": {func(d *dns) { d.fails = servfail("_spf.provider.example") }, func(d *dns) { d.fails = nil },
			watch.Unknown, "provider.example"},
		"the servers of the provider fail": {func(d *dns) { d.fails = servfail("provider.example") }, func(d *dns) { d.fails = nil },
			watch.Unknown, "provider.example"},
		"its keys vanish": {func(d *dns) { d.remove("s1.dkim.provider.example") },
			func(d *dns) { d.set("s1.dkim.provider.example", resolve.TypeTXT, txt(key)) }, watch.New, "provider.example"},
		"its hosts vanish": {func(d *dns) { d.remove("mx.provider.example") },
			func(d *dns) { d.set("mx.provider.example", resolve.TypeA, addr("192.0.2.25")) }, watch.New, "provider.example"},
		"the shared address is listed": {func(d *dns) { d.set("7.2.0.192.list.example", resolve.TypeA, addr("127.0.0.2")) },
			func(d *dns) { d.remove("7.2.0.192.list.example") }, watch.New, "192.0.2.7"},
		"the keys fail to which names of customers lead": {func(d *dns) { d.fails = servfail("._domainkey.d") },
			func(d *dns) { d.fails = nil }, watch.Unknown, "provider.example"},
		"the resolver fails":   {func(d *dns) { d.fails = servfail("") }, func(d *dns) { d.fails = nil }, watch.Unknown, "192.0.2.53"},
		"the resolver refuses": {func(d *dns) { d.fails = refused }, func(d *dns) { d.fails = nil }, watch.Unknown, "192.0.2.53"},
		"the zones of the customers fail": {func(d *dns) { d.fails = servfail(".test") }, func(d *dns) { d.fails = nil }, watch.Unknown,
			"192.0.2.53"},
		"the resolver is silent": {func(d *dns) {
			d.fails = func(name string, t resolve.Type) error {
				return &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String(), Server: "192.0.2.53"}
			}
		}, func(d *dns) { d.fails = nil }, watch.Unknown, "192.0.2.53"},
	}
}

// TestOneCauseIsOneIncident: what a provider breaks is one incident, for however many domains; and its end is one.
func TestOneCauseIsOneIncident(t *testing.T) {
	t.Parallel()
	for name, c := range troubles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 20
			if os.Getenv("TODOKU_FULL") != "" {
				n = 5000
			}
			synctest.Test(t, func(t *testing.T) { c.try(t, n) })
		})
	}
}

// try breaks a world of so many domains and mends it.
func (c trouble) try(t *testing.T, n int) {
	d, fleet := customers(n)
	l := looker(d)
	for _, c := range round(t, l, fleet) {
		if c.Severity != "info" {
			t.Fatalf("the healthy twin: %+v", c)
		}
	}
	c.breaks(d)
	broken := round(t, l, fleet)
	all := watch.Group(broken, "info")
	if c.turn == "" {
		if len(broken) > 0 {
			t.Errorf("%+v", broken[0])
		}
		return
	}
	if len(all) != 1 || all[0].Key != (watch.Key{Turn: c.turn, Culprit: c.culprit}) || all[0].Count != n || all[0].First {
		t.Errorf("%d incidents: %+v", len(all), all)
		for _, b := range broken[:min(len(broken), 12)] {
			t.Logf("%s %s %s %s: %s (%s)", b.Turn, b.Check, b.Rule, b.Subject, b.Message.EN, b.Culprit)
		}
	}
	for _, b := range broken {
		if b.Turn != c.turn {
			t.Fatalf("%+v", b)
		}
	}
	if again := round(t, l, fleet); len(again) > 0 {
		t.Errorf("told again: %+v", again[0])
	}
	c.mends(d)
	over := round(t, l, fleet)
	for _, b := range over {
		if b.Turn != watch.Mended && b.Turn != watch.Known || b.Culprit != c.culprit {
			t.Fatalf("%+v", b)
		}
	}
	if len(over) != len(broken) {
		t.Errorf("%d changes broke it, %d mended it", len(broken), len(over))
	}
}

// TestWhatIsOnlyProposedIsNoValue: a record that a check tries before it offers it was not answered by DNS.
func TestWhatIsOnlyProposedIsNoValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, fleet := customers(20)
		grow(d)
		round(t, looker(d), fleet)
		seen := 0
		for _, k := range fleet {
			for _, v := range k.State.Values {
				if v.Name == k.Name && v.Type == "TXT" {
					if seen++; !slices.Equal(v.Values, []string{"v=spf1 include:_spf.provider.example -all"}) {
						t.Errorf("%s: %q", k.Name, v.Values)
					}
				}
			}
		}
		if seen != len(fleet) {
			t.Errorf("%d values of %d domains", seen, len(fleet))
		}
	})
}

// TestALostAnswerIsNoNews: what a few domains lost is asked for once more, in a run that remembers no failure. What stays silent,
// and what many lose at once, is told.
func TestALostAnswerIsNoNews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		silent func(domain, run int) bool // counted from 0; run 0 is the first look
		want   int                        // domains of which something is told
	}{
		"one answer":    {func(domain, run int) bool { return domain == 7 && run == 1 }, 0},
		"one domain":    {func(domain, run int) bool { return domain == 7 && run >= 1 }, 1},
		"many at once":  {func(_, run int) bool { return run >= 1 }, 20},
		"nothing":       {func(int, int) bool { return false }, 0},
		"another one":   {func(domain, run int) bool { return run > 0 && domain == run }, 0},
		"all in a look": {func(_, run int) bool { return run == 1 }, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, fleet := customers(20)
				l, run := looker(d), -1
				l.Env = func() diag.Env {
					run++
					now := run
					own := &dns{records: d.records, names: d.names, alias: d.alias, fails: func(name string, typ resolve.Type) error {
						if i := slices.IndexFunc(fleet, func(k watch.Kept) bool { return k.Name == name }); i >= 0 && c.silent(i, now) {
							return &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: typ.String(), Server: "192.0.2.53"}
						}
						return nil
					}}
					return diag.Env{DNS: own, Now: time.Now}
				}
				round(t, l, fleet)
				told := map[string]bool{}
				for _, ch := range round(t, l, fleet) {
					told[ch.Domain] = true
				}
				if len(told) != c.want {
					t.Errorf("told of %d domains, want %d", len(told), c.want)
				}
			})
		})
	}
}

// TestExamplesAreOfManyDomains: a domain with many changes leaves room for others.
func TestExamplesAreOfManyDomains(t *testing.T) {
	t.Parallel()
	var changes []watch.Change
	for d := range 20 {
		for c := range 6 {
			changes = append(changes, watch.Change{Domain: fmt.Sprintf("d%02d.test", d), Turn: watch.Unknown, Check: strconv.Itoa(c),
				Severity: "unknown", Culprit: "192.0.2.53"})
		}
	}
	all := watch.Group(changes, "info")
	if len(all) != 1 || all[0].Count != 20 || len(all[0].Examples) != watch.MostExamples {
		t.Fatalf("%+v", all)
	}
	for d, e := range all[0].Examples {
		if want := fmt.Sprintf("d%02d.test", d); e.Domain != want {
			t.Errorf("%s is the example, not %s", e.Domain, want)
		}
	}
	if alone := watch.Group(changes[:6], "info"); len(alone[0].Examples) != 6 {
		t.Errorf("examples of one domain: %+v", alone[0].Examples)
	}
}

// TestAResolverThatFailsInTheMiddleIsOneIncident: it answered some questions about some domains, and none about the others.
func TestAResolverThatFailsInTheMiddleIsOneIncident(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, fleet := customers(20)
		l := looker(d)
		l.Places = make(chan struct{}, 4)
		round(t, l, fleet)
		asked := 0
		d.fails = func(name string, t resolve.Type) error {
			if asked++; asked <= 100 {
				return nil
			}
			return &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String(), Server: "192.0.2.53", Rcode: "SERVFAIL"}
		}
		all := watch.Group(round(t, l, fleet), "info")
		if len(all) != 1 || all[0].Key != (watch.Key{Turn: watch.Unknown, Culprit: "192.0.2.53"}) {
			t.Errorf("%d incidents: %+v", len(all), all)
		}
	})
}

// TestADomainThatLosesARecordHasNoCulprit: its name servers have nothing to do with it, nor have they where a provider is changed.
func TestADomainThatLosesARecordHasNoCulprit(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(d *dns){
		"two records go": func(d *dns) { d.remove("_dmarc.d0.test"); d.set("d0.test", resolve.TypeTXT) },
		"another provider": func(d *dns) {
			d.set("d0.test", resolve.TypeTXT, txt("v=spf1 -all"))
			d.set("d0.test", resolve.TypeMX, resolve.Record{TTL: 300, Pref: 10, Host: "mx.provider.example"})
			d.alias = nil
			d.set("s1._domainkey.d0.test", resolve.TypeTXT, txt("v=DKIM1; k=ed25519; p="))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			d, fleet := customers(1)
			d.set("d0.test", resolve.TypeNS, host("ns1.host.example"))
			l := looker(d)
			round(t, l, fleet)
			breaks(d)
			for _, c := range round(t, l, fleet) {
				if strings.Contains(c.Culprit, "host.example") {
					t.Errorf("%s: %+v", name, c)
				}
			}
		})
	}
}

// TestADomainWithoutMailServersLosesNoTLSA: nothing of DANE is mended or taken away where mail servers come and go; the twin's
// record was there and is gone.
func TestADomainWithoutMailServersLosesNoTLSA(t *testing.T) {
	t.Parallel()
	const name, owner = "d0.test", "_25._tcp.mx.provider.example"
	mx := resolve.Record{TTL: 300, Pref: 10, Host: "mx.provider.example"}
	for _, had := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d, fleet := customers(1)
			if had {
				d.set(owner, resolve.TypeTLSA, txt("3 1 1 "+strings.Repeat("ab", 32)))
			}
			l := looker(d)
			round(t, l, fleet)
			var told []string
			step := func() {
				for _, c := range round(t, l, fleet) {
					if c.Check == "dane" && c.Rule == "dane-none" {
						told = append(told, string(c.Turn)+" "+c.Severity)
					}
				}
			}
			d.set(name, resolve.TypeMX)
			step()
			d.remove(owner)
			d.set(name, resolve.TypeMX, mx)
			step()
			var want []string
			if had {
				want = []string{"new warn"}
			}
			if !slices.Equal(told, want) {
				t.Errorf("had TLSA records: %v, told %q", had, told)
			}
		})
	}
}
