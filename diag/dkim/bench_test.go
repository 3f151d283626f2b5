package dkim_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// BenchmarkVerify takes a message of 1 kB with an RSA signature of 2048 bits from its octets to its result, one key for all.
// The raw one is the RSA operation alone.
func BenchmarkVerify(b *testing.B) {
	r := healthy()
	r.with(keys().rsa, "rsa-sha256").body = strings.Repeat("Tea is at five, and cakes are at six.\n", 10)
	data := []byte(r.mail(b))
	v := dkim.NewVerifier(r.zone, dkim.Options{Now: time.Unix(now, 0)})
	b.Run("mail", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if report := v.Verify(context.Background(), mail.Cut(data)); !report.Passed() {
				b.Fatal(told(report))
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verifications/s")
	})
	b.Run("raw", func(b *testing.B) {
		sum := sha256.Sum256(data)
		sig, err := rsa.SignPKCS1v15(rand.Reader, keys().rsa, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := rsa.VerifyPKCS1v15(&keys().rsa.PublicKey, crypto.SHA256, sum[:], sig); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "verifications/s")
	})
}

// BenchmarkBigBody verifies a mail with a body of 1 MB.
func BenchmarkBigBody(b *testing.B) {
	for _, eol := range []string{"\r\n", "\n"} {
		for _, canon := range []string{"relaxed/simple", "relaxed/relaxed"} {
			r := healthy()
			r.eol = eol
			r.set("c", canon).body = strings.Repeat("The quick brown fox jumps over the lazy dog,  and then it goes home again. \n", 14000)
			data := []byte(r.mail(b))
			v := dkim.NewVerifier(r.zone, dkim.Options{Now: time.Unix(now, 0)})
			b.Run(strings.NewReplacer("\r", "CR", "\n", "LF").Replace(canon+" "+eol), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					if report := v.Verify(context.Background(), mail.Cut(data)); !report.Passed() {
						b.Fatal(told(report))
					}
				}
			})
		}
	}
}
