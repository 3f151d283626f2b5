package check_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dkim"
	"todoku/diag/resolve"
)

// TestDKIMKinds has for each kind of fault several forms and the same without the fault. selectors are those that the user
// names; without any they are looked for.
func TestDKIMKinds(t *testing.T) {
	t.Parallel()
	const good = "v=DKIM1; k=ed25519; p=" + keyEd
	key := func(name string) string { return name + " " + txt(good) }
	const m365 = "selector1._domainkey.d CNAME selector1-d-test._domainkey.d.onmicrosoft.com.\n" +
		"selector2._domainkey.d CNAME selector2-d-test._domainkey.d.onmicrosoft.com.\n"
	const esp = "s1._domainkey.d CNAME s1.d.dkim.esp\ns2._domainkey.d CNAME s2.d.dkim.esp\n"
	at := "s1._domainkey.d.test "
	for _, c := range []struct{ name, zone, selectors, rules, offers string }{
		{"one record", key("s1._domainkey.d"), "s1", "", ""},
		{"stray text", key("s1._domainkey.d") + "s1._domainkey.d TXT \"google-site-verification=abc\"", "s1", "multiple s1", at + good},
		{"rest of an old key", key("s1._domainkey.d") + "s1._domainkey.d TXT bZJtEYjYckpUQhvwRmskS2ksyLT2QY9iIQSjX", "",
			"multiple s1", at + good},
		{"policy at a selector", key("s1._domainkey.d") + "s1._domainkey.d TXT \"v=spf1 -all\"", "s1", "multiple s1", at + good},
		{"two strings", "s1._domainkey.d TXT \"v=DKIM1; p=" + key2048[:200] + "\" \"" + key2048[200:] + "\"", "s1", "", ""},
		{"two records", "s1._domainkey.d TXT \"v=DKIM1; p=" + key2048[:200] + "\"\ns1._domainkey.d TXT \"" + key2048[200:] + "\"", "s1",
			"key-split s1", at + "v=DKIM1; k=rsa; p=" + key2048},
		{"two records, the rest first", "s1._domainkey.d TXT \"" + key1024[100:] + "\"\ns1._domainkey.d TXT \"k=rsa; p=" +
			key1024[:100] + "\"", "",
			"key-split s1", at + "v=DKIM1; k=rsa; p=" + key1024},
		{"two records that make no key", "s1._domainkey.d TXT \"v=DKIM1; p=" + key1024[:100] + "\"\ns1._domainkey.d TXT \"" +
			key1024[120:] + "\"", "s1",
			"key-split s1", ""},

		{"two records, tags and key", "s1._domainkey.d TXT \"v=DKIM1; k=ed25519;\"\ns1._domainkey.d TXT p=" + keyEd, "s1",
			"key-split s1", at + good},
		{"two records, key and tags", "s1._domainkey.d TXT p=" + keyEd + "\ns1._domainkey.d TXT \"v=DKIM1; k=ed25519\"", "",
			"key-split s1", at + good},

		{"two records, version and a key that is whole", "s1._domainkey.d TXT \"v=DKIM1; k=rsa;\"\ns1._domainkey.d TXT p=" + key1024, "s1",
			"key-split s1", at + "v=DKIM1; k=rsa; p=" + key1024},
		{"two records, tags in both", "s1._domainkey.d TXT \"v=DKIM1; t=s\"\ns1._domainkey.d TXT \"k=rsa; p=" + key1024 + "\"", "s1",
			"key-split s1", at + "v=DKIM1; k=rsa; t=s; p=" + key1024},
		{"three records of one tag each", "s1._domainkey.d TXT k=ed25519\ns1._domainkey.d TXT p=" + keyEd + "\ns1._domainkey.d TXT v=DKIM1\\;",
			"s1", "key-split s1", at + good},
		{"two records, p twice", "s1._domainkey.d TXT \"v=DKIM1; k=rsa; p=" + key1024[:100] + "\"\ns1._domainkey.d TXT \"v=DKIM1; p=" +
			key1024[100:] + "\"", "s1", "key-split s1", at + "v=DKIM1; k=rsa; p=" + key1024},
		{"two keys, one with flags alone", "s1._domainkey.d TXT \"t=y\"\ns1._domainkey.d TXT \"v=DKIM1; p=" + key1024 + "\"", "s1",
			"multiple s1", at + "v=DKIM1; k=rsa; p=" + key1024},

		{"second selector for later", m365 + key("selector1-d-test._domainkey.d.onmicrosoft.com."), "", "cname-unused selector2", ""},
		{"first selector for later", m365 + key("selector2-d-test._domainkey.d.onmicrosoft.com."), "", "cname-unused selector1", ""},
		{"of a service nobody knows", esp + key("s1.d.dkim.esp"), "", "cname-unused s2", ""},
		{"both are there", esp + key("s1.d.dkim.esp") + "\n" + key("s2.d.dkim.esp"), "", "", ""},
		{"neither is there", m365, "", "cname-broken selector1, cname-broken selector2", ""},
		{"the one that signs", m365 + key("selector1-d-test._domainkey.d.onmicrosoft.com."), "selector1 selector2", "cname-broken selector2", ""},
		{"of another service", "s2._domainkey.d CNAME s2.gone.example.\n" + key("s1._domainkey.d"), "", "cname-broken s2", ""},

		{"type nobody knows", "s1._domainkey.d TXT \"v=DKIM1; k=ed2025; p=" + keyEd + "\"", "s1", "key-unusable s1", at + good},
		{"type of a signature", "s1._domainkey.d TXT \"v=DKIM1; k=rsa-sha256; p=" + key1024 + "\"", "", "key-unusable s1",
			at + "v=DKIM1; k=rsa; p=" + key1024},
		{"type nobody knows, key nobody knows", "s1._domainkey.d TXT \"v=DKIM1; k=x25519; p=AAAA\"", "s1", "key-unusable s1", ""},
		{"type nobody knows, beside a good key", "s2._domainkey.d TXT \"v=DKIM1; k=x; p=AAAA\"\n" + key("s1._domainkey.d"),
			"", "key-type s2", ""},
		{"colons", "s1._domainkey.d TXT \"v=DKIM1: k=rsa: p=" + key2048[:150] + "\" \"" + key2048[150:] + "\"", "s1", "syntax s1",
			at + "v=DKIM1; k=rsa; p=" + key2048},
		{"type in capitals", "s1._domainkey.d TXT \"v=DKIM1; k=ED25519; p=" + keyEd + "\"", "s1", "", ""},

		{"domain twice", key("s1._domainkey.d.test.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"domain twice, looked for", key("s1._domainkey.d.test.d"), "", "none-found d.test, misplaced s1", at + good},
		{"no underscore", key("s1.domainkey.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"no underscore, looked for", key("s1.domainkey.d"), "", "none-found d.test, misplaced s1", at + good},
		{"label twice", key("s1._domainkey._domainkey.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"label twice, looked for", key("s1._domainkey._domainkey.d"), "", "none-found d.test, misplaced s1", at + good},
		{"label with an s", key("s1._domainkeys.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"label with an s, looked for", key("s1._domainkeys.d"), "", "none-found d.test, misplaced s1", at + good},
		{"beside an address of all names", "*.d A 192.0.2.1\n" + key("s1.domainkey.d"), "", "none-found d.test, misplaced s1", at + good},
		{"without a selector", key("_domainkey.d"), "", "none-found d.test, misplaced d.test", ""},
		{"without a selector, one named", key("_domainkey.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"at the domain", key("d"), "", "none-found d.test, misplaced d.test", ""},
		{"at the domain, one named", key("d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"without _domainkey", key("s1.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"labels swapped", key("_domainkey.s1.d"), "s1", "selector-none s1, misplaced s1", at + good},
		{"another text there", "d TXT \"v=spf1 -all\"\n_domainkey.d TXT \"o=~\"\ns1.d TXT hello", "s1", "selector-none s1", ""},
		{"in its place too", key("s1._domainkey.d") + key("_domainkey.d"), "s1", "", ""},

		{"selector with its label", key("s1._domainkey.d"), "s1._domainkey", "", ""},
		{"whole name", key("s1._domainkey.d"), "S1._domainkey.d.test.", "", ""},
		{"as in the header", key("s1._domainkey.d"), "s=s1;", "", ""},
		{"selector of two labels", key("a.b._domainkey.d"), "a.b a.b._domainkey.d.test", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, eager := range []bool{false, true} {
				res, _ := lookForKeys(t, zoneWorld(t, apex+"d A 192.0.2.1\n"+c.zone+"\n"), eager,
					check.DKIMOptions{Selectors: strings.Fields(c.selectors)})
				told := strings.Split(dkimTold(res), ", ")
				told = slices.DeleteFunc(told, func(s string) bool { return strings.HasPrefix(s, "key-weak") })
				if got := strings.Join(told, ", "); got != c.rules || res.Err != nil {
					t.Errorf("eager %v: told %q, want %q; %v", eager, got, c.rules, res.Err)
				}
				if got := offers(res); got != c.offers {
					t.Errorf("eager %v: offered %s\n want %s", eager, got, c.offers)
				}
				for _, f := range res.Findings {
					checkPlaceholders(t, f)
				}
			}
		})
	}
}

// TestDKIMSelectorOfAnother refuses a selector that is said to be of another domain.
func TestDKIMSelectorOfAnother(t *testing.T) {
	t.Parallel()
	res, _ := lookForKeys(t, zoneWorld(t, apex), false, check.DKIMOptions{Selectors: []string{"s1._domainkey.other.test"}})
	var wrong *codes.UserError
	if !errors.As(res.Err, &wrong) || len(res.Findings) > 0 {
		t.Errorf("%v, %s", res.Err, dkimTold(res))
	}
}

// hidden says of names that have only names below them that they do not exist, as some servers do.
type hidden struct{ resolve.Resolver }

func (h hidden) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a, err := h.Resolver.Ask(ctx, name, t)
	if strings.HasPrefix(name, "_domainkey.") && a.Status == resolve.NoData {
		a.Status = resolve.NoName
	}
	return a, err
}

// TestDKIMBelowNothing: a domain gets the same answer alone and in a list, whatever the server says of _domainkey.
func TestDKIMBelowNothing(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"google._domainkey.d " + txt("v=DKIM1; k=ed25519; p="+keyEd):                               "google/well-known",
		"d MX 10 in.messagingengine.com.\nfm3._domainkey.d " + txt("v=DKIM1; k=ed25519; p="+keyEd): "fm3/provider:Fastmail",
		"d A 192.0.2.1": "",
	} {
		for _, eager := range []bool{false, true} {
			res, facts := lookForKeys(t, hidden{zoneWorld(t, apex+zone)}, eager, check.DKIMOptions{})
			if got := dkimFound(facts); got != want || res.Err != nil || (got == "") != res.Has(check.DKIMNoneFound) {
				t.Errorf("eager %v: found %q, want %q; %s, %v", eager, got, want, dkimTold(res), res.Err)
			}
		}
	}
}

// validDKIM makes a key record in which nothing is wrong.
func validDKIM(r *rand.Rand) string {
	rec := "v=DKIM1"
	maybe := func(tag string, values ...string) {
		if r.IntN(3) == 0 {
			rec += "; " + tag + "=" + values[r.IntN(len(values))]
		}
	}
	maybe("h", "sha256", "sha1:sha256")
	if r.IntN(3) == 0 {
		rec += "; k=ed25519"
		maybe("t", "s", "y:s")
		return rec + "; p=" + keyEd
	}
	maybe("k", "rsa")
	maybe("n", "key of 2026")
	maybe("s", "email", "*")
	maybe("t", "s", "y", "y:s")
	return rec + "; p=" + key2048
}

// TestDKIMOffersKeepEverything breaks valid key records in 5,000 ways: what is offered for each is one record, which reads
// without a fault and has the key, its restrictions and its flags.
func TestDKIMOffersKeepEverything(t *testing.T) {
	t.Parallel()
	all := append(breakages(form{version: "v=DKIM1", between: "; ", inside: "="}),
		swap("p twice", "p=", "p=p="), swap("p missing", "p=", ""), swap("armour", "p=", "p=-----BEGIN PUBLIC KEY-----"),
		swap("k in capitals", "k=rsa", "K=RSA"),
		swap("type of a signature", "k=rsa", "k=rsa-sha256"), swap("type with a slip", "k=ed25519", "k=ed2519"),
		swap("blank in the key", "AAA", "AAA "),
		breakage{name: "cut into two records", apply: func(_ *rand.Rand, s string) []string {
			return []string{s[:len(s)-40], s[len(s)-40:]}
		}})
	needed, offered := 0, 0
	missing := map[string]int{}
	for _, b := range breakRecords(5000, all, validDKIM) {
		world := listed{}
		for _, text := range b.texts {
			a := world["TXT s1._domainkey.d.test"]
			a.Records = append(a.Records, resolve.Record{Text: text, TTL: 300})
			world["TXT s1._domainkey.d.test"] = a
		}
		target, _ := diag.DomainTarget("d.test")
		res := diag.Run(t.Context(), diag.Env{DNS: world, Now: time.Now}, target,
			[]*diag.Check{check.DKIM(check.DKIMOptions{Selectors: []string{"s1"}})}).Results[0]
		records := offers(res)
		if records == "" {
			if !b.cuts && res.Status() == diag.Fail {
				needed++
				missing[b.name]++
			}
			continue
		}
		needed, offered = needed+1, offered+1
		if problem := worseDKIM(strings.TrimPrefix(records, "s1._domainkey.d.test "), b, res); problem != "" {
			t.Errorf("%s: %s\n  was %s\n  is  %q\noffer %s", b.name, problem, b.valid, b.texts, records)
		}
	}
	t.Logf("%d of %d broken records have an offer; none for %v", offered, needed, missing)
	if offered < needed*9/10 {
		t.Errorf("only %d of %d broken records have an offer; none for %v", offered, needed, missing)
	}
}

// worseDKIM says what is wrong with an offer, or "".
func worseDKIM(text string, b brokenRecord, res diag.Result) string {
	offer, faults := dkim.ParseKey(text)
	for _, f := range faults {
		return fmt.Sprintf("the offer has the fault %+v", f)
	}
	was, _ := dkim.ParseKey(b.valid)
	flags := was.Flags
	if res.Has(check.DKIMTesting) {
		flags = was.Live().Flags
	}
	switch {
	case string(offer.Data) != string(was.Data) || offer.Type != was.Type || offer.Bits != was.Bits:
		return "has another key"
	case b.cuts:
	case !slices.Equal(offer.Hashes, was.Hashes), !slices.Equal(offer.Services, was.Services):
		return "has other restrictions"
	case !slices.Equal(offer.Flags, flags) && !slices.Equal(offer.Flags, was.Flags):
		return "has other flags"
	}
	return ""
}
