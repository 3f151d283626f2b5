package content_test

import (
	"slices"
	"strings"
	"testing"

	"todoku/diag/content"
)

// marksOf are the marks of the links of a mail: "host:mark,mark".
func marksOf(c *content.Content) string {
	var out []string
	for _, l := range c.Links {
		var marks []string
		for _, m := range l.Marks {
			marks = append(marks, string(m))
		}
		out = append(out, l.Host+":"+strings.Join(marks, ","))
	}
	return strings.Join(out, " ")
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, mail, want string }{
		{"plain text", plain("A", "詳細はこちら。https://www.example.jp/a?b=1、または(https://example.jp/b)。\n"),
			"www.example.jp: example.jp:"},
		{"http", plain("A", "http://example.jp/\n"), "example.jp:http"},
		{"sentence", plain("A", "See https://example.jp/a_(b). Or <https://example.jp/c>!\n"), "example.jp: example.jp:"},
		{"the same host", html("A", `<a href="https://shop.example.jp/x">www.example.jp</a>`), "shop.example.jp:"},
		{"another host", html("A", `<a href="https://evil.test/x">https://www.bank.test/login</a>`), "evil.test:elsewhere"},
		{"another host, bare", html("A", `<a href="https://evil.test/x">bank.co.jp</a>`), "evil.test:elsewhere"},
		{"counted by a service", html("A", `<a href="https://u1.ct.sendgrid.net/ls/click?upn=1">https://www.partner.test/</a>`),
			"u1.ct.sendgrid.net:tracked"},
		{"counted by the sender", html("A", `<a href="https://click.example.jp/c/1">https://www.partner.test/</a>`),
			"click.example.jp:tracked"},
		{"own name behind a counter", html("A", `<a href="https://t.other.test/click/1">www.example.jp</a>`), "t.other.test:tracked"},
		{"words", html("A", `<a href="https://partner.test/">詳しくはこちら v1.2</a>`), "partner.test:"},
		{"a file name", html("A", `<a href="https://example.jp/d">report.xlsx</a><a href="https://example.jp/e">setup.sh</a>`),
			"example.jp: example.jp:"},
		{"short", html("A", `<a href="https://bit.ly/3abc">こちら</a>`), "bit.ly:short"},
		{"number", plain("A", "https://192.0.2.1/a http://[2001:db8::1]/\n"), "192.0.2.1:ip 2001:db8::1:http,ip"},
		{"IDN", plain("A", "https://xn--r8jz45g.test/\n"), "xn--r8jz45g.test:"},
		{"lookalike, mixed", html("A", `<a href="https://xn--pypal-4ve.com/">A</a>`), "xn--pypal-4ve.com:lookalike"},
		{"lookalike, whole", html("A", `<a href="https://xn--80ak6aa92e.com/">A</a>`), "xn--80ak6aa92e.com:lookalike"},
		{"Russian name", html("A", `<a href="https://xn--80aswg.xn--p1ai/">A</a>`), "xn--80aswg.xn--p1ai:"},
		{"name before the host", html("A", `<a href="https://www.bank.test@evil.test/">A</a>`), "evil.test:userinfo"},
		{"program", html("A", `<a href="javascript:alert(1)">A</a>`), ":program"},
		{"broken", html("A", `<a href="https://">A</a>`), ":broken"},
		{"a blank in the path", html("A", `<a href="https://example.jp/a b?c=100%">A</a>`), "example.jp:"},
		{"a blank in the host", html("A", `<a href="https://exam ple.jp/">A</a>`), ":broken"},
		{"no web link", html("A", `<a href="mailto:a@example.jp">a@example.jp</a><a href="tel:+81">+81</a><a href="#top">top</a>`), ": :"},
	} {
		if got := marksOf(look(c.mail)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMarkup(t *testing.T) {
	t.Parallel()
	m := look(html("A", `<style>a{}</style><form action="x"><input></form><script>1</script><p onclick="x()">Hi</p><iframe src="x"></iframe>
<img src="http://e.jp/a.png"><img src="b.png" alt=""><img src="c.png" alt="C"><img width="1" height="1" src="p">
<div style="display: none">hidden words</div><meta http-equiv="refresh" content="0">`)).Markup
	if m.Forms != 1 || m.Scripts != 2 || m.Frames != 1 || !m.Refresh || m.Hidden != 11 {
		t.Errorf("%+v", m)
	}
	if want := (content.Images{All: 3, Pixels: 1, NoAlt: 1, Unencrypted: 1}); m.Images != want {
		t.Errorf("%+v", m.Images)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	two := func(a, b string) content.Words {
		return look("From: a@example.jp\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" +
			"Content-Type: text/plain\n\n" + a +
			"\n--b\nContent-Type: text/html\n\n" + b + "\n--b--\n").Words
	}
	same := two("Our shop opens on Monday. Come and see us!", "<p>Our shop <b>opens</b> on Monday.</p><p>Come and see us!</p>")
	if !same.Plain || !same.HTML || same.Alike < 95 {
		t.Errorf("%+v", same)
	}
	if other := two("Your mail program cannot show this",
		"<p>Dear Taro, our shop opens on Monday with many new books</p>"); other.Alike > 30 {
		t.Errorf("%+v", other)
	}
	if w := look(plain("RE: HELLO NEWS FOR YOU!!!", "A")).Words; !w.Reply || w.Thread || !w.Shouting || w.Marks != 3 || w.HTML {
		t.Errorf("%+v", w)
	}
	if w := look(plain("お知らせ!", "株式会社サンプル")).Words; w.Reply || w.Shouting || w.Marks != 1 || !w.Japanese ||
		!w.Address {
		t.Errorf("%+v", w)
	}
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	const post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
	for _, c := range []struct {
		fields, faults, uris string
		oneClick             bool
	}{
		{"List-Unsubscribe: <https://example.jp/u?t=1>, <mailto:u@example.jp?subject=x>\n" + post, "",
			"https://example.jp/u?t=1 mailto:u@example.jp?subject=x", true},
		{"List-Unsubscribe: <mailto:u@example.jp>,\n <https://example.jp/u>\n" + post, "", "mailto:u@example.jp https://example.jp/u", true},
		{"List-Unsubscribe: (Click here) <https://example.jp/u>\n" + post, "", "https://example.jp/u", true},
		{"List-Unsubscribe: <https://example.jp/u>\n", "", "https://example.jp/u", false},
		{"List-Unsubscribe: <http://example.jp/u>\n" + post, "", "http://example.jp/u", false},
		{"List-Unsubscribe: <mailto:u@example.jp>\n" + post, "", "mailto:u@example.jp", false},
		{"List-Unsubscribe: https://example.jp/u\n" + post, "no_brackets", "https://example.jp/u", true},
		{"List-Unsubscribe: <https://example.jp/u\n" + post, "no_brackets", "https://example.jp/u", true},
		{"List-Unsubscribe: <https://example.jp/\n u>\n" + post, "spaces", "https://example.jp/u", true},
		{"List-Unsubscribe:\n", "empty", "", false},
		{"List-Unsubscribe: <>\n", "empty", "", false},
		{"List-Unsubscribe: <example.jp/u>\n", "bad_uri", "example.jp/u", false},
		{"List-Unsubscribe: <https://example.jp/u>\nList-Unsubscribe-Post: One-Click\n", "", "https://example.jp/u", false},
		{"List-Unsubscribe: <https://example.jp/u>\nList-Unsubscribe: <https://example.jp/v>\n" + post, "", "https://example.jp/u", false},
		{"", "", "", false},
	} {
		u := look("From: a@example.jp\n" + c.fields + "\nText\n").Unsubscribe
		if got := strings.Join(u.Faults, " "); got != c.faults || strings.Join(u.URIs, " ") != c.uris || u.OneClick != c.oneClick {
			t.Errorf("%q: %+v", c.fields, u)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	file := func(name, body string) []content.File {
		return look("From: a@example.jp\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" +
			"Hello\n--b\n" +
			"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"" + name +
			"\"\nContent-Transfer-Encoding: base64\n\n" +
			body + "\n--b--\n").Files
	}
	for name, want := range map[string]content.Danger{
		"a.pdf": content.Harmless, "見積書.xlsx": content.Harmless, "a.exe": content.Executable, "A.JS": content.Executable,
		"disk.iso":        content.Executable,
		"invoice.pdf.exe": content.Disguised, "v1.2.exe": content.Executable, "a\u202efdp.exe": content.Disguised, "a.docm": content.Macros,
		"image.png": content.Harmless, "archive.tar.gz": content.Harmless,
	} {
		if got := file(name, "AAAA"); len(got) != 1 || got[0].Danger != want || got[0].Name != name {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, c := range []struct {
		entry  string
		locked bool
		want   content.Danger
	}{{"a.pdf", false, content.Harmless}, {"a.exe", false, content.InArchive}, {"a.pdf", true, content.Locked}} {
		if got := file("a.zip", zipOf(t, c.entry, c.locked)); got[0].Danger != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// TestBounds: a mail of many links, placeholders and parts ends, and tells what was left out.
func TestBounds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1000 {
		b.WriteString("https://example.jp/" + strings.Repeat("a", i%50) + string(rune('a'+i%26)) + " {{n" + strings.Repeat("x", i%40) +
			string(rune('a'+i/40)) + "}}\n")
	}
	c := look(plain("A", b.String()))
	if c.More.Links == 0 || c.More.Placeholders == 0 || len(c.Links) > 300 || len(c.Placeholders) > 50 {
		t.Errorf("%d %d %+v", len(c.Links), len(c.Placeholders), c.More)
	}
	deep := strings.Repeat("<div hidden>", 100_000) + "x"
	if got := look(html("A", deep)); got.Markup == nil || slices.ContainsFunc(got.Placeholders,
		func(content.Placeholder) bool { return true }) {
		t.Error("deep HTML")
	}
}
