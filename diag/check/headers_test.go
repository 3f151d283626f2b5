package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/sender/mail"
)

// mailTime is the clock of these tests.
var mailTime = time.Date(2026, 11, 27, 1, 10, 0, 0, time.UTC)

// runOnMail runs one check on a mail.
func runOnMail(t testing.TB, c *diag.Check) diag.Result {
	t.Helper()
	env := diag.Env{Now: func() time.Time { return mailTime }}
	return diag.Run(t.Context(), env, diag.Target{Kind: "message", Name: "mail", ASCII: "mail"}, []*diag.Check{c}).Results[0]
}

// headersOf runs the check on a mail, whose line ends are made CRLF.
func headersOf(t testing.TB, text string) (diag.Result, *check.HeadersFacts) {
	t.Helper()
	res := runOnMail(t, check.Headers(check.HeadersOptions{Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))}))
	return res, res.Facts.(*check.HeadersFacts)
}

// toldRules are the ids of the findings.
func toldRules(res diag.Result) string {
	var out []string
	for _, f := range res.Findings {
		out = append(out, strings.TrimPrefix(f.Rule.ID, res.Check.Name+"-"))
	}
	return strings.Join(out, " ")
}

// goodHeader is the header of a healthy mail without the fields about its parts.
const goodHeader = `Received: from out.a.test (out.a.test [192.0.2.1]) by mx.b.test (Postfix) with ESMTPS id AB1 for <u@b.test>;
	Fri, 27 Nov 2026 10:00:05 +0900 (JST)
Received: from app.a.test (app.a.test [192.0.2.2]) by out.a.test (Postfix) with ESMTP id AB0;
	Fri, 27 Nov 2026 01:00:02 +0000 (UTC)
From: News <news@a.test>
To: u@b.test
Subject: Hello
Date: Fri, 27 Nov 2026 10:00:00 +0900
Message-ID: <1@a.test>
`

const goodMail = goodHeader + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\nHello\n"

// multi is a mail of two parts.
const multi = goodHeader + `MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

Hello
--b1
Content-Type: text/html; charset=utf-8

<p>Hello</p>
--b1--
`

// TestHeadersKinds breaks a healthy mail in one way each.
func TestHeadersKinds(t *testing.T) {
	t.Parallel()
	swap := func(base string, pairs ...string) string {
		out := strings.NewReplacer(pairs...).Replace(base)
		if out == base {
			t.Fatalf("%q is not there", pairs)
		}
		return out
	}
	good := goodMail
	long := strings.Repeat("x", 1000)
	for _, c := range []struct{ name, mail, want string }{
		{"healthy", good, ""}, {"healthy parts", multi, ""},
		{"no From", swap(good, "From: News <news@a.test>\n", ""), "from-missing"},
		{"two From", swap(good, "To: u", "From: x@a.test\nTo: u"), "from-multiple"},
		{"From without an address", swap(good, "News <news@a.test>", "News"), "from-invalid"},
		{"From broken", swap(good, "News <news@a.test>", "News <news@a.test"), "from-invalid"},
		{"From empty", swap(good, " News <news@a.test>", ""), "from-invalid"},
		{"two authors", swap(good, "News <news@a.test>", "a@a.test, b@a.test"), "from-several sender-missing"},
		{"two authors and Sender", swap(good, "News <news@a.test>", "a@a.test, b@a.test\nSender: a@a.test"), "from-several"},
		{"another address as name", swap(good, "News <news@a.test>", `"info@bank.test" <news@a.test>`), "from-name"},
		{"no Date", swap(good, "Date: Fri, 27 Nov 2026 10:00:00 +0900\n", ""), "date-missing"},
		{"Date in Japanese", swap(good, "Date: Fri, 27 Nov 2026 10:00:00 +0900", "Date: 2026/11/27 10:00"), "date-invalid"},
		{"Date ahead", swap(good, "Date: Fri, 27 Nov 2026 10:00:00 +0900", "Date: Fri, 27 Nov 2026 10:00:00 +0000"), "date-future"},
		{"Date long ago", swap(good, "Date: Fri, 27 Nov 2026", "Date: Tue, 27 Oct 2026"), "date-past"},
		{"no Message-ID", swap(good, "Message-ID: <1@a.test>\n", ""), "message-id-missing"},
		{"empty Message-ID", swap(good, "Message-ID: <1@a.test>", "Message-ID:"), "message-id-missing"},
		{"Message-ID without brackets", swap(good, "<1@a.test>", "1@a.test"), "message-id-invalid"},
		{"Message-ID without a domain", swap(good, "<1@a.test>", "<1>"), "message-id-invalid"},
		{"Message-ID with a blank", swap(good, "<1@a.test>", "<1 @a.test>"), "message-id-invalid"},
		{"two Subject", swap(good, "Subject: Hello", "Subject: Hello\nSubject: Hi"), "duplicate"},
		{"two Message-ID", swap(good, "Message-ID: <1@a.test>", "Message-ID: <1@a.test>\nMessage-ID: <2@a.test>"), "duplicate"},
		{"two To", swap(good, "To: u@b.test", "To: u@b.test\nTo: v@b.test"), "duplicate"},
		{"To without an address", swap(good, "To: u@b.test", "To: everybody"), "address-invalid"},
		{"no To", swap(good, "To: u@b.test\n", ""), "to-missing"},
		{"no Subject", swap(good, "Subject: Hello\n", ""), "subject-empty"},
		{"empty Subject", swap(good, "Subject: Hello", "Subject: "), "subject-empty"},
		{"two Return-Path", "Return-Path: <a@a.test>\nReturn-Path: <b@a.test>\n" + good, "return-path"},
		{"NUL", swap(good, "\nHello\n", "\nHel\x00lo\n"), "nul"},
		{"long line", swap(good, "\nHello\n", "\n"+long+"\n"), "line-long"},
		{"long field", swap(good, "Subject: Hello", "Subject: "+long), "field-long"},
		{"no empty line", swap(good, "7bit\n\nHello", "7bit\nHello you\nand you\nand all\nof you"), "end"},
		{"a line that is no field", swap(good, "Subject: Hello", "Subject: Hello\nsomething else"), "no-field"},
		{"UTF-8 in Subject", swap(good, "Subject: Hello", "Subject: こんにちは"), "raw-utf8"},
		{"Shift_JIS in Subject", swap(good, "Subject: Hello", "Subject: \x82\xb1\x82\xf1"), "raw-8bit"},
		{"encoded word, base64", swap(good, "Subject: Hello", "Subject: =?utf-8?B?44GT44KT%%?="), "encoded-word"},
		{"encoded word, mark", swap(good, "Subject: Hello", "Subject: =?utf-8?X?abc?="), "encoded-word"},
		{"encoded word, charset", swap(good, "Subject: Hello", "Subject: =?utf-99?Q?abc?="), "encoded-word"},
		{"encoded word, open", swap(good, "Subject: Hello", "Subject: =?utf-8?Q?abc"), "encoded-word"},
		{"encoded word, blank", swap(good, "Subject: Hello", "Subject: =?utf-8?Q?a bc?="), "encoded-word"},
		{"encoded word, no UTF-8", swap(good, "Subject: Hello", "Subject: =?utf-8?B?grGC8YLJgr+CzQ==?="), "encoded-word"},
		{"encoded word, long", swap(good, "Subject: Hello", "Subject: =?utf-8?B?"+strings.Repeat("44GT", 20)+"?="), "encoded-word-long"},
		{"no MIME-Version", swap(good, "MIME-Version: 1.0\n", ""), "mime-version"},
		{"Content-Type", swap(good, "text/plain; charset=utf-8", "html"), "content-type"},
		{"boundary", swap(multi, `boundary="b1"`, `boundary="b2"`), "boundary"},
		{"no boundary", swap(multi, `; boundary="b1"`, ""), "boundary"},
		{"open", swap(multi, "--b1--\n", ""), "boundary-open"},
		{"transfer encoding", swap(good, "7bit", "8-bits"), "transfer"},
		{"transfer encoding of parts", swap(multi, "MIME-Version: 1.0", "MIME-Version: 1.0\nContent-Transfer-Encoding: base64"),
			"transfer-broken transfer-parts"},
		{"no base64", swap(good, "7bit\n\nHello", "base64\n\n<p>こんにちは、世界。</p>"), "transfer-broken"},
		{"8 bits", swap(good, "\nHello\n", "\nこんにちは\n"), "7bit"},
		{"8 bits, nothing declared", swap(good, "Content-Transfer-Encoding: 7bit\n\nHello", "\nこんにちは"), "7bit"},
		{"charset", swap(good, "charset=utf-8", "charset=iso-2022-jp", "7bit\n\nHello", "8bit\n\nこんにちは"), "charset"},
		{"no charset", swap(good, "; charset=utf-8", "", "7bit\n\nHello", "8bit\n\nこんにちは"), "charset-missing"},
		{"unknown charset", swap(good, "charset=utf-8", "charset=utf-99"), "charset-unknown"},
		{"hops", hops(51) + good, "hops"}, {"many hops", hops(30) + good, "hops-many"}, {"some hops", hops(20) + good, ""},
		{"loop", strings.Repeat("Received: from p.a.test ([192.0.2.3]) by q.a.test with SMTP; Fri, 27 Nov 2026 10:00:06 +0900\n"+
			"Received: from q.a.test ([192.0.2.4]) by p.a.test with SMTP; Fri, 27 Nov 2026 10:00:06 +0900\n", 5) + good, "loop loop"},
		{"delay", "Received: from mx.b.test ([192.0.2.5]) by in.b.test with LMTP; Fri, 27 Nov 2026 11:00:06 +0900\n" + good, "delay"},
		{"skew", "Received: from mx.b.test ([192.0.2.5]) by in.b.test with LMTP; Fri, 27 Nov 2026 09:55:00 +0900\n" + good, "skew"},
	} {
		res, _ := headersOf(t, c.mail)
		if got := toldRules(res); got != c.want || res.Err != nil {
			t.Errorf("%s: got %q, want %q (%v)", c.name, got, c.want, res.Err)
		}
	}
}

// hops are fields Received of different servers inside of one minute.
func hops(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Received: from s%d.a.test ([192.0.2.9]) by s%d.a.test with SMTP; Fri, 27 Nov 2026 10:00:%02d +0900\n", n-i,
			n-i+1, 6+(n-i)/2)
	}
	return b.String()
}

// TestHeadersLineEnds: a file with LF alone is how systems keep mail; a mixture is a fault of the mail.
func TestHeadersLineEnds(t *testing.T) {
	t.Parallel()
	crlf := strings.ReplaceAll(goodMail, "\n", "\r\n")
	for _, c := range []struct{ name, mail, want string }{
		{"LF", goodMail, ""}, {"CRLF", crlf, ""}, {"a lone LF", crlf + "a\nb\r\n", "line-ends"}, {"a lone CR", crlf + "a\rb\r\n", "line-ends"},
	} {
		res := runOnMail(t, check.Headers(check.HeadersOptions{Data: []byte(c.mail)}))
		if got := toldRules(res); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	large := runOnMail(t, check.Headers(check.HeadersOptions{Data: []byte(crlf + strings.Repeat("01234 6789\r\n", 1<<20))}))
	if got := toldRules(large); got != "size" {
		t.Error(got)
	}
}

func TestHeadersFacts(t *testing.T) {
	t.Parallel()
	_, f := headersOf(t, multi)
	if len(f.Hops) != 2 || f.Hops[0].From != "app.a.test" || f.Hops[1].By != "mx.b.test" || *f.Hops[0].DelayMS != 2000 ||
		*f.Hops[1].DelayMS != 3000 || *f.DelayMS != 3000 || f.Hops[1].IP != "192.0.2.1" || !f.Hops[1].TLS {
		t.Errorf("%+v", f.Hops)
	}
	var parts []string
	for _, p := range f.Parts {
		parts = append(parts, p.Part+" "+p.Type)
	}
	if got := strings.Join(parts, ", "); got != "1 multipart/alternative, 1.1 text/plain, 1.2 text/html" {
		t.Error(got)
	}
	if f.Subject != "Hello" || f.MessageID != "<1@a.test>" || f.Date != "2026-11-27T10:00:00+09:00" || len(f.Lines()) != 6 {
		t.Errorf("%+v", f)
	}
}

// TestHeadersNothing: without a mail nothing passes.
func TestHeadersNothing(t *testing.T) {
	t.Parallel()
	if res := runOnMail(t, check.Headers(check.HeadersOptions{})); res.Status() != diag.Info {
		t.Error(res.Status())
	}
}

// TestHeadersBounds: what is beyond a bound is told as unknown and does not pass.
func TestHeadersBounds(t *testing.T) {
	t.Parallel()
	deep := goodHeader + "MIME-Version: 1.0\n"
	for i := range 40 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	if res, _ := headersOf(t, deep); res.Err == nil {
		t.Error("nested parts")
	}
	if res, _ := headersOf(t, strings.Repeat("X-A: b\n", mail.MaxRawFields+5)+goodMail); res.Err == nil {
		t.Error("fields")
	}
	many := "Subject: =?utf-8?B?a?=\nTo: \xff\nSubject: こ\nno field\n" + strings.Repeat("Received: ;\n", 40)
	if res, _ := headersOf(t, strings.Repeat(many, 200)+goodMail); len(res.Findings) > 300 {
		t.Errorf("%d findings", len(res.Findings))
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add([]byte(goodMail))
	f.Add([]byte(multi))
	f.Add([]byte("From: \"a, (b) <c\nReceived: ;\nSubject: =?a?b?c?=\n\n\x00\r\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res := runOnMail(t, check.Headers(check.HeadersOptions{Data: data}))
		for _, l := range res.Facts.Lines() {
			_ = l.Data
		}
	})
}
