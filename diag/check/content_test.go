package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	"todoku/diag"
	"todoku/diag/check"
)

// contentOf runs the check on a mail, whose line ends are made CRLF.
func contentOf(t testing.TB, text string, o check.ContentOptions) (diag.Result, *check.ContentFacts) {
	t.Helper()
	o.Data = []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	res := runOnMail(t, check.Content(o))
	return res, res.Facts.(*check.ContentFacts)
}

// bulkFields are those of a mail to many, as RFC 8058 has them.
const bulkFields = "List-Unsubscribe: <https://a.test/u?t=1>, <mailto:u@a.test>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"

// letter is a mail of plain text; both one of plain text and HTML.
func letter(fields, text string) string {
	return "From: News <news@a.test>\nTo: u@b.test\n" + fields + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" +
		"Content-Transfer-Encoding: 8bit\n\n" + text
}

func both(fields, text, html string) string {
	return "From: News <news@a.test>\nTo: u@b.test\n" + fields + "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n" +
		"--b\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n--b\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n--b--\n"
}

// attached is a mail with a file.
func attached(name, data string) string {
	return "From: News <news@a.test>\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: " +
		"text/plain\n\nHi Anna\n" +
		"--b\nContent-Type: application/octet-stream; name=\"" + name + "\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: " +
		"base64\n\n" +
		data + "\n--b--\n"
}

// TestContentKinds breaks a mail in one way each.
func TestContentKinds(t *testing.T) {
	t.Parallel()
	const post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
	foot := "\nSample Inc. Unsubscribe: https://a.test/u\n"
	words := strings.Repeat("Our shop opens on Monday with many new books. ", 12)
	for _, c := range []struct{ name, mail, want string }{
		{"healthy", letter("Subject: A\n", "Hi Anna\n"), ""},
		{"healthy, both", both("Subject: A\n", words, "<p>"+words+"</p>"), ""},
		{"healthy, many", letter("Subject: A\n"+bulkFields, "Hi Anna\n"+foot), ""},
		{"placeholder", letter("Subject: A\n", "Hi {{name}},\n"), "placeholder"},
		{"placeholder in the subject", letter("Subject: *|FNAME|*\n", "Hi\n"), "placeholder"},
		{"perhaps a placeholder", letter("Subject: A\n", "開催日は●月●日です\n"), "placeholder-maybe"},
		{"no name", letter("Subject: A\n", " 様\n\nこんにちは\n"), "name-missing"},
		{"undefined", letter("Subject: A\n", "undefined様\n"), "program-value"},
		{"feigned answer", letter("Subject: Re: A\n", "Hi\n"), "subject-reply"},
		{"answer", letter("Subject: Re: A\nIn-Reply-To: <1@b.test>\n", "Hi\n"), ""},
		{"marks", letter("Subject: Sale!!!\n", "Hi\n"), "subject-shouts"},
		{"capitals", letter("Subject: BUY NOW AND SAVE\n", "Hi\n"), "subject-shouts"},
		{"elsewhere", both("Subject: A\n", "https://www.bank.test/", `<a href="https://evil.test/">https://www.bank.test/</a>`),
			"link-elsewhere"},
		{"tracked", both("Subject: A\n", "x", `<a href="https://u.ct.sendgrid.net/ls/click">https://www.shop.test/</a>`), "link-tracked"},
		{"http", letter("Subject: A\n", "http://a.test/\n"), "link-http"},
		{"short", letter("Subject: A\n", "https://bit.ly/abc\n"), "link-short"},
		{"number", letter("Subject: A\n", "https://192.0.2.1/\n"), "link-ip"},
		{"lookalike", letter("Subject: A\n", "https://xn--80ak6aa92e.com/\n"), "link-lookalike"},
		{"disguised", letter("Subject: A\n", "https://bank.test@evil.test/\n"), "link-disguised"},
		{"program", both("Subject: A\n", "x", `<a href="javascript:x()">x</a>`), "link-program"},
		{"broken", both("Subject: A\n", "x", `<a href="https://">x</a>`), "link-broken"},
		{"empty link", both("Subject: A\n", "x", `<a href="">here</a>`), "link-empty"},
		{"local link", letter("Subject: A\n", "http://192.168.0.5/news\n"), "link-local link-http"},
		{"HTML only", strings.Replace(letter("Subject: A\n", "<p>Hi Anna</p>"), "text/plain", "text/html", 1), "plain-none"},
		{"plain empty", both("Subject: A\n", "", "<p>"+words+"</p>"), "plain-empty"},
		{"plain short", both("Subject: A\n", "See HTML", "<p>"+words+"</p>"), "plain-empty"},
		{"plain differs", both("Subject: A\n", strings.Repeat("Eine ganz andere Geschichte vom Fluss. ", 5), "<p>"+words+"</p>"),
			"plain-differs"},
		{"large", both("Subject: A\n", words, "<p>"+words+"</p><!--"+strings.Repeat("0123456789\n", 11000)+"-->"), "html-large"},
		{"form", both("Subject: A\n", "x", "<form></form>x"), "active"},
		{"script and frame", both("Subject: A\n", "x", "<script>1</script><iframe></iframe>x"), "active active"},
		{"hidden", both("Subject: A\n", words, "<p>"+words+"</p><div style='display:none'>"+words+"</div>"), "hidden"},
		{"images only", both("Subject: A\n", "", `<img src="https://a.test/1.png" alt="">`), "image-only"},
		{"no alt", both("Subject: A\n", words, "<p>"+words+`</p><img src="https://a.test/1.png">`), "image-alt"},
		{"image over http", both("Subject: A\n", words, "<p>"+words+`</p><img alt="" src="http://a.test/1.png">`), "image-http"},
		{"program file", attached("setup.exe", "AAAA"), "file-refused"},
		{"disguised file", attached("invoice.pdf.js", "AAAA"), "file-refused"},
		{"macros", attached("a.xlsm", "AAAA"), "file-macros"},
		{"healthy file", attached("a.pdf", "AAAA"), ""},
		{"no field", letter("Subject: A\nList-Id: <a.test>\n", "Hi"+foot), "unsubscribe-none"},
		{"no field, in the text only", letter("Subject: A\n", "Hi"+foot), "unsubscribe-none"},
		{"service", letter("Subject: A\nFeedback-ID: 1:AmazonSES\n", "Hi\n"), "unsubscribe-advised"},
		{"mailto only", letter("Subject: A\nList-Unsubscribe: <mailto:u@a.test>\n"+post, "Hi"+foot), "unsubscribe-click"},
		{"no post", letter("Subject: A\nList-Unsubscribe: <https://a.test/>\n", "Hi"+foot), "unsubscribe-click"},
		{"http only", letter("Subject: A\nList-Unsubscribe: <http://a.test/>\n"+post, "Hi"+foot), "unsubscribe-click"},
		{"wrong post", letter("Subject: A\nList-Unsubscribe: <https://a.test/>\nList-Unsubscribe-Post: One-Click\n", "Hi"+foot),
			"unsubscribe-click"},
		{"twice", letter("Subject: A\n"+bulkFields+"List-Unsubscribe: <https://a.test/>\n", "Hi"+foot), "unsubscribe-multiple"},
		{"no brackets", letter("Subject: A\nList-Unsubscribe: https://a.test/\n"+post, "Hi"+foot), "unsubscribe-syntax"},
		{"not in the text", letter("Subject: A\n"+bulkFields, "Hi Anna, Sample Inc.\n"), "unsubscribe-text"},
		{"no sender in the text", letter("Subject: A\n"+bulkFields, "こんにちは。配信停止はこちら https://a.test/u\n"),
			"law-sender"},
	} {
		res, _ := contentOf(t, c.mail, check.ContentOptions{})
		if got := toldRules(res); got != c.want || res.Err != nil {
			t.Errorf("%s: got %q, want %q (%v)", c.name, got, c.want, res.Err)
		}
	}
}

// TestContentSigned: what a signature covers is only judged where somebody looked.
func TestContentSigned(t *testing.T) {
	t.Parallel()
	mail := letter("Subject: A\n"+bulkFields, "Hi Anna\nSample Inc. Unsubscribe: https://a.test/u\n")
	for _, c := range []struct {
		signed [][]string
		want   string
	}{
		{nil, ""}, {[][]string{}, "unsubscribe-unsigned"}, {[][]string{{"from", "list-unsubscribe"}}, "unsubscribe-unsigned"},
		{[][]string{{"from", "list-unsubscribe", "list-unsubscribe-post"}}, ""},
	} {
		res, _ := contentOf(t, mail, check.ContentOptions{Signed: c.signed})
		if got := toldRules(res); got != c.want {
			t.Errorf("%v: %q", c.signed, got)
		}
	}
	if res, _ := contentOf(t, letter("Subject: A\n", "Hi\n"), check.ContentOptions{Bulk: true}); toldRules(res) != "unsubscribe-none "+
		"unsubscribe-text" {
		t.Error(toldRules(res))
	}
}

// TestContentFacts: the facts have their names in JSON, and no list is null.
func TestContentFacts(t *testing.T) {
	t.Parallel()
	for _, mail := range []string{"", letter("Subject: A\n"+bulkFields, "Hi {{name}} https://a.test/\n")} {
		_, f := contentOf(t, mail, check.ContentOptions{})
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"links":[`, `"placeholders":[`, `"unsubscribe":{`, `"bulk":{`, `"files":[`, `"words":{`,
			`"markup":null`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %s", text, want)
			}
		}
		if len(f.Lines()) == 0 {
			t.Error("no lines")
		}
	}
	if res := runOnMail(t, check.Content(check.ContentOptions{})); res.Status() != diag.Info {
		t.Error(res.Status())
	}
}

// TestContentBounds: links beyond the bound are told as unknown and do not pass.
func TestContentBounds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 400 {
		b.WriteString("https://a.test/" + strings.Repeat("x", i) + "\n")
	}
	if res, _ := contentOf(t, letter("Subject: A\n", b.String()), check.ContentOptions{}); res.Err == nil || res.Status() != diag.Unknown {
		t.Errorf("%v %v", res.Status(), res.Err)
	}
}
