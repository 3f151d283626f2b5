package bimi

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
)

// Bounds of the evidence that is read.
const (
	MaxEvidence      = 1 << 20 // octets of the file
	MaxEvidenceCerts = 10
	maxRSABits       = 16384
)

// Mark says which of the two kinds of mark certificate one is.
type Mark string

// The kinds; "" where the certificate does not say.
const (
	VMC Mark = "vmc" // a registered or a government mark
	CMC Mark = "cmc" // a mark in use, or a registered one modified
)

// Evidence is what the file at a= holds: the mark certificate with its issuers.
type Evidence struct {
	Leaf     *x509.Certificate   // nil: there is none
	Path     []*x509.Certificate // the leaf, its issuer and so on, as far as the file goes
	Mark     Mark
	MarkType string // of the subject: "Registered Mark"
	Logo     []byte // the logo that it holds, unpacked; nil: none that can be read
	SCTs     bool   // it holds proofs of certificate transparency, which are not verified
	CRL      bool   // it says where revocations are listed, which is not fetched
	Faults   []CertFault
	Cut      bool // a bound was reached: not all was read

	named bool // the issuer above the path is not in the file
}

func oidUsage() asn1.ObjectIdentifier    { return asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 31} }
func oidLogotype() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 12} }
func oidMarkType() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 53087, 1, 13}
}
func oidSCT() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2} }

// ReadEvidence reads the file at a=: certificates in PEM (RFC 7468), the mark certificate first, then its issuers.
func ReadEvidence(file []byte) *Evidence {
	e := &Evidence{}
	if len(file) > MaxEvidence {
		file, e.Cut = file[:MaxEvidence], true
	}
	certs := e.certificates(file)
	if len(certs) == 0 {
		if len(e.Faults) == 0 && !e.Cut {
			e.fault(CertNone, looksLike(file), "")
		}
		return e
	}
	e.choose(certs)
	e.follow(certs)
	e.read()
	return e
}

func (e *Evidence) fault(k CertKind, value, expected string) {
	e.Faults = append(e.Faults, CertFault{Kind: k, Value: value, Expected: expected})
}

// certificates reads the blocks of the file.
func (e *Evidence) certificates(file []byte) (out []*x509.Certificate) {
	seen, blocks := map[string]bool{}, 0
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		if blocks++; blocks > MaxEvidenceCerts {
			e.Cut = true
			break
		}
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			e.fault(CertPrivateKey, block.Type, "")
			continue
		case block.Type != "CERTIFICATE":
			continue
		case seen[string(block.Bytes)]:
			e.fault(CertDuplicate, fmt.Sprint(blocks), "")
			continue
		}
		seen[string(block.Bytes)] = true
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			e.fault(CertUnreadable, fmt.Sprintf("%d: %v", blocks, err), "")
			continue
		}
		if key, is := c.PublicKey.(*rsa.PublicKey); is && key.N.BitLen() > maxRSABits { // a signature would take minutes to verify
			e.fault(CertUnreadable, fmt.Sprintf("%d: a key of %d bits", blocks, key.N.BitLen()), "")
			continue
		}
		out = append(out, c)
	}
	return out
}

// looksLike says what a file is that holds no PEM.
func looksLike(file []byte) string {
	if _, err := x509.ParseCertificates(file); err == nil && len(file) > 0 {
		return "DER"
	}
	start := bytes.ToLower(bytes.TrimSpace(file[:min(len(file), 512)]))
	switch {
	case len(start) == 0:
		return ""
	case bytes.Contains(start, []byte("<svg")):
		return "SVG"
	case bytes.HasPrefix(start, []byte("<")):
		return "HTML"
	case bytes.Contains(start, []byte("-----begin")):
		return "PEM"
	}
	return string(start[:min(len(start), 16)])
}

// choose takes the mark certificate: the first that is no authority and has the usage or a logo.
func (e *Evidence) choose(certs []*x509.Certificate) {
	marks := 0
	for i, c := range certs {
		if c.IsCA && c.BasicConstraintsValid || !hasUsage(c) && extension(c, oidLogotype()) == nil {
			continue
		}
		if marks++; e.Leaf == nil {
			e.Leaf = c
			if i > 0 {
				e.fault(CertOrder, subject(c), "")
			}
		}
	}
	switch {
	case marks == 0:
		e.fault(CertNoMark, subject(certs[0]), "")
	case marks > 1:
		e.fault(CertSeveral, fmt.Sprint(marks), "1")
	}
}

// follow lists the issuers of the leaf, as far as the file has them.
func (e *Evidence) follow(certs []*x509.Certificate) {
	if e.Leaf == nil {
		return
	}
	e.Path = []*x509.Certificate{e.Leaf}
	for at := e.Leaf; !bytes.Equal(at.RawIssuer, at.RawSubject); {
		i := slices.IndexFunc(certs, func(c *x509.Certificate) bool {
			return bytes.Equal(c.RawSubject, at.RawIssuer) && !slices.Contains(e.Path, c) && at.CheckSignatureFrom(c) == nil
		})
		if i < 0 {
			e.named = !slices.ContainsFunc(certs, func(c *x509.Certificate) bool {
				return bytes.Equal(c.RawSubject, at.RawIssuer) && !slices.Contains(e.Path, c)
			})
			return
		}
		at = certs[i]
		e.Path = append(e.Path, at)
	}
	place := slices.Index(certs, e.Leaf)
	for _, c := range e.Path[1:] {
		next := slices.Index(certs, c)
		if next < place && !e.has(CertOrder) {
			e.fault(CertOrder, subject(c), "")
		}
		place = next
	}
}

func (e *Evidence) has(k CertKind) bool {
	return slices.ContainsFunc(e.Faults, func(f CertFault) bool { return f.Kind == k })
}

// read takes what the leaf says of itself.
func (e *Evidence) read() {
	c := e.Leaf
	if c == nil {
		return
	}
	e.SCTs = extension(c, oidSCT()) != nil
	e.CRL = len(c.CRLDistributionPoints) > 0
	for _, n := range c.Subject.Names {
		if n.Type.Equal(oidMarkType()) {
			e.MarkType, _ = n.Value.(string)
		}
	}
	e.Mark = markOf(e.MarkType)
	if !hasUsage(c) {
		e.fault(CertUsage, subject(c), oidUsage().String())
	}
	if len(e.Path) > 1 && !hasUsage(e.Path[1]) {
		e.fault(CertIssuerUsage, subject(e.Path[1]), oidUsage().String())
	}
	if !e.SCTs {
		e.fault(CertNoSCT, "", "")
	}
	if !e.CRL {
		e.fault(CertNoCRL, "", "")
	}
	if e.Mark == "" {
		e.fault(CertMarkType, e.MarkType, strings.Join(append(vmcMarks(), cmcMarks()...), " | "))
	}
	e.logotype(extension(c, oidLogotype()))
}

func vmcMarks() []string { return []string{"Registered Mark", "Government Mark"} }
func cmcMarks() []string {
	return []string{"Prior Use Mark", "Modified Registered Mark", "Provisional Mark"}
}

func markOf(text string) Mark {
	switch {
	case slices.Contains(vmcMarks(), text):
		return VMC
	case slices.Contains(cmcMarks(), text):
		return CMC
	}
	return ""
}

func hasUsage(c *x509.Certificate) bool {
	return slices.ContainsFunc(c.UnknownExtKeyUsage, oidUsage().Equal)
}

// extension is the value of an extension; nil: there is none.
func extension(c *x509.Certificate, oid asn1.ObjectIdentifier) []byte {
	for _, x := range c.Extensions {
		if x.Id.Equal(oid) {
			return append([]byte{}, x.Value...)
		}
	}
	return nil
}

// subject is whom a certificate names, in few words.
func subject(c *x509.Certificate) string {
	for _, name := range append([]string{c.Subject.CommonName}, c.Subject.Organization...) {
		if name != "" {
			return name
		}
	}
	return c.Subject.String()
}

// Subject is whom the mark certificate names: its organisation, else its common name.
func (e *Evidence) Subject() string {
	if len(e.Leaf.Subject.Organization) > 0 {
		return e.Leaf.Subject.Organization[0]
	}
	return subject(e.Leaf)
}

// Issuer is who signed the mark certificate.
func (e *Evidence) Issuer() string {
	if cn := e.Leaf.Issuer.CommonName; cn != "" {
		return cn
	}
	return e.Leaf.Issuer.String()
}
