package bimi_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/bimi"
	"todoku/diag/lab"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func authority(t testing.TB) *lab.MarkAuthority {
	t.Helper()
	a, err := lab.NewMarkAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// certFaults writes the faults of a certificate in one line.
func certFaults(faults []bimi.CertFault) string {
	var out []string
	for _, f := range faults {
		out = append(out, string(f.Kind))
	}
	return strings.Join(out, " ")
}

func issue(t testing.TB, a *lab.MarkAuthority, m lab.Mark) *x509.Certificate {
	t.Helper()
	if m.Names == nil {
		m.Names = []string{"kaisha.test"}
	}
	if m.Logo == nil {
		m.Logo = []byte(logo)
	}
	c, err := a.Issue(m)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCertificatesAreJudged(t *testing.T) {
	t.Parallel()
	a, stranger := authority(t), authority(t)
	stranger.Issuer.Subject = a.Issuer.Subject
	usage := []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 31}}
	change := func(f func(*x509.Certificate)) []byte {
		return lab.PEM(issue(t, a, lab.Mark{Change: f}), a.Issuer, a.Root)
	}
	names := func(list ...string) []byte { return lab.PEM(issue(t, a, lab.Mark{Names: list}), a.Issuer, a.Root) }
	extension := func(uri string, hashed []byte) []byte {
		return change(func(c *x509.Certificate) {
			value, err := lab.Logotype(uri, hashed)
			if err != nil {
				t.Error(err)
			}
			c.ExtraExtensions[0].Value = value
		})
	}
	data := func(s string) string {
		return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(s))
	}
	healthy := issue(t, a, lab.Mark{})
	// An issuer without the usage, and one whose time is over.
	plain, err := a.Sign(&x509.Certificate{SerialNumber: healthy.SerialNumber, Subject: a.Issuer.Subject, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, a.Root)
	if err != nil {
		t.Fatal(err)
	}
	old, err := a.Sign(&x509.Certificate{SerialNumber: healthy.SerialNumber, Subject: a.Issuer.Subject, NotBefore: now.Add(-2 * time.Hour),
		NotAfter: now.Add(-time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		UnknownExtKeyUsage: usage}, a.Root)
	if err != nil {
		t.Fatal(err)
	}
	der := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("broken")})
	key := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte("x")})
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"healthy", lab.PEM(healthy, a.Issuer, a.Root), ""},
		{"healthy without the root", lab.PEM(healthy, a.Issuer), ""},
		{"healthy, words around", append([]byte("Lab Trading\n"), lab.PEM(healthy, a.Issuer)...), ""},
		{"healthy, a mark in use", lab.PEM(issue(t, a, lab.Mark{Type: "Prior Use Mark"}), a.Issuer), ""},
		{"healthy, critical logo", change(func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = true }), ""},
		{"healthy, of a pilot", change(func(c *x509.Certificate) {
			pilot := pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 53087, 4, 1}, Critical: true, Value: []byte{5, 0}}
			c.ExtraExtensions = append(c.ExtraExtensions, pilot)
		}), ""},
		{"a critical extension that nobody knows", change(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}})
		}), "chain"},
		{"organisation's name", names("other.test", "KAISHA.test"), ""},
		{"selector and domain", names("default._bimi.news.kaisha.test"), ""},
		{"another selector", names("brand._bimi.kaisha.test"), "domain"},
		{"another domain", names("other.test"), "domain"},
		{"a wildcard", names("*.kaisha.test"), "domain"},
		{"the domain below", names("mail.kaisha.test"), "domain"},
		{"no names", lab.PEM(issue(t, a, lab.Mark{Change: func(c *x509.Certificate) { c.DNSNames = nil }}), a.Issuer), "domain"},
		{"expired", lab.PEM(issue(t, a, lab.Mark{Until: now.Add(-time.Hour)}), a.Issuer), "expired"},
		{"not yet valid", change(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) }), "not-yet"},
		{"issuer expired", lab.PEM(healthy, old), "expired"},
		{"no usage", change(func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil }), "usage"},
		{"usage of web servers", change(func(c *x509.Certificate) {
			c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}), "usage"},
		{"issuer without usage", lab.PEM(healthy, plain), "issuer-usage"},
		{"alone", lab.PEM(healthy), "incomplete"},
		{"root without issuer", lab.PEM(healthy, a.Root), "incomplete"},
		{"issuer of the same name", lab.PEM(healthy, stranger.Issuer), "chain"},
		{"strange root", lab.PEM(issue(t, stranger, lab.Mark{}), stranger.Issuer), "untrusted"},
		{"strange root in the file", lab.PEM(issue(t, stranger, lab.Mark{}), stranger.Issuer, stranger.Root), "untrusted"},
		{"out of order", lab.PEM(a.Root, a.Issuer, healthy), "order"},
		{"issuers out of order", lab.PEM(healthy, a.Root, a.Issuer), "order"},
		{"twice", lab.PEM(healthy, a.Issuer, a.Issuer), "duplicate"},
		{"two marks", lab.PEM(healthy, issue(t, a, lab.Mark{Names: []string{"other.test"}}), a.Issuer), "several"},
		{"no mark", lab.PEM(a.Issuer, a.Root), "no-mark"},
		{"of a web server", lab.PEM(issue(t, a, lab.Mark{Change: func(c *x509.Certificate) {
			c.UnknownExtKeyUsage, c.ExtraExtensions = nil, nil
		}})), "no-mark"},
		{"private key", append(key, lab.PEM(healthy, a.Issuer)...), "private-key"},
		{"broken block", append(lab.PEM(healthy, a.Issuer), der...), "unreadable"},
		{"empty", nil, "no-certificate"},
		{"binary", healthy.Raw, "no-certificate"},
		{"web page", []byte("<html><title>404</title>"), "no-certificate"},
		{"no logo", change(func(c *x509.Certificate) { c.ExtraExtensions = c.ExtraExtensions[1:] }), "no-logo"},
		{"broken logo extension", change(func(c *x509.Certificate) { c.ExtraExtensions[0].Value = []byte{0x30, 5, 1} }), "logo-broken"},
		{"logo of the community", change(func(c *x509.Certificate) { c.ExtraExtensions[0].Value = []byte{0x30, 2, 0xa0, 0} }), "logo-broken"},
		{"logo elsewhere", extension("https://kaisha.test/l.svg", []byte(logo)), "logo-elsewhere"},
		{"logo in PNG", extension("data:image/png;base64,AAAA", nil), "logo-elsewhere"},
		{"logo cut", extension(data(string(lab.Gzip([]byte(logo))[:30])), nil), "logo-broken"},
		{"logo unpacked", extension(data(logo), []byte(logo)), ""},
		{"hash of the unpacked logo", extension(data(string(lab.Gzip([]byte(logo)))), []byte(logo)), ""},
		{"hash of another", extension(data(logo), []byte("another")), "logo-hash"},
		{"logo differs", lab.PEM(issue(t, a, lab.Mark{Logo: []byte(with("<path d=\"M0\"/>"))}), a.Issuer), "logo-differs"},
		{"logo with other ends of lines", lab.PEM(issue(t, a, lab.Mark{Logo: []byte(logo + "\r\n")}), a.Issuer), ""},
		{"no proofs of transparency", change(func(c *x509.Certificate) { c.ExtraExtensions = c.ExtraExtensions[:1] }), "no-sct"},
		{"no place of revocations", change(func(c *x509.Certificate) { c.CRLDistributionPoints = nil }), "no-crl"},
		{"unknown kind of mark", lab.PEM(issue(t, a, lab.Mark{Type: "Great Mark"}), a.Issuer), "mark-type"},
		{"no kind of mark", change(func(c *x509.Certificate) { c.Subject.ExtraNames = nil }), "mark-type"},
		{"two faults", lab.PEM(issue(t, a, lab.Mark{Names: []string{"other.test"}, Until: now.Add(-time.Hour)}), a.Issuer), "domain expired"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			roots := x509.NewCertPool()
			roots.AddCert(a.Root)
			trust, faults := bimi.ReadEvidence(c.file).Judge(bimi.Claim{Author: "news.kaisha.test", Org: "kaisha.test", Selector: "default",
				Now: now, Roots: roots, Logo: []byte(logo)})
			if got := certFaults(faults); got != c.want {
				t.Errorf("got %q, want %q: %+v", got, c.want, faults)
			}
			breaks := slices.ContainsFunc(faults, func(f bimi.CertFault) bool { return f.Kind.Breaks() })
			if !breaks && trust != bimi.Trusted || c.want == "untrusted" && trust != bimi.Untrusted {
				t.Errorf("trust %q", trust)
			}
		})
	}
}

func TestWithoutRootsTrustIsNotJudged(t *testing.T) {
	t.Parallel()
	a, other := authority(t), authority(t)
	c := issue(t, a, lab.Mark{})
	for name, x := range map[string]struct {
		file []byte
		want string
	}{
		"whole": {lab.PEM(c, a.Issuer), ""}, "with its root": {lab.PEM(c, a.Issuer, a.Root), ""},
		"alone": {lab.PEM(c), "incomplete"}, "issuer of the same name": {lab.PEM(c, other.Issuer), "chain"},
	} {
		trust, faults := bimi.ReadEvidence(x.file).Judge(bimi.Claim{Author: "kaisha.test", Org: "kaisha.test", Selector: "default", Now: now})
		if trust != bimi.TrustUnset || certFaults(faults) != x.want {
			t.Errorf("%s: %q, %s", name, trust, certFaults(faults))
		}
	}
}

func TestWhatACertificateSaysOfItself(t *testing.T) {
	t.Parallel()
	a := authority(t)
	e := bimi.ReadEvidence(lab.PEM(issue(t, a, lab.Mark{Type: "Modified Registered Mark"}), a.Issuer))
	if e.Mark != bimi.CMC || !e.SCTs || !e.CRL || !bytes.Equal(e.Logo, []byte(logo)) || e.Subject() != "Lab Trading" ||
		e.Issuer() != "todoku lab mark CA" || len(e.Path) != 2 {
		t.Errorf("%+v, of %s by %s", e, e.Subject(), e.Issuer())
	}
}

func TestManyCertificatesAreCut(t *testing.T) {
	t.Parallel()
	a := authority(t)
	file := lab.PEM(issue(t, a, lab.Mark{}), a.Issuer)
	for range 12 {
		file = append(file, lab.PEM(a.Root)...)
	}
	if e := bimi.ReadEvidence(file); !e.Cut {
		t.Error("not told")
	}
	if e := bimi.ReadEvidence(make([]byte, bimi.MaxEvidence+1)); !e.Cut || len(e.Faults) > 0 {
		t.Errorf("%+v", e)
	}
}

func TestAKeyThatIsTooLongIsNotUsed(t *testing.T) {
	t.Parallel()
	a := authority(t)
	key := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 40_000, 1), E: 65537}
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		Subject: a.Issuer.Subject, NotAfter: now}, &x509.Certificate{Subject: a.Root.Subject}, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	long, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	e := bimi.ReadEvidence(lab.PEM(issue(t, a, lab.Mark{}), long, a.Issuer))
	if certFaults(e.Faults) != "unreadable" || len(e.Path) != 2 {
		t.Errorf("%s, %d in the path", certFaults(e.Faults), len(e.Path))
	}
}

func FuzzReadEvidence(f *testing.F) {
	a := authority(f)
	f.Add(lab.PEM(issue(f, a, lab.Mark{}), a.Issuer))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		e := bimi.ReadEvidence(file)
		_, faults := e.Judge(bimi.Claim{Author: "kaisha.test", Org: "kaisha.test", Selector: "default", Now: now})
		if e.Leaf == nil && len(faults) == 0 && !e.Cut {
			t.Error("no certificate and no fault")
		}
	})
}

// FuzzLogotype puts bytes in the place of the logotype extension.
func FuzzLogotype(f *testing.F) {
	a := authority(f)
	good, err := lab.Logotype("data:image/svg+xml,x", []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Fuzz(func(t *testing.T, value []byte) {
		c := issue(t, a, lab.Mark{Change: func(c *x509.Certificate) { c.ExtraExtensions[0].Value = value }})
		e := bimi.ReadEvidence(lab.PEM(c, a.Issuer))
		if e.Logo == nil && len(e.Faults) == 0 {
			t.Errorf("no logo and no fault: %x", value)
		}
	})
}
