package mail_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/sender/mail"
)

func TestParseEML(t *testing.T) {
	t.Parallel()
	m, err := mail.ParseEML([]byte("From: =?ISO-2022-JP?B?GyRCQXc/LhsoQg==?=\n <a@x.test>\nTo: b@y.test, " +
		"c@y.test\nSubject: =?UTF-8?B?44GC?=\nDate: x\nMessage-ID: <1@x>\n\nbody\n.\nend"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(m.Bytes()), "\r\n\r\nbody\r\n.\r\nend\r\n") || m.From.String() != "a@x.test" ||
		m.From.Name() != "送信" || len(m.To) != 2 || m.Subject != "あ" || m.ID != "1@x" {
		t.Errorf("%+v", m)
	}
	if len(m.Notes) != 0 || m.NeedsUTF8() || m.EightBit() {
		t.Errorf("%+v", m.Notes)
	}
	crlf := "From: a@x.test\r\nDate: x\r\nMessage-ID: <1@x>\r\n\r\nas it\r\nis\r\n"
	if m, err = mail.ParseEML([]byte(crlf)); err != nil || string(m.Bytes()) != crlf {
		t.Errorf("%v: changed", err)
	}
}

// TestParseEMLIsWhatGoesOut: the mail that is signed, measured and kept has the
// line ends that it has on the wire.
func TestParseEMLIsWhatGoesOut(t *testing.T) {
	t.Parallel()
	m, err := mail.ParseEML([]byte("From: a@x.test\r\n\r\na\rb\r\r\nc\n\rd\r"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "From: a@x.test\r\n\r\na\r\nb\r\n\r\nc\r\n\r\nd\r\n"; string(m.Bytes()) != want {
		t.Errorf("%q, want %q", m.Bytes(), want)
	}
}

func TestParseEMLDoubts(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Subject: x\n\n":                                "From",
		"From: a@x.test\n\n":                            "Message-ID",
		"From: a@x.test\nMessage-ID: <1>\n\n":           "Date",
		"From: a@x.test\nBcc: b@x.test\n\n":             "Bcc",
		"From: a@x.test\n\n" + strings.Repeat("x", 999): "998",
		"From: a@x.test\n\na\rb":                        "CR",
		"From: a@x.test\n\na\x00b":                      "NUL",
	} {
		m, err := mail.ParseEML([]byte(in))
		if err != nil {
			t.Errorf("%.40q: %v", in, err)
			continue
		}
		found := false
		for _, n := range m.Notes {
			found = found || strings.Contains(n.EN, want) && n.JA != ""
		}
		if !found {
			t.Errorf("%.40q: %v, want %s", in, m.Notes, want)
		}
	}
	for _, bad := range []string{"", "\n\nx", "no header here\n\n", " folded: x\n\n"} {
		if _, err := mail.ParseEML([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	m, _ := mail.ParseEML([]byte("From: a@x.test\nSubject: あ\n\nあ\n"))
	if !m.NeedsUTF8() || !m.EightBit() {
		t.Error("UTF-8 went unseen")
	}
}

// TestBccStaysHere: whoever is named there is told to nobody, however the field is written.
func TestBccStaysHere(t *testing.T) {
	t.Parallel()
	const before, after = "From: a@x.test\r\n", "Subject: x\r\n\r\nBcc: stays@x.test\r\n"
	for _, field := range []string{
		"Bcc: b@x.test\r\n", "bcc: b@x.test\n", "BCC : b@x.test\r\n", "Bcc\t:b@x.test\r",
		"Bcc: Hanako <b@x.test>,\r\n\t<b@y.test>\r\n", "Bcc:\r\n b@x.test\r\n",
		"Bcc\r\n : b@x.test\r\n", "Resent-Bcc: b@x.test\r\n", "resent-bcc:\n b@x.test\n", "Bcc: b@x.test\r\nTo: c@x.test\r\nbCC: b@y.test\r\n",
	} {
		m, err := mail.ParseEML([]byte(before + field + after))
		if err != nil {
			t.Errorf("%q: %v", field, err)
			continue
		}
		got := string(m.Bytes())
		if strings.Contains(got, "b@") || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) ||
			strings.Contains(field, "To") != strings.Contains(got, "To: c@x.test\r\n") || m.Size() != int64(len(got)) {
			t.Errorf("%q: %q", field, got)
		}
		if !slices.ContainsFunc(m.Notes, func(n codes.Text) bool { return strings.Contains(n.EN, "Bcc") && strings.Contains(n.JA, "Bcc") }) {
			t.Errorf("%q: it is not told: %v", field, m.Notes)
		}
	}
	for _, field := range []string{"X-Bcc: b@x.test\r\n", "Cc: b@x.test\r\n", "Comments: none\r\n Bcc: b@x.test\r\n"} {
		if m, err := mail.ParseEML([]byte(before + field + after)); err != nil || string(m.Bytes()) != before+field+after {
			t.Errorf("%q went, too: %v", field, err)
		}
	}
	if _, err := mail.ParseEML([]byte("Bcc: b@x.test\r\n\r\nbody")); err == nil {
		t.Error("a mail without a header was taken")
	}
}

func FuzzParseEML(f *testing.F) {
	f.Add([]byte("From: a@x.test\nTo: b@y.test,\n c@y.test\n\nbody"))
	f.Add([]byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := mail.ParseEML(data)
		if err != nil {
			return
		}
		again, err := mail.ParseEML(m.Bytes())
		if err != nil || !bytes.Equal(again.Bytes(), m.Bytes()) {
			t.Errorf("%q changed again: %v", m.Bytes(), err)
		}
	})
}
