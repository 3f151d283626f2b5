package dkim

import (
	"slices"
	"strings"
	"testing"
)

// TestMend reads key records as they are meant. "" stands where a person has to look.
func TestMend(t *testing.T) {
	t.Parallel()
	const whole = "v=DKIM1; k=rsa; p=" + rsa1024
	const wholeEd = "v=DKIM1; k=ed25519; p=" + ed
	const spki = "MCowBQYDK2VwAyEA" + ed // RFC 8410: twelve octets before the key
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if '!' <= r && r <= '~' {
				return r + 0xfee0
			}
			return r
		}, s)
	}
	for in, want := range map[string]string{
		whole: whole, wholeEd: wholeEd, "p=" + rsa1024: whole,
		"v=DKIM1; h=sha1:sha256; k=rsa; n=made in 2026; s=email:*; t=y:s; p=" +
			rsa1024: "v=DKIM1; h=sha1:sha256; k=rsa; n=made in 2026; s=email:*; t=y:s; p=" + rsa1024,

		// Separators.
		"v=DKIM1 k=rsa p=" + rsa1024:                               whole,
		"v=DKIM1: k=rsa: p=" + rsa1024:                             whole,
		"v=DKIM1, k=rsa, p=" + rsa1024:                             whole,
		"v=DKIM1k=rsap=" + rsa1024:                                 whole,
		`v=DKIM1\; k=rsa\; p=` + rsa1024:                           whole,
		"v=DKIM1；k=rsa；p=" + rsa1024:                               whole,
		"v=DKIM1; p=" + rsa1024 + " t=s":                           "v=DKIM1; k=rsa; t=s; p=" + rsa1024,
		"v=DKIM1; p=" + rsa1024 + "t=s":                            "v=DKIM1; k=rsa; t=s; p=" + rsa1024,
		"v=DKIM1; t=y, s=email, p=" + rsa1024:                      "v=DKIM1; k=rsa; s=email; t=y; p=" + rsa1024,
		"v=DKIM1;; k=rsa;; p=" + rsa1024 + ";;":                    whole,
		"v=DKIM1; h=sha256s=emailt=sk=rsap=" + rsa1024:             "v=DKIM1; h=sha256; k=rsa; s=email; t=s; p=" + rsa1024,
		"v=DKIM1; k=rsa; p=" + rsa1024[:70] + "\n " + rsa1024[70:]: whole,

		// Names and values.
		"V=dkim1; K=RSA; P=" + rsa1024:        whole,
		"v:DKIM1; k:rsa; p:" + rsa1024:        whole,
		"v=DKIM1; k=rsa; p==" + rsa1024:       whole,
		"v=DKIM1; k=rsa; p=p=" + rsa1024:      whole,
		"v=DKIM1; k=rsa; " + rsa1024:          whole,
		rsa1024:                               whole,
		"v=DKIM1; k=rsa; p=“" + rsa1024 + "”": whole,
		`"v=DKIM1; k=rsa; p=` + rsa1024 + `"`: whole,
		wide(whole):                           whole,
		"v=DKIM1; k=ed2025; p=" + ed:          wholeEd,
		"v=DKIM1; k=rsa-sha256; p=" + ed:      wholeEd,
		"v=DKIM1; k=rsa-sha256; p=" + rsa1024: whole,
		"v=DKIM1; k=ed25519; p=" + rsa1024:    whole,
		"v=DKIM1; k=ed25519; p=" + ed[:43]:    wholeEd,
		"v=DKIM1; k=ed25519; p=" + spki:       wholeEd,
		"v=DKIM2; p=" + rsa1024:               whole,
		"v=DKM1; k=rsa; p=" + rsa1024:         whole,
		"DKIM1; k=rsa; p=" + rsa1024:          whole,
		"v=DKIM1; h=sha1; p=" + rsa1024:       whole,
		"v=DKIM1; p=-----BEGIN PUBLIC KEY-----" + rsa1024 + "-----END PUBLIC KEY-----":  whole,
		"v=DKIM1; k=rsa; p=" + strings.NewReplacer("+", "-", "/", "_").Replace(rsa1024): whole,
		"v=DKIM1; k=rsa; p=" + rsa1024 + "; p=" + rsa1024:                               whole,
		whole + whole:            whole,
		wholeEd + "; " + wholeEd: wholeEd,

		// What needs a person.
		"v=DKIM1; k=rsa; p=" + rsa1024[:200]:              "",
		"v=DKIM1; k=rsa; p=" + strings.ToUpper(rsa1024):   "",
		"v=DKIM1; k=rsa; p=" + rsa1024 + "; p=" + rsa2048: "",
		"v=DKIM1; p=": "", "": "", "hello": "",
		"google-site-verification=" + ed[:43]: "",
	} {
		got, ok := Mend(in)
		if ok != (want != "") || got != want && ok {
			t.Errorf("%q\n got %v %s\nwant %s", in, ok, got, want)
		}
	}
}

// FuzzMend: what is offered has no fault, whatever stands there.
func FuzzMend(f *testing.F) {
	for _, s := range []string{"v=DKIM1k=rsap=" + rsa1024 + "t=s", "p=" + ed, "k=rsa p:" + rsa512, "h=sha256,sha1 s=email n=;t=y:s,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, txt string) {
		got, ok := Mend(txt)
		if !ok {
			return
		}
		if _, faults := ParseKey(got); slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind.Breaks() }) {
			t.Errorf("%q is mended to %q: %+v", txt, got, faults)
		}
	})
}

// BenchmarkIsKey reads texts that hold no key: an SPF record, and the longest one with words in which a key may begin.
func BenchmarkIsKey(b *testing.B) {
	for name, txt := range map[string]string{
		"SPF":     "v=spf1 include:_spf.google.com include:sendgrid.net ip4:192.0.2.0/24 include:spf.protection.outlook.com a mx ~all",
		"words":   strings.Repeat("hello world and more ", maxText/21),
		"hostile": strings.Repeat("MIIB p k=ed25519 ", maxText/17),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if IsKey(txt) {
					b.Fatal("a key")
				}
			}
		})
	}
}
