package bundle

import (
	"crypto/x509"
	"errors"

	"todoku/sender/smtp"
)

// tlsJSON is the encryption of a connection, with the certificates in DER.
type tlsJSON struct {
	smtp.TLSState
	Unjudged bool     `json:"unjudged,omitempty"`
	Chain    [][]byte `json:"chain,omitempty"`
}

func keepTLS(s *smtp.TLSState) *tlsJSON {
	if s == nil {
		return nil
	}
	j := &tlsJSON{TLSState: *s, Unjudged: s.Unjudged}
	for _, c := range s.Chain[:min(len(s.Chain), maxCerts)] {
		j.Chain = append(j.Chain, c.Raw)
	}
	return j
}

func (j *tlsJSON) state() (*smtp.TLSState, error) {
	if j == nil {
		return nil, nil
	}
	s := j.TLSState
	s.Unjudged = j.Unjudged
	if s.Names == nil {
		s.Names = []string{}
	}
	var err error
	s.Chain, err = certificates(j.Chain)
	return &s, err
}

var errManyCerts = errors.New("too many certificates")

func certificates(list [][]byte) (out []*x509.Certificate, err error) {
	if len(list) > maxCerts {
		return nil, errManyCerts
	}
	for _, der := range list {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
