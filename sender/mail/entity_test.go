package mail

import (
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// TestCharsets: a text is read in the charset it is in, whatever is declared; that it was found out is told.
func TestCharsets(t *testing.T) {
	t.Parallel()
	const ja = "次の宛先にメールを配信できませんでした。理由はメールボックスの容量超過です。"
	const ru = "Ваше письмо не может быть доставлено следующему " +
		"получателю: почтовый ящик переполнен."
	for _, c := range []struct {
		text, declared string
		charset        encoding.Encoding
		told           bool
	}{
		{ja, "iso-2022-jp", japanese.ISO2022JP, false}, {ja, "", japanese.ISO2022JP, true}, {ja, "us-ascii", japanese.ISO2022JP, true},
		{ja, "iso-8859-1", japanese.ISO2022JP, true}, {ja, "Shift_JIS", japanese.ShiftJIS, false}, {ja, "x-sjis", japanese.ShiftJIS, false},
		{ja, "cp932", japanese.ShiftJIS, false}, {ja, "", japanese.ShiftJIS, true}, {ja, "iso-2022-jp", japanese.ShiftJIS, true},
		{ja, "euc-jp", japanese.EUCJP, false}, {ja, "", japanese.EUCJP, true}, {ja, "shift_jis", japanese.EUCJP, true},
		{"①㈱髙﨑 番号 ｱｲｳ", "iso-2022-jp", japanese.ISO2022JP, false}, {"①㈱髙﨑 番号 ｱｲｳ",
			"windows-31j", japanese.ShiftJIS, false},
		{ru, "koi8-r", charmap.KOI8R, false}, {ru, "", charmap.KOI8R, true}, {ru, "windows-1251", charmap.Windows1251, false},
		{ru, "", charmap.Windows1251, true}, {"Das Postfach des Empfängers ist voll, Nachricht nicht zugestellt.", "",
			charmap.Windows1252, true},
		{"La boîte aux lettres est pleine, réessayez", "iso-8859-15", charmap.ISO8859_15, false},
		{"很抱歉，您的邮件无法送达收件人的邮箱", "gb2312", simplifiedchinese.GB18030, false},
		{"很抱歉，您的邮件无法送达收件人的邮箱", "", simplifiedchinese.GB18030, true},
		{"您的郵件無法送達收件人的信箱", "big5", traditionalchinese.Big5, false},
		{"메일을 전송하지 못했습니다 받는 사람을 찾을 수 없습니다", "euc-kr", korean.EUCKR, false},
		{"메일을 전송하지 못했습니다 받는 사람을 찾을 수 없습니다", "", korean.EUCKR, true},
		{ja, "us-ascii", encoding.Nop, true}, {ja, "utf-8", encoding.Nop, false}, {ja, "", encoding.Nop, false},
	} {
		data, err := c.charset.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Errorf("%v cannot hold %q: %v", c.charset, c.text, err)
			continue
		}
		text, note := decodeText(data, c.declared)
		if strings.TrimRight(text, "\n") != c.text || (note.EN != "") != c.told {
			t.Errorf("%v declared as %q: %q, told %q", c.charset, c.declared, text, note.EN)
		}
	}
}

// TestTransferEncodings: what is encoded is decoded, also where the header says something else.
func TestTransferEncodings(t *testing.T) {
	t.Parallel()
	const text = "Your message could not be delivered to bob@example.test: 550 5.1.1 = User unknown, sorry about that."
	b64 := base64.StdEncoding.EncodeToString([]byte(text))
	qp := "Your message could not be delivered to bob@exam=\r\nple.test: 550 5.1.1 =3D User unknown,=20=\r\nsorry about that."
	uu := "begin 644 x\n#0V%T\nend\n"
	for _, c := range [][3]string{
		{"base64", b64[:40] + "\r\n" + b64[40:], text}, {"7bit", b64[:60] + "\n" + b64[60:], text}, {"", b64[:60] + "\n" + b64[60:], text},
		{"base64", text, text}, {"quoted-printable", qp, text}, {"7bit", qp, text}, {"8bit", text, text}, {"x-uuencode", uu, "Cat"},
		{"base64", b64[:40] + "!\n " + b64[40:], text}, {"QUOTED-PRINTABLE", "a=XYb=", "a=XYb"},
	} {
		e := Open([]byte("Content-Type: text/plain\nContent-Transfer-Encoding: " + c[0] + "\n\n" + c[1]))
		if got := e.Text(); got != c[2] {
			t.Errorf("%s: %q", c[0], got)
		}
	}
}

// TestWordsOfHeaders: encoded words are decoded, also where a character is cut between them.
func TestWordsOfHeaders(t *testing.T) {
	t.Parallel()
	raw := []byte("配信エラー")
	cut := "=?UTF-8?B?" + base64.StdEncoding.EncodeToString(raw[:7]) + "?=\r\n =?utf-8?B?" + base64.StdEncoding.EncodeToString(raw[7:]) + "?="
	for in, want := range map[string]string{
		cut: "配信エラー", "=?iso-8859-1?Q?Zustellung_fehlgeschlagen_f=FCr?= bob": "Zustellung fehlgeschlagen für bob",
		"=?iso-2022-jp?B?GyRCR1s/LhsoQg==?= failed": "配信 failed", "plain": "plain", "=?utf-8?B?6YWN": "配", "a =?x?Y?z?= b": "a =?x?Y?z?= b",
		"=?utf-8*ja?Q?=E9=85=8D?=": "配",
	} {
		e := Open([]byte("Subject: " + in + "\n\n"))
		if got := e.Words("Subject"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// TestBrokenStructures: parts are found where the header, the boundary or the lines are broken, and it is told.
func TestBrokenStructures(t *testing.T) {
	t.Parallel()
	const parts = "preamble\n\n--b1\nContent-Type: text/plain\n\none\n\n--b1\nContent-Type: text/html\n\n<p>two</p>\n"
	for name, c := range map[string]struct {
		mail string
		odd  bool
	}{
		"whole":           {"Content-Type: multipart/mixed; boundary=\"b1\"\n\n" + parts + "--b1--\n", false},
		"no boundary":     {"Content-Type: multipart/mixed\n\n" + parts + "--b1--\n", true},
		"wrong":           {"Content-Type: multipart/mixed; boundary=zz\n\n" + parts + "--b1--\n", true},
		"no end":          {"Content-Type: multipart/mixed; boundary=b1\n\n" + parts, true},
		"a CR at its end": {"Content-Type: multipart/mixed; boundary=b1\r\t\xf2\n\n" + strings.ReplaceAll(parts+"--b1--\n", "\n", "\r\n"), true},
		"RFC 2231":        {"Content-Type: multipart/mixed; boundary*0=b; boundary*1=1\n\n" + parts + "--b1--\n", false},
		"From line":       {"From x@y Mon Feb  2 10:00:05 2026\nContent-Type: multipart/mixed; boundary=b1\n\n" + parts + "--b1--\n", true},
		"junk in header":  {"X: y\n!!! junk\nContent-Type: multipart/mixed; boundary=b1\n\n" + parts + "--b1--\n", true},
		"CR CR LF":        {strings.ReplaceAll("Content-Type: multipart/mixed; boundary=b1\n\n"+parts+"--b1--\n", "\n", "\r\r\n"), false},
		"CR":              {strings.ReplaceAll("Content-Type: multipart/mixed; boundary=b1\n\n"+parts+"--b1--\n", "\n", "\r"), true},
	} {
		e := Open([]byte(c.mail))
		if len(e.Parts) != 2 {
			t.Errorf("%s: %d parts", name, len(e.Parts))
			continue
		}
		if one, two := strings.TrimSpace(e.Parts[0].Text()), strings.TrimSpace(e.Parts[1].Text()); one != "one" || two != "two" {
			t.Errorf("%s: %q, %q", name, one, two)
		}
		if (len(e.Notes()) > 0) != c.odd {
			t.Errorf("%s: told %v", name, e.Notes())
		}
	}
}

// TestTextOfHTML: the words stand in lines, what is hidden does not, and an address in brackets stays.
func TestTextOfHTML(t *testing.T) {
	t.Parallel()
	const in = "<html><head><title>x</title><style>p{}</style></head><body><p>One&nbsp;two</p><!-- no --><div>three<br>four</div>" +
		"<table><tr><td>To:</td><td><bob@example.test></td></tr></table><script>no()</script>550 &lt;x&gt;</body></html>"
	got := strings.Join(strings.Fields(strings.ReplaceAll(textOfHTML(in), "\n", " / ")), " ")
	for _, want := range []string{"One two", "three / four", "To: <bob@example.test>", "550 <x>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "no") || strings.Contains(got, "p{}") {
		t.Errorf("%q", got)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; " +
		"charset=iso-2022-jp\n\n\x1b$B0!\x1b(B\n--b--\n"))
	f.Add([]byte("Subject: =?utf-8?B?6YWN?=\nContent-Transfer-Encoding: base64\n\nAAAA\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		var walk func(e *Entity, depth int)
		walk = func(e *Entity, depth int) {
			e.Text()
			e.Words("Subject")
			e.Mailbox("From")
			if strings.HasPrefix(e.Type, "message/") && depth < maxDepth {
				walk(e.InnerMail(depth+1), depth+1)
			}
			for _, p := range e.Parts {
				walk(p, depth+1)
			}
		}
		walk(Open(data), 0)
	})
}
