package dane_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	"testing"
	"time"

	"todoku/diag/dane"
)

const host = "mx.firm.test"

// pair is a certificate with its key.
type pair struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// house is the certificates that the tests are about.
type house struct {
	root, middle, leaf, expired, other, selfSigned, stranger, bare pair
}

func issue(t *testing.T, name string, by *pair, change func(*x509.Certificate)) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	change(template)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return pair{c, key}
}

func build(t *testing.T) *house {
	t.Helper()
	authority := func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}
	names := func(names ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames = names }
	}
	var h house
	h.root = issue(t, "root", nil, authority)
	h.stranger = issue(t, "stranger", nil, authority)
	h.middle = issue(t, "middle", &h.root, authority)
	h.leaf = issue(t, host, &h.middle, names(host))
	h.other = issue(t, "other.test", &h.middle, names("other.test"))
	h.bare = issue(t, host, &h.middle, names())
	h.selfSigned = issue(t, host, nil, names(host))
	h.expired = issue(t, host, &h.middle, func(c *x509.Certificate) {
		c.DNSNames, c.NotAfter = []string{host}, time.Now().Add(-time.Hour)
	})
	return &h
}

// tlsa is the text of a record of a certificate.
func tlsa(c pair, usage, selector, matching uint8) string {
	data := c.Raw
	if selector == 1 {
		data = c.RawSubjectPublicKeyInfo
	}
	switch matching {
	case 1:
		sum := sha256.Sum256(data)
		data = sum[:]
	case 2:
		sum := sha512.Sum512(data)
		data = sum[:]
	}
	return fmt.Sprintf("%d %d %d %s", usage, selector, matching, hex.EncodeToString(data))
}

// chainCase is records, a chain, and whether a sender with DANE goes on.
type chainCase struct {
	name    string
	chain   []pair
	records []string
	want    []dane.Outcome
}

func chainCases(h *house) []chainCase {
	whole := []pair{h.leaf, h.middle, h.root}
	noRoot := whole[:2]
	const ok, no, dead, name, old, path = dane.Matches, dane.NoMatch, dane.Unusable, dane.WrongName, dane.Outdated, dane.NoPath
	one := func(r string, o dane.Outcome) ([]string, []dane.Outcome) { return []string{r}, []dane.Outcome{o} }
	var out []chainCase
	add := func(name string, chain []pair, records []string, want []dane.Outcome) {
		out = append(out, chainCase{name, chain, records, want})
	}
	single := func(name string, chain []pair, record string, want dane.Outcome) {
		r, o := one(record, want)
		add(name, chain, r, o)
	}
	for _, s := range []uint8{0, 1} {
		for _, m := range []uint8{0, 1, 2} {
			single(fmt.Sprintf("3 %d %d of the leaf", s, m), noRoot, tlsa(h.leaf, 3, s, m), ok)
			single(fmt.Sprintf("3 %d %d of another", s, m), noRoot, tlsa(h.other, 3, s, m), no)
			single(fmt.Sprintf("2 %d %d of the root, shown", s, m), whole, tlsa(h.root, 2, s, m), ok)
			single(fmt.Sprintf("2 %d %d of the middle", s, m), noRoot, tlsa(h.middle, 2, s, m), ok)
			single(fmt.Sprintf("2 %d %d of a stranger", s, m), whole, tlsa(h.stranger, 2, s, m), no)
		}
	}
	single("root's digest, not shown", noRoot, tlsa(h.root, 2, 0, 1), no)
	single("root's certificate, not shown", noRoot, tlsa(h.root, 2, 0, 0), ok)
	single("root's key, not shown", noRoot, tlsa(h.root, 2, 1, 0), ok)
	single("stranger shown beside", []pair{h.leaf, h.middle, h.stranger}, tlsa(h.stranger, 2, 0, 1), path)
	single("wrong name, 3", []pair{h.other, h.middle}, tlsa(h.other, 3, 1, 1), ok)
	single("wrong name, 2", []pair{h.other, h.middle}, tlsa(h.middle, 2, 1, 1), name)
	single("common name alone", []pair{h.bare, h.middle}, tlsa(h.middle, 2, 1, 1), ok)
	single("expired, 3", []pair{h.expired, h.middle}, tlsa(h.expired, 3, 1, 1), ok)
	single("expired, 2", []pair{h.expired, h.middle}, tlsa(h.middle, 2, 1, 1), old)
	single("self-signed, 3", []pair{h.selfSigned}, tlsa(h.selfSigned, 3, 0, 1), ok)
	single("middle as 3", noRoot, tlsa(h.middle, 3, 1, 1), no)
	single("leaf as 2", noRoot, tlsa(h.leaf, 2, 1, 1), no)
	add("this key and the next", noRoot, []string{tlsa(h.other, 3, 1, 1), tlsa(h.leaf, 3, 1, 1)}, []dane.Outcome{no, ok})
	add("an authority beside a stale key", noRoot, []string{tlsa(h.other, 3, 1, 1), tlsa(h.middle, 2, 1, 1)}, []dane.Outcome{no, ok})
	add("the stronger digest decides", noRoot, []string{tlsa(h.leaf, 3, 1, 1), tlsa(h.other, 3, 1, 2)}, []dane.Outcome{dane.Passed, no})
	add("another selector stands for itself", noRoot, []string{tlsa(h.leaf, 3, 0, 1), tlsa(h.other, 3, 1, 2)}, []dane.Outcome{ok, no})
	add("whole data stands for itself", noRoot, []string{tlsa(h.leaf, 3, 1, 0), tlsa(h.other, 3, 1, 2)}, []dane.Outcome{ok, no})
	add("a broken stronger digest counts for nothing", noRoot, []string{tlsa(h.leaf, 3, 1, 1), "3 1 2 00"}, []dane.Outcome{ok, dead})
	add("unusable beside a mismatch", noRoot, []string{"4 1 1 " + zeros, tlsa(h.other, 3, 1, 1)}, []dane.Outcome{dead, no})
	return out
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

func shown(chain []pair) dane.Shown {
	s := dane.Shown{Names: []string{host, "firm.test"}, Now: time.Now()}
	for _, c := range chain {
		s.Chain = append(s.Chain, c.Certificate)
	}
	return s
}

func parsed(texts []string) []dane.Record {
	var out []dane.Record
	for _, text := range texts {
		out = append(out, dane.Parse(text))
	}
	return out
}
