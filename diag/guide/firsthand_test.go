package guide_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/diag/resolve"
)

const firsthandWorld = `$TTL 300
test.            NS    reg.test.
reg.test.        A     192.0.2.4
$ORIGIN firm.test.
@                NS    ns1
@                NS    ns2
@                SOA   ns1 hostmaster 2 7200 3600 1209600 60
ns1              A     192.0.2.53
ns2              A     198.51.100.53
@                TXT   "v=spf1 -all"
s1._domainkey    CNAME s1.esp.test.
s1.esp.test.     TXT   "v=DKIM1; p="
sub              NS    ns.esp.test.
sub              MX    10 mx
other.test.      TXT   "of another zone"
`

// firsthand is the name servers of firm.test as a resolver, in a lab of a world.
func firsthand(t *testing.T, more ...string) *guide.FirstHand {
	t.Helper()
	return guide.NewFirstHand(t.Context(), firsthandEnv(t, more...), "firm.test")
}

// firsthandEnv is a lab of a world, with a resolver and a way to its name servers.
func firsthandEnv(t *testing.T, more ...string) diag.Env {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(firsthandWorld+strings.Join(more, "\n")+"\n"), "world")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return diag.Env{DNS: c, Direct: resolve.NewDirect(resolve.Options{Dial: l.Dial, Timeout: 400 * time.Millisecond})}
}

// TestFirstHandAnswersByTheNewestZone: which server is behind is told, whichever it is.
func TestFirstHandAnswersByTheNewestZone(t *testing.T) {
	t.Parallel()
	const old = `$AT %[1]s firm.test. TXT "v=spf1 +all"` + "\n$AT %[1]s firm.test. SOA ns1.firm.test. h.firm.test. 1 7200 3600 1209600 60"
	for at, host := range map[string]string{"192.0.2.53": "ns1.firm.test [192.0.2.53]", "198.51.100.53": "ns2.firm.test [198.51.100.53]"} {
		f := firsthand(t, fmt.Sprintf(old, at))
		for range 2 { // the second time it is known
			a, err := f.Ask(t.Context(), "Firm.test", resolve.TypeTXT)
			if err != nil || len(a.Records) != 1 || a.Records[0].Text != "v=spf1 -all" {
				t.Errorf("%+v %v", a, err)
			}
		}
		if got := f.Lags(); len(got) != 1 || got[0].Server != host || !slices.Equal(got[0].Names, []string{"firm.test"}) {
			t.Errorf("%+v", got)
		}
	}
}

// TestFirstHandKnowsTheRest: other zones, those below, and the targets of aliases come from the resolver.
func TestFirstHandKnowsTheRest(t *testing.T) {
	t.Parallel()
	f := firsthand(t)
	for name, want := range map[string]string{"other.test": "of another zone", "s1._domainkey.firm.test": "v=DKIM1; p="} {
		if a, err := f.Ask(t.Context(), name, resolve.TypeTXT); err != nil || len(a.Records) != 1 || a.Records[0].Text != want {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	if a, err := f.Ask(t.Context(), "sub.firm.test", resolve.TypeMX); err != nil || len(a.Records) != 1 {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := f.Ask(t.Context(), "none.firm.test", resolve.TypeMX); err != nil || a.Status != resolve.NoName {
		t.Errorf("%+v %v", a, err)
	}
	if got := f.Lags(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// TestFirstHandDelegation: the DS record of a zone is not in the zone, and its own name servers say that there is none.
func TestFirstHandDelegation(t *testing.T) {
	t.Parallel()
	f := firsthand(t, "firm.test. DS 1 13 2 00", "$AT 192.0.2.53 $FAULT firm.test DS NODATA", "$AT 198.51.100.53 $FAULT firm.test DS NODATA")
	if a, err := f.Ask(t.Context(), "Firm.test", resolve.TypeDS); err != nil || a.Status != resolve.Found {
		t.Errorf("%+v %v", a, err)
	}
}

// TestFirstHandTellsSilence: of a server that says nothing nobody knows whether it has the change.
func TestFirstHandTellsSilence(t *testing.T) {
	t.Parallel()
	f := firsthand(t, "$AT 198.51.100.53 $FAULT firm.test * SILENCE")
	if a, err := f.Ask(t.Context(), "firm.test", resolve.TypeTXT); err != nil || len(a.Records) != 1 {
		t.Errorf("%+v %v", a, err)
	}
	if got := f.Lags(); len(got) != 1 || got[0].Server != "ns2.firm.test [198.51.100.53]" || len(got[0].Names) > 0 {
		t.Errorf("%+v", got)
	}
	for word, kind := range map[string]resolve.Kind{"SERVFAIL": resolve.KindServFail, "REFUSED": resolve.KindRefused,
		"SILENCE": resolve.KindTimeout} {
		f := firsthand(t, "$FAULT firm.test TXT "+word)
		var fail *resolve.Error
		if a, err := f.Ask(t.Context(), "firm.test", resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != kind {
			t.Errorf("%s: %+v %v", word, a, err)
		}
	}
}

// TestFirstHandNeedsServers: where they cannot be found, or have not the zone, nobody takes the resolver's place.
func TestFirstHandNeedsServers(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"$AT 192.0.2.4 $FAULT firm.test * SERVFAIL", "$FAULT firm.test * SILENCE\n$FAULT ns1.firm.test * SERVFAIL",
		"$FAULT firm.test * REFUSED"} {
		if f := firsthand(t, fault); f != nil {
			t.Errorf("%s: %+v", fault, f)
		}
	}
	if f := guide.NewFirstHand(t.Context(), diag.Env{}, "firm.test"); f != nil {
		t.Error("nobody is to be asked")
	}
}

// TestDNSTroubleByNameServers: what the resolver does not know, the name servers of the recipient's domain may show.
func TestDNSTroubleByNameServers(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	at := func(fault string) string {
		return "$AT 192.0.2.53 $FAULT " + fault + "\n$AT 198.51.100.53 $FAULT " + fault
	}
	for name, w := range map[string]struct {
		more string
		want guide.Status
	}{
		"all have the zone":      {"", guide.Open},
		"none has it":            {at("firm.test * REFUSED"), guide.Confirmed},
		"one has it":             {"$AT 192.0.2.53 $FAULT firm.test * REFUSED", guide.Open},
		"one is silent":          {"$AT 192.0.2.53 $FAULT firm.test * REFUSED\n$AT 198.51.100.53 $FAULT firm.test * SILENCE", guide.Open},
		"all are silent":         {at("firm.test * SILENCE"), guide.Open},
		"the key is another one": {"firm.test. DS 1 13 2 00", guide.Confirmed},
		"nobody above answers":   {"$AT 192.0.2.4 $FAULT firm.test * SILENCE", guide.Open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := firsthandEnv(t, w.more)
			env := world(t, c)
			env.SMTP, env.Direct = nil, asked.Direct
			env.DNS = failing{asked.DNS, func(name string, typ resolve.Type) resolve.Kind {
				if resolve.Within(name, "firm.test") && (typ == resolve.TypeMX || name == "firm.test") {
					return resolve.KindRefused
				}
				return ""
			}}
			k := guide.Read(c, "450 4.4.3 DNS lookup failed")
			k.From, k.To = "news@other.test", "user@firm.test"
			k.Settle()
			if got := outcomeOf(t, guide.Run(t.Context(), env, k), "dns-trouble"); got.Status != w.want ||
				w.want == guide.Confirmed && len(got.Proofs) == 0 {
				t.Errorf("%+v, want %s", got, w.want)
			}
		})
	}
}
