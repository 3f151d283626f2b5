package altered_test

import (
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"todoku/diag/altered"
)

// way is one way in which mails are changed. change reports false where a mail of this form cannot be changed so, or where the change
// does not break a signature.
type way struct {
	name   string
	kind   altered.Kind
	change func(m, shape string, f form) (string, bool)
}

func cut(m string) (header, body string) {
	header, body, _ = strings.Cut(m, "\r\n\r\n")
	return header + "\r\n", body
}

// header changes the header alone.
func header(f func(string) string) func(string, string, form) (string, bool) {
	return func(m, _ string, _ form) (string, bool) {
		h, b := cut(m)
		return f(h) + "\r\n" + b, f(h) != h
	}
}

// body changes the body of the shapes that are named.
func body(of string, f func(string) string) func(string, string, form) (string, bool) {
	return func(m, shape string, _ form) (string, bool) {
		h, b := cut(m)
		return h + "\r\n" + f(b), strings.Contains(" "+of+" ", " "+shape+" ") && f(b) != b
	}
}

// simple is a change that only simple canonicalization sees.
func simple(f func(string, string, form) (string, bool)) func(string, string, form) (string, bool) {
	return func(m, shape string, how form) (string, bool) {
		out, ok := f(m, shape, how)
		return out, ok && how.simple()
	}
}

func simpleHeader(f func(string, string, form) (string, bool)) func(string, string, form) (string, bool) {
	return func(m, shape string, how form) (string, bool) {
		out, ok := f(m, shape, how)
		return out, ok && how == forms[1]
	}
}

func sub(re, with string) func(string) string {
	r := regexp.MustCompile(re)
	return func(s string) string { return r.ReplaceAllString(s, with) }
}

// oneOf replaces the first match only.
func oneOf(re, with string) func(string) string {
	r := regexp.MustCompile(re)
	return func(s string) string {
		at := r.FindStringSubmatchIndex(s)
		if at == nil {
			return s
		}
		return s[:at[0]] + string(r.ExpandString(nil, with, s, at)) + s[at[1]:]
	}
}

const listFooter = "_______________________________________________\r\nTea mailing list\r\ntea@lists.test\r\nhttps://lists.test/listin" +
	"fo/tea\r\n"

const notice = "<p style=\"color:gray\">This message was checked for viruses by <a href=\"https://gw.test/\">Gateway</a>.</p>"

const oneShape = "plain utf8 jis"

// ways are more than the twenty that the bar wants.
func ways() []way {
	return []way{
		{"footer", altered.FooterAdded, body("plain utf8 jis qp", func(b string) string { return b + listFooter })},
		{"footer in each part", altered.FooterAdded, footerInParts},
		{"footer part", altered.FooterPartAdded, wrapped},
		{"footer in base64", altered.FooterAdded, reencode("base64", func(s string) string { return s + listFooter })},
		{"footer, qp written anew", altered.FooterAdded, reencodeQP("qp", func(s string) string { return s + listFooter })},
		{"disclaimer", altered.HTMLFooterAdded, body("html alternative htmlqp nested", oneOf(`</body>`, strings.ReplaceAll(notice, "=",
			"=3D")+"</body>"))},
		{"disclaimer in base64", altered.HTMLFooterAdded, reencode("alternative64", oneOf(`</body>`, notice+"\r\n</body>"))},
		{"banner", altered.BannerAdded, body(oneShape, func(b string) string { return "[EXTERNAL] This mail comes from outside.\r\n\r\n" + b })},
		{"japanese banner", altered.BannerAdded, body("utf8", func(b string) string {
			return "【社外】このメールは社外から届いています。\r\n" + b
		})},
		{"banner in html", altered.HTMLBannerAdded, body("html alternative htmlqp", oneOf(`(<body[^>]*>)`,
			"${1}<div><b>CAUTION:</b> external mail</div>"))},
		{"pixel", altered.PixelAdded, body("html alternative htmlqp nested", oneOf(`</body>`,
			"<img src=3D\"https://t.test/o.gif\" width=3D\"1\">\r\n</body>"))},
		{"links", altered.LinksRewritten, safelinks},
		{"rewrapped", altered.LinesRewrapped, body("plain attached", rewrap)},
		{"8bit to qp", altered.EncodingChanged, toQP},
		{"8bit to base64", altered.EncodingChanged, toBase64},
		{"qp to 8bit", altered.EncodingChanged, qpTo8bit},
		{"base64 to 8bit", altered.EncodingChanged, base64To8bit},
		{"base64 lines", altered.Reencoded, base64Lines},
		{"charset", altered.CharsetChanged, jisToUTF8},
		{"utf-8 to jis", altered.CharsetChanged, utf8ToJIS},
		{"cr cr lf", altered.LineEndsChanged, body("plain utf8 alternative attached", sub("\r\n", "\r\r\n"))},
		{"trailing blanks cut", altered.BlanksAtLineEnds, simple(body(oneShape, sub(" +\r\n", "\r\n")))},
		{"trailing blanks added", altered.BlanksAtLineEnds, simple(body(oneShape, sub("(\\S)\r\n", "${1} \r\n")))},
		{"empty line at the top", altered.EmptyLineAdded, body(oneShape+" html", func(b string) string { return "\r\n" + b })},
		{"empty line lost", altered.EmptyLineRemoved, body(oneShape, oneOf("\r\n\r\n", "\r\n"))},
		{"dots doubled", altered.DotsDoubled, body("plain utf8 alternative attached", sub(`(?m)^\.`, ".."))},
		{"dots lost", altered.DotsLost, body("plain utf8 alternative attached", sub(`(?m)^\.`, ""))},
		{"from", altered.FromEscaped, body("plain utf8 jis attached", sub(`(?m)^From `, ">From "))},
		{"tabs", altered.BlanksChanged, simple(body("plain utf8 attached", sub("\t", "        ")))},
		{"8th bit", altered.BitsStripped, stripBits},
		{"truncated", altered.Truncated, truncated},
		{"attachment removed", altered.PartRemoved, withoutAttachment},
		{"boundary", altered.BoundaryChanged, func(m, _ string, _ form) (string, bool) {
			out := sub(`bound[_-]a\d+|b_a10|outer_b`, "=_gw_7f3a9c")(m)
			return out, out != m
		}},

		{"subject prefix", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: [tea] "))},
		{"subject [EXTERNAL]", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: [EXTERNAL] "))},
		{"subject ***SPAM***", altered.SubjectPrefixed, header(sub(`(?m)^Subject: `, "Subject: ***SPAM*** "))},
		{"subject 【社外】", altered.SubjectPrefixed, header(japanesePrefix)},
		{"subject in Q", altered.WordsReencoded, header(subjectInQ)},
		{"refolded", altered.FieldRefolded, simpleHeader(header(sub(`(?m)^Cc: hanako@example.test, `, "Cc: hanako@example.test,\r\n\t")))},
		{"case", altered.FieldCase, simpleHeader(header(sub(`(?m)^Message-ID:`, "Message-Id:")))},
		{"blanks", altered.FieldBlanks, simpleHeader(header(sub(`(?m)^Subject: `, "Subject:  ")))},
		{"from via", altered.FromRewritten, header(sub(`(?m)^From: (.*) <(.*)>\r$`, "From: $1 via Tea <tea@lists.test>\r\nReply-To: $1 <$2>\r"))},
		{"reply-to", altered.ReplyToAdded, header(sub(`(?m)^To:`, "Reply-To: tea@lists.test\r\nTo:"))},
		{"to", altered.NamesRequoted, header(sub(`(?m)^To: (.*) <`, "To: \"$1\" <"))},
		{"to list", altered.AddressesChanged, header(sub(`(?m)^(To: .*)\r$`, "$1, other@example.test\r"))},
		{"date", altered.DateReformatted, header(sub(`(?m)^Date: .*\r$`, "Date: Fri, 27 Nov 2026 01:00:00 +0000\r"))},
		{"message-id", altered.MessageIDReplaced, header(sub(`(?m)^Message-ID: .*\r$`, "Message-ID: <0100abc-def@relay.test>\r"))},
		{"second from", altered.FieldAdded, header(func(h string) string { return "From: Other <o@evil.test>\r\n" + h })},
		{"mime-version", altered.MIMEVersion, header(sub(`(?m)^MIME-Version: 1.0`, "MIME-Version: 1.0 (gateway 2.1)"))},
		{"mime-version lost", altered.FieldRemoved, header(sub(`(?m)^MIME-Version: 1.0\r\n`, ""))},
		{"content-type", altered.ContentType, header(contentType)},
	}
}

func contentType(h string) string {
	if out := sub(`(?m)^(Content-Type: .*(?:charset|boundary)=)"([^"]+)"`, "${1}${2}")(h); out != h {
		return out
	}
	return sub(`(?m)^(Content-Type: .*(?:charset|boundary)=)([^"\s;]+)`, `${1}"${2}"`)(h)
}

func japanesePrefix(h string) string {
	return regexp.MustCompile(`(?m)^Subject: =\?UTF-8\?B\?([^?]*)\?=`).ReplaceAllStringFunc(h, func(s string) string {
		text, _ := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(s, "Subject: =?UTF-8?B?"), "?="))
		return "Subject: =?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("【社外】"+string(text))) + "?="
	})
}

func subjectInQ(h string) string {
	return regexp.MustCompile(`=\?UTF-8\?B\?([^?]*)\?=`).ReplaceAllStringFunc(h, func(s string) string {
		text, _ := base64.StdEncoding.DecodeString(s[10 : len(s)-2])
		var b strings.Builder
		for i := range len(text) {
			b.WriteString("=" + strings.ToUpper(string("0123456789abcdef"[text[i]>>4])+string("0123456789abcdef"[text[i]&15])))
		}
		return "=?utf-8?q?" + b.String() + "?="
	})
}

// footerInParts puts the footer behind the text and into the HTML.
func footerInParts(m, shape string, _ form) (string, bool) {
	if shape != "alternative" {
		return m, false
	}
	m = oneOf("(ショップ 佐藤)\r\n--bound", "${1}\r\n"+listFooter+"--bound")(m)
	return oneOf(`</body>`, "<hr><pre>"+listFooter+"</pre>\r\n</body>")(m), true
}

// wrapped puts a multipart around, as Mailman does.
func wrapped(m, shape string, _ form) (string, bool) {
	if shape == "plain" || shape == "utf8" || shape == "jis" {
		return m, false
	}
	h, b := cut(m)
	var inner, outer strings.Builder
	for line := range strings.SplitAfterSeq(h, "\r\n") {
		if strings.HasPrefix(line, "Content-T") {
			inner.WriteString(line)
		} else {
			outer.WriteString(line)
		}
	}
	const boundary = "===============1234567890=="
	return outer.String() + "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n" +
		"--" + boundary + "\r\n" + inner.String() + "\r\n" + b + "\r\n--" + boundary + "\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\n" +
		"MIME-Version: 1.0\r\nContent-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n" + listFooter + "\r\n--" + boundary +
		"--\r\n", true
}

var parts64 = regexp.MustCompile(`(?s)(Content-Type: text/[^\r]*\r\nContent-Transfer-Encoding: base64\r\n\r\n)(.*?)(\r\n--|$)`)

// reencode changes the texts in base64.
func reencode(of string, f func(string) string) func(string, string, form) (string, bool) {
	return func(m, shape string, _ form) (string, bool) {
		if !strings.Contains(" "+of+" alternative64 ", " "+shape+" ") {
			return m, false
		}
		out := parts64.ReplaceAllStringFunc(m, func(s string) string {
			x := parts64.FindStringSubmatch(s)
			text, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(x[2]), "\r\n", ""))
			if strings.Contains(x[1], "html") && strings.HasSuffix(f("x"), "\r\n") {
				return s // the footer of a text
			}
			return x[1] + strings.TrimSuffix(b64(f(string(text))), "\r\n") + x[3]
		})
		return out, out != m
	}
}

func decodeQP(s string) string {
	s = strings.ReplaceAll(s, "=\r\n", "")
	return regexp.MustCompile(`=[0-9A-F]{2}`).ReplaceAllStringFunc(s, func(x string) string {
		hi, lo := strings.IndexByte("0123456789ABCDEF", x[1]), strings.IndexByte("0123456789ABCDEF", x[2])
		return string([]byte{byte(hi<<4 | lo)})
	})
}

// goQP writes quoted-printable with the library of Go.
func goQP(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func reencodeQP(of string, f func(string) string) func(string, string, form) (string, bool) {
	return func(m, shape string, _ form) (string, bool) {
		h, b := cut(m)
		return h + "\r\n" + goQP(f(decodeQP(b))), strings.Contains(" "+of+" ", " "+shape+" ")
	}
}

func safelinks(m, shape string, _ form) (string, bool) {
	with := "https://nam01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.test%2F$1%3Fid%3D123%26lang%3D$2&data=05%7C01&reserved=0"
	switch shape {
	case "plain", "utf8", "jis", "attached":
		return sub(`https://shop\.test/(\w+)\?id=123&lang=(\w+)`, with)(m), true
	case "html", "alternative":
		m = sub(`https://shop\.test/(\w+)\?id=123&amp;lang=(\w+)`, strings.ReplaceAll(with, "&", "&amp;"))(m)
		m = sub(`https://shop\.test/logo.png`, "https://nam01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.test%2Flogo.png&amp;d"+
			"ata=05")(m)
		return sub(`https://shop\.test/(\w+)\?id=123&lang=(\w+)`, with)(m), true
	}
	return m, false
}

// rewrap breaks lines at 72 columns.
func rewrap(b string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(b, "\r\n") {
		for len(line) > 72 && strings.Contains(line[:72], " ") {
			at := strings.LastIndexByte(line[:73], ' ')
			out.WriteString(line[:at] + "\r\n")
			line = line[at+1:]
		}
		out.WriteString(line + "\r\n")
	}
	return strings.TrimSuffix(out.String(), "\r\n")
}

func toQP(m, shape string, _ form) (string, bool) {
	h, b := cut(m)
	switch shape {
	case "utf8", "html":
		return sub(`Content-Transfer-Encoding: 8bit`, "Content-Transfer-Encoding: quoted-printable")(h) + "\r\n" + goQP(b), true
	case "alternative":
		return encodeParts(m, "quoted-printable", goQP), true
	}
	return m, false
}

var parts8 = regexp.MustCompile(`(?s)(Content-Type: text/[^\r]*\r\nContent-Transfer-Encoding: )8bit(\r\n\r\n)(.*?)(\r\n--bound)`)

func encodeParts(m, name string, f func(string) string) string {
	return parts8.ReplaceAllStringFunc(m, func(s string) string {
		x := parts8.FindStringSubmatch(s)
		return x[1] + name + x[2] + strings.TrimSuffix(f(x[3]), "\r\n") + x[4]
	})
}

func toBase64(m, shape string, _ form) (string, bool) {
	h, b := cut(m)
	switch shape {
	case "utf8", "html":
		return sub(`Content-Transfer-Encoding: 8bit`, "Content-Transfer-Encoding: base64")(h) + "\r\n" + b64(b), true
	case "alternative":
		return encodeParts(m, "base64", b64), true
	}
	return m, false
}

func qpTo8bit(m, shape string, _ form) (string, bool) {
	h, b := cut(m)
	switch shape {
	case "qp", "htmlqp":
		return sub(`quoted-printable`, "8bit")(h) + "\r\n" + decodeQP(b), true
	case "nested":
		return h + "\r\n" + sub(`quoted-printable`, "8bit")(decodeQP(b)), true
	}
	return m, false
}

func base64To8bit(m, shape string, _ form) (string, bool) {
	if shape != "base64" && shape != "alternative64" {
		return m, false
	}
	out := parts64.ReplaceAllStringFunc(m, func(s string) string {
		x := parts64.FindStringSubmatch(s)
		text, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(x[2]), "\r\n", ""))
		return strings.Replace(x[1], "base64", "8bit", 1) + string(text) + x[3]
	})
	return out, out != m
}

func base64Lines(m, shape string, _ form) (string, bool) {
	if !strings.Contains(m, "Encoding: base64") {
		return m, false
	}
	h, b := cut(m)
	run := regexp.MustCompile(`(?:[A-Za-z0-9+/]{76}\r\n)+[A-Za-z0-9+/]+=*`)
	out := run.ReplaceAllStringFunc(b, func(s string) string {
		s = strings.ReplaceAll(s, "\r\n", "")
		var o strings.Builder
		for len(s) > 60 {
			o.WriteString(s[:60] + "\r\n")
			s = s[60:]
		}
		return o.String() + s
	})
	return h + "\r\n" + out, out != b
}

func jisToUTF8(m, shape string, _ form) (string, bool) {
	if shape != "jis" {
		return m, false
	}
	h, b := cut(m)
	text, _ := japanese.ISO2022JP.NewDecoder().String(b)
	h = strings.Replace(strings.Replace(h, "charset=ISO-2022-JP", "charset=UTF-8", 1), "7bit", "8bit", 1)
	return h + "\r\n" + text, true
}

func utf8ToJIS(m, shape string, _ form) (string, bool) {
	if shape != "utf8" {
		return m, false
	}
	h, b := cut(m)
	return strings.Replace(strings.Replace(h, "charset=UTF-8", "charset=ISO-2022-JP", 1), "8bit", "7bit", 1) + "\r\n" + jis(b), true
}

func stripBits(m, shape string, _ form) (string, bool) {
	h, b := cut(m)
	out := []byte(b)
	for i := range out {
		out[i] &= 0x7f
	}
	return h + "\r\n" + string(out), shape == "utf8" || shape == "html"
}

func truncated(m, shape string, _ form) (string, bool) {
	switch shape {
	case "attached", "alternative", "nested", "base64", "html", "alternative64":
		return m[:len(m)-len(m)/5], true
	}
	return m, false
}

func withoutAttachment(m, shape string, _ form) (string, bool) {
	out := regexp.MustCompile(`(?s)Content-Type: application/pdf.*?\r\n--`).ReplaceAllString(m,
		"Content-Type: text/plain; charset=us-ascii\r\n\r\nThe attachment order.pdf was removed by the mail gateway.\r\n--")
	return out, out != m
}

// depth is how many cases of a kind are tried: usual, all of them with TODOKU_TEST_ALL=1, or a flood with TODOKU_FULL=1.
func depth(usual, all, flood int) int {
	switch {
	case os.Getenv("TODOKU_FULL") != "":
		return flood
	case os.Getenv("TODOKU_TEST_ALL") != "":
		return all
	}
	return usual
}

// TestWays: mails of many shapes and forms, each changed in one known way.
func TestWays(t *testing.T) {
	t.Parallel()
	all := shapes()
	total, named, wrong := 0, 0, 0
	each := depth(1, 2, 10)
	for _, w := range ways() {
		n := 0
		for k := 0; k < len(all)*len(forms) && n < each; k++ {
			s, f := all[k%len(all)], forms[(k/len(all)+k)%len(forms)]
			m, ok := w.change(f.sign(t, s.text), s.name, f)
			if !ok {
				continue
			}
			n++
			total++
			a, sig := find(t, m)
			if sig.Result == "pass" {
				t.Errorf("%s of %s: nothing is broken", w.name, s.name)
				continue
			}
			told, misled := judge(a, w.kind)
			if told {
				named++
			} else {
				t.Logf("%s of %s (%d): not named: %s", w.name, s.name, k, short(a))
			}
			if misled {
				wrong++
				t.Errorf("%s of %s (%d): a wrong one with certainty: %s", w.name, s.name, k, short(a))
			}
		}
		if n == 0 {
			t.Errorf("%s: fits no mail", w.name)
		}
	}
	t.Logf("%d of %d named, %d wrong with certainty, %d ways", named, total, wrong, len(ways()))
	if total < 48*min(each, 2) || named*100 < total*95 {
		t.Errorf("%d of %d named", named, total)
	}
}

// short tells an answer in one line.
func short(a altered.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "body %s, header %s %v", a.Body, a.Header, a.Bounds)
	for _, c := range a.Changes {
		fmt.Fprintf(&b, "; %s at %s (%v) %.40q > %.40q", c.Kind, c.Where(), c.Certain, c.Was, c.Now)
	}
	return b.String()
}

// beside are changes that come with another one.
var beside = map[altered.Kind][]altered.Kind{
	altered.EncodingChanged: {altered.EncodingField},
	altered.CharsetChanged:  {altered.EncodingChanged, altered.EncodingField, altered.ContentType},
	altered.FooterPartAdded: {altered.FieldRemoved, altered.ContentType, altered.EncodingField},
	altered.FromRewritten:   {altered.ReplyToAdded},
	altered.FooterAdded:     {altered.HTMLFooterAdded}, // to each part
}

// judge says whether a change was named, and whether another one was told with certainty.
func judge(a altered.Answer, kind altered.Kind) (named, misled bool) {
	for _, c := range a.Changes {
		if c.Kind == kind {
			named = true
			continue
		}
		also := false
		for _, k := range beside[kind] {
			also = also || k == c.Kind
		}
		misled = misled || c.Certain && !also
	}
	return named, misled
}
