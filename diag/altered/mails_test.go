package altered_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

	msgauth "github.com/emersion/go-msgauth/dkim"
	"golang.org/x/text/encoding/japanese"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// keys are made once.
var keys = sync.OnceValue(func() (k struct {
	rsa *rsa.PrivateKey
	ed  ed25519.PrivateKey
}) {
	k.rsa, _ = rsa.GenerateKey(rand.Reader, 2048)
	_, k.ed, _ = ed25519.GenerateKey(rand.Reader)
	return k
})

// zone answers with key records.
type zone map[string]string

func (z zone) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	text, ok := z[name]
	if !ok {
		return resolve.Answer{Name: name, Type: t, Status: resolve.NoName}, nil
	}
	return resolve.Answer{Name: name, Type: t, Status: resolve.Found, Records: []resolve.Record{{Text: text}}}, nil
}

func record(k crypto.Signer) string {
	if pub, ok := k.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)
	}
	der, _ := x509.MarshalPKIXPublicKey(k.Public())
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// form is how a mail is signed.
type form struct {
	header, body msgauth.Canonicalization
	ed           bool
}

var forms = []form{
	{msgauth.CanonicalizationRelaxed, msgauth.CanonicalizationRelaxed, false},
	{msgauth.CanonicalizationSimple, msgauth.CanonicalizationSimple, false},
	{msgauth.CanonicalizationRelaxed, msgauth.CanonicalizationSimple, false},
	{msgauth.CanonicalizationRelaxed, msgauth.CanonicalizationRelaxed, true},
}

var names = []string{"From", "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding"}

func (f form) simple() bool { return f.body == msgauth.CanonicalizationSimple }

// sign puts a signature on a mail whose lines end in CRLF.
func (f form) sign(t testing.TB, text string) string {
	t.Helper()
	var key crypto.Signer = keys().rsa
	if f.ed {
		key = keys().ed
	}
	var out bytes.Buffer
	err := msgauth.Sign(&out, strings.NewReader(text), &msgauth.SignOptions{Domain: "shop.test", Selector: f.selector(), Signer: key,
		HeaderCanonicalization: f.header, BodyCanonicalization: f.body, HeaderKeys: names})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func (f form) selector() string {
	if f.ed {
		return "e"
	}
	return "r"
}

// bounds are those of the tests: no clock decides what they find.
var bounds = altered.Limits{Octets: 20 << 20, Headers: 20_000, Time: time.Minute}

// find signs nothing: it verifies a mail and asks what changed, of its first signature of shop.test.
func find(t testing.TB, text string) (altered.Answer, *dkim.Signature) {
	t.Helper()
	raw := mail.Cut([]byte(text))
	z := zone{"r._domainkey.shop.test": record(keys().rsa), "e._domainkey.shop.test": record(keys().ed)}
	report := dkim.Verify(context.Background(), z, raw, dkim.Options{})
	for _, s := range report.Signatures {
		if s.Domain == "shop.test" {
			return altered.Find(context.Background(), raw, s, bounds), s
		}
	}
	t.Fatal("no signature is left")
	return altered.Answer{}, nil
}

// shape is a mail that a sender may write.
type shape struct {
	name string
	text string
}

const japanese1 = "山田 太郎 様\r\n\r\nいつもお世話になっております。ショップの佐藤です。\r\n" +
	"このたびは秋のセールのご案内をお送りします。詳しくは次のページをご覧ください。\r\n" +
	"https://shop.test/sale?id=123&lang=ja\r\n\r\n" +
	"From here on, all prices include tax.\r\n.hidden line\r\n\tインデントされた行です。\r\n\r\nご不明な点がござい" +
	"ましたら、お気軽にお問い合わせください。\r\n" +
	"-- \r\nショップ 佐藤\r\n"

const english1 = "Dear Customer,\r\n\r\nThank you for your order of 3 boxes of tea. We ship it tomorrow, and you can follow the parcel" +
	" here:\r\n" +
	"https://shop.test/track?id=123&lang=en\r\n\r\nFrom Monday on we are closed.\r\n.hidden line\r\n\tIndented with a tab,  two blanks in" +
	"side.\r\n\r\n" +
	"If you have any question about this order or about one of the earlier orders that you made with us this year, please answer to this " +
	"mail.\r\n\r\n" +
	"Kind regards,\r\n-- \r\nThe shop\r\n"

const page = "<!DOCTYPE html>\r\n<html lang=\"ja\">\r\n<head>\r\n<meta charset=\"utf-8\">\r\n<title>秋のセール</title>\r\n<style>" +
	"p{color:#333}</style>\r\n" +
	"</head>\r\n<body bgcolor=\"#ffffff\">\r\n<h1>秋のセール</h1>\r\n<p>いつもお世話になっております。<br>\r\nセー" +
	"ルのご案内です。</p>\r\n" +
	"<p><a href=\"https://shop.test/sale?id=123&amp;lang=ja\">詳しくはこちら</a></p>\r\n<p>From here on, <b>all</b> prices include" +
	" tax.</p>\r\n" +
	"<img src=\"https://shop.test/logo.png\" alt=\"logo\" width=\"120\">\r\n</body>\r\n</html>\r\n"

const top = "Received: from app.shop.test (app.shop.test [192.0.2.1]) by out.shop.test with ESMTP id 1; Fri, 27 Nov 2026 10:00:00 +090" +
	"0\r\n" +
	"Date: Fri, 27 Nov 2026 10:00:00 +0900\r\nFrom: Shop News <news@shop.test>\r\nTo: Taro Yamada <taro@example.test>\r\n" +
	"Cc: hanako@example.test, \"Suzuki, Jiro\" <jiro@example.test>\r\n"

func b64(s string) string {
	text := base64.StdEncoding.EncodeToString([]byte(s))
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return b.String() + text + "\r\n"
}

func jis(s string) string {
	out, _ := japanese.ISO2022JP.NewEncoder().String(s)
	return out
}

// shapes are the mails, each with a subject of its own.
func shapes() []shape {
	one := func(kind, encoding, body string) string {
		return "MIME-Version: 1.0\r\nContent-Type: " + kind + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body
	}
	part := func(kind, encoding, body string) string {
		return "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body
	}
	multi := func(kind, boundary string, parts ...string) string {
		return "MIME-Version: 1.0\r\nContent-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\n" + joinParts(boundary, parts...)
	}
	pdf := part("application/pdf; name=\"order.pdf\"", "base64\r\nContent-Disposition: attachment; filename=\"order.pdf\"",
		b64(strings.Repeat("%PDF-1.4 \x00\x01\xff data ", 40)))
	word := "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("秋のセールのご案内")) + "?="
	head := func(id, subject, rest string) string {
		return top + "Message-ID: <" + id + "@shop.test>\r\nSubject: " + subject + "\r\n" + rest
	}
	alternative := joinParts("inner_b", part("text/plain; charset=utf-8", "quoted-printable", qp(japanese1)),
		part("text/html; charset=utf-8", "quoted-printable", qp(page)))
	return []shape{
		{"plain", head("a1", "Your order has shipped", one("text/plain; charset=us-ascii", "7bit", english1))},
		{"utf8", head("a2", word, one("text/plain; charset=UTF-8", "8bit", japanese1))},
		{"jis", head("a3", "=?ISO-2022-JP?B?"+base64.StdEncoding.EncodeToString([]byte(jis("秋のセール")))+"?=",
			one("text/plain; charset=ISO-2022-JP", "7bit", jis(japanese1)))},
		{"base64", head("a4", word, one("text/plain; charset=\"utf-8\"", "base64", b64(japanese1)))},
		{"qp", head("a5", "Sale "+word, one("text/plain; charset=utf-8", "quoted-printable", qp(japanese1)))},
		{"html", head("a6", word, one("text/html; charset=utf-8", "8bit", page))},
		{"htmlqp", head("a7", word, one("text/html; charset=\"utf-8\"", "quoted-printable", qp(page)))},
		{"alternative", head("a8", word, multi("alternative", "bound_a8", part("text/plain; charset=utf-8", "8bit", japanese1),
			part("text/html; charset=utf-8", "8bit", page)))},
		{"attached", head("a9", "Your order 2026-11 (tea)", multi("mixed", "bound-a9", part("text/plain; charset=us-ascii", "7bit",
			english1), pdf))},
		{"alternative64", head("a10", word, multi("alternative", "b_a10", part("text/plain; charset=\"utf-8\"", "base64", b64(japanese1)),
			part("text/html; charset=\"utf-8\"", "base64", b64(page))))},
		{"nested", head("a11", word, multi("mixed", "outer_b", "Content-Type: multipart/alternative; boundary=inner_b\r\n\r\n"+alternative,
			pdf))},
	}
}

func joinParts(boundary string, parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\n" + strings.TrimSuffix(p, "\r\n") + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// qp writes quoted-printable as the letter of RFC 2045 wants it, a character at a time.
func qp(s string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		column := 0
		for i := range len(line) {
			c := line[i]
			token := string(c)
			if c == '=' || c > 126 || c < 32 && c != '\t' || (c == ' ' || c == '\t') && i == len(line)-1 {
				token = "=" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15]))
			}
			if column+len(token) > 75 {
				out.WriteString("=\r\n")
				column = 0
			}
			out.WriteString(token)
			column += len(token)
		}
		out.WriteString("\r\n")
	}
	return out.String()
}
