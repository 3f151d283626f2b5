package resolve

import (
	"errors"
	"strings"
	"testing"

	"todoku/codes"
)

// TestZoneRefusedAsByNameServers gives what BIND 9.18 or NSD 4.6 refuse, each at its line, and healthy twins that both load.
func TestZoneRefusedAsByNameServers(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		lines string
		line  string // of the fault, or "" for a healthy twin
	}{
		"CNAME, then TXT":             {"b CNAME c\nb TXT x", "3"},
		"TXT, then CNAME":             {"b TXT x\nb CNAME c", "3"},
		"CNAME and MX in other case":  {"B CNAME c\nc A 192.0.2.1\nb.A.test. MX 10 c", "4"},
		"CNAME and AAAA":              {"b CNAME c\nb AAAA 2001:db8::1", "3"},
		"CNAME and CAA":               {"b CAA 0 issue \"ca.test\"\nb CNAME c", "3"},
		"CNAME at the apex":           {"@ SOA ns h 1 1 1 1 1\n@ CNAME c", "3"},
		"CNAME at a wildcard":         {"*.b CNAME c\n*.b TXT x", "3"},
		"CNAME and DNAME":             {"b CNAME c\nb DNAME d.test.", "3"},
		"two CNAMEs":                  {"b CNAME c\nb CNAME d", "3"},
		"the same CNAME twice":        {"b CNAME c\nB CNAME C.A.test.", ""},
		"CNAME and what signs it":     {"b CNAME c\nb NSEC d.a.test. CNAME", ""},
		"NSEC, CNAME, TXT":            {"b CNAME c\nb NSEC d.a.test. CNAME\nb TXT x", "4"},
		"CNAME and its target":        {"b CNAME c\nc TXT x\nc MX 10 c", ""},
		"CNAME below other data":      {"b TXT x\nb.b CNAME c", ""},
		"two DNAMEs":                  {"b DNAME c.test.\nb DNAME d.test.", "3"},
		"the same DNAME twice":        {"b DNAME c.test.\nb DNAME C.test.", ""},
		"a record below DNAME":        {"b DNAME c.test.\nx.y.b TXT x", "2"},
		"DNAME above a record":        {"x.y.b TXT x\nb DNAME c.test.", "3"},
		"DNAME beside MX":             {"b DNAME c.test.\nb MX 10 mx.c.test.", ""},
		"two SOAs":                    {"@ SOA ns h 1 1 1 1 1\n@ SOA ns h 2 1 1 1 1", "3"},
		"two SOAs, serials":           {"@ SOA ns h 129 1 1 1 1\n@ SOA ns h 130 1 1 1 1", "3"},
		"two SOAs, times":             {"@ SOA ns h 1 1 1 65 1\n@ SOA ns h 1 1 1 97 1", "3"},
		"the same SOA in other case":  {"@ SOA ns h 1 1 1 1 1\n@ SOA NS H 1 1 1 1 1", ""},
		"the same SOA twice":          {"@ SOA ns h 1 1 1 1 1\n@ SOA ns h 1 1 1 1 1", ""},
		"256 octets":                  {`b TXT "` + text(256) + `"`, "2"},
		"255 octets":                  {`b TXT "` + text(255) + `"`, ""},
		"256 octets without quotes":   {`b TXT ` + text(256), "2"},
		"255 octets without quotes":   {`b TXT ` + text(255), ""},
		"256 octets at the end":       {`b TXT "x" "` + text(256) + `"`, "2"},
		"256 octets in parentheses":   {"b TXT ( \"x\"\n \"" + text(256) + "\" )", "2"},
		"256 octets, twice":           {"b TXT \"" + text(255) + "\"\nc txt \"" + text(256) + "\"", "3"},
		"two of 255 octets":           {`b TXT "` + text(255) + `" "` + text(255) + `"`, ""},
		"two of 255 octets, glued":    {`b TXT "` + text(255) + `""` + text(255) + `"`, ""},
		"256 escaped octets":          {`b TXT "` + strings.Repeat(`\120`, 256) + `"`, "2"},
		"255 escaped octets":          {`b TXT "` + strings.Repeat(`\120`, 100) + strings.Repeat(`\;`, 155) + `"`, ""},
		"Japanese of 258 octets":      {`b TXT "` + strings.Repeat("あ", 86) + `"`, "2"},
		"Japanese of 255 octets":      {`b TXT "` + strings.Repeat("あ", 85) + `"`, ""},
		"a long comment":              {`b TXT "x" ; ` + text(300), ""},
		"a long word of another type": {`_25._tcp.b TLSA 3 0 0 ` + strings.Repeat("ab", 400), ""},
		"type SPF":                    {`b SPF "` + text(256) + `"`, "2"},
		"TXT without text":            {"b TXT \nc TXT y", "2"},
		"an empty text":               {`b TXT ""`, ""},
		"a line break in quotes":      {"c TXT x\nb TXT \"x\ny\"", "3"},
		"a Windows line break":        {"b TXT \"x\r\ny\"", "2"},
		"an escaped line break":       {"b TXT \"x\\\ny\"", ""},
		"a quote without end":         {"b TXT \"x\nc TXT y", "2"},
		"an escaped quote":            {`b TXT "x\"y"`, ""},
		"lines with Windows ends":     {"b TXT \"x\"\r\nc TXT \"y\"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, end := range []string{"", "\n"} {
				_, err := ParseZone(strings.NewReader("$ORIGIN a.test.\n"+c.lines+end), "f.zone")
				var in *codes.UserError
				switch {
				case c.line == "":
					if err != nil {
						t.Error(err)
					}
				case !errors.As(err, &in) || in.Place != "f.zone:"+c.line || in.Says.JA == "" || in.Remedy.JA == "" || in.Remedy.EN == "":
					t.Errorf("%v; want line %s", err, c.line)
				}
			}
		})
	}
}

// TestDNAME: names below a DNAME record are found below its target, in the zone and outside of it; the name itself is not.
func TestDNAME(t *testing.T) {
	t.Parallel()
	c := offline(t, `$ORIGIN a.test.
@ SOA ns h 1 1 1 1 1
_domainkey DNAME _domainkey.main.test.
old   DNAME new
old   TXT "own"
new   MX 10 mx
mx.new A 192.0.2.25
alias CNAME x.old
far   DNAME far.elsewhere.test.
round DNAME round2
round2 DNAME round
*.wild DNAME new
`, "s1._domainkey.main.test. 60 TXT \"key\"\n*.far.elsewhere.test. 60 TXT \"any\"\n$ORIGIN top.test.\nroot DNAME .\n")
	for _, q := range []struct {
		name   string
		t      Type
		status Status
		value  string
		chain  string
	}{
		{"s1._domainkey.a.test", TypeTXT, Found, "key", "s1._domainkey.main.test"},
		{"S1._DomainKey.A.test.", TypeTXT, Found, "key", "s1._domainkey.main.test"},
		{"s2._domainkey.a.test", TypeTXT, NoName, "", "s2._domainkey.main.test"},
		{"mx.old.a.test", TypeA, Found, "192.0.2.25", "mx.new.a.test"},
		{"alias.a.test", TypeA, NoName, "", "x.old.a.test x.new.a.test"},
		{"mx.old.a.test", TypeCNAME, Found, "mx.new.a.test", ""},
		{"old.a.test", TypeTXT, Found, "own", ""},
		{"old.a.test", TypeMX, NoData, "", ""},
		{"a.b.far.a.test", TypeTXT, Found, "any", "a.b.far.elsewhere.test"},
		{"x.round.a.test", TypeA, NoData, "", "x.round2.a.test"},
		{"a.test.root.top.test", TypeMX, NoData, "", "a.test"},
		{"none.a.test", TypeTXT, NoName, "", ""},
	} {
		a, err := c.Ask(t.Context(), q.name, q.t)
		if err != nil || a.Status != q.status || strings.Join(a.Chain, " ") != q.chain {
			t.Errorf("%s %s: %+v, %v", q.name, q.t, a, err)
			continue
		}
		if q.value != "" {
			r := a.Records[0]
			if got := r.Text + r.Host + strings.TrimPrefix(r.Addr.String(), "invalid IP"); got != q.value {
				t.Errorf("%s %s: %q, want %q", q.name, q.t, got, q.value)
			}
		}
	}
}

// TestZoneCircle: aliases of zone files that lead back to themselves lead to no record, and that is known.
func TestZoneCircle(t *testing.T) {
	t.Parallel()
	zone := "$ORIGIN a.test.\nb CNAME c\nc CNAME b\nself CNAME self\nin CNAME b\nout CNAME b.other.test.\nok CNAME end\nend A 192.0.2.1\n"
	other := "$ORIGIN other.test.\nb CNAME out.a.test.\n"
	for name, chain := range map[string]string{
		"b.a.test": "c.a.test", "c.a.test": "b.a.test", "self.a.test": "self.a.test", "in.a.test": "b.a.test c.a.test",
		"out.a.test": "b.other.test", "b.other.test": "out.a.test",
	} {
		a, err := offline(t, zone, other).Ask(t.Context(), name, TypeA)
		if err != nil || !a.circle || a.Status != NoData || strings.Join(a.Chain, " ") != chain {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if a, err := offline(t, zone, other).Ask(t.Context(), "ok.a.test", TypeA); err != nil || a.circle || a.Status != Found {
		t.Errorf("%+v, %v", a, err)
	}
}
