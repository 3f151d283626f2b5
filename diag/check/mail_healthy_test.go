package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/sender/mail"
)

// healthyMails are ordinary correct mails, by the names of their files.
func healthyMails(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "healthy", "*.eml"))
	if err != nil || len(files) < 20 {
		t.Fatal(len(files), err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = data
	}
	return out
}

// TestHealthyMails: in an ordinary mail nothing is wrong.
func TestHealthyMails(t *testing.T) {
	t.Parallel()
	for name, data := range healthyMails(t) {
		for _, c := range []*diag.Check{check.Headers(check.HeadersOptions{Data: data}), check.Content(check.ContentOptions{Data: data})} {
			res := runOnMail(t, c)
			for _, f := range res.Findings {
				if f.Rule.Severity > diag.Info {
					t.Errorf("%s: %s %v", name, f.Rule.ID, f.Data)
				}
			}
			if res.Err != nil {
				t.Errorf("%s: %v", name, res.Err)
			}
			if got := toldRules(res); got != "" {
				t.Logf("%s: %s", name, got)
			}
		}
	}
}

// TestOwnMails: what our own composer makes is in order, in each charset and with each kind of part.
func TestOwnMails(t *testing.T) {
	t.Parallel()
	address := func(s string) mail.Address {
		a, err := mail.ParseAddress("test", s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	text := "山田 太郎 様\n\nこんにちは。株式会社サンプルです。\n配信停止はこちら https://a.test/u\n" +
		strings.Repeat("長い行です。", 300) + "\n"
	base := mail.Draft{From: address("送信太郎 <taro@a.test>"), To: []mail.Address{address("u@b.test")},
		Subject: strings.Repeat("お知らせ", 30),
		Text:    text, Date: mailTime, Unsubscribe: mail.Unsubscribe{URL: "https://a.test/u", Mail: "u@a.test", OneClick: true}}
	for _, charset := range []mail.Charset{"", mail.ISO2022JP} {
		for _, html := range []string{"", "<p>" + strings.ReplaceAll(text, "\n", "<br>") + "</p>"} {
			d := base
			d.Charset, d.HTML = charset, html
			if html != "" {
				d.Attachments = []mail.Attachment{{Name: "資料.pdf", Data: []byte("%PDF-1.4")}}
			}
			m, err := mail.Compose(d)
			if err != nil {
				t.Fatal(err)
			}
			data := m.Bytes()
			for _, c := range []*diag.Check{check.Headers(check.HeadersOptions{Data: data}), check.Content(check.ContentOptions{Data: data})} {
				if res := runOnMail(t, c); toldRules(res) != "" || res.Err != nil {
					t.Errorf("%q %v: %s %v", charset, html != "", toldRules(res), res.Err)
				}
			}
		}
	}
}

// BenchmarkMailForm runs both checks on a newsletter of two parts.
func BenchmarkMailForm(b *testing.B) {
	data := healthyMails(b)["newsletter.eml"]
	checks := formOf(data)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range checks {
			runOnMail(b, c)
		}
	}
}

// formOf are the checks that look at a mail alone.
func formOf(data []byte) []*diag.Check {
	return []*diag.Check{check.Headers(check.HeadersOptions{Data: data}), check.Content(check.ContentOptions{Data: data})}
}
