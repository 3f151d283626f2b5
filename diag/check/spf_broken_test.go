package check_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// senders is a world in which every name that the valid records of this test use is there, with what they look for, and
// no other. The texts stand at d.test.
type senders struct{ texts []string }

func (w senders) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a := resolve.Answer{Name: name, Type: t, Status: resolve.NoName}
	known := name == "d.test" || slices.Contains(spfHosts(), name) || slices.Contains(spfRecords(), name)
	if !known {
		return a, nil
	}
	a.Status = resolve.NoData
	var rs []resolve.Record
	switch host := name == "d.test" || slices.Contains(spfHosts(), name); {
	case t == resolve.TypeTXT && name == "d.test":
		for _, text := range w.texts {
			rs = append(rs, resolve.Record{TTL: 300, Text: text})
		}
	case t == resolve.TypeTXT && !host:
		rs = append(rs, resolve.Record{TTL: 300, Text: "v=spf1 ip4:198.51.100.0/24 -all"})
	case t == resolve.TypeA && host:
		rs = append(rs, resolve.Record{TTL: 300, Addr: netip.MustParseAddr("192.0.2.9")})
	case t == resolve.TypeAAAA && host:
		rs = append(rs, resolve.Record{TTL: 300, Addr: netip.MustParseAddr("2001:db8::9")})
	case t == resolve.TypeMX && host:
		rs = append(rs, resolve.Record{TTL: 300, Host: "mail.d.test", Pref: 10})
	}
	if len(rs) > 0 {
		a.Status, a.Records = resolve.Found, rs
	}
	return a, nil
}

func spfHosts() []string { return []string{"mail.d.test", "out-1.d.test", "relay.partner.test"} }

func spfRecords() []string {
	return []string{"_spf.d.test", "_spf.google.test", "spf.mail-service.test", "amazonses.test", "spf.esp.test"}
}

// validSPF is a record as many publish it.
func validSPF(r *rand.Rand) string {
	terms := []string{"a", "mx", "a:mail.d.test", "a:out-1.d.test/28", "mx:relay.partner.test", "ip4:192.0.2.1", "ip4:203.0.113.0/24",
		"ip6:2001:db8:1::25", "ip6:2001:db8:7::/48", "exists:%{i}._h.%{d}", "ip4:198.51.100.77/32"}
	for _, name := range spfRecords() {
		terms = append(terms, "include:"+name)
	}
	r.Shuffle(len(terms), func(i, j int) { terms[i], terms[j] = terms[j], terms[i] })
	out := append([]string{"v=spf1"}, terms[:1+r.IntN(5)]...)
	switch r.IntN(8) {
	case 0:
		return strings.Join(append(out, "redirect=_spf.d.test"), " ")
	case 1:
		return strings.Join(append(out, "?all"), " ")
	case 2, 3, 4:
		return strings.Join(append(out, "~all"), " ")
	}
	return strings.Join(append(out, "-all"), " ")
}

// spfBreakages are those of SPF alone.
func spfBreakages() []breakage {
	name := func(old, new string) breakage { return swap("name: "+old+" as "+new, old, new) }
	return []breakage{
		name("include:", "inlcude:"), name("include:", "includ:"), name("include:", ""), name("include:", "include"),
		name("include:", "includes:"), name("ip4:", "ip4"), name("ip4:", "ipv4:"), name("ip4:", "ip:"), name("ip4:", ""),
		name("ip4:", "ip6:"), name("ip6:", "ip4:"), name("ip6:", "ipv6:"), name("ip6:", ""), name("ip4:", "a:"), name("all", "al"),
		name("all", "alll"), name("redirect=", "redirect:"), name("redirect=", "redirct="), name("ip4:203.0.113.0/24", "ip4:203.0.113.0 /24"),
		name("ip4:203.0.113.0/24", "ip4:203.0.113.0/255.255.255.0"), name("ip4:203.0.113.0/24", "ip4:203.0.113.0-203.0.113.255"),
		name("ip4:203.0.113.0/24", "ip4:203.0.113.*"), name("-all", "- all"), name("-all", "--all"), name("~all", "~~all"),
		name("~all", "〜all"),
		name("-all", "-all."), name("a:mail", "ip4:mail"), name("a:mail.d.test", "a:mail.d.test,out-1.d.test"), name("~all", "~ all"),
		{name: "a record of another sender beside it", apply: func(_ *rand.Rand, s string) []string {
			return []string{s, "v=spf1 include:spf.esp.test ~all"}
		}},
		{name: "a record of another sender behind it", apply: func(_ *rand.Rand, s string) []string {
			return []string{s + " v=spf1 include:spf.esp.test ~all"}
		}},
		{name: "a term behind all", apply: func(_ *rand.Rand, s string) []string {
			if strings.Contains(s, "redirect=") {
				return nil
			}
			return []string{s + " ip4:192.0.2.200"}
		}},
	}
}

// runOn gives what the SPF check tells of d.test where these texts are published.
func runOn(t testing.TB, texts ...string) diag.Result {
	return runSPF(t, senders{texts}, "d.test", check.SPFOptions{})
}

// TestSPFOffersKeepEverything breaks 5,000 valid records in one place each. What is offered can be read, passes the check,
// names each sender and policy word that was there, and nobody else; the offers of one run are one record.
func TestSPFOffersKeepEverything(t *testing.T) {
	t.Parallel()
	all := append(breakages(form{version: "v=spf1", between: " ", inside: ":="}), spfBreakages()...)
	broken, offers := map[string]int{}, map[string]int{}
	sample := map[string]string{}
	for _, b := range breakRecords(5000, all, validSPF) {
		res := runOn(t, b.texts...)
		offer := offered(t, b, res)
		if offer == "" {
			if why := harm(b, res); why != "" && !b.cuts {
				broken[b.name]++
				sample[b.name] = fmt.Sprintf("%q of %q", b.texts, b.valid)
			}
			continue
		}
		broken[b.name]++
		offers[b.name]++
		after := runOn(t, offer)
		for _, f := range after.Findings {
			if f.Rule.Severity == diag.Fail || f.Rule == check.SPFAfterAll || f.Rule == check.SPFGlued || f.Rule == check.SPFIgnored {
				t.Errorf("%s: %q: the offer %q breaks %s", b.name, b.texts, offer, f.Rule.ID)
			}
		}
		if why := compareSPF(b, offer, res.Has(check.SPFNeutralAll), true); why != "" {
			t.Errorf("%s: %q was %q: the offer %q %s", b.name, b.texts, b.valid, offer, why)
		}
	}
	sum, made := 0, 0
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		sum, made = sum+broken[name], made+offers[name]
		if offers[name] < broken[name] {
			t.Logf("%s: %d of %d; %s", name, offers[name], broken[name], sample[name])
		}
	}
	t.Logf("%d of %d broken records are mended", made, sum)
	if made*100 < sum*90 {
		t.Errorf("only %d of %d broken records are mended", made, sum)
	}
}

// offered is the record that a run offers for d.test; "" where there is none.
func offered(t testing.TB, b brokenRecord, res diag.Result) string {
	t.Helper()
	offer := ""
	for _, f := range res.Findings {
		for _, r := range f.Records {
			if offer != "" && r.Value != offer {
				t.Errorf("%s: %q: two offers, %q and %q", b.name, b.texts, offer, r.Value)
			}
			if offer = r.Value; r.Name != "d.test" {
				t.Errorf("%s: an offer for %s", b.name, r.Name)
			}
			if _, faults := spf.Parse(offer); len(faults) > 0 {
				t.Errorf("%s: %q: the offer %q has faults: %v", b.name, b.texts, offer, faults)
			}
		}
	}
	return offer
}

// harm says what a broken record does to its owner; "" where nothing is lost.
func harm(b brokenRecord, res diag.Result) string {
	for _, f := range res.Findings {
		if f.Rule.Severity == diag.Fail || f.Rule == check.SPFAfterAll || f.Rule == check.SPFGlued || f.Rule == check.SPFIgnored {
			return f.Rule.ID
		}
	}
	return compareSPF(b, b.texts[0], false, true)
}

// compareSPF says what an offer has lost of the valid record, or what it has that nobody wrote; "" where it is right.
// neutral allows ~all for ?all, which is advised then.
func compareSPF(b brokenRecord, offer string, neutral, exact bool) string {
	has := func(terms []string, term string) bool {
		twin := strings.Replace(term, "redirect=", "include:", 1)
		return slices.Contains(terms, term) || slices.Contains(terms, twin)
	}
	old, now := spfTerms(b.valid), spfTerms(offer)
	text := strings.ToLower(strings.Join(b.texts, " "))
	for _, term := range old {
		switch {
		case has(now, term):
		case b.cuts && !strings.Contains(text+" ", " "+term+" "):
		case term == "?all" && (neutral || len(b.texts) > 1) && slices.Contains(now, "~all"):
		case strings.HasSuffix(term, "-all") && strings.Contains(b.name, "another sender") && slices.Contains(now, "~all"):
		default:
			return "has lost " + term
		}
	}
	for _, term := range now {
		if exact && !b.cuts && !written(b, old, term) {
			return "has " + term + ", which nobody wrote"
		}
	}
	return ""
}

// written reports whether a term of an offer was there before, in the valid record or in what the breakage added.
func written(b brokenRecord, old []string, term string) bool {
	return slices.Contains(old, term) || strings.HasSuffix(term, "all") || strings.Contains(b.name, "another sender") ||
		strings.Contains(term, "out-1") || term == "ip4:192.0.2.200" ||
		strings.HasPrefix(term, "include:") && slices.Contains(old, "redirect="+term[len("include:"):])
}

// spfTerms lists the terms of a record in one way of writing.
func spfTerms(record string) []string {
	var out []string
	r, _ := spf.Parse(record)
	for i := range r.Terms {
		t := &r.Terms[i]
		text := strings.TrimSuffix(strings.ToLower(strings.TrimPrefix(t.Text, "+")), ".")
		if t.Prefix.IsValid() && t.Qualifier == '+' {
			text = spf.NetworkTerm(t.Prefix)
		}
		out = append(out, text)
	}
	return out
}
