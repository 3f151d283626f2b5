package altered_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	msgauth "github.com/emersion/go-msgauth/dkim"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// TestWho: who made a change is read from what stands in the mail, the surest sign first.
func TestWho(t *testing.T) {
	t.Parallel()
	const footer = "_____\r\nlist footer\r\n"
	signed := forms[0].sign(t, shapes()[0].text)
	hop := func(by string) string {
		return "Received: from x.test (x.test [192.0.2.9]) by " + by + " with ESMTPS id 1; Fri, 27 Nov 2026 10:00:05 +0900\r\n"
	}
	external := strings.Replace(signed, "Subject: ", "Subject: [EXTERNAL] ", 1)
	for name, c := range map[string]struct {
		mail string
		want altered.Author
	}{
		"nobody": {signed + footer, altered.Author{}},
		"one server": {hop("mx.example.test") + signed + footer, altered.Author{Host: "mx.example.test", Basis: altered.ByTrace,
			Field: "Received"}},
		"own server": {hop("mx.example.test") + hop("relay.shop.test") + signed + footer,
			altered.Author{Host: "mx.example.test", Basis: altered.ByTrace, Field: "Received"}},
		"list": {hop("mx.example.test") + "List-Id: Tea <tea.lists.test>\r\nX-Mailman-Version: 3.3\r\n" + hop("lists.test") + signed + footer,
			altered.Author{Host: "tea.lists.test", Name: "Mailman", Basis: altered.ByField, Field: "List-Id"}},
		"gateway": {hop("mx.example.test") + "X-Proofpoint-Spam-Details: x\r\n" + hop("gw.example.test") + external,
			altered.Author{Host: "gw.example.test", Name: "Proofpoint", Basis: altered.ByField, Field: "X-Proofpoint-Spam-Details"}},
		"gateway beside a list": {"X-Mimecast-Spam-Score: 1\r\n" + hop("gw.example.test") + "List-Id: <tea.lists.test>\r\n" + signed + footer,
			altered.Author{Host: "tea.lists.test", Basis: altered.ByField, Field: "List-Id"}},
		"before who saw it broken": {
			hop("mx.example.test") + "Authentication-Results: mx.example.test; dkim=fail header.d=shop.test\r\n" + hop("gw.test") + signed + footer,
			altered.Author{Host: "gw.test", Basis: altered.ByTrace, Field: "Received"}},
		"after who saw it pass": {
			hop("in.example.test") + "Authentication-Results: mx.example.test; dkim=pass header.d=shop.test\r\n" + hop("mx.example.test") +
				signed + footer,
			altered.Author{Host: "in.example.test", Basis: altered.ByTrace, Field: "Received"}},
		"list without brackets": {hop("mx.example.test") + "List-Id: tea.lists.test\r\n" + signed + footer,
			altered.Author{Host: "mx.example.test", Basis: altered.ByTrace, Field: "Received"}},
		"links": {strings.ReplaceAll(hop("mx.example.test")+signed, "https://shop.test/track?id=123&lang=en",
			"https://urldefense.com/v3/__https://shop.test/track?id=123&lang=en__;!!x$"),
			altered.Author{Name: "Proofpoint", Basis: altered.ByLink}},
	} {
		a, _ := find(t, c.mail)
		if len(a.Changes) != 1 || a.Changes[0].By != c.want || !a.Changes[0].Certain {
			t.Errorf("%s: %+v", name, a.Changes)
		}
	}
}

// TestWhoSigned: a later signature over the changed body names its domain, as a signature or as a seal of ARC.
func TestWhoSigned(t *testing.T) {
	t.Parallel()
	changed := forms[0].sign(t, shapes()[0].text) + "footer\r\n"
	var out bytes.Buffer
	err := msgauth.Sign(&out, strings.NewReader(changed), &msgauth.SignOptions{Domain: "lists.test", Selector: "l", Signer: keys().rsa,
		HeaderCanonicalization: msgauth.CanonicalizationRelaxed, BodyCanonicalization: msgauth.CanonicalizationRelaxed})
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]altered.Basis{"DKIM-Signature": altered.BySignature, "ARC-Message-Signature": altered.ByARC} {
		m := strings.Replace(out.String(), "DKIM-Signature", field, 1)
		a, _ := find(t, m)
		if len(a.Changes) != 1 || a.Changes[0].By != (altered.Author{Host: "lists.test", Basis: want, Field: field}) {
			t.Errorf("%s: %+v", field, a.Changes)
		}
	}
}

// TestWithoutKey: without a key the body is looked at all the same, and of the header nothing is said.
func TestWithoutKey(t *testing.T) {
	t.Parallel()
	m := strings.Replace(forms[0].sign(t, shapes()[0].text), "Subject: ", "Subject: [x] ", 1) + "footer\r\n"
	raw := mail.Cut([]byte(m))
	for name, z := range map[string]zone{"none": {}, "another": {"r._domainkey.shop.test": strings.Replace(record(keys().rsa), "p=MII",
		"p=AAA", 1)}} {
		report := dkim.Verify(context.Background(), z, raw, dkim.Options{})
		a := altered.Find(context.Background(), raw, report.Signatures[0], altered.Limits{})
		if a.Body != altered.Broken || a.Header != altered.Unknown || len(a.Changes) != 1 || a.Changes[0].Kind != altered.FooterAdded {
			t.Errorf("%s: %s", name, short(a))
		}
	}
}

// TestOtherKey: an RSA signature tells a wrong key from a changed header; that of Ed25519 does not, and then nothing is certain.
func TestOtherKey(t *testing.T) {
	t.Parallel()
	for _, f := range []form{forms[0], forms[3]} {
		m := f.sign(t, shapes()[0].text)
		i := strings.LastIndex(m[:strings.Index(m, "\r\nReceived:")], "b=") + 10 // go-msgauth writes b= last
		raw := mail.Cut([]byte(m[:i] + strings.Map(func(r rune) rune {
			if r == 'A' {
				return 'B'
			}
			return 'A'
		}, m[i:i+1]) + m[i+1:]))
		z := zone{"r._domainkey.shop.test": record(keys().rsa), "e._domainkey.shop.test": record(keys().ed)}
		report := dkim.Verify(context.Background(), z, raw, dkim.Options{})
		a := altered.Find(context.Background(), raw, report.Signatures[0], bounds)
		certain := false
		for _, c := range a.Changes {
			certain = certain || c.Certain
		}
		if a.Body != altered.Holds || a.Header != altered.Broken || certain != !f.ed {
			t.Errorf("ed25519 %v: %s", f.ed, short(a))
		}
		if !f.ed && (len(a.Changes) != 1 || a.Changes[0].Kind != altered.OtherKey) {
			t.Error(short(a))
		}
	}
}
