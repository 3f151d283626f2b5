package mail_test

import (
	"slices"
	"testing"

	"todoku/sender/mail"
)

func TestParseAuthResults(t *testing.T) {
	t.Parallel()
	const field = `mx.google.com; dkim=pass header.i=@example.jp header.s=s1 header.b=abc; spf=fail (google.com: domain of a@b.test; no)
 smtp.mailfrom="a@b.test"; dmarc=NONE (p=NONE sp=NONE dis=NONE) header.from=example.jp; none`
	want := []mail.AuthResult{{"mx.google.com", "dkim", "pass", "example.jp"}, {"mx.google.com", "spf", "fail", "b.test"},
		{"mx.google.com", "dmarc", "none", "example.jp"}}
	if got := mail.ParseAuthResults(field); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := mail.ParseAuthResults("mx.test 1; none"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func FuzzParseAuthResults(f *testing.F) {
	f.Add(`a; spf=pass (x\) y) smtp.mailfrom=b@c`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range mail.ParseAuthResults(s) {
			if len(r.Domain) > len(s) {
				t.Error("more than there was")
			}
		}
	})
}
