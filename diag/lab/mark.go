package lab

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"time"
)

// MarkAuthority is an authority for marks of the lab: a root and an issuer below it, which sign certificates for the logos of
// BIMI (draft-fetch-validation-vmc-wchuang). Root and Issuer may be changed by a test before Issue.
type MarkAuthority struct {
	Root, Issuer *x509.Certificate
	key          *ecdsa.PrivateKey
	now          time.Time
}

// Mark is what a mark certificate says. The zero value of a field is the usual.
type Mark struct {
	Names  []string // domains
	Type   string   // "Registered Mark"
	Logo   []byte   // the SVG that it holds
	Until  time.Time
	Change func(*x509.Certificate) // what a test wants otherwise, of the template
}

// OIDs of mark certificates.
func oidBrandUsage() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 31}
}

// NewMarkAuthority makes the authority. Its certificates are valid around now.
func NewMarkAuthority(now time.Time) (*MarkAuthority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &MarkAuthority{key: key, now: now}
	if a.Root, err = a.authority("todoku lab mark root", nil); err == nil {
		a.Issuer, err = a.authority("todoku lab mark CA", a.Root)
	}
	return a, err
}

func (a *MarkAuthority) authority(name string, parent *x509.Certificate) (*x509.Certificate, error) {
	t := a.template(name)
	t.NotAfter = a.now.Add(10 * 365 * day)
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign
	if parent == nil {
		parent = t
	} else {
		t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidBrandUsage()}
	}
	return a.Sign(t, parent)
}

func (a *MarkAuthority) template(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(a.now.UnixNano())
	}
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: a.now.Add(-30 * day)}
}

// Sign makes a certificate of a template with the one key of the authority.
func (a *MarkAuthority) Sign(t, parent *x509.Certificate) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// Issue makes a mark certificate.
func (a *MarkAuthority) Issue(m Mark) (*x509.Certificate, error) {
	t := a.template("")
	t.NotAfter = m.Until
	if m.Until.IsZero() {
		t.NotAfter = a.now.Add(335 * day)
	}
	if m.Type == "" {
		m.Type = "Registered Mark"
	}
	t.Subject = pkix.Name{Organization: []string{"Lab Trading"}, Country: []string{"JP"}, ExtraNames: []pkix.AttributeTypeAndValue{
		{Type: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 53087, 1, 13}, Value: m.Type}}}
	t.DNSNames = m.Names
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidBrandUsage()}
	t.CRLDistributionPoints = []string{"http://crl.lab.test/marks.crl"}
	logo, err := Logotype("data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString(Gzip(m.Logo)), Gzip(m.Logo))
	if err != nil {
		return nil, err
	}
	t.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 12}, Value: logo},
		{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}, Value: []byte{4, 2, 0, 0}}} // the proofs are not verified
	if m.Change != nil {
		m.Change(t)
	}
	return a.Sign(t, a.Issuer)
}

// PEM writes certificates one after the other.
func PEM(certs ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// Gzip packs data, always in the same way.
func Gzip(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data) // into memory: neither fails
	_ = z.Close()
	return b.Bytes()
}

// The ASN.1 of a logotype extension with one logo of the subject (RFC 9399 §4.1).
type (
	logotypeHash struct {
		Algorithm pkix.AlgorithmIdentifier
		Value     []byte
	}
	logotypeDetails struct {
		Media  string `asn1:"ia5"`
		Hashes []logotypeHash
		URIs   []asn1.RawValue
	}
	logotypeImage struct{ Details logotypeDetails }
	logotypeData  struct{ Images []logotypeImage }
)

// Logotype is the value of a logotype extension: one logo of the subject at a place, with the SHA-256 of some data.
func Logotype(uri string, hashed []byte) ([]byte, error) {
	sum := sha256.Sum256(hashed)
	data := logotypeData{[]logotypeImage{{logotypeDetails{"image/svg+xml", []logotypeHash{{
		pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}}, sum[:]}},
		[]asn1.RawValue{{Tag: asn1.TagIA5String, Bytes: []byte(uri)}}}}}}
	inner, err := asn1.MarshalWithParams(data, "tag:0") // direct [0] IMPLICIT LogotypeData
	if err != nil {
		return nil, err
	}
	subject := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2, IsCompound: true, Bytes: inner} // [2] EXPLICIT
	return asn1.Marshal([]asn1.RawValue{subject})
}
