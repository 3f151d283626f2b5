package mail_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"todoku/sender/mail"
)

// key is a private key as a PEM file and the record that publishes it.
func pkcs8(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func verify(t *testing.T, raw []byte, record string) *dkim.Verification {
	t.Helper()
	v, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != "s1._domainkey.kaisha.test" {
			t.Errorf("asked for %s", name)
		}
		return []string{record}, nil
	}})
	if err != nil || len(v) != 1 {
		t.Fatalf("%v, %v", v, err)
	}
	return v[0]
}

func TestSign(t *testing.T) {
	t.Parallel()
	r := rsaKey(t, 2048)
	rsaDER, err := x509.MarshalPKIXPublicKey(r.Public())
	if err != nil {
		t.Fatal(err)
	}
	public, e, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaRecord := "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(rsaDER)
	edRecord := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(r)})
	for name, c := range map[string]struct {
		key    []byte
		record string
	}{"RSA PKCS1": {pkcs1, rsaRecord}, "RSA PKCS8": {pkcs8(t, r), rsaRecord}, "Ed25519": {pkcs8(t, e), edRecord}} {
		s, err := mail.NewSigner("Kaisha.test", "s1", c.key)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := draft(t)
		d.HTML, d.Unsubscribe = "<p>HTML</p>", mail.Unsubscribe{URL: "https://x.test/", OneClick: true}
		m, err := s.Sign(compose(t, d))
		if err != nil {
			t.Fatal(err)
		}
		checkWire(t, m.Bytes())
		v := verify(t, m.Bytes(), c.record)
		keys := strings.Join(v.HeaderKeys, ":")
		if v.Err != nil || v.Domain != "kaisha.test" || strings.Count(keys, "From") != 2 || !strings.Contains(keys, "List-Unsubscribe-Post") {
			t.Errorf("%s: %+v", name, v)
		}
		forged := append([]byte("From: evil@x.test\r\n"), m.Bytes()...)
		if verify(t, forged, c.record).Err == nil {
			t.Errorf("%s: a second From goes through", name)
		}
		if bytes.Contains(m.Bytes(), []byte("PRIVATE")) {
			t.Error("the key is in the mail")
		}
	}
}

func TestSignerErrors(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := pkcs8(t, rsaKey(t, 2048))
	block := func(kind string) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte{1}}) }
	for name, c := range map[string]struct {
		domain, selector string
		key              []byte
		want             string
	}{
		"domain":    {"a b", "s1", good, "DKIM domain"},
		"injection": {"x.test\r\nBcc: a", "s1", good, "DKIM domain"},
		"selector":  {"x.test", "", good, "DKIM selector"},
		"text":      {"x.test", "s1", []byte("hello"), "PEM"},
		"public":    {"x.test", "s1", block("PUBLIC KEY"), "public half"},
		"encrypted": {"x.test", "s1", block("ENCRYPTED PRIVATE KEY"), "openssl pkey"},
		"ssh":       {"x.test", "s1", block("OPENSSH PRIVATE KEY"), "openssl genpkey"},
		"broken":    {"x.test", "s1", block("PRIVATE KEY"), "cannot be read"},
		"ec":        {"x.test", "s1", pkcs8(t, ec), "RSA or Ed25519"},
	} {
		if _, err := mail.NewSigner(c.domain, c.selector, c.key); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
