package altered_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// FuzzFind: whatever the mail is, the search ends within its bounds, and certain changes stand only where a side is broken.
func FuzzFind(f *testing.F) {
	for i, s := range shapes() {
		if i%3 == 0 {
			f.Add([]byte(forms[i%2].sign(f, s.text)))
			f.Add([]byte(strings.Replace(forms[i%2].sign(f, s.text), "Subject: ", "Subject: [x] ", 1) + "footer\r\n"))
		}
	}
	z := zone{"r._domainkey.shop.test": record(keys().rsa), "e._domainkey.shop.test": record(keys().ed)}
	f.Fuzz(func(t *testing.T, data []byte) {
		raw := mail.Cut(data)
		before := slices.Clone(raw.Body)
		for _, s := range dkim.Verify(context.Background(), z, raw, dkim.Options{}).Signatures {
			a := altered.Find(context.Background(), raw, s, altered.Limits{Octets: 1 << 20, Headers: 500, Candidates: 2000})
			for _, c := range a.Changes {
				if c.Kind == "" || c.Certain && (c.Field == "" && c.Kind != altered.OtherKey && a.Body != altered.Broken ||
					c.Field != "" && a.Header != altered.Broken) {
					t.Errorf("%+v: %+v", a, c)
				}
				if len(c.Was) > 300 || len(c.Now) > 300 {
					t.Errorf("a long excerpt: %d, %d", len(c.Was), len(c.Now))
				}
			}
			if s.Result == dkim.Pass && len(a.Changes) > 0 {
				t.Errorf("it passes: %s", short(a))
			}
			altered.Compare(raw, raw, s)
		}
		if !slices.Equal(before, raw.Body) {
			t.Error("the mail itself was changed")
		}
	})
}

// TestHostile: mails that make a search long end at a bound, which is told.
func TestHostile(t *testing.T) {
	t.Parallel()
	head := top + "Message-ID: <h@shop.test>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
	var parts strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&parts, "--b\r\nContent-Type: text/plain\r\n\r\npart %d\r\n", i)
	}
	deep := ""
	for i := range 300 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for name, text := range map[string]string{
		"10 MB":  head + "Content-Type: text/plain\r\n\r\n" + strings.Repeat(strings.Repeat("long text ", 7)+"\r\n", 140_000),
		"parts":  head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts.String() + "--b--\r\n",
		"nested": head + deep,
		"line": head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<a href='https://u.test/?u=https%3A%2F%2Fx.test%2F'>&",
			60_000) + "\r\n",
		"folds": head + "X: " + strings.Repeat("a,\r\n ", 20_000) + "\r\nContent-Type: text/plain" + strings.Repeat("; a=b", 5000) +
			"\r\n\r\nx\r\n",
		"empty":   head + "\r\n" + strings.Repeat("\r\n", 400_000) + "x\r\n",
		"base64":  head + "Content-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 100_000),
		"subject": strings.Replace(head, "Subject: x", "Subject: "+strings.Repeat("[a] =?UTF-8?B?44GC?= ", 2000), 1) + "\r\nx\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := forms[0].sign(t, text)
			m = strings.Replace(m, "Subject: ", "Subject: y", 1) + "z"
			m = strings.Replace(m, "\r\n\r\n", "\r\n\r\n!", 1)
			raw := mail.Cut([]byte(m))
			z := zone{"r._domainkey.shop.test": record(keys().rsa)}
			report := dkim.Verify(context.Background(), z, raw, dkim.Options{})
			a := altered.Find(context.Background(), raw, report.Signatures[0], altered.Limits{})
			if a.Body != altered.Broken || a.Header != altered.Broken {
				t.Errorf("%+v", a)
			}
			if len(a.Bounds) == 0 && len(a.Changes) == 0 {
				t.Error("nothing was found, and no bound is told")
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	raw := mail.Cut([]byte(forms[0].sign(t, shapes()[0].text) + "footer\r\n"))
	report := dkim.Verify(context.Background(), zone{"r._domainkey.shop.test": record(keys().rsa)}, raw, dkim.Options{})
	if a := altered.Find(ctx, raw, report.Signatures[0], altered.Limits{}); !slices.Contains(a.Bounds, altered.BoundTime) {
		t.Errorf("the context has ended: %+v", a)
	}
}
