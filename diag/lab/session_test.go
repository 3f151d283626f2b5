package lab_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"todoku/diag/lab"
)

const at = "192.0.2.200"

// server is a lab with one mail server.
func server(t testing.TB, r lab.Receiver) *lab.Lab {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader("one.test. MX 10 mx.one.test.\nmx.one.test. A "+at+"\n"), "one")
	if err != nil {
		t.Fatal(err)
	}
	r.Name = "mx.one.test"
	w.Put(r, netip.MustParseAddr(at))
	return run(t, w)
}

// TestSessionIsKeptAsItWas compares what both sides wrote down.
func TestSessionIsKeptAsItWas(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{Ports: []uint16{25, 465}, Users: map[string]string{"u": "p"},
		Body: lab.Say{Reply: "250 2.0.0 one\n2.0.0 two\n2.0.0 three"}})
	for _, port := range []string{"25", "465"} {
		c := call(t, l, "mx.one.test:"+port)
		secure := func() {
			if err := c.startTLS(&tls.Config{RootCAs: l.Roots(), ServerName: "mx.one.test"}); err != nil {
				t.Fatal(err)
			}
		}
		if port == "465" {
			secure()
		}
		c.reply()
		c.want(250, "EHLO 例え.test")
		if port == "25" {
			c.want(220, "STARTTLS")
			secure()
			c.want(503, "MAIL FROM:<a@one.test>")
			c.want(250, "EHLO out.lab.test")
		}
		c.want(334, "AUTH LOGIN")
		c.want(334, b64("u"))
		c.want(235, b64("p"))
		c.want(250, "MAIL FROM:<a@one.test> SMTPUTF8 BODY=8BITMIME SIZE=30 RET=HDRS ENVID=e1")
		c.want(250, "RCPT TO:<利用者@one.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;u@one.test")
		c.want(354, "DATA")
		const text = "Subject: x\r\n\r\n..dot\r\n.\r\n"
		if _, err := c.c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		c.said = append(c.said, lab.Line{Client: true, TLS: true, Octets: len("Subject: x\r\n\r\n.dot\r\n")})
		if code, lines := c.reply(); code != 250 || len(lines) != 3 {
			t.Errorf("%d %q", code, lines)
		}
		c.want(221, "QUIT")
		s := l.Sessions()[len(l.Sessions())-1]
		for i := range s.Lines {
			s.Lines[i].At = 0
		}
		if !slices.Equal(s.Lines, c.said) || s.Host != "mx.one.test" || fmt.Sprint(s.Port) != port {
			t.Errorf("port %s:\n%+v\n%+v", port, s.Lines, c.said)
		}
	}
	m := l.Messages("利用者@ONE.test")
	if len(m) != 2 || string(m[0].Data) != "Subject: x\r\n\r\n.dot\r\n" || m[0].User != "u" || !m[0].TLS || m[0].Hello != "out.lab.test" ||
		!slices.Contains(m[0].MailArgs, "ENVID=e1") || m[0].To[0].Args[0] != "NOTIFY=SUCCESS,FAILURE" || len(l.Messages("a@one.test")) != 0 {
		t.Errorf("%+v", m)
	}
}

// TestAnotherClient is go-smtp's view of a well-behaved receiver.
func TestAnotherClient(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{Users: map[string]string{"u": "p"}, LoginFirst: true})
	body := strings.Repeat("日本語 and . dots\r\n.\r\n..\r\n", 5000)
	for _, login := range []sasl.Client{sasl.NewPlainClient("", "u", "p"), sasl.NewLoginClient("u", "p")} {
		nc, err := l.Dial(t.Context(), "tcp", at+":25")
		if err != nil {
			t.Fatal(err)
		}
		c, err := smtp.NewClientStartTLS(nc, &tls.Config{RootCAs: l.Roots(), ServerName: "mx.one.test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(login); err != nil {
			t.Fatal(err)
		}
		if err := c.SendMail("a@one.test", []string{"b@one.test", "c@one.test"}, strings.NewReader(body)); err != nil {
			t.Fatal(err)
		}
		if err := c.Quit(); err != nil {
			t.Fatal(err)
		}
	}
	got := l.Messages("c@one.test")
	if len(got) != 2 || !bytes.Equal(got[0].Data, []byte(body)) || len(got[1].To) != 2 {
		t.Errorf("%d messages", len(got))
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{Users: map[string]string{"u": "p"}, Guest: "g", LoginFirst: true, Clear: true})
	for _, c := range []struct {
		lines string // separated by " | "
		code  int
	}{
		{"AUTH PLAIN " + b64("\x00u\x00p"), 235},
		{"AUTH plain | " + b64("u\x00u\x00p"), 235},
		{"AUTH PLAIN " + b64("\x00g\x00"), 235},
		{"AUTH PLAIN " + b64("\x00u\x00P"), 535},
		{"AUTH PLAIN " + b64("\x00nobody\x00"), 535},
		{"AUTH PLAIN =", 501},
		{"AUTH PLAIN !", 501},
		{"AUTH PLAIN | *", 501},
		{"AUTH LOGIN " + b64("u") + " | " + b64("p"), 235},
		{"AUTH LOGIN | " + b64("u") + " | *", 501},
		{"AUTH XOAUTH2 " + b64("user=u\x01auth=Bearer p\x01\x01"), 235},
		{"AUTH XOAUTH2 " + b64("user=u\x01auth=Bearer q\x01\x01") + " | ", 535},
		{"AUTH CRAM-MD5", 504},
		{"AUTH PLAIN " + b64("\x00u\x00p") + " | AUTH PLAIN " + b64("\x00u\x00p"), 503},
		{"MAIL FROM:<a@one.test>", 530},
	} {
		s := call(t, l, at+":25")
		s.reply()
		s.want(250, "EHLO x")
		code := 0
		for _, line := range strings.Split(c.lines, " | ") {
			code = s.ask(line)
		}
		if code != c.code {
			t.Errorf("%s: %d, want %d", c.lines, code, c.code)
		}
	}
	// RFC 4954 §4: not without encryption, unless the script says so.
	s := call(t, server(t, lab.Receiver{Users: map[string]string{"u": "p"}}), at+":25")
	s.reply()
	s.want(250, "EHLO x")
	s.want(538, "AUTH PLAIN "+b64("\x00u\x00p"))
}

func TestRulesOfTheProtocol(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{Size: 1000, Lacks: []string{"DSN"}, Known: []string{"user*", "postmaster"}, VRFY: true,
		To: map[string]lab.Say{"user1": {Reply: "450 4.2.0 <{to}> later, {from}"}}})
	s := call(t, l, at+":25")
	s.reply()
	for _, c := range []struct {
		code int
		line string
	}{
		{503, "MAIL FROM:<a@one.test>"}, {501, "EHLO"}, {250, "EHLO x"}, {503, "RCPT TO:<user@one.test>"}, {503, "DATA"},
		{501, "MAIL FROM: <a@one.test>"}, {501, "MAIL FROM:<a@one.test"}, {501, "MAIL FROM:<a b@one.test>"},
		{501, "MAIL FROM:<a>"}, {501, "MAIL FROM:<a@b>SIZE=1"},
		{555, "MAIL FROM:<a@one.test> RET=FULL"}, {555, "MAIL FROM:<a@one.test> AUTHOR=x"}, {550, "MAIL FROM:<あ@one.test>"},
		{552, "MAIL FROM:<a@one.test> SIZE=1001"},
		{552, "MAIL FROM:<a@one.test> SIZE=99999999999999999999"}, {250, "mail from:<\"a b>\\\"\"@one.test> size=10"}, {503, "MAIL FROM:<>"},
		{250, "RCPT TO:<Postmaster>"}, {250, "RCPT TO:<user@one.test>"}, {550, "RCPT TO:<nobody@one.test>"},
		{450, "RCPT TO:<USER1@one.test>"}, {553, "RCPT TO:<userあ@one.test>"},
		{501, "DATA now"}, {250, "RSET"}, {503, "DATA"}, {250, "MAIL FROM:<> SMTPUTF8"}, {250, "RCPT TO:<userあ@one.test>"},
		{250, "VRFY user@one.test"}, {550, "VRFY <nobody@one.test>"}, {250, "NOOP"}, {214, "HELP"}, {502, "EXPN list"}, {502, "AUTH PLAIN"},
	} {
		s.want(c.code, c.line)
	}
	s = call(t, l, at+":25")
	s.reply()
	s.want(250, "EHLO x")
	s.want(250, "MAIL FROM:<>")
	s.want(250, "RCPT TO:<user@one.test>")
	s.want(354, "DATA")
	s.want(552, strings.Repeat("x", 999)+"\r\n.")
	s.want(503, "DATA")
	s.want(221, "QUIT")
	if code, _ := s.reply(); code != 0 || len(l.Messages("")) != 0 {
		t.Errorf("%d, %d messages", code, len(l.Messages("")))
	}
}

// TestManyAtOnce pipelines (RFC 2920).
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := call(t, server(t, lab.Receiver{}), at+":25")
	s.reply()
	s.want(250, "EHLO x")
	s.say("MAIL FROM:<a@one.test>\r\nRCPT TO:<b@one.test>\r\nRCPT TO:<bad>\r\nDATA")
	for _, want := range []int{250, 250, 501, 354} {
		if code, _ := s.reply(); code != want {
			t.Errorf("%d, want %d", code, want)
		}
	}
	s.say("x\r\n.\r\nQUIT")
	for _, want := range []int{250, 221} {
		if code, _ := s.reply(); code != want {
			t.Errorf("%d, want %d", code, want)
		}
	}
}
