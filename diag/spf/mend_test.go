package spf

import "testing"

// TestReadings has the slips that people make, each with the record that keeps all that was meant.
func TestReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"healthy", "v=spf1 include:a.test ip4:192.0.2.1 -all", "v=spf1 include:a.test ip4:192.0.2.1 -all"},
		{"glued all", "v=spf1 ip4:192.0.2.81~all", "v=spf1 ip4:192.0.2.81 ~all"},
		{"glued -all behind a name", "v=spf1 include:_spf.a.test-all", "v=spf1 include:_spf.a.test -all"},
		{"glued all behind an IPv6 address", "v=spf1 ip6:2001:db8::1?all", "v=spf1 ip6:2001:db8::1 ?all"},
		{"glued includes", "v=spf1 include:sendgrid.testinclude:amazonses.test -all", "v=spf1 include:sendgrid.test include:amazonses.test -all"},
		{"glued address", "v=spf1 ip4:192.0.2.1ip4:192.0.2.2/31 -all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2/31 -all"},
		{"glued names", "v=spf1 amx -all", "v=spf1 a mx -all"},
		{"glued name and include", "v=spf1 mxinclude:a.test ~all", "v=spf1 mx include:a.test ~all"},
		{"all glued", "v=spf1ip4:192.0.2.9-all", "v=spf1 ip4:192.0.2.9 -all"},
		{"blank behind the colon", "v=spf1 include: a.test -all", "v=spf1 include:a.test -all"},
		{"blank before the colon", "v=spf1 include :a.test -all", "v=spf1 include:a.test -all"},
		{"blanks around the colon", "v=spf1 ip4 : 192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
		{"blank for the colon", "v=spf1 include a.test -all", "v=spf1 include:a.test -all"},
		{"blank before the length", "v=spf1 ip4:192.0.2.0 /24 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
		{"point", "v=spf1 include.a.test -all", "v=spf1 include:a.test -all"},
		{"point, address", "v=spf1 ip4.192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
		{"no colon, address", "v=spf1 ip4192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
		{"no colon, IPv6", "v=spf1 ip62001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all"},
		{"no colon, name", "v=spf1 include_spf.a.test -all", "v=spf1 include:_spf.a.test -all"},
		{"semicolon for the colon", "v=spf1 ip4;192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
		{"equals", "v=spf1 ip4=192.0.2.1 include=a.test -all", "v=spf1 ip4:192.0.2.1 include:a.test -all"},
		{"colon doubled", "v=spf1 include::a.test ip6::2001:db8::1 -all", "v=spf1 include:a.test ip6:2001:db8::1 -all"},
		{"redirect with a colon", "v=spf1 redirect:_spf.a.test", "v=spf1 redirect=_spf.a.test"},
		{"redirect with a blank", "v=spf1 redirect = _spf.a.test", "v=spf1 redirect=_spf.a.test"},
		{"bare exp", "v=spf1 -all exp", "v=spf1 -all"},
		{"split all", "v=spf1 ip4:192.0.2.9 - all", "v=spf1 ip4:192.0.2.9 -all"},
		{"doubled hyphen", "v=spf1 ip4:192.0.2.9 --all", "v=spf1 ip4:192.0.2.9 -all"},
		{"doubled tilde", "v=spf1 ip4:192.0.2.9 ~~all", "v=spf1 ip4:192.0.2.9 ~all"},
		{"dash", "v=spf1 ip4:192.0.2.9 –all", "v=spf1 ip4:192.0.2.9 -all"},
		{"wave dash", "v=spf1 ip4:192.0.2.9 〜all", "v=spf1 ip4:192.0.2.9 ~all"},
		{"comma, addresses", "v=spf1 ip4:192.0.2.9,192.0.2.10 -all", "v=spf1 ip4:192.0.2.9 ip4:192.0.2.10 -all"},
		{"comma, includes", "v=spf1 include:a.test,b.test -all", "v=spf1 include:a.test include:b.test -all"},
		{"comma, blank", "v=spf1, include:a.test, ip4:192.0.2.1, -all", "v=spf1 include:a.test ip4:192.0.2.1 -all"},
		{"semicolons", "v=spf1; mx; -all;", "v=spf1 mx -all"},
		{"netmask", "v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "v=spf1 ip4:192.0.2.0/24 -all"},
		{"range", "v=spf1 ip4:192.0.2.0-192.0.2.2 -all", "v=spf1 ip4:192.0.2.0/31 ip4:192.0.2.2 -all"},
		{"host as ip4", "v=spf1 ip4:mail.a.test -all", "v=spf1 a:mail.a.test -all"},
		{"address as a", "v=spf1 a:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"},
		{"wrong family", "v=spf1 ip4:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all"},
		{"bare addresses", "v=spf1 192.0.2.1 2001:db8::/32 -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all"},
		{"bare domain", "v=spf1 _spf.a.test -all", "v=spf1 include:_spf.a.test -all"},
		{"address in another mechanism", "v=spf1 include:ip4:192.0.2.1 mx:ip6:2001:db8::1 include:192.0.2.2 a:ip4:192.0.2.4/30 -all",
			"v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ip4:192.0.2.2 ip4:192.0.2.4/30 -all"},
		{"name in another mechanism", "v=spf1 include:include:a.test include:mx:b.test ip4:a:c.test -all",
			"v=spf1 include:a.test mx:b.test a:c.test -all"},
		{"colons without names", "v=spf1 a: mx: include: i.test -all", "v=spf1 a mx include:i.test -all"},
		{"letters changed", "v=spf1 inlcude:a.test incude:b.test ipv4:192.0.2.1 -al", "v=spf1 include:a.test include:b.test ip4:192.0.2.1 -all"},
		{"quotes", `v=spf1 include:"a.test" "ip4:192.0.2.1" “mx” -all`, "v=spf1 include:a.test ip4:192.0.2.1 mx -all"},
		{"full width", "ｖ＝ｓｐｆ１　ｉｎｃｌｕｄｅ：ａ．ｔｅｓｔ　－ａｌｌ", "v=spf1 include:a.test -all"},
		{"full-width colon", "v=spf1 include：a.test -all", "v=spf1 include:a.test -all"},
		{"second version", "v=spf1 include:a.test -all v=spf1 include:b.test ~all", "v=spf1 include:a.test include:b.test ~all"},
		{"second version, glued", "v=spf1 include:a.test -allv=spf1 ip4:192.0.2.1 -all", "v=spf1 include:a.test ip4:192.0.2.1 -all"},
		{"version twice", "v=spf1 v=spf1 redirect=_spf.a.test", "v=spf1 redirect=_spf.a.test"},
		{"redirect twice", "v=spf1 redirect=a.test redirect=a.test", "v=spf1 redirect=a.test"},
		{"redirects to two", "v=spf1 redirect=a.test redirect=b.test", ""},
		{"macros stay", "v=spf1 exists:%{l,-}.x.a.test ip:192.0.2.1 -all", "v=spf1 exists:%{l,-}.x.a.test ip4:192.0.2.1 -all"},
		{"exp without a name before all", "v=spf1 exp= -all", ""},
		{"unknown", "v=spf1 moo -all", ""},
		{"three parts of an address", "v=spf1 ip4:1.2.3 -all", ""},
		{"address that is none", "v=spf1 ip4:192.0.2.300 -all", ""},
	} {
		if got, _ := Mend(c.text); got != c.want {
			t.Errorf("%s: %q: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// TestNearMiss has texts that are meant as SPF records and are none, and their healthy twins.
func TestNearMiss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		txt  string
		miss Miss
		want string
	}{
		{"v=spf1 mx -all", "", ""},
		{"google-site-verification=v-spf1", "", ""},
		{"v=DMARC1; p=none", "", ""},
		{"spf2.0/pra include:a.test -all", "", ""},
		{"v=spf10 mx -all", MissVersion, "v=spf1 mx -all"},
		{"MS=ms99 include:a.test ~all", MissVersion, ""},
		{"pf1 include:a.test ~all", MissVersion, "v=spf1 include:a.test ~all"},
		{"all", "", ""},
		{"a mx", "", ""},
		{"redirect=a.test", "", ""},
		{"SPF 1 year", "", ""},
		{" v=spf1 mx -all", MissBefore, "v=spf1 mx -all"},
		{"\ufeffv=spf1 mx -all", MissBefore, "v=spf1 mx -all"},
		{"\u00a0v=spf1 mx -all", MissBefore, "v=spf1 mx -all"},
		{"“v=spf1 mx -all”", MissQuotes, "v=spf1 mx -all"},
		{`"v=spf1 mx -all"`, MissQuotes, "v=spf1 mx -all"},
		{"「v=spf1 mx -all」", MissQuotes, "v=spf1 mx -all"},
		{`\"v=spf1 mx -all\"`, MissQuotes, "v=spf1 mx -all"},
		{"v=spf1\tmx -all", MissBlank, "v=spf1 mx -all"},
		{"v=spf1;mx;-all", MissBlank, "v=spf1 mx -all"},
		{"v=spf1mx -all", MissBlank, "v=spf1 mx -all"},
		{"v=spf1.0 mx -all", MissBlank, "v=spf1 mx -all"},
		{"v=spf1\u00a0mx -all", MissBlank, "v=spf1 mx -all"},
		{"v=spf1ip4:192.0.2.9-all", MissBlank, "v=spf1 ip4:192.0.2.9 -all"},
		{"ｖ＝ｓｐｆ１ mx -all", MissWidth, "v=spf1 mx -all"},
		{"v = spf1 mx -all", MissVersion, "v=spf1 mx -all"},
		{"v:spf1 mx -all", MissVersion, "v=spf1 mx -all"},
		{"vspf1 mx -all", MissVersion, "v=spf1 mx -all"},
		{"v=sfp1 mx -all", MissVersion, "v=spf1 mx -all"},
		{"v=spff1 ip4:192.0.2.1 -all", MissVersion, "v=spf1 ip4:192.0.2.1 -all"},
		{"v=sfp1 is wrong", "", ""},
		{"spf=v1 ip4:192.0.2.1 -all", MissVersion, "v=spf1 ip4:192.0.2.1 -all"},
		{"SPF: v1; mx -all", MissVersion, "v=spf1 mx -all"},
		{"spf=v1", MissVersion, "v=spf1"},
		{"spfv10 has a meaning of its own", "", ""},
		{"spf via a relay", "", ""},
		{"spf1 mx -all", MissVersion, "v=spf1 mx -all"},
		{"v=spfl mx -all", MissVersion, "v=spf1 mx -all"},
		{"v=spf2 mx -all", MissVersion, "v=spf1 mx -all"},
		{"V=SPF include:a.test -all", MissVersion, "v=spf1 include:a.test -all"},
		{"SPF: v=spf1 mx -all", MissVersion, "v=spf1 mx -all"},
		{`a.test. 3600 IN TXT "v=spf1 mx -all"`, MissVersion, "v=spf1 mx -all"},
		{"include:a.test ip4:192.0.2.1 -all", MissNone, "v=spf1 include:a.test ip4:192.0.2.1 -all"},
		{"MS=ms123 v=spf1 mx -all", MissInside, ""},
	} {
		got := NearMiss(c.txt)
		record := first(Meant(c.txt))
		if got != c.miss || record != c.want {
			t.Errorf("%q: %q %q, want %q %q", c.txt, got, record, c.miss, c.want)
		}
	}
}
