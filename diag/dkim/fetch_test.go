package dkim_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"todoku/diag/dkim"
	"todoku/diag/resolve"
)

// zone is a DNS of TXT records. A name with the one text "!" does not answer.
type zone map[string][]string

func (z zone) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a := resolve.Answer{Name: name, Type: t, Status: resolve.NoName}
	if _, err := resolve.ToASCII(name); err != nil {
		return a, &resolve.Error{Kind: resolve.KindName, Name: name, Message: err.Error()}
	}
	texts, ok := z[strings.ToLower(name)]
	switch {
	case !ok:
	case len(texts) == 1 && texts[0] == "!":
		return a, &resolve.Error{Kind: resolve.KindServFail, Name: name}
	case len(texts) == 0:
		a.Status = resolve.NoData
	default:
		a.Status = resolve.Found
		for _, s := range texts {
			a.Records = append(a.Records, resolve.Record{Text: s, TTL: 60})
		}
	}
	return a, nil
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func unb64(t testing.TB, s string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFetchKey(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p := b64(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	pub, _, _ := ed25519.GenerateKey(rand.Reader)
	ed := b64(pub)
	small, _ := hex.DecodeString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	const rsa256, ed256 = dkim.RSASHA256, dkim.Ed25519SHA256
	for _, c := range []struct {
		texts []string
		alg   dkim.Algorithm
		want  dkim.Reason
	}{
		{[]string{"v=DKIM1; k=rsa; p=" + p}, rsa256, ""},
		{[]string{"p=" + p[:20] + "\t " + p[20:] + ";"}, rsa256, ""},
		{[]string{"v=DKIM1; h=sha1 : sha256; s=*; t=; n=日本; x=y; p=" + p}, rsa256, ""},
		{[]string{"v=DKIM1; k=ed25519; p=" + ed}, ed256, ""},
		{[]string{"v=DKIM1; p="}, rsa256, dkim.KeyRevoked},
		{[]string{"v=DKIM1; k=dsa; p=" + p}, rsa256, dkim.KeyAlgorithmMismatch},
		{[]string{"v=DKIM1; k=rsa; p=" + p}, ed256, dkim.KeyAlgorithmMismatch},
		{[]string{"v=DKIM1; p=" + ed}, ed256, dkim.KeyAlgorithmMismatch},
		{[]string{"v=DKIM1; h=sha1; p=" + p}, rsa256, dkim.HashNotAllowedByKey},
		{[]string{"v=DKIM1; s=tlsrpt; p=" + p}, rsa256, dkim.ServiceNotAllowedByKey},
		{[]string{"v=DKIM1; p=" + rsa512Text}, rsa256, dkim.KeyTooSmall},
		{[]string{"v=DKIM2; p=" + p}, rsa256, dkim.BadKeyRecord},
		{[]string{"p=" + p + "; v=DKIM1"}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; p=" + p + "; p=" + p}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; p=" + p[:len(p)-5]}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; p=AAAA"}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; k=ed25519; p=AAAA"}, ed256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; k=ed25519; p=" + b64(small)}, ed256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; k=ed25519; p=" + b64(make([]byte, 32))}, ed256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; k=rsa"}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; t; p=" + p}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; p=*"}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=DKIM1; h=; p=" + p}, rsa256, dkim.BadKeyRecord},
		{[]string{""}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=spf1 -all"}, rsa256, dkim.BadKeyRecord},
		{[]string{"v=spf1 -all", "p=" + p}, rsa256, ""},
		{[]string{}, rsa256, dkim.NoKey},
		{nil, rsa256, dkim.NoKey},
		{[]string{"!"}, rsa256, dkim.DNSTemporary},
	} {
		z := zone{}
		if c.texts != nil {
			z["s._domainkey.xn--r8jz45g.test"] = c.texts
		}
		a := dkim.FetchKey(context.Background(), z, "S", "例え.test")
		got := a.Reason
		if got == "" {
			got = a.Keys[0].Unfit(c.alg)
		}
		if got != c.want || (a.Err != nil) != (got == dkim.DNSTemporary) {
			t.Errorf("%.40q for %s: %q (%v), want %q", c.texts, c.alg, got, a.Err, c.want)
		}
	}
	for _, domain := range []string{"a..test", strings.Repeat("a", 64) + ".test", strings.Repeat("a.", 130) + "test", ""} {
		if a := dkim.FetchKey(context.Background(), zone{}, "s", domain); a.Reason != dkim.NoKey || a.Err == nil {
			t.Errorf("%.60q: %+v", domain, a)
		}
	}
}

func TestVerifyKey(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	pub, private, _ := ed25519.GenerateKey(rand.Reader)
	z := zone{"r._domainkey.a.test": {"p=" + b64(x509.MarshalPKCS1PublicKey(&key.PublicKey))},
		"e._domainkey.a.test": {"k=ed25519; p=" + b64(pub)}, "s._domainkey.a.test": {"p=" + rsa512Text}}
	of := func(s string) *dkim.Key { return dkim.FetchKey(context.Background(), z, s, "a.test").Keys[0] }
	sum, other := sha256.Sum256([]byte("data")), sha256.Sum256([]byte("other"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	edSig := ed25519.Sign(private, sum[:])
	for name, c := range map[string]struct {
		key  *dkim.Key
		alg  dkim.Algorithm
		sum  [32]byte
		sig  []byte
		want error
	}{
		"rsa": {of("r"), dkim.RSASHA256, sum, sig, nil}, "rsa other": {of("r"), dkim.RSASHA256, other, sig, dkim.ErrMismatch},
		"rsa short": {of("r"), dkim.RSASHA256, sum, sig[1:], dkim.ErrMismatch}, "rsa none": {of("r"), dkim.RSASHA256, sum, nil, dkim.ErrMismatch},
		"sha1": {of("r"), dkim.RSASHA1, sum, sig, dkim.ErrUnfit}, "small": {of("s"), dkim.RSASHA256, sum, sig, dkim.ErrSmallKey},
		"ed": {of("e"), dkim.Ed25519SHA256, sum, edSig, nil}, "ed other": {of("e"), dkim.Ed25519SHA256, other, edSig, dkim.ErrMismatch},
		"ed none": {of("e"), dkim.Ed25519SHA256, sum, nil, dkim.ErrMismatch}, "ed as rsa": {of("e"), dkim.RSASHA256, sum, edSig, dkim.ErrUnfit},
		"rsa as ed": {of("r"), dkim.Ed25519SHA256, sum, sig, dkim.ErrUnfit},
	} {
		if err := c.key.Verify(c.alg, c.sum, c.sig); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
