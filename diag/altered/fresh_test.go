package altered_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"todoku/diag/altered"
)

// The second set: other mails and other programs than those with which the search was made.

const letter = "Hallo zusammen,\r\n\r\nanbei die Übersicht für März: 12 Aufträge, 3 Rückfragen.\r\n\r\n  * Größe: 5 kg\r\n  * G" +
	"ewähr: 2 Jahre\r\n\r\nViele Grüße\r\nJürgen\r\n"

const receipt = "この度はご購入いただき、誠にありがとうございます。\r\n\r\n■ご注文番号：2026-000123" +
	"\r\n■合計：3,980円（税込）\r\n\r\n商品の発送は11月30日を予定しています。お届け先の変更をご希望" +
	"の場合は、お早めにマイページからお手続きください。\r\n\r\n※このメールは送信専用です。\r\n"

const news = "<html><body>\r\n<table width=\"600\"><tr><td>\r\n<p>Hello Hanako,</p>\r\n<p>our <a href=\"https://shop.test/new\">new te" +
	"as</a> have arrived.</p>\r\n</td></tr></table>\r\n</body></html>\r\n"

func freshShapes() []shape {
	top := "From: =?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("茶舗ことぶき")) +
		"?= <info@shop.test>\r\nTo: <kunde@example.test>, hanako@example.test\r\n" +
		"Date: Thu, 26 Nov 2026 08:30:15 +0000\r\nMIME-Version: 1.0\r\n"
	head := func(id, subject, kind, enc, body string) string {
		h := top + "Message-ID: <" + id + "@mailer.shop.test>\r\nSubject: " + subject + "\r\nContent-Type: " + kind + "\r\n"
		if enc != "" {
			h += "Content-Transfer-Encoding: " + enc + "\r\n"
		}
		return h + "\r\n" + body
	}
	jp := "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("ご注文ありがとうございます")) + "?="
	return []shape{
		{"de8", head("f1", "=?UTF-8?Q?=C3=9Cbersicht_M=C3=A4rz?=", "text/plain; charset=utf-8", "8bit", letter)},
		{"deqp", head("f2", "=?UTF-8?Q?=C3=9Cbersicht_M=C3=A4rz?=", "text/plain; charset=\"UTF-8\"", "quoted-printable", goQP(letter))},
		{"jp8", head("f3", jp, "text/plain; charset=utf-8", "8bit", receipt)},
		{"jp64", head("f4", jp, "text/plain; charset=UTF-8", "base64", b64(receipt))},
		{"jpjis", head("f5", jp, "text/plain; charset=iso-2022-jp", "7bit", jis(receipt))},
		{"news", head("f6", "New teas: 20% off", "text/html; charset=us-ascii", "7bit", news)},
		{"alt", head("f7", jp, "multipart/alternative;\r\n boundary=\"=_alt_1\"", "",
			"This is a multi-part message in MIME format.\r\n\r\n"+joinParts("=_alt_1",
				"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"+b64(receipt),
				"Content-Type: text/html; charset=us-ascii\r\n\r\n"+news))},
		{"mixed", head("f8", "Rechnung", "multipart/mixed; boundary=xx", "", joinParts("xx",
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+goQP(letter),
			"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.png"+
				"\r\n\r\n"+b64(strings.Repeat("\x89PNG\x00\x01\x02\x03", 90))))},
	}
}

func text64(f func(string) string) func(string, string, form) (string, bool) {
	return func(m, shape string, _ form) (string, bool) {
		out := parts64.ReplaceAllStringFunc(m, func(s string) string {
			x := parts64.FindStringSubmatch(s)
			t, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(x[2]), "\r\n", ""))
			return x[1] + strings.TrimSuffix(b64(f(string(t))), "\r\n") + x[3]
		})
		return out, out != m
	}
}

func freshWays() []way {
	end := func(add string) func(string) string { return func(b string) string { return b + add } }
	front := func(add string) func(string) string { return func(b string) string { return add + b } }
	return []way{
		{"google groups footer", altered.FooterAdded, body("de8 jp8 jpjis", end("\r\n-- \r\nYou received this message because you are subscr"+
			"ibed to the Google Groups \"x\" group.\r\nTo unsubscribe from this group, send an email to x+unsubscribe@groups.test.\r\n"))},
		{"japanese footer", altered.FooterAdded, body("jp8", end("\r\n――――――――――――\r\nこのメールはウイルス"+
			"チェック済みです。\r\n"))},
		{"footer in b64", altered.FooterAdded, text64(end("\r\n--\r\nChecked.\r\n"))},
		{"banner qp", altered.BannerAdded, body("deqp", front("CAUTION: This email originated from outside the organization. Do not cli="+
			"\r\nck links.\r\n\r\n"))},
		{"banner b64", altered.BannerAdded, text64(front("【外部メール】ご注意ください。\r\n----\r\n"))},
		{"html banner table", altered.HTMLBannerAdded, body("news alt", oneOf(`<body>`,
			"<body><table border=0><tr><td bgcolor=yellow>EXTERNAL</td></tr></table>"))},
		{"html disclaimer", altered.HTMLFooterAdded, body("news alt", oneOf(`</body>`, "<p>Confidential.</p></body>"))},
		{"pixel", altered.PixelAdded, body("news alt", oneOf(`</td></tr></table>`, `<img width=1 height=1 src="https://open.esp.test/o/1.gif`+
			`"></td></tr></table>`))},
		{"urldefense", altered.LinksRewritten, body("news alt", oneOf(`https://shop.test/new`,
			"https://urldefense.com/v3/__https://shop.test/new__;!!AbC!xyz$"))},
		{"cisco", altered.LinksRewritten, body("news", oneOf(`https://shop.test/new`, "https://secure-web.cisco.com/1aBcD/https%3A%2F%2Fshop"+
			".test%2Fnew"))},
		{"to qp", altered.EncodingChanged, func(m, s string, _ form) (string, bool) {
			h, b := cut(m)
			return strings.Replace(h, "8bit", "quoted-printable", 1) + "\r\n" + qp(b), s == "de8" || s == "jp8"
		}},
		{"to b64", altered.EncodingChanged, func(m, s string, _ form) (string, bool) {
			h, b := cut(m)
			return strings.Replace(h, "8bit", "base64", 1) + "\r\n" + b64(b), s == "de8" || s == "jp8"
		}},
		{"from b64", altered.EncodingChanged, func(m, _ string, _ form) (string, bool) {
			out := parts64.ReplaceAllStringFunc(m, func(s string) string {
				x := parts64.FindStringSubmatch(s)
				t, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(x[2]), "\r\n", ""))
				return strings.Replace(x[1], "base64", "quoted-printable", 1) + strings.TrimSuffix(goQP(string(t)), "\r\n") + x[3]
			})
			return out, out != m
		}},
		{"jis to utf8 b64", altered.CharsetChanged, func(m, s string, _ form) (string, bool) {
			h, _ := cut(m)
			h = strings.Replace(strings.Replace(h, "iso-2022-jp", "utf-8", 1), "7bit", "base64", 1)
			return h + "\r\n" + b64(receipt), s == "jpjis"
		}},
		{"latin", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: SPAM: "))},
		{"re list", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: Re: [kunden 123] "))},
		{"gaibu", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: =?UTF-8?B?44CQ5aSW6YOo44CR?= "))},
		{"munged", altered.FromRewritten, header(sub(`(?m)^From: (\S+) <(.*)>\r$`, "From: \"list@lists.test\" <list@lists.test>\r\nX-Origina"+
			"l-From: $1 <$2>\r"))},
		{"cc added", altered.FieldAdded, header(sub(`(?m)^To:`, "Cc: boss@example.test\r\nTo:"))},
		{"to unbracketed", altered.NamesRequoted, header(sub(`<kunde@example.test>`, "kunde@example.test"))},
		{"date zone", altered.DateReformatted, header(sub(`08:30:15 \+0000`, "08:30:15 GMT"))},
		{"ses", altered.MessageIDReplaced, header(sub(`(?m)^Message-ID: .*\r$`, "Message-ID: <010f0193-1@eu-west-1.amazonses.test>\r"))},
		{"charset case", altered.ContentType, header(sub(`(?i)charset=utf-8`, `charset="utf-8"`))},
		{"folded type", altered.FieldRefolded, simpleHeader(header(sub(`;\r\n boundary`, "; boundary")))},
		{"lower names", altered.FieldCase, simpleHeader(header(sub(`(?m)^Message-ID:`, "message-id:")))},
		{"removed pdf", altered.PartRemoved, func(m, _ string, _ form) (string, bool) {
			out := regexp.MustCompile(`(?s)Content-Type: image/png.*?\r\n--`).ReplaceAllString(m,
				"Content-Type: text/plain; name=\"removed.txt\"\r\n\r\nAn attachment was deleted.\r\n--")
			return out, out != m
		}},
		{"cut", altered.Truncated, func(m, s string, _ form) (string, bool) {
			return m[:len(m)-60], s == "mixed" || s == "alt" || s == "jp64"
		}},
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	total, named := 0, 0
	all, each := freshShapes(), depth(1, 1, 3)
	for _, w := range freshWays() {
		n := 0
		for k := 0; k < len(all)*len(forms) && n < each; k++ {
			s, f := all[k%len(all)], forms[(k/len(all)+k)%len(forms)]
			m, ok := w.change(f.sign(t, s.text), s.name, f)
			if !ok {
				continue
			}
			n++
			a, sig := find(t, m)
			total++
			told, misled := judge(a, w.kind)
			if told {
				named++
			}
			if sig.Result == "pass" || misled {
				t.Errorf("%s of %s (%d): %s: %s", w.name, s.name, k, sig.Result, short(a))
			}
		}
	}
	t.Logf("%d of %d", named, total)
	if total < 20 || named*100 < total*95 {
		t.Errorf("%d of %d named", named, total)
	}
}
