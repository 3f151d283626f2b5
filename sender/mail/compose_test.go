package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	_ "github.com/emersion/go-message/charset"
	gomail "github.com/emersion/go-message/mail"
	"golang.org/x/text/encoding/japanese"

	"todoku/codes"
	"todoku/sender/mail"
)

func address(t testing.TB, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress("test", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func draft(t testing.TB) mail.Draft {
	t.Helper()
	return mail.Draft{
		From: address(t, "送信太郎 <taro@kaisha.test>"), To: []mail.Address{address(t, "x@example.test")},
		Subject: "お知らせ", Text: "こんにちは。\n二行目\n", Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func compose(t testing.TB, d mail.Draft) *mail.Message {
	t.Helper()
	m, err := mail.Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	checkWire(t, m.Bytes())
	return m
}

// checkWire holds for every mail that we make.
func checkWire(t testing.TB, raw []byte) {
	t.Helper()
	head, _, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		t.Errorf("no end of the header in %q", raw)
	}
	for l := range bytes.Lines(raw) {
		if !bytes.HasSuffix(l, []byte("\r\n")) || bytes.ContainsAny(l[:len(l)-2], "\r\n\x00") || len(l) > 1000 {
			t.Errorf("bad line %q", l)
		}
	}
	for l := range bytes.Lines(head) {
		l = bytes.TrimRight(l, "\r\n")
		if bytes.Contains(l, []byte("=?")) && len(l) > 76 {
			t.Errorf("RFC 2047: %d bytes in %q", len(l), l)
		}
		if len(bytes.TrimSpace(l)) == 0 {
			t.Errorf("an empty fold in the header:\n%s", head)
		}
	}
}

// parts reads a mail with go-message: the texts by type, the files by name.
func parts(t testing.TB, raw []byte) (gomail.Header, map[string]string) {
	t.Helper()
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return r.Header, out
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch h := p.Header.(type) {
		case *gomail.InlineHeader:
			kind, _, _ := h.ContentType()
			out[kind] = strings.ReplaceAll(string(b), "\r\n", "\n")
		case *gomail.AttachmentHeader:
			name, _ := h.Filename()
			out[name] = string(b)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("長い件名に関するお知らせ〜Re: quarterly report ", 8) + "終"
	texts := map[string]string{
		"ascii":    "plain\n.\n..dots\nFrom here\n",
		"japanese": "日本語の本文です。ABCと漢字、ーと〜と−。\n.\n\n終わり\n",
		"one line": strings.Repeat("長い行", 800) + "\n",
		"ascii 3k": strings.Repeat("x", 3000) + "\n",
		"empty":    "",
	}
	for _, charset := range []mail.Charset{mail.UTF8, mail.ISO2022JP} {
		for name, text := range texts {
			for _, subject := range []string{"", "plain", "お知らせ", long, strings.Repeat("word ", 60) + "end", "=?UTF-8?B?44GC?=",
				" spaces  inside ", strings.Repeat("y", 2000)} {
				t.Run(string(charset)+"/"+name, func(t *testing.T) {
					t.Parallel()
					d := draft(t)
					d.Charset, d.Subject, d.Text, d.HTML = charset, subject, text, "<p>"+text+"</p>\n"
					d.Attachments = []mail.Attachment{{Name: "請求書 2026年1月分の詳細な明細書(最終版).pdf", Data: []byte("%PDF\x00\xff")},
						{Name: `a"b.txt`, Data: bytes.Repeat([]byte{0}, 1000)}}
					m := compose(t, d)
					h, got := parts(t, m.Bytes())
					if s, err := h.Subject(); err != nil || canonical(s) != canonical(subject) {
						t.Errorf("Subject %q, %v, want %q", s, err, subject)
					}
					if text != "" && canonical(got["text/plain"]) != canonical(text) {
						t.Errorf("text %.200q, want %.200q", got["text/plain"], text)
					}
					if canonical(got["text/html"]) != canonical(d.HTML) {
						t.Errorf("html %.200q, want %.200q", got["text/html"], d.HTML)
					}
					for _, a := range d.Attachments {
						if got[a.Name] != string(a.Data) {
							t.Errorf("attachment %q is %.100q; there are %v", a.Name, got[a.Name], len(got))
						}
					}
					from, err := h.AddressList("From")
					if err != nil || len(from) != 1 || from[0].Name != "送信太郎" || from[0].Address != "taro@kaisha.test" {
						t.Errorf("From %v, %v", from, err)
					}
					if charset == mail.ISO2022JP && bytes.ContainsFunc(m.Bytes(), func(r rune) bool { return r >= 0x80 }) {
						t.Error("ISO-2022-JP is not of 7 bits")
					}
				})
			}
		}
	}
}

// canonical makes one of the characters that JIS and Unicode tell apart differently.
func canonical(s string) string {
	return strings.NewReplacer("〜", "～", "−", "－").Replace(s)
}

func TestISO2022JPBody(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Charset = mail.ISO2022JP
	raw := compose(t, d).Bytes()
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	if !strings.Contains(head, "charset=ISO-2022-JP") || !strings.Contains(head, "Content-Transfer-Encoding: 7bit") {
		t.Error(head)
	}
	text, err := japanese.ISO2022JP.NewDecoder().String(body)
	if err != nil || text != "こんにちは。\r\n二行目\r\n" {
		t.Errorf("%q, %v", text, err)
	}
	for l := range strings.Lines(body) {
		if strings.Count(l, "\x1b$B") != strings.Count(l, "\x1b(B") {
			t.Errorf("the line %q does not return to ASCII", l)
		}
	}
}

func TestUnencodable(t *testing.T) {
	t.Parallel()
	for char, want := range map[string]string{
		"😀": "U+1F600", "①": "U+2460", "㈱": "U+3231", "髙": "U+9AD9", "ｱ": "half-width", "é": "U+00E9",
		"\x1b": "U+001B", "\xff": "UTF-8",
	} {
		d := draft(t)
		d.Charset, d.Text = mail.ISO2022JP, "一行目\n二行"+char
		_, err := mail.Compose(d)
		var in *codes.UserError
		if !errors.As(err, &in) || in.Place != "text" || !strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), "line 2, character 3") || in.Says.JA == "" {
			t.Errorf("%q: %v, want %s", char, err, want)
		}
		d.Text, d.Subject = "", "件名"+char
		if _, err := mail.Compose(d); !errors.As(err, &in) || in.Place != "Subject" {
			t.Errorf("%q in Subject: %v", char, err)
		}
	}
}

func TestInjection(t *testing.T) {
	t.Parallel()
	fields := map[string]func(*mail.Draft, string) error{
		"Subject":               func(d *mail.Draft, s string) error { d.Subject = s; return nil },
		"Message-ID":            func(d *mail.Draft, s string) error { d.MessageID = s + "@x.test"; return nil },
		"X-Test":                func(d *mail.Draft, s string) error { d.Headers = []mail.Header{{"X-Test", s}}; return nil },
		"header":                func(d *mail.Draft, s string) error { d.Headers = []mail.Header{{s, "x"}}; return nil },
		"attachment 1":          func(d *mail.Draft, s string) error { d.Attachments = []mail.Attachment{{Name: s}}; return nil },
		"List-Unsubscribe":      func(d *mail.Draft, s string) error { d.Unsubscribe.URL = "https://x.test/" + s; return nil },
		"List-Unsubscribe mail": func(d *mail.Draft, s string) error { d.Unsubscribe.Mail = s + "@x.test"; return nil },
		"From": func(d *mail.Draft, s string) (err error) {
			d.From, err = mail.ParseAddress("From", s+" <a@x.test>")
			return err
		},
		"To": func(d *mail.Draft, s string) (err error) {
			d.To[0], err = mail.ParseAddress("To", s+"@x.test")
			return err
		},
		"Cc": func(d *mail.Draft, s string) (err error) {
			cc, err := mail.ParseAddress("Cc", `"`+s+`"@x.test`)
			d.Cc = []mail.Address{cc}
			return err
		},
	}
	for name, set := range fields {
		for _, evil := range []string{"a\r\nBcc: b@x.test", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\r\n\r\nbody"} {
			d := draft(t)
			err := set(&d, evil)
			if err == nil {
				_, err = mail.Compose(d)
			}
			var in *codes.UserError
			field, _, _ := strings.Cut(name, " mail")
			if !errors.As(err, &in) || in.Place != field {
				t.Errorf("%s = %q: %v", name, evil, err)
			}
		}
	}
}

// FuzzCompose: whatever is given, the header has the fields that we wrote.
func FuzzCompose(f *testing.F) {
	f.Add("件名", "名前", "x@example.test", "value", "text", false)
	f.Add("a\r\nBcc: x@y.test", "=?UTF-8?B?DQo=?=", `"a\b"@x.test`, "=?x?=", "\x1b$B", true)
	f.Fuzz(func(t *testing.T, subject, name, to, value, text string, jis bool) {
		d := mail.Draft{From: address(t, "a@x.test"), Subject: subject, Text: text, Headers: []mail.Header{{"X-Test", value}},
			Attachments: []mail.Attachment{{Name: name}}}
		if jis {
			d.Charset = mail.ISO2022JP
		}
		a, err := mail.ParseAddress("To", to)
		if err != nil {
			return
		}
		d.To = []mail.Address{a}
		m, err := mail.Compose(d)
		if err != nil {
			return
		}
		checkWire(t, m.Bytes())
		parsed, err := netmail.ReadMessage(bytes.NewReader(m.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for key := range parsed.Header {
			if !strings.Contains("Date From To Subject Message-Id X-Test Mime-Version Content-Type", key) {
				t.Errorf("a field %q that nobody wrote:\n%s", key, m.Bytes())
			}
		}
		if list, err := new(netmail.AddressParser).ParseList(parsed.Header.Get("To")); err != nil || len(list) != 1 {
			t.Errorf("To %q: %v, %v", parsed.Header.Get("To"), list, err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); !jis &&
			(err != nil || got != subject && strings.TrimSpace(got) != strings.TrimSpace(subject)) {
			t.Errorf("Subject %q came back as %q, %v", subject, got, err)
		}
	})
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Unsubscribe = mail.Unsubscribe{URL: "https://x.test/u?id=1", Mail: "off@x.test", OneClick: true}
	h, _ := parts(t, compose(t, d).Bytes())
	if got := h.Get("List-Unsubscribe"); got != "<https://x.test/u?id=1>, <mailto:off@x.test>" {
		t.Error(got)
	}
	if got := h.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Error(got)
	}
	for _, u := range []mail.Unsubscribe{{URL: "http://x.test/"}, {Mail: "off@x.test", OneClick: true},
		{URL: "https://x.test/>, <https://y.test"}} {
		d.Unsubscribe = u
		if _, err := mail.Compose(d); err == nil {
			t.Errorf("%+v was taken", u)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"A.B@Example.TEST":              "A.B@example.test",
		"名前 <x@例え.test>":                "x@xn--r8jz45g.test",
		"a..b.@docomo.ne.jp":            `"a..b."@docomo.ne.jp`,
		`"a b"@x.test`:                  `"a b"@x.test`,
		`"a\"b"@x.test`:                 `"a\"b"@x.test`,
		"x@[192.0.2.1]":                 "x@[192.0.2.1]",
		"x@[IPv6:2001:db8::1]":          "x@[IPv6:2001:db8::1]",
		"受信@例え.test":                    "受信@xn--r8jz45g.test",
		"x@under_score.test":            "x@under_score.test",
		"":                              "",
		"x":                             "",
		"x@":                            "",
		"@x.test":                       "",
		"x@y@z.test":                    "",
		"x@y.test, z@y.test":            "",
		"x y@z.test":                    "",
		"x@" + strings.Repeat("a", 300): "",
	} {
		a, err := mail.ParseAddress("To", in)
		if got := a.String(); err == nil && got != want || err != nil && want != "" {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
	if !address(t, "受信@x.test").NeedsUTF8() || address(t, "x@例え.test").NeedsUTF8() {
		t.Error("SMTPUTF8 is for the part before the @")
	}
}

func TestVERP(t *testing.T) {
	t.Parallel()
	base := address(t, "bounce@kaisha.test")
	v, err := mail.VERP(base, "7f3", address(t, "x@example.test"))
	if err != nil || v.String() != "bounce+7f3=x=example.test@kaisha.test" {
		t.Errorf("%s, %v", v, err)
	}
	for _, to := range []string{"x@example.test", "a=b+c%d@example.test", `"a b@c"@x.test`, "a..b.@docomo.ne.jp",
		"受信@例え.test", "a/b'c@x.test"} {
		for _, from := range []string{"bounce@kaisha.test", "b+c@kaisha.test"} {
			v, err := mail.VERP(address(t, from), "id-1_2", address(t, to))
			if err != nil {
				t.Errorf("%s: %v", to, err)
				continue
			}
			base, id, back, ok := mail.ParseVERP(v.String())
			if !ok || base.String() != from || id != "id-1_2" || back.String() != address(t, to).String() {
				t.Errorf("%s: %s %s %s %v", v, base, id, back, ok)
			}
		}
	}
	for _, no := range []string{"", "x", "bounce@kaisha.test", "bounce+1@kaisha.test", "b+1=x@y.test", "b+1=%zz=x.test@y.test"} {
		if _, _, _, ok := mail.ParseVERP(no); ok {
			t.Errorf("%q was read", no)
		}
	}
	if _, err := mail.VERP(base, "a b", base); err == nil {
		t.Error("any id was taken")
	}
}
