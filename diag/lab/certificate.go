package lab

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// day is the unit of the life of a certificate.
const day = 24 * time.Hour

// issuer is the lab's own certificate authority; it lives as long as the lab.
type issuer struct {
	key    *ecdsa.PrivateKey // of all certificates but weak ones
	root   *x509.Certificate
	middle *x509.Certificate // an authority below the root
	now    time.Time
}

func newIssuer() (*issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &issuer{key: key, now: time.Now()}
	if a.root, err = a.authority("todoku lab CA", nil); err == nil {
		a.middle, err = a.authority("todoku lab CA 2", a.root)
	}
	return a, err
}

// authority is a certificate that signs others; without a parent it signs itself.
func (a *issuer) authority(name string, parent *x509.Certificate) (*x509.Certificate, error) {
	t := a.template(name, a.now.Add(-day), a.now.Add(10*365*day))
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign
	if parent == nil {
		parent = t
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func (a *issuer) template(name string, from, until time.Time) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(a.now.UnixNano())
	}
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until}
}

// certificate is that of a host with its chain: good, or with its fault.
func (a *issuer) certificate(kind Certificate, name string) (tls.Certificate, error) {
	const life = 90 * day
	until, parent := a.now.Add(80*day), a.root
	var key crypto.Signer = a.key
	var above [][]byte
	switch kind {
	case Expired:
		until = a.now.Add(-day)
	case Expiring:
		until = a.now.Add(10*day + time.Hour)
	case Endless:
		until = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	case WrongName:
		name = "other.lab.test"
	case WithCA:
		above = [][]byte{a.root.Raw}
	case Chained:
		parent, above = a.middle, [][]byte{a.middle.Raw}
	case Incomplete:
		parent = a.middle
	case WeakKey:
		weak, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			return tls.Certificate{}, err
		}
		key = weak
	}
	from := until.Add(-life)
	if kind == Endless {
		from = a.now.Add(-day)
	}
	t := a.template(name, from, until)
	t.DNSNames, t.KeyUsage, t.ExtKeyUsage = []string{name}, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	switch kind {
	case SelfSigned:
		parent = t
	case CommonName:
		t.DNSNames = nil
	case SHA1:
		t.SignatureAlgorithm = x509.ECDSAWithSHA1
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), a.key)
	return tls.Certificate{Certificate: append([][]byte{der}, above...), PrivateKey: key}, err
}

// Roots holds the lab's certificate authority, which only the lab's clients trust.
func (l *Lab) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if a, err := l.mail.issuer(); err == nil { // without randomness nothing is trusted
		pool.AddCert(a.root)
	}
	return pool
}

// authority is the certificate that the host shows, or the one of the authority that its chain leads to.
func (h *host) authority(ca bool) (*x509.Certificate, error) {
	c, err := h.tls()
	if err != nil {
		return nil, err
	}
	if !ca {
		return x509.ParseCertificate(c.Certificates[0].Certificate[0])
	}
	a, err := h.servers.issuer()
	if err != nil {
		return nil, err
	}
	return a.root, nil
}
