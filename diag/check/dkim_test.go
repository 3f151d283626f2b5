package check_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// Made for these tests; the private halves are gone.
const (
	keyEd  = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
	key512 = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOIl6jl7uD2uj/FgdoOfUnRRqYZFuUvrjCprvqLNdORPyeivnPeJ31WRyiVTg02a73R+sotBy" +
		"u49IvAbSF1f2HcCAwEAAQ=="
	key1024 = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDU6NT79EVmyX7vFVr6SkuoNTcWQDRC/ORrAKgXy4BjEQchyprsHEbLrfaXOkHFWfvOy" +
		"4cQdbH25vf3kWGLCCsCkH8CyeB0kqoDs0Fjh0WBXVrm9oenzPFXB1UJ0H4MSJuDt6Oto/BNdFWpqYbyEMmqNeL9PihsrDDsFvSTtu/OIQIDAQAB"
	key2048 = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvIAZayz/pEMw+bOd4+YFtiEZAmvkc/vXaSVXRr6m4g+yd7CF4IvFge1TKSAKv" +
		"vnx+4exXmxBU/G53nVHzbdbLXgwUirKMyQIURx3w7rGsbrivF3aFoWiiDCy3hqZXKWuyGPrB5uNFjmFeIa+oYsdZ+brXR+0ZMkfY+tiqEpJwY3bM5K" +
		"34lP1hqEIsvpLmOUWiJXySo80TNAypf70eko1iGefgy4U7aVfXawzrxRj/J8JL2Sve7TIomXhv2DsBnlFndPrBQTZEM/zuqdKngmFbtEwlbQgip2F6" +
		"KatsT9vmfulJF9Ambgi0Fcaa51vN2K4dhxej3ffYu8ecWymGX/G5QIDAQAB"
)

// txt writes a TXT record of strings of at most 200 bytes.
func txt(s string) string {
	var b strings.Builder
	b.WriteString("TXT")
	for part := range slices.Chunk([]byte(s), 200) {
		fmt.Fprintf(&b, ` "%s"`, strings.ReplaceAll(string(part), `\`, `\\`))
	}
	return b.String() + "\n"
}

func lookForKeys(t testing.TB, r resolve.Resolver, eager bool, o check.DKIMOptions) (diag.Result, *check.DKIMFacts) {
	t.Helper()
	target, err := diag.DomainTarget("d.test")
	if err != nil {
		t.Fatal(err)
	}
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	env := diag.Env{DNS: r, Now: time.Now, Providers: providers, Eager: eager}
	res := diag.Run(context.Background(), env, target, []*diag.Check{check.DKIM(o)}).Results[0]
	return res, res.Facts.(*check.DKIMFacts)
}

func dkimTold(res diag.Result) string {
	var out []string
	for _, f := range res.Findings {
		out = append(out, strings.TrimPrefix(f.Rule.ID, "dkim-")+" "+f.Subject)
	}
	return strings.Join(out, ", ")
}

func dkimFound(f *check.DKIMFacts) string {
	var out []string
	for _, s := range f.Selectors {
		out = append(out, s.Selector+"/"+s.Source)
	}
	return strings.Join(out, ", ")
}

// madeKey is a number of so many bits that looks like a public key.
func madeKey(bits, exponent int) string {
	n := new(big.Int).SetBit(big.NewInt(1), bits-1, 1)
	return base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: n, E: exponent}))
}

const apex = "@ SOA ns hostmaster 1 7200 3600 1209600 300\n@ NS ns\nns A 192.0.2.53\n"

func TestDKIM(t *testing.T) {
	t.Parallel()
	good := "v=DKIM1; k=rsa; p=" + key2048
	usual := len((*provider.Catalogue)(nil).WellKnown())
	for _, c := range []struct {
		name, zone string
		given      string
		rules      string
		found      string
		probed     int
	}{
		{"healthy", "s1._domainkey.d " + txt(good), "", "", "s1/well-known", usual},
		{"ed25519", "s1._domainkey.d " + txt("v=DKIM1; k=ed25519; p="+keyEd), "", "", "s1/well-known", usual},
		{"given", "own._domainkey.d " + txt(good), "own", "", "own/given", 1},
		{"given twice", "own._domainkey.d " + txt(good), "own OWN other", "selector-none other", "own/given", 2},
		{"given, none", "d A 192.0.2.1", "own", "selector-none own", "", 1},
		{"given, both", "own._domainkey.d " + txt(good) + "s1._domainkey.d CNAME gone", "own s1", "cname-broken s1", "own/given", 2},
		{"given, no key", `own._domainkey.d TXT "hello"`, "own", "selector-none own", "", 1},
		{"nothing below", "d A 192.0.2.1", "", "none-found d.test", "", usual},
		{"others below", "own._domainkey.d " + txt(good), "", "none-found d.test", "", usual},
		{"no key", `s1._domainkey.d TXT "hello"`, "", "none-found d.test", "", usual},
		{"beside a text", "s1._domainkey.d TXT hello\ns1._domainkey.d " + txt(good), "", "multiple s1", "s1/well-known", usual},
		{"short", "s1._domainkey.d " + txt("p="+key512), "", "key-short s1", "s1/well-known", usual},
		{"weak", "s1._domainkey.d " + txt("p="+key1024), "", "key-weak s1", "s1/well-known", usual},
		{"large", "s1._domainkey.d " + txt("p="+madeKey(8192, 65537)), "", "key-large s1", "s1/well-known", usual},
		{"exponent", "s1._domainkey.d " + txt("p="+madeKey(2048, 2)), "", "syntax s1", "s1/well-known", usual},
		{"no flags", "s1._domainkey.d " + txt("v=DKIM1; t=; p="+key2048), "", "", "s1/well-known", usual},
		{"revoked", "s1._domainkey.d " + txt("v=DKIM1; t=y; p="), "", "revoked s1", "s1/well-known", usual},
		{"testing", "s1._domainkey.d " + txt("v=DKIM1; t=y; p="+key2048), "", "testing s1", "s1/well-known", usual},
		{"type", "s1._domainkey.d " + txt("v=DKIM1; k=dsa; p=AAAA"), "", "key-unusable s1", "s1/well-known", usual},
		{"for DKIM2", "s1._domainkey.d " + txt("v=DKIM1; k=mldsa44; p=AAAA"), "", "dkim2-key s1", "s1/well-known", usual},
		{"for DKIM2, beside RSA", "s1._domainkey.d " + txt("v=DKIM1; k=MLDSA44-Ed25519-SHA512; p=AAAA") + "s2._domainkey.d " + txt(good), "",
			"dkim2-key s1", "s1/well-known, s2/well-known", usual},
		{"syntax", "s1._domainkey.d " + txt(`v=DKIM1\; p=`+key2048), "", "syntax s1", "s1/well-known", usual},
		{"no p", "s1._domainkey.d " + txt("v=DKIM1"), "", "syntax s1", "s1/well-known", usual},
		{"multiple", "s1._domainkey.d " + txt(good) + "s1._domainkey.d " + txt("v=DKIM1; k=ed25519; p="+keyEd), "",
			"multiple s1", "s1/well-known, s1/well-known", usual},
		{"alias", "k1._domainkey.d CNAME dkim.mcsv\ndkim.mcsv " + txt(good), "", "", "k1/well-known", usual},
		{"dangling", "s1._domainkey.d CNAME gone", "", "cname-broken s1", "", usual},
		{"dangling, given", "own._domainkey.d CNAME here\nhere A 192.0.2.1", "own", "cname-broken own", "", 1},
		{"wildcard", "*._domainkey.d " + txt(good), "", "", "*/well-known", usual},
		{"wildcard and one", "*._domainkey.d " + txt("v=DKIM1; p=") + "s2._domainkey.d " + txt("p="+key1024), "",
			"key-weak s2", "*/well-known, s2/well-known", usual},
		{"wildcard, dangling", "*._domainkey.d CNAME gone", "", "cname-broken *", "", usual},
		{"the whole domain an alias", "d A 192.0.2.1\n*.d CNAME www\nwww A 192.0.2.1", "", "none-found d.test", "", usual},
		{"a text for all names", "d A 192.0.2.1\n*.d TXT \"v=spf1 -all\"", "", "none-found d.test", "", usual},
		{"by MX", "d MX 10 in.messagingengine.com.\nfm1._domainkey.d " + txt(good), "", "", "fm1/provider:Fastmail", usual + 1},
		{"by SPF", "d TXT \"v=spf1 include:bmsend.com -all\"\nbmdeda._domainkey.d " + txt(good), "", "",
			"bmdeda/provider:Benchmark Email", usual + 1},
		{"inferred, nothing below", "d TXT \"v=spf1 include:bmsend.com -all\"", "", "none-found d.test", "", usual + 1},
	} {
		for _, eager := range []bool{false, true} {
			var o check.DKIMOptions
			if c.given != "" {
				o.Selectors = strings.Fields(c.given)
			}
			res, facts := lookForKeys(t, zoneWorld(t, apex+c.zone), eager, o)
			if res.Err != nil || dkimTold(res) != c.rules || dkimFound(facts) != c.found || facts.Probed != c.probed {
				t.Errorf("%s, eager %v: told %q, found %q of %d, %v; want %q, %q of %d", c.name, eager, dkimTold(res),
					dkimFound(facts), facts.Probed, res.Err, c.rules, c.found, c.probed)
			}
			for _, f := range res.Findings {
				if len(f.Evidence) == 0 {
					t.Errorf("%s: %s without evidence", c.name, f.Rule.ID)
				}
			}
		}
	}
}

func TestDKIMFacts(t *testing.T) {
	t.Parallel()
	world := zoneWorld(t, apex+"s1._domainkey.d CNAME s1.domainkey.u1.wl2.sendgrid.net.\n$ORIGIN sendgrid.net.\ns1.domainkey.u1.wl2 60 "+
		txt("v=DKIM1; t=y:s; p="+key1024))
	res, facts := lookForKeys(t, world, false, check.DKIMOptions{})
	want := check.DKIMSelector{Selector: "s1", Domain: "d.test", Source: "well-known", KeyType: "rsa", KeyBits: 1024,
		Flags: []string{"y", "s"}, Testing: true,
		CNAME: "s1.domainkey.u1.wl2.sendgrid.net", Provider: "SendGrid", Record: "v=DKIM1; t=y:s; p=" + key1024, TTL: 60}
	if len(facts.Selectors) != 1 || fmt.Sprint(facts.Selectors[0]) != fmt.Sprint(want) {
		t.Errorf("%+v", facts.Selectors)
	}
	if len(res.Findings) != 2 || len(res.Findings[1].Records) != 0 {
		t.Errorf("the record of somebody else: %+v", res.Findings)
	}
	res, _ = lookForKeys(t, zoneWorld(t, apex+"s1._domainkey.d "+txt("v=DKIM1; t=y:s; p="+key2048)), false, check.DKIMOptions{})
	if f := res.Findings[0].Evidence; len(f) != 1 || f[0].Value != "v=DKIM1; t=y:s; p="+key2048 {
		t.Errorf("seen: %+v", f)
	}
	if r := res.Findings[0].Records; len(r) != 1 || r[0] != (diag.Record{Name: "s1._domainkey.d.test", Type: "TXT",
		Value: "v=DKIM1; k=rsa; t=s; p=" + key2048}) {
		t.Errorf("to publish: %+v", r)
	}
}

// TestDKIMEvidence shows what was seen: the way to where nothing is, the one
// record that is meant, and what is wrong in it first.
func TestDKIMEvidence(t *testing.T) {
	t.Parallel()
	res, _ := lookForKeys(t, zoneWorld(t, apex+"s1._domainkey.d CNAME a\na CNAME gone"), false, check.DKIMOptions{})
	want := []diag.Evidence{
		{Kind: "dns", Name: "s1._domainkey.d.test", Type: "CNAME", Value: "a.test"},
		{Kind: "dns", Name: "a.test", Type: "CNAME", Value: "gone.test"},
		{Kind: "dns", Name: "gone.test", Type: "TXT"},
	}
	if len(res.Findings) != 1 || !slices.Equal(res.Findings[0].Evidence, want) {
		t.Errorf("%+v", res.Findings)
	}
	var zone strings.Builder
	for i := range 20 {
		fmt.Fprintf(&zone, "s1._domainkey.d TXT \"v=DKIM1; n=%02d; x; y; p=AA*A\"\n", i)
	}
	res, facts := lookForKeys(t, zoneWorld(t, apex+zone.String()), false, check.DKIMOptions{})
	if len(facts.Selectors) != 8 || len(res.Findings) != 9 || dkimTold(res)[:11] != "multiple s1" {
		t.Fatalf("%d keys, %s", len(facts.Selectors), dkimTold(res))
	}
	f := res.Findings[1]
	text, _ := f.Data.Get("text")
	faults, _ := f.Data.Get("faults")
	if len(f.Evidence) != 1 || text != "x" || faults != "no-equals@15, no-equals@18, base64@25" {
		t.Errorf("%+v: %q, %q", f.Evidence, text, faults)
	}
	if n, _ := res.Findings[0].Data.Get("records"); n != "20" {
		t.Errorf("%s records", n)
	}
}

// TestDKIMIgnorance fails every question in turn: what was found stays, and
// nothing is said to be absent.
func TestDKIMIgnorance(t *testing.T) {
	t.Parallel()
	const head = "d MX 10 aspmx.l.google.com.\nd TXT \"v=spf1 include:sendgrid.net include:bmsend.com -all\"\n"
	kinds := []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused, resolve.KindMangled}
	n := 0
	for _, zone := range []string{head + "s1._domainkey.d " + txt("p="+key2048), head + "x._domainkey.d TXT x", head,
		head + "*.d CNAME www\nwww A 192.0.2.1"} {
		for _, c := range []struct {
			eager bool
			o     check.DKIMOptions
		}{{}, {eager: true}, {o: check.DKIMOptions{AllSelectors: true}}, {o: check.DKIMOptions{Selectors: []string{"s1"}}}} {
			healthy := &blind{Resolver: zoneWorld(t, apex+zone), asked: map[string]resolve.Type{}}
			before, seen := lookForKeys(t, healthy, c.eager, c.o)
			if before.Status() == diag.Fail {
				continue // a given selector that is an alias of nothing
			}
			for q, typ := range healthy.asked {
				_, name, _ := strings.Cut(q, " ")
				r := &blind{Resolver: healthy.Resolver, name: name, t: typ, kind: kinds[n%len(kinds)], asked: map[string]resolve.Type{}}
				n++
				if strings.HasPrefix(name, "domainkey.") || strings.HasSuffix(name, ".d.test.d.test") ||
					strings.Contains(name, "_domainkeys.") || strings.HasPrefix(name, "_domainkey._domainkey.") {
					continue // a look for slips, which decides nothing
				}
				res, facts := lookForKeys(t, r, c.eager, c.o)
				if res.Status() != diag.Unknown || len(res.Findings) > 0 {
					t.Errorf("%s: status %s, %s", q, res.Status(), dkimTold(res))
				}
				if lost := len(seen.Selectors) - len(facts.Selectors); lost > 0 && !strings.HasPrefix(name, "s1.") {
					t.Errorf("%s: %d keys lost", q, lost)
				}
			}
		}
	}
}

// silent has no answer to any question.
type silent struct{}

func (silent) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String()}
}

func TestDKIMErrorsAreFew(t *testing.T) {
	t.Parallel()
	res, facts := lookForKeys(t, silent{}, false, check.DKIMOptions{AllSelectors: true})
	list, ok := res.Err.(interface{ Unwrap() []error })
	if !ok || len(list.Unwrap()) != facts.Probed+3 || strings.Count(res.Err.Error(), "\n") != 5 || len(res.Findings) > 0 {
		t.Errorf("%v; %s", res.Err, dkimTold(res))
	}
	if want := fmt.Sprintf("%d more", facts.Probed+3-5); !strings.Contains(res.Err.Error(), want) {
		t.Errorf("%v lacks %q", res.Err, want)
	}
}

// TestDKIMQuestions counts the questions for a domain without keys: those for all selectors, alone and in a list, since servers
// say NXDOMAIN of _domainkey though there are keys, and those for names that are written by mistake.
func TestDKIMQuestions(t *testing.T) {
	t.Parallel()
	usual := len((*provider.Catalogue)(nil).WellKnown())
	for _, c := range []struct {
		name, zone          string
		proven              bool // by DNSSEC
		inList, alone       int  // questions
		probed, probedAlone int
	}{
		{"no key", "d A 192.0.2.1", false, 3 + usual + 3, 3 + usual + 3, usual, usual},
		{"proven", "d A 192.0.2.1", true, 3 + 1 + 3, 3 + usual + 3, 1, usual},
		{"not registered", "x A 192.0.2.1", false, 3 + 1, 3 + usual, 1, usual},
		{"a selector that is not known", "x9._domainkey.d TXT p=x", false, 3 + usual + 1, 3 + usual + 1, usual, usual},
		{"every name has an address", "d A 192.0.2.1\n*.d A 192.0.2.1", false, 3 + usual + 3 + 3, 3 + usual + 3 + 3, usual, usual},
	} {
		for _, eager := range []bool{false, true} {
			r := &blind{Resolver: proven{zoneWorld(t, apex+c.zone), c.proven}, asked: map[string]resolve.Type{}}
			want, probed := c.inList, c.probed
			if eager {
				want, probed = c.alone, c.probedAlone
			}
			res, facts := lookForKeys(t, r, eager, check.DKIMOptions{})
			if len(r.asked) != want || facts.Probed != probed || dkimTold(res) != "none-found d.test" {
				t.Errorf("%s, eager %v: %d questions, want %d; %d selectors, want %d; %s", c.name, eager, len(r.asked), want, facts.Probed,
					probed, dkimTold(res))
			}
		}
	}
}

// proven sets the AD bit of all answers where all is true.
type proven struct {
	resolve.Resolver
	all bool
}

func (p proven) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a, err := p.Resolver.Ask(ctx, name, t)
	a.Authentic = p.all
	return a, err
}

// TestDKIMSkippedSelectors: where selectors need no question, a key that stands elsewhere is found all the same.
func TestDKIMSkippedSelectors(t *testing.T) {
	t.Parallel()
	for _, eager := range []bool{false, true} {
		world := proven{zoneWorld(t, apex+"d A 192.0.2.1\ns2.domainkey.d "+txt("v=DKIM1; p="+key2048)), true}
		if res, _ := lookForKeys(t, world, eager, check.DKIMOptions{}); dkimTold(res) != "none-found d.test, misplaced s2" {
			t.Errorf("eager %v: %s", eager, dkimTold(res))
		}
		r := runCheck(t, "$TTL 300\n$ORIGIN d.test.\n@ A 192.0.2.1\ns2._domainkey.news.d.test "+txt("v=DKIM1; p="+key2048), "news.d.test", eager,
			check.DKIM(check.DKIMOptions{}))
		if dkimTold(r.Results[0]) != "none-found news.d.test, misplaced s2" {
			t.Errorf("subdomain that does not exist, eager %v: %s", eager, dkimTold(r.Results[0]))
		}
	}
}

func TestMXProvider(t *testing.T) {
	t.Parallel()
	providers, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	target, _ := diag.DomainTarget("d.test")
	env := diag.Env{DNS: zoneWorld(t, "d MX 10 mx\nd MX 20 mx1.securemx.jp.\nmx A 192.0.2.1"), Now: time.Now, Providers: providers}
	res := diag.Run(context.Background(), env, target, []*diag.Check{check.MX()}).Results[0]
	if f := res.Facts.(*check.MXFacts); f.Provider != "IIJ SecureMX" {
		t.Errorf("provider %q", f.Provider)
	}
}

func TestDKIMRules(t *testing.T) {
	t.Parallel()
	for _, r := range check.DKIM(check.DKIMOptions{}).Rules {
		for _, text := range []string{r.Says.EN, r.Says.JA, r.Why.EN, r.Why.JA, r.Fix.EN, r.Fix.JA, r.Ref, string(r.Owner)} {
			if text == "" {
				t.Errorf("%s has a text missing", r.ID)
			}
		}
		if strings.Contains(r.Says.EN, "missing") {
			t.Errorf("%s speaks of what is missing", r.ID)
		}
	}
}

// listed answers from a list; nothing else exists.
type listed map[string]resolve.Answer

func (r listed) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a := r[t.String()+" "+name]
	a.Name, a.Type = name, t
	if a.Records == nil {
		a.Status = resolve.NoName
	}
	return a, nil
}

// BenchmarkDKIM is the check of one domain with two keys, without DNS.
func BenchmarkDKIM(b *testing.B) {
	providers, err := provider.Load()
	if err != nil {
		b.Fatal(err)
	}
	text := func(s string) resolve.Answer {
		return resolve.Answer{Records: []resolve.Record{{TTL: 300, Text: s}}}
	}
	r := listed{
		"MX d.test":                    {Records: []resolve.Record{{Host: "aspmx.l.google.com", Pref: 10}}},
		"TXT d.test":                   text("v=spf1 include:sendgrid.net -all"),
		"TXT s1._domainkey.d.test":     text("v=DKIM1; k=rsa; p=" + key2048),
		"TXT _domainkey.d.test":        text("x"),
		"TXT google._domainkey.d.test": text("v=DKIM1; k=rsa; p=" + key1024),
	}
	target, err := diag.DomainTarget("d.test")
	if err != nil {
		b.Fatal(err)
	}
	for _, eager := range []bool{false, true} {
		b.Run(fmt.Sprintf("eager=%v", eager), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				diag.Run(b.Context(), diag.Env{DNS: r, Now: time.Now, Providers: providers, Eager: eager}, target,
					[]*diag.Check{check.DKIM(check.DKIMOptions{})})
			}
		})
	}
}
