package lab_test

import (
	"crypto/x509"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag/lab"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

const signed = `$ORIGIN safe.test.
@      MX    10 mx
mx     A     192.0.2.50
alias  CNAME mx
out    CNAME mx.bare.test.
@      DS    1 13 2 00
$ORIGIN bare.test.
mx     A     192.0.2.50
back   CNAME mx.safe.test.
$SECURE safe.test ; and all below
$TLSA _25._tcp.mx.safe.test 3 1 1 leaf mx.safe.test
$TLSA _25._tcp.mx.safe.test 2 0 0 ca MX.safe.test.
`

// TestSecureNames: the AD bit stands on answers of which all names are secure, on those that say no, too.
func TestSecureNames(t *testing.T) {
	t.Parallel()
	w, err := lab.ParseWorld(strings.NewReader(signed), "signed")
	if err != nil {
		t.Fatal(err)
	}
	c := start(t, w)
	for _, q := range []struct {
		name   string
		t      resolve.Type
		status resolve.Status
		ad     bool
	}{
		{"safe.test", resolve.TypeMX, resolve.Found, true}, {"MX.safe.test", resolve.TypeA, resolve.Found, true},
		{"mx.safe.test", resolve.TypeAAAA, resolve.NoData, true}, {"none.safe.test", resolve.TypeA, resolve.NoName, true},
		{"alias.safe.test", resolve.TypeA, resolve.Found, true}, {"out.safe.test", resolve.TypeA, resolve.Found, false},
		{"mx.bare.test", resolve.TypeA, resolve.Found, false}, {"back.bare.test", resolve.TypeA, resolve.Found, false},
		{"safe.test", resolve.TypeDS, resolve.Found, true}, {"bare.test", resolve.TypeDS, resolve.NoData, false},
	} {
		a, err := c.Ask(t.Context(), q.name, q.t)
		if err != nil || a.Status != q.status || a.Authentic != q.ad {
			t.Errorf("%s %s: %+v, %v", q.name, q.t, a, err)
		}
	}
}

// TestTLSAOfTheLab: the records hold what the receiver shows.
func TestTLSAOfTheLab(t *testing.T) {
	t.Parallel()
	for _, kind := range []lab.Certificate{lab.Good, lab.WithCA, lab.Chained, lab.Incomplete, lab.WeakKey, lab.Expiring} {
		w, err := lab.ParseWorld(strings.NewReader(signed), "signed")
		if err != nil {
			t.Fatal(err)
		}
		w.Put(lab.Receiver{Name: "mx.safe.test", Certificate: kind, RequireTLS: true}, netip.MustParseAddr("192.0.2.50"))
		l, err := lab.Start(t.Context(), w, lab.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		run := (&probe.Prober{Dial: l.Dial, Roots: l.Roots(), Timeout: 10 * time.Second}).NewRun()
		v := run.Visit(t.Context(), "mx.safe.test", netip.MustParseAddrPort("192.0.2.50:25"), probe.Depth{})
		if v.TLS == nil || v.TLS.Verified != (kind != lab.Incomplete) || !strings.Contains(strings.Join(v.EHLO, " "), "REQUIRETLS") {
			t.Fatalf("%s: %+v", kind, v)
		}
		rrs := ask(t, l, "udp", "_25._tcp.mx.safe.test", "TLSA", 1232).Answer
		if len(rrs) != 2 {
			t.Fatalf("%s: %v", kind, rrs)
		}
		der, err := hex.DecodeString(rrs[1].(*dns.TLSA).Certificate)
		if err != nil {
			t.Fatal(err)
		}
		ca, err := x509.ParseCertificate(der)
		if leaf := rrs[0].(*dns.TLSA).Certificate; err != nil || !ca.IsCA || len(leaf) != 64 {
			t.Errorf("%s: leaf %s, authority %v", kind, leaf, err)
		}
	}
}

// TestSecureLinesAreChecked: a line that says nothing is an error of the world.
func TestSecureLinesAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"$SECURE", "$SECURE a..test", "$SECURE *.a.test", "$SECURE a.test b.test", "$TLSA _25._tcp.a.test 3 1 1 leaf",
		"$TLSA _25._tcp.a.test 3 1 256 leaf mx.a.test", "$TLSA _25._tcp.a.test 3 1 1 root mx.a.test", "$TLSA a..test 3 1 1 leaf mx.a.test"} {
		if _, err := lab.ParseWorld(strings.NewReader(bad+"\n"), "bad.world"); err == nil || !strings.HasPrefix(err.Error(), "bad.world:1") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
