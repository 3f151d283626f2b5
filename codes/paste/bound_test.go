package paste

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

// TestParseKeepsWords looks that no word of the server is lost, in any split.
func TestParseKeepsWords(t *testing.T) {
	t.Parallel()
	words := []string{"the", "account", "that", "you", "tried", "is", "not", "there."}
	for cut := range words {
		one, two := strings.Join(words[:cut], " "), strings.Join(words[cut:], " ")
		for _, between := range []string{"\n550 5.1.1 ", " 550 5.1.1 ", "\r\n550 5.1.1 "} {
			p := Parse("host mx.b.example[192.0.2.1] said: 550-5.1.1 " + one + between + two + " (in reply to RCPT TO command)")
			if got := p.Reply.Text(); got != strings.Join(words, " ") || p.Reply.Code != 550 {
				t.Errorf("%d %q: %q", cut, between, got)
			}
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"550 5.1.1 ", "550-5.1.1 x ", "5", " ", "\n", "<", "'550 ", " said: ", "(in reply to ",
		"<<< 550 x\n", "Status: 5.1.1\n", "\n ", "host ", "４", "5.1.", "H="} {
		p := Parse(strings.Repeat(part, 1<<20/len(part)))
		if n := len(p.Reply.Text()); n > maxText+1024 {
			t.Errorf("%q: %d octets", part, n)
		}
	}
}

func TestParseAnything(t *testing.T) {
	t.Parallel()
	if err := quick.Check(func(s string) bool { checkPasted(t, s, Parse(s)); return !t.Failed() }, nil); err != nil {
		t.Error(err)
	}
}

// checkPasted holds for every text.
func checkPasted(t *testing.T, text string, p Found) {
	t.Helper()
	r := p.Reply
	if r.Code != 0 && (r.Code < 200 || r.Code > 579) || p.Format == "" {
		t.Errorf("%q: %+v", text, p)
	}
	for _, line := range r.Lines {
		if line == "" || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\x00\x1b") || len(line) > maxText {
			t.Errorf("%q: line %q", text, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"550 5.1.1 unknown", "550-5.7.26 a\n550 5.7.26 b", "host mx[192.0.2.1] said: 550 x (in reply to RCPT TO command)",
		"to=<a@b>, relay=mx[1]:25, dsn=5.1.1, status=bounced (host mx said: 550 x)",
		"** a@b R=d H=mx [1]: SMTP error from remote mail server after RCPT TO:<a>: 550 x",
		">>> RCPT TO:<a@b>\n<<< 550 x", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 x\n y",
		"Remote Server returned '550 5.1.10 x'", "「５５０　５．１．１」",
		"x did not like our RCPT TO:550 x", "a does not like recipient.\nRemote host said: 550 x", "#< #5.1.1 smtp;550 x>",
		`result="PermFail" stat="550 x"`, "stat=Deferred: 450 x, to=<a>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkPasted(t, s, Parse(s)) })
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"bare", "550 5.1.1 nobody of that name here"},
		{"postfix",
			"Jan  2 03:04:05 out postfix/smtp[550]: 4AbCdE: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, delay=550, " +
				"delays=0/0/1/2, dsn=5.1.1, status=bounced (host mx.b.example[192.0.2.1] said: 550 5.1.1 <a@b.example>: unknown, " +
				"this box is not and has never been here, sorry (in reply to RCPT TO command))"},
		{"text", strings.Repeat("the box is full and nobody reads it ", 8)},
		{"hostile", strings.Repeat("550 5.1.1 ", 1<<20/10)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(c.text)
			}
		})
	}
}
