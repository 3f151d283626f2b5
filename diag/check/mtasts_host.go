package check

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/mtasts"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/sender/smtp"
)

// The results of TLS-RPT for what fails (RFC 8460 §4.3).
const (
	resultNoStartTLS = "starttls-not-supported"
	resultName       = "certificate-host-mismatch"
	resultExpired    = "certificate-expired"
	resultUntrusted  = "certificate-not-trusted"
	resultOther      = "validation-failure"
)

// host holds one host against the policy: its name, and TLS at each of its addresses. It waits where nothing at all holds.
func (c *mtastsRun) host(ctx context.Context, h *mx.Host, mail *receiving) (MTASTSHost, error) {
	fact := MTASTSHost{Host: h.Name, Certificates: []string{}}
	if m, ok := c.policy.Covers(h.Name); ok {
		fact.Pattern = m.Text
	} else {
		fact.Result = resultOther
	}
	var errs []error
	good, bad, unknown := 0, 0, 0
	if h.Addresses.Err() != nil { // which mail.unseen tells
		unknown++
	}
	for _, v := range mail.of(h.Name) {
		if v.TLS != nil {
			fact.take(v.TLS)
		}
		result, err := c.tlsResult(ctx, v)
		switch {
		case err != nil:
			unknown++
			errs = append(errs, err)
		case result == "":
			good++
		default:
			bad++
			fact.Result = cmp.Or(fact.Result, result)
			c.weak(v, result)
		}
	}
	switch {
	case fact.Pattern == "", bad > 0 && good+unknown == 0:
		fact.Would = WouldWait
	case good > 0:
		fact.Would = WouldDeliver
	default:
		fact.Would = WouldUnknown
	}
	return fact, errors.Join(errs...)
}

// tlsResult is what is wrong with TLS at an address, as the result of TLS-RPT says it; "" where nothing is. What was not
// seen is an error (RFC 8461 §4.2).
func (c *mtastsRun) tlsResult(ctx context.Context, v *probe.Visit) (string, error) {
	switch how, err := encryptionOf(ctx, v); {
	case err != nil:
		return "", err
	case how != encrypted:
		return resultNoStartTLS, nil
	case v.TLS.Unjudged:
		return "", unjudged(v.Host, "STARTTLS", v.Address.String())
	case !v.TLS.Verified:
		return certificateResult(v.TLS, v.Host, c.Now()), nil
	}
	return "", nil
}

// weak tells of an address at which TLS does not hold against the policy.
func (c *mtastsRun) weak(v *probe.Visit, result string) {
	if result == resultNoStartTLS {
		problem := codes.Text{EN: "it does not offer STARTTLS", JA: "STARTTLSに対応していません"}
		if v.STARTTLS {
			problem = codes.Text{EN: "it refuses STARTTLS", JA: "STARTTLSを拒否します"}
		}
		if c.policy.Mode == mtasts.Testing {
			c.wouldFail(v.Host, problem)
			return
		}
		c.Report(MTASTSStartTLSNone, v.Host, codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String()),
			codes.Words("problem", problem))
		return
	}
	problem := certificateText(v.TLS, v.Host, c.Now())
	if c.policy.Mode == mtasts.Testing {
		c.wouldFail(v.Host, problem)
		return
	}
	c.Report(MTASTSCertificate, v.Host, codes.Str("host", v.Host), codes.Str("address", v.Address.Addr().String()),
		codes.Words("problem", problem), codes.Str("result", result), certificateNames(v.TLS))
}

// certificateNames are the names of a certificate as data.
func certificateNames(s *smtp.TLSState) codes.Datum {
	return codes.List("names", append([]string{}, s.Names[:min(len(s.Names), maxPatterns)]...))
}

// certificateResult sorts what is wrong with a certificate by the results of TLS-RPT.
func certificateResult(s *smtp.TLSState, host string, now time.Time) string {
	if len(s.Chain) == 0 {
		return resultOther
	}
	switch leaf := s.Chain[0]; {
	case now.After(leaf.NotAfter) || now.Before(leaf.NotBefore):
		return resultExpired
	case leaf.VerifyHostname(strings.TrimSuffix(host, ".")) != nil:
		return resultName
	}
	return resultUntrusted
}

// certificateText is what is wrong with a certificate, in words.
func certificateText(s *smtp.TLSState, host string, now time.Time) codes.Text {
	day := s.Expires.UTC().Format(time.DateOnly)
	switch certificateResult(s, host, now) {
	case resultExpired:
		if now.Before(s.Expires) {
			return codes.Text{EN: "the certificate is not valid yet", JA: "証明書の有効期間が始まっていません"}
		}
		return codes.Text{EN: "the certificate ended on " + day, JA: "証明書の有効期限(" + day + ")が切れています"}
	case resultName:
		if leaf := s.Chain[0]; len(leaf.DNSNames)+len(leaf.IPAddresses) == 0 && leaf.Subject.CommonName != "" { // RFC 8461 §4.2
			name := beginning(leaf.Subject.CommonName)
			return codes.Text{EN: "the certificate names " + name + " as its common name only, not as a subject alternative name (SAN)",
				JA: "証明書の名前 " + name + " がコモンネーム(CN)にしかなく、SANにありません"}
		}
		names := beginning(strings.Join(s.Names[:min(len(s.Names), 3)], " "))
		return codes.Text{EN: "the certificate names " + orNone(names), JA: "証明書の名前は " + orNone(names) + " です"}
	case resultUntrusted:
		if selfSigned(s.Chain[0]) {
			return codes.Text{EN: "the certificate is self-signed", JA: "自己署名の証明書です"}
		}
		if oldSignature(s.Chain[0]) {
			by := s.Chain[0].SignatureAlgorithm.String()
			return codes.Text{EN: "the certificate is signed by an algorithm that is no longer trusted (" + by + ")",
				JA: "証明書の署名アルゴリズム(" + by + ")は、現在では信頼されません"}
		}
		return codes.Text{EN: "the certificate does not lead to a trusted authority", JA: "証明書が信頼された認証局につながっていません"}
	}
	return codes.Text{EN: "no TLS: " + beginning(s.Problem), JA: "TLSで接続できません: " + beginning(s.Problem)}
}

func selfSigned(c *x509.Certificate) bool { return string(c.RawIssuer) == string(c.RawSubject) }

// oldSignature reports a signature by SHA-1 or MD5, which no public authority may use (CA/Browser Forum Baseline Requirements
// §7.1.3.2) and clients refuse.
func oldSignature(c *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}
