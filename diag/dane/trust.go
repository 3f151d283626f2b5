package dane

import (
	"crypto"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
)

// vouch judges a record of usage DANE-TA(2) (RFC 7671 §5.2): the authority is a certificate that the server shows above its
// own, or the one that the record holds whole, or the bare key that it holds. From it a valid path leads to the server's
// certificate, which names the server.
func (s Shown) vouch(r *Record) Outcome {
	best := NoMatch
	for _, c := range s.Chain[1:] {
		if r.covers(c) {
			best = better(best, s.path(c))
		}
	}
	if r.Matching == Full && best != Matches {
		best = better(best, s.whole(r))
	}
	return best
}

// whole judges a record that holds an authority's certificate or key itself: the server need not show it.
func (s Shown) whole(r *Record) Outcome {
	if r.Selector == Cert {
		c, err := x509.ParseCertificate(r.Data)
		if err != nil {
			return NoMatch
		}
		if o := s.path(c); o != NoPath { // an authority with which the chain has nothing to do is no match
			return o
		}
		return NoMatch
	}
	key, err := x509.ParsePKIXPublicKey(r.Data)
	if err != nil {
		return NoMatch // of a kind that nothing here can verify with
	}
	best := NoMatch
	for i, c := range s.Chain {
		if signedBy(c, key) {
			if i == 0 {
				return s.named(s.inTime(c))
			}
			best = better(best, s.path(c))
		}
	}
	return best
}

// signedBy reports whether a certificate is signed with a key.
func signedBy(c *x509.Certificate, key crypto.PublicKey) bool {
	by := &x509.Certificate{PublicKey: key}
	return by.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func (s Shown) inTime(c *x509.Certificate) Outcome {
	if s.Now.Before(c.NotBefore) || s.Now.After(c.NotAfter) {
		return Outdated
	}
	return Matches
}

// path looks for a valid way from an authority to the server's certificate, and then at the name.
func (s Shown) path(authority *x509.Certificate) Outcome {
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: s.Now}
	o.Roots.AddCert(authority)
	for _, c := range s.Chain[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := s.Chain[0].Verify(o)
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return s.named(Matches)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Outdated
	}
	return NoPath
}

// named is an outcome that holds where the server's certificate has one of the names, else WrongName.
func (s Shown) named(o Outcome) Outcome {
	if o != Matches || slices.ContainsFunc(s.Names, func(n string) bool { return hasName(s.Chain[0], n) }) {
		return o
	}
	return WrongName
}

// hasName reports whether a certificate is of a host: by its DNS names, and only where there are none by its common name
// (RFC 7672 §3.2.3).
func hasName(c *x509.Certificate, host string) bool {
	host = strings.TrimSuffix(host, ".")
	if len(c.DNSNames) > 0 {
		return c.VerifyHostname(host) == nil
	}
	name := c.Subject.CommonName
	if rest, wild := strings.CutPrefix(name, "*."); wild {
		_, above, _ := strings.Cut(host, ".")
		return strings.EqualFold(rest, above)
	}
	return strings.EqualFold(name, host)
}

// better is the outcome of two that tells more: how far the chain came.
func better(a, b Outcome) Outcome {
	order := []Outcome{NoMatch, NoPath, Outdated, WrongName, Matches}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
