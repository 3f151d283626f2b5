package dkim_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag/dkim"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// TestSeveral: signatures of all kinds in one mail, each judged for itself; one key is asked for once.
func TestSeveral(t *testing.T) {
	t.Parallel()
	r := healthy()
	r.body = "0123456789\n\n\n"
	r.zone["e._domainkey.other.test"] = []string{record(keys().ed)}
	r.zone["r._domainkey.third.test"] = []string{record(keys().rsa) + "; t=y"}
	r.zone["t._domainkey.silent.test"] = []string{"!"}
	list := []string{r.signature(t), r.set("c", "simple/simple").signature(t), r.set("bh", "").set("l", "4").signature(t),
		r.set("bh", "").set("l", "400").signature(t), r.set("bh", "").set("l", "0").signature(t)}
	r.drop("l").set("bh", "").set("d", "other.test").set("s", "e").set("a", "ed25519-sha256").key = keys().ed
	list = append(list, r.signature(t))
	r.set("d", "third.test").set("s", "r").set("a", "rsa-sha256").key = keys().rsa
	list = append(list, r.signature(t), r.set("d", "silent.test").set("s", "t").signature(t), "DKIM-Signature: v=1", "DKIM-Signature:")
	counted := &countedZone{zone: r.zone}
	opt := dkim.Options{Now: time.Unix(now, 0)}
	report := dkim.Verify(context.Background(), counted, mail.Cut([]byte(r.mail(t, list...))), opt)
	want := "pass pass pass permerror[l_exceeds_body] pass pass pass temperror[dns_temporary] permerror[missing_tag] " +
		"permerror[malformed_signature,missing_tag]"
	// A signature that was made before the others does not cover them: only its own field is signed.
	if got := told(report); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	if counted.asked.Load() != 4 {
		t.Errorf("%d questions", counted.asked.Load())
	}
	if s := report.Signatures; s[2].Unsigned != 8 || s[4].Unsigned != 12 || s[0].Unsigned != 0 || s[0].Limited ||
		!s[6].Testing() || s[0].Testing() ||
		s[6].KeyBits() != 2048 || s[5].KeyBits() != 256 || s[8].KeyBits() != 0 || !bytes.Equal(s[0].Computed, s[0].BodyHash) {
		t.Errorf("%+v", report)
	}
	opt.MaxSignatures = 3
	report = dkim.Verify(context.Background(), r.zone, mail.Cut([]byte(r.mail(t, list...))), opt)
	if told(report) != "pass pass pass" || report.Over != len(list)-3 {
		t.Errorf("%s, %d over", told(report), report.Over)
	}
}

// TestSignatureOfSignatures: h= may name other signatures, and never means its own field.
func TestSignatureOfSignatures(t *testing.T) {
	t.Parallel()
	r := healthy()
	first := r.signature(t)
	r.fields = append([]string{first}, r.fields...)
	second := r.set("h", "From:DKIM-Signature:DKIM-Signature").signature(t)
	if got := told(verify(r.zone, []byte(r.mail(t, second)), now)); got != "pass pass" {
		t.Errorf("above: %s", got)
	}
	r.fields = append(r.fields[1:], second)
	if got := told(verify(r.zone, []byte(r.mail(t, first)), now)); got != "pass pass" {
		t.Errorf("below: %s", got)
	}
}

type countedZone struct {
	zone
	asked atomic.Int64
}

func (z *countedZone) Ask(ctx context.Context, name string, typ resolve.Type) (resolve.Answer, error) {
	z.asked.Add(1)
	return z.zone.Ask(ctx, name, typ)
}

// TestSignatureFacts: what else a signature says.
func TestSignatureFacts(t *testing.T) {
	t.Parallel()
	r := healthy()
	r.set("h", "from:From:To:subject:Cc").set("i", "a=3Bb@Example.test").set("z", "From:News=20<n@example.test>|X-Y: a b |bad|Z:=XX")
	r.set("t", fmt.Sprint(now+60)).set("x", fmt.Sprint(now+120)).set("c", "relaxed/simple").set("l", "12").txt(record(r.key) + "; t=y:s")
	r.fields = append(r.fields, "dkim2-signature: i=1; d=example.test")
	raw := mail.Cut([]byte(r.mail(t)))
	report := verify(r.zone, []byte(r.mail(t)), now)
	s := report.Signatures[0]
	for what, c := range map[string][2]any{
		"results": {told(report), "pass"}, "domain": {s.Domain, "example.test"}, "selector": {s.Selector, "s1"},
		"identity": {s.Identity, "a;b@Example.test"}, "algorithm": {s.Algorithm, dkim.RSASHA256}, "canon": {s.Canon, "relaxed/simple"},
		"header": {s.Header, dkim.Relaxed}, "body": {s.Body, dkim.Simple}, "bits": {s.KeyBits(), 1024},
		"signed": {fmt.Sprint(s.Signed), "[from From To subject Cc]"}, "absent": {fmt.Sprint(s.Absent), "[From Cc]"},
		"oversigned": {s.Oversigned("FROM"), true}, "not oversigned": {s.Oversigned("to"), false}, "covers": {s.Covers("CC"), true},
		"covers not": {s.Covers("date"), false}, "limited": {s.Limited, true}, "limit": {s.Limit, int64(12)},
		"unsigned": {s.Unsigned, int64(len(slowBody(dkim.Simple, r.body))) - 12}, "future": {s.FromFuture, true},
		"time": {s.Time.Unix(), int64(now + 60)}, "expires": {s.Expires.Unix(), int64(now + 120)}, "testing": {s.Testing(), true},
		"strict": {s.Key.Strict(), true}, "name": {s.Answer.Name, "s1._domainkey.example.test"},
		"copied": {fmt.Sprint(s.Copied), "[{From News <n@example.test>} {X-Y ab}]"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %v, want %v", what, c[0], c[1])
		}
	}
	var body bytes.Buffer
	if err := s.WriteBody(&body, raw); err != nil || body.String() != "Dear you,\r\n\r" {
		t.Errorf("%q %v", body.String(), err)
	}
	if sum := sha256.Sum256(body.Bytes()); !bytes.Equal(sum[:], s.Computed) {
		t.Errorf("the body that is shown is not the one that was hashed")
	}
	head := string(s.HeaderBytes(raw))
	if !strings.HasPrefix(head,
		"from:News <news@example.test>\r\nto:you@example.net\r\nsubject:Tea and cakes\r\ndkim-signature:v=1; a=") ||
		!strings.HasSuffix(head, "; b=") {
		t.Errorf("%q", head)
	}
	if two := dkim.DKIM2(raw); len(two) != 1 || two[0].Domain != "example.test" || two[0].Instance != "1" {
		t.Errorf("%+v", two)
	}
	if report := verify(r.zone, []byte("From: a@b.test\n\nhi\n"), now); len(report.Signatures) != 0 || report.Passed() {
		t.Errorf("%+v", report)
	}
}

// TestHalves: header and body are held against the signature one by one.
func TestHalves(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		after        func(string) string
		header, body bool
	}{
		"nothing": {replace("", ""), true, true}, "body": {replace("at five", "at six"), true, false},
		"header": {replace("\tcakes", "\tpies"), false, true},
		"both":   {func(m string) string { return strings.NewReplacer("at five", "at six", "\tcakes", "\tpies").Replace(m) }, false, false},
	} {
		r := healthy()
		r.after = c.after
		s := verify(r.zone, []byte(r.mail(t)), now).Signatures[0]
		if s.HeaderHolds() != c.header || s.BodyHolds() != c.body {
			t.Errorf("%s changed: header %v, body %v", what, s.HeaderHolds(), s.BodyHolds())
		}
	}
}

// TestManyFields: of a mail with more fields than are read nothing can be said, but what stands in the signature itself.
func TestManyFields(t *testing.T) {
	t.Parallel()
	r := healthy()
	good, bad := r.signature(t), r.set("v", "2").signature(t)
	for range mail.MaxRawFields {
		r.fields = append(r.fields, "X: y")
	}
	report := verify(r.zone, []byte(r.mail(t, good, bad)), now)
	if got := told(report); got != "neutral permerror[unsupported_version]" || !report.Cut || report.Passed() {
		t.Errorf("%s %v", got, report.Cut)
	}
}

// TestContext: where the time is up, the key is unknown.
func TestContext(t *testing.T) {
	t.Parallel()
	r := healthy()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report := dkim.Verify(ctx, ended{}, mail.Cut([]byte(r.mail(t))), dkim.Options{Now: time.Unix(now, 0)})
	if told(report) != "temperror[dns_temporary]" || report.Signatures[0].Answer.Err == nil {
		t.Errorf("%s", told(report))
	}
}

type ended struct{}

func (ended) Ask(ctx context.Context, _ string, _ resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, ctx.Err()
}

// TestOctets changes each octet of a mail that is signed as a whole, one at a time: it never passes. Left out is the last
// character of b=, of which two bits stand for nothing (RFC 4648 §3.5).
func TestOctets(t *testing.T) {
	t.Parallel()
	r := healthy()
	r.set("c", "simple/simple").set("h", "From:To:Subject:Date:Message-ID:X-Free")
	m := []byte(r.mail(t))
	v := dkim.NewVerifier(r.zone, dkim.Options{Now: time.Unix(now, 0)})
	last := bytes.Index(m, []byte("=\r\nFrom:")) - 1
	for i := range m {
		if i == last {
			continue
		}
		changed := bytes.Clone(m)
		changed[i] ^= 1
		if report := v.Verify(context.Background(), mail.Cut(changed)); report.Passed() {
			t.Errorf("octet %d, %q for %q, passes: %q", i, changed[i], m[i], m[max(0, i-20):min(len(m), i+20)])
		}
	}
}

func FuzzVerify(f *testing.F) {
	r := healthy()
	f.Add([]byte(r.mail(f)), record(r.key))
	r.set("c", "simple").set("l", "3").set("i", "a=3Db@example.test").set("z", "A:b|C:=20")
	f.Add([]byte(r.mail(f)), record(r.key)+"; t=s:y; h=sha256; s=email")
	f.Add([]byte("DKIM-Signature: v=1\n\n"), "")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		z := zone{"s1._domainkey.example.test": {text}}
		raw := mail.Cut(data)
		report := dkim.Verify(context.Background(), z, raw, dkim.Options{Now: time.Unix(now, 0)})
		for _, s := range report.Signatures {
			if (s.Result == dkim.Pass) != (len(s.Reasons) == 0) || (s.Result != s.Reason.Result()) {
				t.Errorf("%s", told(report))
			}
			if s.Result != dkim.Pass {
				continue
			}
			var body bytes.Buffer
			if err := s.WriteBody(&body, raw); err != nil {
				t.Fatal(err)
			}
			sum, head := sha256.Sum256(body.Bytes()), sha256.Sum256(s.HeaderBytes(raw))
			value, _ := s.Tags.Get("b")
			if !bytes.Equal(sum[:], s.BodyHash) || s.Key.Verify(s.Algorithm, head, unb64(t, dkim.Plain(value))) != nil || !s.Covers("from") {
				t.Errorf("a false pass: %q", data)
			}
		}
	})
}
