package check_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// fieldWorld is what the records of the cases below lead to.
const fieldWorld = `
_spf.d   TXT "v=spf1 ip4:198.51.100.0/24 -all"
i        TXT "v=spf1 ip4:192.0.2.0/24 -all"
j        TXT "v=spf1 ip4:203.0.113.0/24 ip6:2001:db8:7::/48 -all"
halves   TXT "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"
quarter  TXT "v=spf1 ip4:128.0.0.0/2 ip4:192.0.0.0/2 -all"
open     TXT "v=spf1 +all"
loop     TXT "v=spf1 include:d.test ~all"
h1       A 192.0.2.1
h2       A 192.0.2.2
h3       A 192.0.2.3
both     A 192.0.2.4
both     AAAA 2001:db8::4
h4       A 192.0.2.5
v6       AAAA 2001:db8::6
192.0.2.10._ip.mail.d.test._ehlo.d.test._spf.v TXT "v=spf1 ip4:192.0.2.10 -all"
mail.d.test.ok.d A 127.0.0.2
user.d.test.spf.d TXT "v=spf1 ip4:192.0.2.10 -all"
9.2.0.192.in-addr.arpa. PTR g1.d.test.
9.2.0.192.in-addr.arpa. PTR g2.d.test.
9.2.0.192.in-addr.arpa. PTR g3.d.test.
`

// TestSPFField has the kinds of faults that people met, each in several forms, and the healthy twin of each.
func TestSPFField(t *testing.T) {
	t.Parallel()
	ip := func(s string) check.SPFOptions { return check.SPFOptions{IPs: []netip.Addr{netip.MustParseAddr(s)}} }
	from := func(mail, helo, s string) check.SPFOptions {
		o := check.SPFOptions{Evaluate: true, MailFrom: mail, HELO: helo}
		if s != "" {
			o.IPs = addrs(s)
		}
		return o
	}
	helo := ip("192.0.2.10")
	helo.HELO = "mail.d.test"
	var none check.SPFOptions
	for _, c := range []struct {
		name, zone string
		o          check.SPFOptions
		rules      string // that are told, in the order of their ids
		publish    string // the only record offered
	}{
		{"redirect beside all", `d TXT "v=spf1 redirect=_spf.d.test ~all"`, none, "spf-after-all", "v=spf1 redirect=_spf.d.test"},
		{"redirect behind -all, upper case", `d TXT "v=spf1 -ALL REDIRECT=_spf.d.test"`, none, "spf-after-all", "v=spf1 REDIRECT=_spf.d.test"},
		{"redirect beside all, with a sender", `d TXT "v=spf1 ip4:192.0.2.9 redirect=_spf.d.test -all"`, none, "spf-after-all",
			"v=spf1 ip4:192.0.2.9 redirect=_spf.d.test"},
		{"redirect to nothing beside all", `d TXT "v=spf1 redirect=gone.d.test -all"`, none, "spf-after-all", ""},
		{"redirect alone", `d TXT "v=spf1 redirect=_spf.d.test"`, none, "", ""},
		{"all alone", `d TXT "v=spf1 include:i.test ~all"`, none, "", ""},

		{"two glued records", `d TXT "v=spf1 include:i.test -all v=spf1 include:j.test ~all"`, none, "spf-after-all spf-second-version",
			"v=spf1 include:i.test include:j.test ~all"},
		{"version twice", `d TXT "v=spf1 v=spf1 include:i.test -all"`, none, "spf-second-version", "v=spf1 include:i.test -all"},
		{"version twice before a redirect", `d TXT "v=spf1 v=spf1 redirect=_spf.d.test -all"`, none, "spf-after-all spf-second-version",
			"v=spf1 redirect=_spf.d.test"},
		{"glued without a blank", `d TXT "v=spf1 include:i.test -allv=spf1 include:j.test -all"`, none, "spf-syntax",
			"v=spf1 include:i.test include:j.test -all"},
		{"another modifier", `d TXT "v=spf1 include:i.test ra=postmaster -all"`, none, "", ""},

		{"halves", `d TXT "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"`, none, "spf-all-pass", ""},
		{"halves and a sender", `d TXT "v=spf1 ip4:0.0.0.0/1 include:i.test ip4:128.0.0.0/1 -all"`, none, "spf-all-pass",
			"v=spf1 include:i.test ~all"},
		{"halves behind an include", `d TXT "v=spf1 include:halves.test -all"`, ip("203.0.113.77"), "spf-all-pass", ""},
		{"a half here, quarters there", `d TXT "v=spf1 include:quarter.test ip4:0.0.0.0/1 ~all"`, none, "spf-all-pass",
			"v=spf1 include:quarter.test ~all"},
		{"halves denied", `d TXT "v=spf1 -ip4:0.0.0.0/1 -ip4:128.0.0.0/1 -all"`, none, "", ""},
		{"a/0", "d TXT \"v=spf1 a/0 -all\"\nd A 192.0.2.1", none, "spf-all-pass", "v=spf1 a ~all"},
		{"mx/0 beside a sender", "d TXT \"v=spf1 mx/0 ip4:192.0.2.9 -all\"\nd MX 10 h1", none, "spf-all-pass",
			"v=spf1 mx ip4:192.0.2.9 ~all"},
		{"a//0", "d TXT \"v=spf1 a:both.test//0 ip4:192.0.2.9 -all\"", none, "spf-all-pass",
			"v=spf1 a:both.test ip4:192.0.2.9 ~all"},
		{"halves of hosts and blocks", "d TXT \"v=spf1 a/1 ip4:128.0.0.0/1 ip4:0.0.0.0/1 ~all\"\nd A 192.0.2.1", none, "spf-all-pass",
			"v=spf1 a ~all"},
		{"all-", `d TXT "v=spf1 ip4:192.0.2.9 all-"`, none, "spf-syntax", "v=spf1 ip4:192.0.2.9 -all"},
		{"all~ upper case", `d TXT "v=spf1 ip4:192.0.2.9 ALL~"`, none, "spf-syntax", "v=spf1 ip4:192.0.2.9 ~ALL"},
		{"address of a page", `d TXT "v=spf1 include:https://_spf.d.test/ -all"`, none, "spf-syntax", "v=spf1 include:_spf.d.test -all"},
		{"address of a page for redirect", `d TXT "v=spf1 redirect=http://_spf.d.test"`, none, "spf-glued spf-redirect-none",
			"v=spf1 redirect=_spf.d.test"},
		{"three records joined", `d TXT "v=spf1 ip4:192.0.2.7 -all v=spf1 ip4:192.0.2.8 -all v=spf1 ip4:192.0.2.9 -all"`, none,
			"spf-after-all spf-second-version", "v=spf1 ip4:192.0.2.7 ip4:192.0.2.8 ip4:192.0.2.9 -all"},
		{"a/24", "d TXT \"v=spf1 a/24 mx/24 -all\"\nd A 192.0.2.1\nd MX 10 h1", none, "", ""},
		{"denied before +all", "d TXT \"v=spf1 a -ip6:2000::/3 -ip4:0.0.0.0/0 +all\"\nd A 192.0.2.9", none, "", ""},
		{"half denied before +all", `d TXT "v=spf1 ip4:192.0.2.9 -ip4:128.0.0.0/1 -ip6:::/0 +all"`, none, "spf-wide", ""},
		{"+all", `d TXT "v=spf1 include:i.test +all"`, none, "spf-all-pass", "v=spf1 include:i.test ~all"},
		{"wide", `d TXT "v=spf1 ip4:203.0.113.0/8 include:i.test -all"`, none, "spf-wide", ""},
		{"wide, IPv6", `d TXT "v=spf1 ip6:2001:db8::/3 -all"`, none, "spf-all-pass", ""},
		{"wide, IPv6 /16", `d TXT "v=spf1 ip6:2001:db8::/16 include:i.test -all"`, none, "spf-wide", ""},
		{"wide mx", "d TXT \"v=spf1 mx/4 -all\"\nd MX 10 h1", none, "spf-wide", ""},
		{"large, not wide", `d TXT "v=spf1 ip4:40.64.0.0/10 ip6:2001:db8::/32 -all"`, none, "", ""},
		{"private", `d TXT "v=spf1 ip4:10.0.0.1 ip4:192.0.2.9 ip6:fd00::/8 -all"`, none, "spf-private", ""},

		{"HELO name not told, include", `d TXT "v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.v.test ~all"`, ip("192.0.2.10"), "?", ""},
		{"HELO name not told, exists", `d TXT "v=spf1 exists:%{h}.ok.d.test -all"`, ip("192.0.2.10"), "?", ""},
		{"HELO name not told, redirect", `d TXT "v=spf1 redirect=%{h}.x.test"`, ip("192.0.2.10"), "?", ""},
		{"HELO name told", `d TXT "v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.v.test ~all"`, helo, "", ""},
		{"HELO name told, exists", `d TXT "v=spf1 exists:%{h}.ok.d.test -all"`, from("user@d.test", "mail.d.test", "192.0.2.10"), "", ""},
		{"HELO name of no matter", `d TXT "v=spf1 exists:%{h}.ok.d.test ip4:192.0.2.10 -all"`, ip("192.0.2.10"), "", ""},
		{"local part not told", `d TXT "v=spf1 include:%{l}.%{o}.spf.d.test -all"`, none, "spf-macro", ""},
		{"local part not told, address", `d TXT "v=spf1 include:%{l}.%{o}.spf.d.test -all"`, ip("192.0.2.10"), "spf-macro ?", ""},
		{"local part told", `d TXT "v=spf1 include:%{l}.%{o}.spf.d.test -all"`, from("user@d.test", "", "192.0.2.10"), "spf-macro", ""},
		{"sender without a local part", `d TXT "v=spf1 exists:%{l}.none.d.test ip4:192.0.2.10 -all"`,
			from("@d.test", "", "192.0.2.10"), "spf-macro", ""},
		{"macro include that is not there", `d TXT "v=spf1 include:%{i}.x.test ip4:192.0.2.10 -all"`, ip("192.0.2.10"),
			"spf-include-none spf-ip-fail", ""},

		{"mx without AAAA", "d TXT \"v=spf1 mx ip6:2001:db8:ffff::/48 ~all\"\nd MX 10 h1\nd MX 20 h2\nd MX 30 h3", none, "spf-void-strict",
			"v=spf1 ip6:2001:db8:ffff::/48 mx ~all"},
		{"mx without AAAA, address", "d TXT \"v=spf1 mx ip6:2001:db8:ffff::/48 ~all\"\nd MX 10 h1\nd MX 20 h2\nd MX 30 h3",
			ip("2001:db8:ffff::1"), "spf-void-strict", "v=spf1 ip6:2001:db8:ffff::/48 mx ~all"},
		{"the same hosts without AAAA twice", `d TXT "v=spf1 include:hosts.test include:hosts.test ip6:2001:db8:9::1 ~all"
hosts TXT "v=spf1 a:h1.test a:h2.test -all"`, none, "spf-void-strict",
			"v=spf1 ip6:2001:db8:9::1 include:hosts.test include:hosts.test ~all"},
		{"hosts without AAAA", `d TXT "v=spf1 a:h1.test a:h2.test a:h3.test ip6:2001:db8:9::1 ~all"`, none, "spf-void-strict",
			"v=spf1 ip6:2001:db8:9::1 a:h1.test a:h2.test a:h3.test ~all"},
		{"hosts without AAAA, address", `d TXT "v=spf1 a:h1.test a:h2.test a:h3.test ip6:2001:db8:9::1 ~all"`, ip("2001:db8:9::1"),
			"spf-ip-fail spf-void-strict", "v=spf1 ip6:2001:db8:9::1 a:h1.test a:h2.test a:h3.test ~all"},
		{"hosts without AAAA, no sender with IPv6", `d TXT "v=spf1 a:h1.test a:h2.test a:h3.test ip4:192.0.2.9 ~all"`, none, "", ""},
		{"blocks first", `d TXT "v=spf1 ip6:2001:db8:9::1 a:h1.test a:h2.test a:h3.test ~all"`, none, "", ""},
		{"ptr names of others without an address", `d TXT "v=spf1 ptr:d.test ip4:192.0.2.0/24 -all"`, ip("192.0.2.9"),
			"spf-ptr spf-void-strict", "v=spf1 ip4:192.0.2.0/24 -all"},
		{"ptr names without an address", `d TXT "v=spf1 ptr ip4:192.0.2.9 -all"`, ip("192.0.2.9"), "spf-ptr spf-void-strict",
			"v=spf1 ip4:192.0.2.9 -all"},

		{"blank before", `d TXT " v=spf1 ip4:192.0.2.9 -all"`, none, "spf-none", "v=spf1 ip4:192.0.2.9 -all"},
		{"comma behind, with other texts", "d TXT \"v=spf1, include:i.test, -all\"\nd TXT \"google-site-verification=x\"", none, "spf-none",
			"v=spf1 include:i.test -all"},
		{"unquoted", `d TXT v=spf1 ip4:192.0.2.9 -all`, none, "spf-none", "v=spf1 ip4:192.0.2.9 -all"},
		{"typographic quotes", `d TXT "\226\128\156v=spf1 ip4:192.0.2.9 -all\226\128\157"`, none, "spf-none", "v=spf1 ip4:192.0.2.9 -all"},
		{"spf=v1", `d TXT "spf=v1 ip4:192.0.2.9 -all"`, none, "spf-none", "v=spf1 ip4:192.0.2.9 -all"},
		{"SPF: v1", `d TXT "SPF: v1 include:i.test ~all"`, none, "spf-none", "v=spf1 include:i.test ~all"},
		{"no near miss", "d TXT \"google-site-verification=x\"\nd TXT \"spf2.0/pra include:i.test -all\"", none, "spf-none", ""},

		{"bare exp", `d TXT "v=spf1 -all exp"`, none, "spf-syntax", "v=spf1 -all"},
		{"split all", `d TXT "v=spf1 ip4:192.0.2.9 ~ all"`, none, "spf-syntax", "v=spf1 ip4:192.0.2.9 ~all"},
		{"blank behind the colon", `d TXT "v=spf1 include: i.test -all"`, none, "spf-syntax", "v=spf1 include:i.test -all"},
		{"name without a mechanism", `d TXT "v=spf1 i.test both.test -all"`, none, "spf-syntax spf-syntax",
			"v=spf1 include:i.test a:both.test -all"},
		{"glued includes", `d TXT "v=spf1 ip4:192.0.2.9 include:i.testinclude:j.test -all"`, none, "spf-glued spf-include-none",
			"v=spf1 ip4:192.0.2.9 include:i.test include:j.test -all"},
		{"glued hosts, unseen by receivers", `d TXT "v=spf1 ip4:192.0.2.9 a:both.test,h1.test -all"`, none, "spf-glued",
			"v=spf1 ip4:192.0.2.9 a:both.test a:h1.test -all"},

		{"dead include, nobody else", `d TXT "v=spf1 include:gone.test -all"`, none, "spf-include-none", ""},
		{"dead includes, nobody else", `d TXT "v=spf1 include:gone.test include:gone2.test ~all"`, none, "spf-include-none spf-include-none", ""},
		{"two dead includes and a sender", `d TXT "v=spf1 include:gone.test include:gone2.test include:i.test -all"`, none,
			"spf-include-none spf-include-none", "v=spf1 include:i.test -all"},
		{"loop of two, nobody else", `d TXT "v=spf1 include:loop.test -all"`, none, "spf-loop", ""},
		{"dead include and ?all", `d TXT "v=spf1 include:gone.test ?all"`, none, "spf-include-none spf-neutral-all", ""},
		{"two records", "d TXT \"v=spf1 redirect=_spf.d.test\"\nd TXT \"v=spf1 redirect=_SPF.d.test\"", none, "spf-multiple",
			"v=spf1 redirect=_spf.d.test"},
		{"two records, one faulty", "d TXT \"v=spf1 include: i.test -all\"\nd TXT \"v=spf1 ip4:192.0.2.9 exp=why.d.test -all\"", none,
			"spf-multiple",
			"v=spf1 include:i.test ip4:192.0.2.9 -all exp=why.d.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res := runSPF(t, zoneWorld(t, c.zone+fieldWorld), "d.test", c.o)
			rules, offers := rulesAndOffers(res)
			if rules != c.rules || offers != c.publish {
				t.Errorf("told %q, offers %q; want %q, %q", rules, offers, c.rules, c.publish)
			}
			for _, f := range res.Findings {
				for _, text := range []string{f.Rule.Says.EN, f.Rule.Says.JA, f.Rule.Fix.EN, f.Rule.Fix.JA, f.Rule.Why.EN, f.Rule.Why.JA} {
					checkTemplate(t, text, f.Data)
				}
			}
		})
	}
}

// rulesAndOffers lists the rules of a result, with "?" where it is unknown, and the records that it offers, each once.
func rulesAndOffers(res diag.Result) (rules, offers string) {
	var ids, records []string
	for _, f := range res.Findings {
		ids = append(ids, f.Rule.ID)
		for _, r := range f.Records {
			records = append(records, r.Value)
		}
	}
	slices.Sort(ids)
	slices.Sort(records)
	if res.Err != nil {
		ids = append(ids, "?")
	}
	return strings.Join(ids, " "), strings.Join(slices.Compact(records), " | ")
}

// TestSPFNoRecordThere tells what is there where a record is looked for in vain, and offers what gives its senders back.
func TestSPFNoRecordThere(t *testing.T) {
	t.Parallel()
	const mx, wild = "www.d MX 10 h1\nd MX 10 h1\n", "*.d TXT \"v=spf1 -all\"\n"
	for _, c := range []struct{ name, zone, domain, rules, data, publish string }{
		{"domain twice", "d.test.d TXT \"v=spf1 include:i.test -all\"\n" + mx, "d.test", "spf-none", "nodata  d.test.d.test",
			"d.test v=spf1 include:i.test -all"},
		{"domain twice, with a fault", "d.test.d TXT \"v=spf1 ipv4:192.0.2.9 -all\"", "d.test", "spf-none", "nodata  d.test.d.test",
			"d.test v=spf1 ip4:192.0.2.9 -all"},
		{"domain twice, nearly", "d.test.d TXT \"spf=v1 mx -all\"\n" + mx, "d.test", "spf-none", "nodata  d.test.d.test",
			"d.test v=spf1 mx -all"},
		{"zone twice", "www.d.test.d TXT \"v=spf1 mx -all\"\n" + mx, "www.d.test", "spf-none", "nodata  www.d.test.d.test",
			"www.d.test v=spf1 mx -all"},
		{"zone twice, no such name", "mail.d.test.d TXT \"v=spf1 ip4:192.0.2.9 -all\"", "mail.d.test", "spf-none", "nxdomain  mail.d.test.d.test",
			"mail.d.test v=spf1 ip4:192.0.2.9 -all"},
		{"domain twice, two records", "d.test.d TXT \"v=spf1 include:i.test -all\"\nd.test.d TXT \"v=spf1,mx ~all\"\n" + mx, "d.test", "spf-none",
			"nodata  d.test.d.test", "d.test v=spf1 include:i.test mx ~all"},
		{"two near misses", "d TXT \"v=spf1,include:i.test -all\"\nd TXT \"spf=v1 mx ~all\"\n" + mx, "d.test", "spf-none", "near-miss  ",
			"d.test v=spf1 include:i.test mx ~all"},
		{"two near misses, one for a person", "d TXT \"v=spf1,include:i.test -all\"\nd TXT \"v=spf1,moo ~all\"\n" + mx, "d.test", "spf-none",
			"near-miss  ", ""},
		{"a wildcard is no record of the domain", wild + mx, "d.test", "spf-none", "nodata  ", "d.test v=spf1 mx ~all"},
		{"another text there", "d.test.d TXT \"google-site-verification=x\"\n" + mx, "d.test", "spf-none", "nodata  ", "d.test v=spf1 mx ~all"},
		{"its own record", "d.test.d TXT \"v=spf1 mx -all\"\nd TXT \"v=spf1 mx -all\"\n" + mx, "d.test", "", "", ""},

		{"include of an alias to nowhere", "d TXT \"v=spf1 include:spf.d.test ip4:192.0.2.9 -all\"\nspf.d CNAME gone.esp", "d.test",
			"spf-include-none", "alias gone.esp.test ", "d.test v=spf1 ip4:192.0.2.9 -all"},
		{"include of an alias to other texts", "d TXT \"v=spf1 include:spf.d.test ip4:192.0.2.9 -all\"\nspf.d CNAME x.esp\nx.esp TXT hello",
			"d.test", "spf-include-none", "other-txt  ", "d.test v=spf1 ip4:192.0.2.9 -all"},
		{"redirect to an alias to nowhere", "d TXT \"v=spf1 ip4:192.0.2.9 redirect=spf.d.test\"\nspf.d CNAME gone.esp", "d.test",
			"spf-redirect-none", "alias gone.esp.test ", ""},
		{"include of an alias", "d TXT \"v=spf1 include:spf.d.test -all\"\nspf.d CNAME i", "d.test", "", "", ""},
		{"include of a name too long to be", "d TXT \"v=spf1 include:" + strings.Repeat("a", 64) + ".test ip4:192.0.2.9 -all\"", "d.test",
			"spf-include-none", "nxdomain  ", "d.test v=spf1 ip4:192.0.2.9 -all"},
		{"near miss at an include", "d TXT \"v=spf1 include:spf.d.test ip4:192.0.2.9 -all\"\nspf.d TXT \"v=spf1,ip4:198.51.100.0/24 -all\"",
			"d.test", "spf-include-none", "near-miss  ", "spf.d.test v=spf1 ip4:198.51.100.0/24 -all"},
		{"near miss at a redirect", "d TXT \"v=spf1 redirect=spf.d.test\"\nspf.d TXT \"spf=v1 ip4:198.51.100.0/24 -all\"", "d.test",
			"spf-redirect-none", "near-miss  ", "spf.d.test v=spf1 ip4:198.51.100.0/24 -all"},
		{"near miss at another's include", "d TXT \"v=spf1 include:spf.esp.test ip4:192.0.2.9 -all\"\nspf.esp TXT \"v=spf1,mx -all\"", "d.test",
			"spf-include-none", "near-miss  ", ""},
	} {
		res := runSPF(t, zoneWorld(t, c.zone+fieldWorld), c.domain, check.SPFOptions{})
		rules, data, publish := "", "", ""
		for _, f := range res.Findings {
			value := func(key string) string { d, _ := f.Data.Get(key); return d }
			rules, data = f.Rule.ID, value("status")+" "+value("alias")+" "+value("place")
			for _, r := range f.Records {
				publish = r.Name + " " + r.Value
			}
			for _, text := range []string{f.Rule.Says.EN, f.Rule.Says.JA} {
				checkTemplate(t, text, f.Data)
			}
		}
		if len(res.Findings) > 1 || rules != c.rules || data != c.data || publish != c.publish {
			t.Errorf("%s: %s, %q, %q", c.name, rules, data, publish)
		}
	}
}
