package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// mailHosts are hosts that the records of d.test may name, each with its addresses.
const mailHosts = `$TTL 300
$ORIGIN test.
mail.d A 192.0.2.1
mx-1.d A 192.0.2.2
mx-1.d AAAA 2001:db8::2
mx-2.in.d A 192.0.2.3
mx3.d A 192.0.2.4
mx.esp A 198.51.100.1
in-smtp.eu.esp A 198.51.100.2
in-smtp.eu.esp AAAA 2001:db8::62
1.2.0.192.in-addr.arpa. PTR mail.d
`

// brokenMX is what stands in the zone file of d.test after one fault.
type brokenMX struct {
	rdata  []string // of the MX records, for the one that was broken
	others string   // lines beside them
	lost   bool     // nobody can know the host any more
}

// mxFault is one thing that people or programs do to an MX record.
type mxFault struct {
	name  string
	apply func(r *rand.Rand, pref int, host string) brokenMX
}

// mxText is the MX record of a host that is some text: whole, or with the domain behind it as its dot was left out.
func mxText(r *rand.Rand, pref int, text string) brokenMX {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c == '.' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, `\%03d`, c)
		}
	}
	end := "."
	if r.IntN(3) == 0 {
		end = ".d.test."
	}
	return brokenMX{rdata: []string{fmt.Sprintf("%d %s%s", pref, b.String(), end)}}
}

// mxFaults are faults with %s for the host and %d for the preference, and those that are no matter of letters.
func mxFaults() []mxFault {
	var out []mxFault
	for _, form := range []string{"http://%s", "https://%s/", "http://%s:25", "smtp://%s", "mailto:%s", "//%s", "http:%s",
		"%s/", "%s:25", "%s:465",
		`"%s"`, "'%s'", "“%s”", "‘%s’", "「%s」", "<%s>", "(%s)", "[%s]", "`%s`", "%s,", "%s;", "%s:", "%s。",
		" %s", "%s ", "%s\t", "\u3000%s", "\u00a0%s",
		"%s backup", "%s ; primary", "%s # primary", "%s (primary)", "user@%s", "postmaster@%s", "mx:%s", "www.%s", "%s\\", "@%s", "%s\r"} {
		out = append(out, mxFault{form, func(r *rand.Rand, pref int, host string) brokenMX {
			return mxText(r, pref, strings.ReplaceAll(form, "%s", host))
		}})
	}
	for _, form := range []string{"%d%s", "%d %s", "%d\t%s", "%s %d", "%d,%s", "%s,%d", "MX %d %s", "%d-%s", "IN MX %d %s", "%d  %s"} {
		out = append(out, mxFault{"preference: " + form, func(r *rand.Rand, pref int, host string) brokenMX {
			text := strings.ReplaceAll(strings.ReplaceAll(form, "%d", strconv.Itoa(pref)), "%s", host)
			return mxText(r, 0, text)
		}})
	}
	for name, change := range map[string]func(string) string{
		"full width":                   fullWidth,
		"ideographic full stop":        func(s string) string { return strings.Replace(s, ".", "。", 1) },
		"full-width full stop":         func(s string) string { return strings.Replace(s, ".", "．", 1) },
		"zero-width space":             func(s string) string { return s[:2] + "\u200b" + s[2:] },
		"soft hyphen":                  func(s string) string { return s[:2] + "\u00ad" + s[2:] },
		"underscore for the hyphen":    func(s string) string { return strings.Replace(s, "-", "_", 1) },
		"an underscore more":           func(s string) string { return "_" + s },
		"full-width hyphen":            func(s string) string { return strings.Replace(s, "-", "－", 1) },
		"comma for the dot":            func(s string) string { return strings.Replace(s, ".", ",", 1) },
		"the domain twice":             func(s string) string { return s + ".d.test" },
		"a list with a blank":          func(s string) string { return s + " mx3.d.test" },
		"a list with a comma":          func(s string) string { return s + ",mx3.d.test" },
		"a list with a comma and more": func(s string) string { return s + ", mx3.d.test" },
	} {
		out = append(out, mxFault{name, func(r *rand.Rand, pref int, host string) brokenMX {
			if changed := change(host); changed != host {
				return mxText(r, pref, changed)
			}
			return brokenMX{}
		}})
	}
	slices.SortFunc(out, func(a, b mxFault) int { return strings.Compare(a.name, b.name) })
	return append(out, structuralFaults()...)
}

// structuralFaults are faults of the set of records, and of what a host is.
func structuralFaults() []mxFault {
	keep := func(pref int, host string, more ...string) []string {
		return append([]string{fmt.Sprintf("%d %s.", pref, host)}, more...)
	}
	ip := func(form string) mxFault {
		return mxFault{"address " + form, func(r *rand.Rand, pref int, host string) brokenMX {
			return mxText(r, pref, strings.ReplaceAll(form, "%s", addressesOf(host)[0]))
		}}
	}
	return []mxFault{
		ip("%s"), ip("[%s]"), ip("%s:25"), ip("http://%s"),
		{"alias", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, "old.d.test"), others: "old.d CNAME " + host + ".\n"}
		}},
		{"alias of an alias", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, "old.d.test"), others: "old.d CNAME older.d\nolder.d CNAME " + host + ".\n"}
		}},
		{"alias by DNAME", func(_ *rand.Rand, pref int, host string) brokenMX {
			first, rest, _ := strings.Cut(host, ".")
			return brokenMX{rdata: keep(pref, first+".old.test"), others: "old DNAME " + rest + ".\n"}
		}},
		{"the domain left out", func(_ *rand.Rand, pref int, host string) brokenMX {
			if first, own := strings.CutSuffix(host, ".d.test"); own {
				return brokenMX{rdata: keep(pref, first)}
			}
			return brokenMX{}
		}},
		{"null MX beside", func(_ *rand.Rand, pref int, host string) brokenMX { return brokenMX{rdata: keep(pref, host, "0 .")} }},
		{"null MX last", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host, "65535 .")}
		}},
		{"localhost beside", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host, "20 localhost."), others: "localhost. A 127.0.0.1\n"}
		}},
		{"localhost without dot beside", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host, "20 localhost.d.test.")}
		}},
		{"a local name beside", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host, "20 server.local.")}
		}},
		{"twice", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host, fmt.Sprintf("%d %s.", pref+10, strings.ToUpper(host)))}
		}},
		{"localhost", func(_ *rand.Rand, pref int, _ string) brokenMX {
			return brokenMX{rdata: keep(pref, "localhost"), lost: true}
		}},
		{"gone", func(_ *rand.Rand, pref int, _ string) brokenMX {
			return brokenMX{rdata: keep(pref, "gone.other.test"), lost: true}
		}},
		{"dot missing under a wildcard", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, host+".d.test"), others: "*.d A 203.0.113.80\n"}
		}},
		{"address under a wildcard", func(_ *rand.Rand, pref int, host string) brokenMX {
			return brokenMX{rdata: keep(pref, addressesOf(host)[0]+".d.test"), others: "*.d A 203.0.113.80\n"}
		}},
	}
}

// addressesOf lists the addresses of one of the mail hosts, IPv4 first.
func addressesOf(host string) []string {
	var out []string
	for line := range strings.Lines(mailHosts) {
		if f := strings.Fields(line); len(f) == 3 && f[0]+".test" == host {
			out = append(out, f[2])
		}
	}
	return out
}

// TestOfferedMXRecords breaks MX records, one fault each, and tries each offer: it parses, the check finds nothing wrong with
// it, and it leads to all addresses that the records led to before they were broken.
func TestOfferedMXRecords(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5321, 7505))
	hosts := []string{"mail.d.test", "mx-1.d.test", "mx-2.in.d.test", "mx.esp.test", "in-smtp.eu.esp.test"}
	faults, offered, told := mxFaults(), map[string]int{}, map[string]int{}
	const variants = 5000
	for i := range variants {
		fault := faults[i%len(faults)]
		set := hosts[:0:0]
		for _, n := range r.Perm(len(hosts))[:1+r.IntN(3)] {
			set = append(set, hosts[n])
		}
		broken := fault.apply(r, 10*(1+r.IntN(3)), set[0])
		if len(broken.rdata) == 0 {
			continue
		}
		told[fault.name]++
		zone := mailHosts + broken.others
		for _, rdata := range broken.rdata {
			zone += "d MX " + rdata + "\n"
		}
		for n, host := range set[1:] {
			zone += fmt.Sprintf("d MX %d %s.\n", 40+10*n, host)
		}
		res := runCheck(t, zone, "d.test", false, check.MX()).Results[0]
		if len(res.Findings) == 0 {
			t.Errorf("%s passes: %q", fault.name, broken.rdata)
		}
		if tryOffer(t, fault.name, mailHosts+broken.others, &res, set, broken.lost) {
			offered[fault.name]++
		}
	}
	for _, f := range faults {
		if f.name != "gone" && f.name != "address under a wildcard" && offered[f.name]*10 < told[f.name]*9 {
			t.Errorf("%s: %d offers of %d", f.name, offered[f.name], told[f.name])
		}
	}
}

// tryOffer puts the offered records in the place of the broken ones and checks again. It reports whether there was an offer.
func tryOffer(t *testing.T, fault, zone string, res *diag.Result, set []string, lost bool) bool {
	t.Helper()
	var offer []diag.Record
	for _, f := range res.Findings {
		if len(f.Records) > 0 && len(offer) > 0 {
			t.Errorf("%s: two offers", fault)
		}
		offer = append(offer, f.Records...)
	}
	if len(offer) == 0 {
		return false
	}
	for _, rec := range offer {
		zone += fmt.Sprintf("%s. %s %s\n", rec.Name, rec.Type, rec.Value)
	}
	again := runCheck(t, zone, "d.test", false, check.MX()).Results[0]
	if again.Err != nil || len(again.Findings) > 0 && !(lost && len(set) == 1 && again.Findings[0].Rule == check.MXNull) {
		t.Errorf("%s: the offer %v is broken: %s, %v", fault, offer, again.Findings[0].Rule.ID, again.Err)
	}
	var reached []string
	for _, h := range again.Facts.(*check.MXFacts).Hosts {
		reached = append(reached, h.Addresses...)
	}
	if lost {
		set = set[1:]
	}
	for _, host := range set {
		if !slices.Contains(reached, addressesOf(host)[0]) {
			t.Errorf("%s: the offer %v lost %s", fault, offer, host)
		}
	}
	return true
}
