package campaign_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/campaign"
)

func TestParse(t *testing.T) {
	t.Parallel()
	c, err := campaign.Parse("c.yaml", []byte(`# all keys
from: お知らせ <news@例え.test>
envelope: bounce@Example.test
helo: out.example.test
ips: [192.0.2.7, "2001:db8::7", "::ffff:192.0.2.7"]
selectors: [s1, "S2._domainkey.esp.test."]
key: dkim.pem
message: mail.eml
volume: 20,000
recipients:
  gmail.com: 8_000
  "@Docomo.ne.jp": 20
tls: TLS 1.2
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Domain != "xn--r8jz45g.test" || c.Bounces != "example.test" || c.Volume != 20000 || c.TLS != campaign.TLSModern || len(c.IPs) != 2 {
		t.Errorf("%+v", c)
	}
	want := []campaign.Selector{{Name: "s1", Domain: "xn--r8jz45g.test"}, {Name: "s2", Domain: "esp.test"}}
	if !slices.Equal(c.Selectors, want) {
		t.Errorf("selectors %v", c.Selectors)
	}
	if want := []campaign.DomainCount{{"gmail.com", 8000, 11}, {"docomo.ne.jp", 20, 12}}; !slices.Equal(c.Recipients.Counts, want) {
		t.Errorf("counts %v", c.Recipients.Counts)
	}
	for text, want := range map[string]campaign.TLS{"true": campaign.TLSModern, "yes": campaign.TLSModern, "1.3": campaign.TLSModern,
		"TLSv1.2": campaign.TLSModern, "STARTTLS": campaign.TLSModern,
		"no":   campaign.TLSNone,
		"none": campaign.TLSNone, "TLS 1.0": campaign.TLSNone} {
		if c, err := campaign.Parse("c", []byte("from: a@b.test\ntls: "+text)); err != nil || c.TLS != want {
			t.Errorf("tls: %s: %+v, %v", text, c, err)
		}
	}
	if c, err := campaign.Parse("c", []byte("from: a@b.test\nesp: Amazon SES")); err != nil || c.ESP != "amazon_ses" {
		t.Errorf("%+v, %v", c, err)
	}
	for text, want := range map[string]string{"from: example.test": "example.test", "from: '@example.test'": "example.test",
		"from: news@example.test\nesp: SendGrid": "example.test", "from: News <a@b.test>\nrecipients: list.csv": "b.test"} {
		if c, err := campaign.Parse("c", []byte(text)); err != nil || c.Domain != want {
			t.Errorf("%s: %v, %v", text, c, err)
		}
	}
}

// TestParseErrors: what is wrong is told with line and column, in both languages, with what to do.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	for text, place := range map[string]string{
		"":                                   "c.yaml:1:1",
		"- from: a@b.test":                   "c.yaml:1:1",
		"from: a@b.test\nform: x":            "c.yaml:2:1",
		"from: a@b.test\nfrom: c@d.test":     "c.yaml:2:1",
		"ips: 192.0.2.7":                     "c.yaml:1:1",
		"from: [a@b.test]":                   "c.yaml:1:7",
		"from: nobody@":                      "c.yaml:1:7",
		"from: a@b.test, c@d.test":           "c.yaml:1:7",
		"from: a@b.test\nips: [192.0.2.300]": "c.yaml:2:7",
		"from: a@b.test\nips:\n  - 192.0.2.7\n  - 192.0.2.0/24":       "c.yaml:4:5",
		"from: a@b.test\nips: []":                                     "c.yaml:2:6",
		"from: a@b.test\nips: {a: 1}":                                 "c.yaml:2:6",
		"from: a@b.test\nips: [192.0.2.7]\nesp: sendgrid":             "c.yaml:3:1",
		"from: a@b.test\nselectors: ['a b']":                          "c.yaml:2:13",
		"from: a@b.test\nvolume: many":                                "c.yaml:2:9",
		"from: a@b.test\nvolume: -1":                                  "c.yaml:2:9",
		"from: a@b.test\ntls: perhaps":                                "c.yaml:2:6",
		"from: a@b.test\nrecipients: {gmail.com: some}":               "c.yaml:2:25",
		"from: a@b.test\nrecipients: {gmail.com: 1, '@GMAIL.com': 2}": "c.yaml:2:28",
		"from: a@b.test\nrecipients: {}":                              "c.yaml:2:13",
		"from: a@b.test\nrecipients: [[a]]":                           "c.yaml:2:14",
		"from: a@b.test\nrecipients:":                                 "c.yaml:2:12",
		"from: &a a@b.test\nenvelope: *a":                             "c.yaml:1:7",
		"from: a@b.test\nenvelope: a b@c.test":                        "c.yaml:2:11",
		"from: a@b.test\n---\nfrom: c@d.test":                         "c.yaml:3:1",
		"from: \x89\xef\x8e\xd0 <a@b.test>":                           "c.yaml", // Shift_JIS
		"from: a@b.test\nhelo: x: y":                                  "c.yaml:2",
		"from: a@b.test\n? [a]\n: b":                                  "c.yaml:2:3",
		"from: a@b.test\n" + strings.Repeat("#", campaign.MaxFile):    "c.yaml",
	} {
		_, err := campaign.Parse("c.yaml", []byte(text))
		var said *codes.UserError
		switch {
		case !errors.As(err, &said):
			t.Errorf("%.60q: %v", text, err)
		case said.Place != place:
			t.Errorf("%.60q: at %s, want %s (%v)", text, said.Place, place, err)
		case said.Says.JA == "" || said.Remedy.EN == "" || said.Remedy.JA == "" || said.Unable:
			t.Errorf("%.60q: says %q, remedy %q", text, said.Says.JA, said.Remedy.JA)
		}
	}
}

// TestAliasesDoNotGrow: a file of aliases of aliases is refused at its first anchor.
func TestAliasesDoNotGrow(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("from: a@b.test\nrecipients:\n- &a [x@y.test]\n")
	for c := 'b'; c < 'z'; c++ {
		b.WriteString("- &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 20) + "]\n")
	}
	if _, err := campaign.Parse("c", []byte(b.String())); err == nil || !strings.HasPrefix(err.Error(), "c:3:3") {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"from: a@b.test\nips: [192.0.2.7]\nrecipients: {gmail.com: 1}", "from: &a b\nx: *a", "- [",
		"from: \"\\x00\"\ntls: 1.2",
		"from: a@b.test\nselectors: [s1._domainkey.a.test]\nvolume: 1e9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := campaign.Parse("c", []byte(text))
		var said *codes.UserError
		if err == nil && (c.Domain == "" || c.Volume < 0) || err != nil && !errors.As(err, &said) {
			t.Errorf("%+v, %v", c, err)
		}
	})
}
