package check

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/probe"
)

// SMTPChainLink is one certificate of a chain.
type SMTPChainLink struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	Expires string `json:"expires"`
}

// maxChainShown bounds the certificates of a chain that are told.
const maxChainShown = 10

// certificate adds what the server's certificates are to what is told of its TLS.
func (s *SMTPTLS) certificate(v *probe.Visit) {
	s.Chain = []SMTPChainLink{}
	s.RequireTLS = slices.ContainsFunc(v.EHLO, func(line string) bool { return strings.EqualFold(strings.TrimSpace(line), "REQUIRETLS") })
	for _, c := range v.TLS.Chain[:min(len(v.TLS.Chain), maxChainShown)] {
		s.Chain = append(s.Chain, SMTPChainLink{c.Subject.String(), c.Issuer.String(), c.NotAfter.UTC().Format(time.RFC3339)})
	}
	if len(v.TLS.Chain) > 0 {
		leaf := v.TLS.Chain[0]
		s.KeyType, s.KeyBits = keyOf(leaf)
		s.Issuer, s.NotBefore, s.Signature = leaf.Issuer.String(), leaf.NotBefore.UTC().Format(time.RFC3339), leaf.SignatureAlgorithm.String()
	}
}

// keyOf is the kind of a certificate's key, in the words of DKIM, and its size; "" and 0 for kinds that are not known.
func keyOf(c *x509.Certificate) (kind string, bits int) {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return "rsa", k.N.BitLen()
	case *ecdsa.PublicKey:
		return "ecdsa", k.Curve.Params().BitSize
	case ed25519.PublicKey:
		return "ed25519", 256
	}
	return "", 0
}

const (
	minRSABits   = 2048 // CA/Browser Forum Baseline Requirements §6.1.5; RFC 9325 §4.5
	minECDSABits = 224  // RFC 9325 §4.5
	renewalShare = 3    // a certificate is renewed while a third of its life is left: what ACME clients do by default
)

// quality reports a certificate that works today and will not for long: one that ought to have been renewed, and a weak key.
func (c *smtpRun) quality(v *probe.Visit) {
	if v.TLS == nil || len(v.TLS.Chain) == 0 {
		return
	}
	leaf := v.TLS.Chain[0]
	data := []codes.Datum{codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String())}
	if left, life := leaf.NotAfter.Sub(c.Now()), leaf.NotAfter.Sub(leaf.NotBefore); v.TLS.Verified && left < life/renewalShare {
		c.Report(SMTPCertificateExpiring, v.Host, append(data, codes.Num("days", days(left)), codes.Num("life", days(life)),
			codes.Str("expires", leaf.NotAfter.UTC().Format(time.DateOnly)))...)
	}
	if kind, bits := keyOf(leaf); kind == "rsa" && bits < minRSABits || kind == "ecdsa" && bits < minECDSABits {
		c.Report(SMTPKeyWeak, v.Host, append(data, codes.Str("type", strings.ToUpper(kind)), codes.Num("bits", bits))...)
	}
}

// days is a time in whole days.
func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
