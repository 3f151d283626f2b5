package sender_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	_ "github.com/emersion/go-message/charset"
	gomail "github.com/emersion/go-message/mail"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
)

func address(t testing.TB, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress("test", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// message is a mail of Japanese text to deliver.
func message(t testing.TB, text string) *mail.Message {
	t.Helper()
	m, err := mail.Compose(mail.Draft{
		From: address(t, "送信太郎 <taro@kaisha.test>"), To: []mail.Address{address(t, "x@example.test")},
		Subject: "お知らせ", Text: text, Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// text reads a mail of one text with go-message. It fails where a line is none of a mail.
func text(t testing.TB, raw []byte) (gomail.Header, string) {
	t.Helper()
	for l := range bytes.Lines(raw) {
		if !bytes.HasSuffix(l, []byte("\r\n")) || bytes.ContainsAny(l[:len(l)-2], "\r\n\x00") || len(l) > 1000 {
			t.Errorf("bad line %q", l)
		}
	}
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.Header, strings.ReplaceAll(string(b), "\r\n", "\n")
}

// TestWhatIsReadGoesOut: the mail that is signed, measured and kept has the line
// ends that it has on the wire.
func TestWhatIsReadGoesOut(t *testing.T) {
	t.Parallel()
	m, err := mail.ParseEML([]byte("From: a@x.test\r\n\r\na\rb\r\r\nc\n\rd\r"))
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, nil, says(nil))
	x := newTry(t, to(s))
	x.job.Message = m
	check(t, x.run(t), history.OK, "40000", codes.StageBody)
	if got := s.taken(); len(got) != 1 || got[0] != string(m.Bytes()) {
		t.Errorf("%q arrives as %q", m.Bytes(), got)
	}
}
