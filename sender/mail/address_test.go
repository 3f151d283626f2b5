package mail_test

import (
	"strings"
	"testing"

	"todoku/sender/mail"
)

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a@x.test", "名前 <x@例え.test>", "a..b.@docomo.ne.jp", `"a\"b c"@x.test`,
		"x@[IPv6:2001:db8::1]", "<a@x.test>\r\nRCPT TO:<b@x.test>", `"a\` + "\r" + `b"@x.test`, "=?UTF-8?B?DQpCY2M6IHg=?= <a@x.test>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mail.ParseAddress("To", s)
		if err != nil {
			return
		}
		spec := a.String()
		if strings.ContainsAny(spec+a.Name(), "\r\n\x00") {
			t.Errorf("%q gives %q", s, spec)
		}
		again, err := mail.ParseAddress("To", spec)
		if err != nil || again.String() != spec {
			t.Errorf("%q gives %q, which gives %q, %v", s, spec, again, err)
		}
	})
}

func FuzzParseVERP(f *testing.F) {
	f.Add("bounce+7f3=x=example.test@kaisha.test")
	f.Add("b+c+1=a%22b%20c%22=x.test@kaisha.test")
	f.Add("=+=@x")
	f.Fuzz(func(t *testing.T, s string) {
		base, id, to, ok := mail.ParseVERP(s)
		if !ok {
			return
		}
		v, err := mail.VERP(base, id, to)
		if err != nil {
			return // too long, or a base that VERP would not take
		}
		if b, i, r, ok := mail.ParseVERP(v.String()); !ok || b != base || i != id || r != to {
			t.Errorf("%q gives %s %s %s, which gives %s %s %s", s, base, id, to, b, i, r)
		}
	})
}
