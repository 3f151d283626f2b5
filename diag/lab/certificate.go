package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// issuer is the lab's own certificate authority; it lives as long as the lab.
type issuer struct {
	key  *ecdsa.PrivateKey // of all certificates
	root *x509.Certificate
	now  time.Time
}

func newIssuer() (*issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &issuer{key: key, now: time.Now()}
	t := a.template("todoku lab CA", a.now.Add(24*time.Hour*365))
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	a.root, err = x509.ParseCertificate(der)
	return a, err
}

func (a *issuer) template(name string, until time.Time) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(a.now.UnixNano())
	}
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: until.Add(-2 * 365 * 24 * time.Hour), NotAfter: until}
}

// certificate is that of a host: good, or with its fault.
func (a *issuer) certificate(kind Certificate, name string) (tls.Certificate, error) {
	until, parent := a.now.Add(90*24*time.Hour), a.root
	switch kind {
	case Expired:
		until = a.now.Add(-24 * time.Hour)
	case WrongName:
		name = "other.lab.test"
	}
	t := a.template(name, until)
	t.DNSNames, t.KeyUsage, t.ExtKeyUsage = []string{name}, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if kind == SelfSigned {
		parent = t
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, a.key.Public(), a.key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, err
}

// Roots holds the lab's certificate authority, which only the lab's clients trust.
func (l *Lab) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if a, err := l.mail.issuer(); err == nil { // without randomness nothing is trusted
		pool.AddCert(a.root)
	}
	return pool
}
