package dkim

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// Made for these tests; the private halves are gone. ed is of RFC 8463 §A.2.
const (
	rsa512 = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOIl6jl7uD2uj/FgdoOfUnRRqYZFuUvrjCprvqLNdORPyeivnPeJ31WRyiVTg02a73R+" +
		"sotByu49IvAbSF1f2HcCAwEAAQ=="
	rsa1024 = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDU6NT79EVmyX7vFVr6SkuoNTcWQDRC/ORrAKgXy4BjEQchyprsHEbLrfaXOkHF" +
		"WfvOy4cQdbH25vf3kWGLCCsCkH8CyeB0kqoDs0Fjh0WBXVrm9oenzPFXB1UJ0H4MSJuDt6Oto/BNdFWpqYbyEMmqNeL9PihsrDDsFvSTtu/OIQIDAQAB"
	rsa2048 = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvIAZayz/pEMw+bOd4+YFtiEZAmvkc/vXaSVXRr6m4g+yd7CF4IvFge1T" +
		"KSAKvvnx+4exXmxBU/G53nVHzbdbLXgwUirKMyQIURx3w7rGsbrivF3aFoWiiDCy3hqZXKWuyGPrB5uNFjmFeIa+oYsdZ+brXR+0ZMkfY+tiqEpJwY" +
		"3bM5K34lP1hqEIsvpLmOUWiJXySo80TNAypf70eko1iGefgy4U7aVfXawzrxRj/J8JL2Sve7TIomXhv2DsBnlFndPrBQTZEM/zuqdKngmFbtEwlbQg" +
		"ip2F6KatsT9vmfulJF9Ambgi0Fcaa51vN2K4dhxej3ffYu8ecWymGX/G5QIDAQAB"
	rsa2048PKCS1 = "MIIBCgKCAQEAsioojrh8ycA9O9BWZMvaWbLZV2DdsI5g0pNDaArzr/ieFBGnIuv2mtmbXbaO7u9cohvS7bc0G7uDdhQyXGMCPrnA" +
		"JH2knH2CYz5fv+lx4UNNzGKJHyJLpj0uxiliIH69v6D/6vu2noT1xQ4xOoTUdQswcoupDVjkhJkclBZ7p9gvbQ3BdzehRm5MHpWqH2JBmFyTwpcWwb" +
		"oIB833jjHsf+u9FAwTo94vFJ3lpUAogtgjt0PnxITx9bBm79N2ofrQX3LKVik3/WPDtoSfqvyrjjXe9z36r82QA7kgHyW2VqLbAoptzgD4R3muRHiO" +
		"k7WvgmCYH7HhSPuWlZRc9JfbxwIDAQAB"
	ed = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
)

func told(faults []Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%s@%d", f.Kind, f.Offset))
	}
	return strings.Join(out, " ")
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		txt, faults, typ string
		bits             int
	}{
		{"v=DKIM1; k=rsa; p=" + rsa2048, "", "rsa", 2048},
		{"v=DKIM1;p=" + rsa2048PKCS1 + ";", "", "rsa", 2048},
		{"p=" + rsa1024, "", "rsa", 1024},
		{"k=rsa; p=" + rsa512, "", "rsa", 512},
		{"v=DKIM1; k=ed25519; p=" + ed, "", "ed25519", 256},
		{"v=DKIM1; p=", "", "rsa", 0},
		{"v = DKIM1 ;\r\n\tp = " + rsa1024[:70] + "\r\n " + rsa1024[70:] + " ; ", "", "rsa", 1024},
		{"v=DKIM1; n=a=b; s=*:email; t=y:s; h=sha1:sha256; p=" + ed[:0], "", "rsa", 0},
		{"v=DKIM1; s=tlsrpt; p=", "", "rsa", 0},
		{"v=DKIM2; p=", "version@2", "rsa", 0},
		{"v=dkim1; p=", "version@2", "rsa", 0},
		{"k=rsa; v=DKIM1; p=", "version-late@7", "rsa", 0},
		{"v=DKIM1", "missing-p@7", "rsa", 0},
		{"", "missing-p@0", "rsa", 0},
		{"v=DKIM1;; p=", "empty-tag@8", "rsa", 0},
		{"v=DKIM1; rsa; p=", "no-equals@9", "rsa", 0},
		{"v=DKIM1; 1a=b; p=", "tag-name@9", "rsa", 0},
		{"v=DKIM1; P=", "tag-case@9", "rsa", 0},
		{"v=DKIM1; p=; p=x", "duplicate-tag@13", "rsa", 0},
		{"v=DKIM1; x=1; x=2; p=", "unknown-tag@9 duplicate-tag@14", "rsa", 0},
		{"v=DKIM1; n=\xe3\x81\x82; p=", "character@11", "rsa", 0},
		{"v=DKIM1\\; k=ed25519\\; p=" + ed, "escaped@7 escaped@19", "ed25519", 256},
		{"v=DKIM1; k=; p=", "empty-value@11", "rsa", 0},
		{"v=DKIM1; h=; p=", "empty-value@11", "rsa", 0},
		{"v=DKIM1; t=; p=", "empty-flags@11", "rsa", 0},
		{"v=DKIM1; h=sha1; p=", "hash@11", "rsa", 0},
		{"v=DKIM1; h=SHA256; p=", "value-case@11", "rsa", 0},
		{"v=DKIM1; s=other; p=", "service@11", "rsa", 0},
		{"v=DKIM1; g=*; p=", "removed-tag@9", "rsa", 0},
		{"v=DKIM1; k=dsa; p=AAAA", "key-type@11", "dsa", 0},
		{"v=DKIM1; k=RSA; p=" + rsa1024, "value-case@11", "rsa", 1024},
		{"v=DKIM1; p=AA*A", "base64@13", "rsa", 0},
		{"v=DKIM1; p=A", "base64@12", "rsa", 0},
		{"v=DKIM1; p=-----BEGIN PUBLIC KEY-----", "base64@11", "rsa", 0},
		{"v=DKIM1; k=ed25519; p=" + ed[:43], "base64@65", "ed25519", 256},
		{"v=DKIM1; p=AAAA", "not-a-key@11", "rsa", 0},
		{"v=DKIM1; p=" + ed, "not-a-key@11", "rsa", 0},
		{"v=DKIM1; k=ed25519; p=" + rsa1024, "not-a-key@22", "ed25519", 0},
		{"v=DKIM1; p=" + rsa2048[:200], "not-a-key@11", "rsa", 0},
		{"v=DKIM1 k=ed25519; p=" + ed, "version@2", "ed25519", 256},
		{"v=DKIM1 k=rsa p=" + rsa2048, "version@2 no-equals@10", "rsa", 2048},
		{"v=DKIM1; k=ed25519 p=" + ed, "no-equals@11", "ed25519", 256},
	} {
		k, faults := ParseKey(c.txt)
		if told(faults) != c.faults || k.Type != c.typ || k.Bits != c.bits {
			t.Errorf("%.60q: %s, %s %d bits; want %s, %s %d", c.txt, told(faults), k.Type, k.Bits, c.faults, c.typ, c.bits)
		}
		if m := k.Mended(); m != "" {
			if again, faults := ParseKey(m); len(faults) > 0 || again.Bits != k.Bits || again.Testing() != k.Testing() {
				t.Errorf("%.60q is mended to %q: %s", c.txt, m, told(faults))
			}
		}
	}
	k, _ := ParseKey("v=DKIM1; t=y:s; s=email; h=sha256; n=hi; p=")
	if !k.Testing() || !slices.Contains(k.Flags, "s") || !k.Revoked || k.Notes != "hi" ||
		!slices.Equal(k.Hashes, []string{"sha256"}) || !slices.Equal(k.Services, []string{"email"}) {
		t.Errorf("%+v", k)
	}
	if _, faults := ParseKey("v=DKIM1; p=" + strings.Repeat("A", 1<<20)); !strings.Contains(told(faults), "too-long@16384") {
		t.Errorf("a long record: %s", told(faults))
	}
}

// TestExponent makes keys with which nothing verifies, and a very long one.
func TestExponent(t *testing.T) {
	t.Parallel()
	odd := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 8191), big.NewInt(1))
	for e, want := range map[int]string{1: "exponent@2", 2: "exponent@2", 65536: "exponent@2", 3: "", 65537: "", 1<<31 - 1: ""} {
		der := x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: odd, E: e})
		k, faults := ParseKey("p=" + base64.StdEncoding.EncodeToString(der))
		if told(faults) != want || k.Bits != 8192 || (k.Mended() == "") != (want != "") {
			t.Errorf("exponent %d: %s, %d bits, %.20q", e, told(faults), k.Bits, k.Mended())
		}
	}
}

func TestIsKey(t *testing.T) {
	t.Parallel()
	for txt, want := range map[string]bool{
		"v=DKIM1; k=rsa": true, "k=rsa; p=": true, "p=AAAA": true, " v = DKIM1; p=": true, "v=DKIM1\\; p=": true, "v=DKM1; p=AAAA": true,
		"": false, "hello": false, "v=spf1 include:p=.test -all": false, "v=DMARC1; p=none": false,
		"v=TLSRPTv1; rua=x": false, "o=~; r=a@b.test": false, "sp=x": false,
	} {
		if IsKey(txt) != want {
			t.Errorf("%q: %v", txt, !want)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, s := range []string{"", ";", "v=DKIM1; k=rsa; p=" + rsa1024, "v=DKIM1; k=ed25519; p=" + ed, "v=DKIM1\\; p=",
		"v=DKIM1 k=rsa p=AAAA", "p=;p=;P=", "h=:;s=::;t=y:s:Y", "k=\\;\\;", "v=DKIM1;\r\n p=A A A A=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, txt string) {
		IsKey(txt)
		k, faults := ParseKey(txt)
		at := 0
		for _, fault := range faults {
			if fault.Offset < at || fault.Offset > len(txt) || fault.Kind == "" {
				t.Errorf("%q: %+v", txt, fault)
			}
			at = fault.Offset
		}
		if k.Revoked && k.Bits > 0 {
			t.Errorf("%q: revoked with a key", txt)
		}
		if m := k.Mended(); m != "" {
			if again, faults := ParseKey(m); again.Bits != k.Bits || again.Type != k.Type ||
				slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind.Breaks() }) {
				t.Errorf("%q is mended to %q: %+v", txt, m, faults)
			}
		}
	})
}

func BenchmarkParseKey(b *testing.B) {
	txt := "v=DKIM1; k=rsa; t=s; p=" + rsa2048
	b.SetBytes(int64(len(txt)))
	b.ReportAllocs()
	for b.Loop() {
		ParseKey(txt)
	}
}
