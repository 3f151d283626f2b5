package smtp_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"todoku/sender/smtp"
)

// rsaConfig is TLS 1.2 of a server with an RSA key, and the pool that trusts it.
func rsaConfig(t *testing.T, suites ...uint16) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mx.test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, CipherSuites: suites,
		MaxVersion: tls.VersionTLS12}, pool
}

// TestServersWithOldKeyExchange: an old server that knows RSA key exchange only is spoken to in TLS where any TLS is better than
// none, and not where the session has to be safe; with a server that knows better nothing old is used.
func TestServersWithOldKeyExchange(t *testing.T) {
	t.Parallel()
	old := []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	both := []uint16{tls.TLS_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}
	for _, c := range []struct {
		name   string
		suites []uint16
		verify bool
		want   string // "": no session
	}{
		{"old", old, false, "TLS_RSA_WITH_AES_128_CBC_SHA"},
		{"old, to be safe", old, true, ""},
		{"both", both, false, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config, pool := rsaConfig(t, c.suites...)
			_, addr := recorder(t, config, false)
			s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Host: "mx.test", Roots: pool, Verify: c.verify, Timeout: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err = s.Hello(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err = s.StartTLS(t.Context())
			got := ""
			if s.TLS() != nil {
				got = s.TLS().Cipher
			}
			if got != c.want || (err != nil) != (c.want == "") {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}
