package provider

import (
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, q := range []struct {
		by   func(string) (Provider, bool)
		name string
		want string
	}{
		{c.ByMX, "aspmx.l.google.com", "Google Workspace"},
		{c.ByMX, "ALT1.ASPMX.L.GOOGLE.COM.", "Google Workspace"},
		{c.ByMX, "kaisha-test.mail.protection.outlook.com", "Microsoft 365"},
		{c.ByMX, "x.olc.protection.outlook.com", "Outlook.com"},
		{c.ByMX, "inbound-smtp.us-east-1.amazonaws.com", "Amazon WorkMail"},
		{c.ByMX, "inbound-smtp.amazonaws.com", ""},
		{c.ByMX, "notmimecast.com", ""},
		{c.ByMX, "", ""},
		{c.ByMX, "com", ""},
		{c.ByMX, "mfsmax.docomo.ne.jp", "NTT docomo Mail"},
		{c.ByInclude, "_spf.google.com", "Google Workspace"},
		{c.ByInclude, "sendgrid.net", "SendGrid"},
		{c.ByInclude, "u1.wl2.sendgrid.net", "SendGrid"},
		{c.ByInclude, "amazonses.com", "Amazon SES"},
		{c.ByInclude, "spf.haihaimail.jp", "haihaimail"},
		{c.ByCNAME, "selector1-kaisha-test._domainkey.kaisha.onmicrosoft.com", "Microsoft 365"},
		{c.ByCNAME, "dkim.acdkim1.acems3.com", "ActiveCampaign"},
		{c.ByCNAME, "dkim2.mcsv.net", "Mailchimp"},
		{c.ByCNAME, "shop12._domainkey.makeshop.jp", "makeshop"},
		{c.ByCNAME, "makeshop.jp", ""},
	} {
		if p, ok := q.by(q.name); p.Name.EN != q.want || ok != (q.want != "") {
			t.Errorf("%s: %q, want %q", q.name, p.Name.EN, q.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	c := load(t)
	p, _ := c.ByInclude("spf.protection.outlook.com")
	if got := c.Selectors(p); !slices.Equal(got, []string{"selector1", "selector2"}) {
		t.Errorf("%+v: %v", p, got)
	}
	all := c.AllSelectors()
	if len(all) < 85 {
		t.Errorf("%d selectors", len(all))
	}
	for i, s := range all {
		if s == "" || s != strings.ToLower(s) || strings.ContainsAny(s, "<>*") || slices.Contains(all[:i], s) {
			t.Errorf("selector %q", s)
		}
	}
	if usual := c.WellKnown(); len(usual) < 20 || !slices.Equal(usual, all[:len(usual)]) {
		t.Errorf("usual selectors %v", usual)
	}
}

// TestData holds the names to the form that is looked up.
func TestData(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, x := range []index{c.mx, c.spf, c.cname} {
		for name, p := range x.exact {
			if name != strings.ToLower(name) || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || !strings.Contains(name, ".") {
				t.Errorf("name %q", name)
			}
			if !slices.Contains([]Certainty{Documented, Observed, General}, p.Certainty) ||
				!slices.Contains([]Kind{Mailbox, Gateway, ESP, Hosting}, p.Kind) {
				t.Errorf("%+v", p)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"  mx a.test", "A\n  huh x", "A\n  mx a.test\nB\n  mx a.test", "A\nA"} {
		if _, err := parse(s); err == nil {
			t.Errorf("%q passes", s)
		}
	}
}

func TestNil(t *testing.T) {
	t.Parallel()
	var c *Catalogue
	p, ok := c.ByMX("aspmx.l.google.com")
	if ok || c.Selectors(p) != nil || len(c.WellKnown()) == 0 || len(c.AllSelectors()) == 0 {
		t.Error("a nil catalogue knows somebody")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

func BenchmarkByMX(b *testing.B) {
	c := load(b)
	for b.Loop() {
		c.ByMX("kaisha-test.mail.protection.outlook.com")
	}
}
