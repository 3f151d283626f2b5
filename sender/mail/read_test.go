package mail_test

import (
	"bytes"
	"io"
	netmail "net/mail"
	"strings"
	"testing"

	"todoku/sender/mail"
)

func TestRead(t *testing.T) {
	t.Parallel()
	r, err := mail.Read([]byte("From: News\r\n\t<news@a.test>\r\nReceived: one\r\nreceived: two\r\nReturn-Path: " +
		"<>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0900\r\n\r\nbody\r\n\r\nend"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Get("from") != "News <news@a.test>" || r.Mailbox("From") != "news@a.test" ||
		strings.Join(r.All("Received"), " ") != "one two" || r.Mailbox("Return-Path") != "" || string(r.Body) != "body\r\n\r\nend" {
		t.Errorf("%+v", r)
	}
	if when, ok := r.Date(); !ok || when.UTC().Hour() != 3 {
		t.Errorf("%v, %t", when, ok)
	}
	if _, ok := (&mail.Received{}).Date(); ok {
		t.Error("a date without Date")
	}
	if r, err := mail.Read([]byte("From: a@x.test")); err != nil || r.Mailbox("From") != "a@x.test" || r.Body != nil {
		t.Errorf("a header alone: %+v, %v", r, err)
	}
	for _, bad := range []string{"", "no header\n\n", " folded: x\n\n", "From: a\nno field\n\n"} {
		if _, err := mail.Read([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestFirstAddress(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"News <news@a.test>, b@a.test": "news@a.test", `"a b"@a.test`: `"a b"@a.test`, `Me <".a"@a.test>`: `".a"@a.test`,
		`"plain"@a.test`: "plain@a.test", `"a\"b"@a.test`: `"a\"b"@a.test`, "利用者@例え.test": "利用者@例え.test",
		"a@[192.0.2.1]": "a@[192.0.2.1]", "<a..b@docomo.ne.jp>": "a..b@docomo.ne.jp", "": "",
	} {
		if got := mail.FirstAddress(value); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// FuzzRead compares with the standard library.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"From: a@x.test\r\nTo: b\r\n c\r\n\r\nbody", "A:\n\n", "a: b\n\t\n\nc", ": x\nA: b",
		"A : b\r\n\r\n", "A: b\n\r\n", "A: b\r\r\n\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.ContainsAny(data, "\r") && bytes.Count(data, []byte("\r")) != bytes.Count(data, []byte("\r\n")) {
			return // the library has its own ways with a bare CR
		}
		want, err := netmail.ReadMessage(bytes.NewReader(data))
		got, ours := mail.Read(data)
		if (err == nil) != (ours == nil) {
			t.Fatalf("%q: %v, the library has %v", data, ours, err)
		}
		if err != nil {
			return
		}
		body, _ := io.ReadAll(want.Body)
		if !bytes.Equal(body, got.Body) {
			t.Errorf("%q: body %q, the library has %q", data, got.Body, body)
		}
		for _, name := range []string{"From", "A", "To"} {
			if got.Get(name) != want.Header.Get(name) || len(got.All(name)) != len(want.Header[name]) {
				t.Errorf("%q: %s is %q, the library has %q", data, name, got.Get(name), want.Header.Get(name))
			}
		}
	})
}
