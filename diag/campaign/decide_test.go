package campaign_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/campaign"
	"todoku/diag/lab"
	"todoku/diag/provider"
	"todoku/diag/world"
	"todoku/sender/mail"
)

// stage is the DNS of these tests.
const stage = `$TTL 300
$ORIGIN kaisha.test.
@ MX 10 mx
mx A 192.0.2.25
out A 192.0.2.7
out AAAA 2001:db8::7
@ TXT "v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 include:sendgrid.net -all"
_dmarc TXT "v=DMARC1; p=quarantine"
s1._domainkey TXT "v=DKIM1; k=ed25519; p=KEY"
s2._domainkey TXT "v=DKIM1; k=ed25519; p=GFNSj0DLrPEVvJ5RpUvkExstdjUCwTgOjqus6/+R3c8="
off._domainkey TXT "v=DKIM1; k=ed25519; p="
$ORIGIN null.test.
@ MX 0 .
@ TXT "v=spf1 ip4:192.0.2.7 -all"
_dmarc TXT "v=DMARC1; p=none"
$ORIGIN other.test.
@ MX 10 mx.kaisha.test.
@ TXT "v=spf1 ip4:192.0.2.7 -all"
s1._domainkey TXT "v=DKIM1; k=ed25519; p=KEY"
$ORIGIN sendgrid.net.
@ TXT "v=spf1 ip4:198.51.100.0/24 -all"
$ORIGIN .
7.2.0.192.in-addr.arpa. PTR out.kaisha.test.
7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR out.kaisha.test.
$FAULT silent.test. * SERVFAIL
$FAULT *.silent.test. * SERVFAIL
`

// stageKey is a private key whose public half stage has at s1.
func stageKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("a seed of thirty-two octets, no!"))
}

func stagePEM(t *testing.T, key ed25519.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// staged opens the stage.
func staged(t *testing.T) *world.World {
	t.Helper()
	public, _ := stageKey().Public().(ed25519.PublicKey)
	text := strings.ReplaceAll(stage, "KEY", base64.StdEncoding.EncodeToString(public))
	zone, err := lab.ParseWorld(strings.NewReader(text), "stage")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), zone, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	w, err := world.Open(t.Context(), world.Options{Servers: []string{l.DNSAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// found judges a campaign for all providers, as for bulk mail.
func found(t *testing.T, w *world.World, file string, o campaign.Options) map[string]*campaign.Requirement {
	t.Helper()
	c, err := campaign.Parse("c.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	o.Bulk, o.Now = true, time.Now()
	a, err := campaign.Judge(t.Context(), w.Run(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*campaign.Requirement{}
	for _, r := range a.Requirements {
		out[r.Provider+" "+r.ID()] = r
	}
	return out
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	w := staged(t)
	own := "from: news@kaisha.test\nips: [192.0.2.7]\n"
	for name, c := range map[string]struct {
		file string
		o    campaign.Options
		want string // provider id=status, separated by commas
	}{
		"service that is included": {file: "from: news@kaisha.test\nenvelope: b@kaisha.test\nesp: sendgrid\nselectors: s1",
			want: "gmail spf=pass,docomo spf_from=pass,gmail ptr=not_applicable,gmail tls=not_applicable," +
				"netease helo=not_applicable,gmail alignment=pass"},
		"service that is not": {file: "from: news@kaisha.test\nenvelope: b@other.test\nesp: sendgrid\nselectors: s1",
			want: "gmail spf=fail,gmx_webde spf_not_fail=fail,docomo spf_from=pass,gmail dkim=pass,gmail alignment=pass"},
		"service with its own envelope": {file: "from: news@other.test\nesp: sendgrid\nselectors: s1",
			want: "gmx_webde spf_not_fail=not_applicable,gmail spf=not_applicable,gmail spf_or_dkim=pass," +
				"docomo spf_from=fail,gmx_webde dkim_alignment=pass"},
		"the key that signs": {file: own + "key: x\nselectors: s1", o: campaign.Options{Key: stagePEM(t, stageKey())},
			want: "gmail dkim=pass"},
		"another key": {file: own + "key: x\nselectors: s2", o: campaign.Options{Key: stagePEM(t, stageKey())},
			want: "gmail dkim=fail,gmail spf=pass"},
		"a key without selector": {file: own + "key: x", o: campaign.Options{Key: stagePEM(t, stageKey())}, want: "gmail dkim=pass"},
		"nothing said of DKIM":   {file: own, want: "gmail dkim=unknown,gmail spf=pass,gmail spf_or_dkim=pass"},
		"one selector of two": {file: "from: news@kaisha.test\nips: 192.0.2.9\nselectors: [s1, gone]",
			want: "gmail dkim=unknown,gmail spf=fail,gmail spf_or_dkim=unknown,gmx_webde dkim_alignment=unknown"},
		"from IPv4": {file: own + "selectors: s1", want: "exchange_online ptr=not_applicable,gmail ptr=pass"},
		"from IPv6": {file: "from: a@kaisha.test\nips: 2001:db8::7\nselectors: s1",
			want: "exchange_online ptr=pass,exchange_online spf_or_dkim=pass"},
		"from a bare IPv6": {file: "from: a@kaisha.test\nips: 2001:db8::9\nselectors: s1",
			want: "exchange_online ptr=fail,gmail spf=fail"},
		"one address too many": {file: "from: a@kaisha.test\nips: [192.0.2.7, 192.0.2.9]\nselectors: s1",
			want: "gmail spf=fail,gmail spf_or_dkim=pass,gmail ptr=fail"},
		"quarantine": {file: "from: a@kaisha.test\nenvelope: b@other.test\nips: 192.0.2.7\nselectors: s1._domainkey.other.test",
			want: "mailru dmarc_policy=fail,gmail alignment=fail,gmail spf=pass"},
		"null MX": {file: "from: a@null.test\nips: 192.0.2.7\nselectors: s1", want: "gmx_webde dns_mx=fail,docomo dns=pass"},
		"silent envelope": {file: "from: a@kaisha.test\nenvelope: b@silent.test\nips: 192.0.2.7\nselectors: s1",
			want: "gmail spf=unknown,gmail spf_or_dkim=pass,gmail alignment=pass,softbank dns=unknown,docomo spf_from=pass"},
		"silent signer": {file: own + "selectors: s1._domainkey.silent.test",
			want: "gmail dkim=unknown,gmail spf=pass,gmx_webde dkim_alignment=unknown,gmail alignment=pass"},
		"no mail, nothing of TLS": {file: own + "selectors: s1",
			want: "gmail one_click=unknown,gmail tls=unknown,gmail complaints=not_applicable,apple consent=not_applicable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := found(t, w, c.file, c.o)
			for want := range strings.SplitSeq(c.want, ",") {
				id, status, _ := strings.Cut(want, "=")
				if r := got[id]; r == nil || string(r.Status) != status {
					t.Errorf("%s: %+v, want %s", id, r, status)
				}
			}
		})
	}
	all := found(t, w, "from: a@kaisha.test\nenvelope: b@other.test\nips: 192.0.2.7\nselectors: s1._domainkey.other.test", campaign.Options{})
	if r := all["mailru dmarc_policy"]; r.Breach != provider.Junk || r.DeliveryCode != "40000" || r.Reply.Is() {
		t.Errorf("quarantine: %s, %q, %+v", r.Breach, r.DeliveryCode, r.Reply)
	}
}

// TestRevokedKey: where the key that signs is revoked, the change to make is told, with a key: as without one.
func TestRevokedKey(t *testing.T) {
	t.Parallel()
	w := staged(t)
	file := "from: a@kaisha.test\nips: 192.0.2.7\nselectors: [off, off._domainkey.other.test]\n"
	for name, o := range map[string]campaign.Options{"selectors": {}, "key": {Key: stagePEM(t, stageKey())}} {
		r := found(t, w, file, o)["gmail dkim"]
		var rules []string
		for _, f := range r.Findings {
			rules = append(rules, f.Rule.ID)
		}
		if got := strings.Join(rules, " "); r.Status != campaign.Fail || got != "dkim-revoked dkim-selector-none" {
			t.Errorf("%s: %s, %q", name, r.Status, got)
		}
	}
}

// TestSignedMail: the signatures that a mail has already decide DKIM.
func TestSignedMail(t *testing.T) {
	t.Parallel()
	w := staged(t)
	signer, err := mail.NewSigner("kaisha.test", "s1", stagePEM(t, stageKey()))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := mail.ParseEML([]byte("From: News <a@kaisha.test>\r\n" +
		"To: b@gmail.com\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\n" +
		"Message-ID: <1@kaisha.test>\r\nList-Unsubscribe: <https://kaisha.test/u>\r\n" +
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello {{name}}\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(plain)
	if err != nil {
		t.Fatal(err)
	}
	file := "from: News <a@kaisha.test>\nips: 192.0.2.7\n"
	whole := string(signed.Bytes())
	for text, want := range map[string]string{whole: "pass", strings.Replace(whole, "Hello", "Hallo", 1): "fail"} {
		got := found(t, w, file, campaign.Options{Mail: []byte(text)})
		if r := got["gmail dkim"]; string(r.Status) != want {
			t.Errorf("dkim %s (%s), want %s", r.Status, r.Why.EN, want)
		}
		r := got["gmx_webde dkim_alignment"]
		if want == "pass" && r.Status != campaign.Pass || want == "fail" && r.Status != campaign.NotApplicable {
			t.Errorf("alignment %s where DKIM is %s", r.Status, want)
		}
	}
	c, err := campaign.Parse("c", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	a, err := campaign.Judge(t.Context(), w.Run(), c, campaign.Options{Mail: []byte(whole), Now: time.Now()})
	if err != nil || len(a.Placeholders) != 1 || a.Placeholders[0].Text != "{{name}}" {
		t.Errorf("placeholders %+v, %v", a.Placeholders, err)
	}
}

// TestMailOfAnotherDomain: what only the campaign's own mail can tell is not known where the mail is from another domain, however
// good that mail is. What DNS tells of the campaign's domain stays.
func TestMailOfAnotherDomain(t *testing.T) {
	t.Parallel()
	w := staged(t)
	signer, err := mail.NewSigner("other.test", "s1", stagePEM(t, stageKey()))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"other.test", "news.kaisha.test"} {
		for _, sign := range []bool{true, false} {
			m, err := mail.ParseEML([]byte("From: News <a@" + from + ">\r\nTo: b@gmail.com\r\nSubject: x\r\n" +
				"Date: Tue, 24 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@" + from + ">\r\nList-Unsubscribe: <https://" + from + "/u>\r\n" +
				"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n"))
			if err != nil {
				t.Fatal(err)
			}
			if sign {
				if m, err = signer.Sign(m); err != nil {
					t.Fatal(err)
				}
			}
			got := found(t, w, "from: a@kaisha.test\nips: 192.0.2.7\nselectors: s1\n", campaign.Options{Mail: m.Bytes()})
			for id, want := range map[string]campaign.Status{"gmail dkim": campaign.Unknown, "gmail one_click": campaign.Unknown,
				"gmail format": campaign.Unknown, "gmail spf": campaign.Pass, "gmail dmarc": campaign.Pass} {
				if id == "gmail dkim" && !sign { // the mail has no signature: the campaign's selector tells
					want = campaign.Pass
				}
				r := got[id]
				if r == nil {
					t.Fatalf("there is no %s", id)
				}
				if r.Status != want {
					t.Errorf("%s, from %s, signed %v: %s (%s), want %s", id, from, sign, r.Status, r.Why.EN, want)
				}
				if want == campaign.Unknown && !strings.Contains(r.Why.In(codes.Japanese), from) {
					t.Errorf("%s: %s does not name %s", id, r.Why.In(codes.Japanese), from)
				}
			}
		}
	}
}

// TestJudgeErrors: a key that is none and a service that nobody knows are told where they stand.
func TestJudgeErrors(t *testing.T) {
	t.Parallel()
	w := staged(t)
	for file, place := range map[string]string{"from: a@kaisha.test\nkey: x": "c:2:1", "from: a@kaisha.test\nesp: nobody": "c:2:1"} {
		c, err := campaign.Parse("c", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		_, err = campaign.Judge(t.Context(), w.Run(), c, campaign.Options{Key: []byte("no key"), Now: time.Now()})
		if err == nil || !strings.HasPrefix(err.Error(), place) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// TestThresholds: what holds from a number of mails a day on is held against the part of a provider.
func TestThresholds(t *testing.T) {
	t.Parallel()
	w := staged(t)
	c, err := campaign.Parse("c", []byte("from: a@kaisha.test\nips: 192.0.2.9\nselectors: s1\nvolume: 20000"))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]campaign.Status{10_000: campaign.Fail, 2_000: campaign.NotApplicable, 2: campaign.Fail} {
		all := 10_000 // 20,000 and 4,000 mails to Gmail
		if n == 2 {
			all = 10 // a sample
		}
		census := &campaign.Census{Total: all, Usable: all, Shares: []*campaign.Share{
			{Provider: "gmail", Count: n, Domains: map[string]int{"gmail.com": n}},
			{Provider: "outlook", Count: all - n, Domains: map[string]int{"outlook.com": all - n}}}}
		a, err := campaign.Judge(t.Context(), w.Run(), c, campaign.Options{Census: census, Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range a.Requirements {
			if r.Provider == "gmail" && r.ID() == "spf" && r.Status != want {
				t.Errorf("%d of %d recipients: %s, want %s", n, all, r.Status, want)
			}
		}
	}
}

// TestFaultOfSignature: why a signature does not pass is said in words, not by the reason's name.
func TestFaultOfSignature(t *testing.T) {
	t.Parallel()
	eml := []byte("From: news@kaisha.test\r\nSubject: x\r\nDKIM-Signature: v=1; a=rsa-sha256; d=kaisha.test\r\n\r\nx\r\n")
	r := found(t, staged(t), "from: news@kaisha.test\nips: [192.0.2.7]\nmessage: x.eml", campaign.Options{Mail: eml})["gmail dkim"]
	if r == nil || r.Status != campaign.Fail {
		t.Fatalf("%+v", r)
	}
	if len(r.Why.Args) == 0 {
		t.Error("no signature is named")
	}
	for _, d := range r.Why.Args {
		if says := d.In(codes.Japanese); !strings.Contains(says, "kaisha.test(必須のタグがありません)") {
			t.Errorf("%s: %q", d.Key, says)
		}
	}
}
