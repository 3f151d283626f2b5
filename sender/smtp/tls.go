package smtp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"time"
)

// TLSState is what a handshake brought about.
type TLSState struct {
	Version  string    `json:"version"` // "TLS 1.3"
	Cipher   string    `json:"cipher"`
	Names    []string  `json:"certificate_names"`
	Expires  time.Time `json:"expires"`
	Verified bool      `json:"verified"`
	Problem  string    `json:"problem,omitempty"` // why the certificate did not verify

	Unjudged bool                `json:"-"` // this machine knows no authority: whether the certificate is good is not known
	Chain    []*x509.Certificate `json:"-"` // as the server showed it, its own certificate first
}

// ClientTLS is our side of TLS with a server of that name; roots nil are the system's. The handshake goes on with a
// certificate that does not verify; problem then says why not.
func ClientTLS(host string, roots *x509.CertPool, now func() time.Time) (config *tls.Config, problem *error) {
	problem = new(error)
	name := strings.TrimSuffix(host, ".")
	return &tls.Config{
		ServerName: name, RootCAs: roots, Time: now, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it, and keeps what it finds
		VerifyConnection: func(c tls.ConnectionState) error {
			o := x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now(), Intermediates: x509.NewCertPool()}
			for _, cert := range c.PeerCertificates[1:] {
				o.Intermediates.AddCert(cert)
			}
			_, *problem = c.PeerCertificates[0].Verify(o)
			var unknown x509.UnknownAuthorityError
			if errors.As(*problem, &unknown) && roots == nil && noRoots() {
				*problem = ErrNoRoots
			}
			return nil
		},
	}, problem
}

// ErrNoRoots means that no certificate can be verified: the system has no certificates of authorities.
var ErrNoRoots = errors.New("this machine has no certificates of authorities (install ca-certificates, or set SSL_CERT_FILE)")

func noRoots() bool {
	pool, err := x509.SystemCertPool()
	return err != nil || pool.Equal(x509.NewCertPool())
}

// StateOf tells what a connection's TLS is like; problem is why its certificate
// does not verify, or nil.
func StateOf(c tls.ConnectionState, problem error) *TLSState {
	s := &TLSState{Version: tls.VersionName(c.Version), Cipher: tls.CipherSuiteName(c.CipherSuite), Names: []string{},
		Verified: problem == nil, Unjudged: errors.Is(problem, ErrNoRoots), Chain: c.PeerCertificates}
	if problem != nil {
		s.Problem = problem.Error()
	}
	if len(c.PeerCertificates) > 0 {
		leaf := c.PeerCertificates[0]
		s.Names, s.Expires = append(s.Names, leaf.DNSNames...), leaf.NotAfter.UTC()
		for _, ip := range leaf.IPAddresses {
			s.Names = append(s.Names, ip.String())
		}
		if len(s.Names) == 0 && leaf.Subject.CommonName != "" {
			s.Names = append(s.Names, leaf.Subject.CommonName)
		}
	}
	return s
}

// withoutSecrets is a state without secrets in what the server's certificate says.
func (t *TLSState) withoutSecrets(s *secrets) *TLSState {
	for i, name := range t.Names {
		t.Names[i] = s.text(name)
	}
	t.Problem = s.text(t.Problem)
	return t
}
