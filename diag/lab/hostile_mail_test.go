package lab_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"todoku/diag/lab"
)

func TestRoads(t *testing.T) {
	t.Parallel()
	l := open(t)
	for addr, want := range map[string]error{
		"192.0.2.91:25":          syscall.ECONNREFUSED, // nobody there
		"[2001:db8::91]:25":      syscall.ECONNREFUSED,
		"mx.closed.test:25":      syscall.ECONNREFUSED,
		"mx.takes.test:587":      syscall.ECONNREFUSED, // another port
		"mx.unreachable.test:25": syscall.EHOSTUNREACH,
	} {
		c, err := l.Dial(t.Context(), "tcp", addr)
		var op *net.OpError
		if !errors.Is(err, want) || !errors.As(err, &op) || strings.Contains(op.Addr.String(), "127.0.0.1") {
			t.Errorf("%s: %v, %v", addr, c, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := l.Dial(ctx, "tcp", "mx.never-answers.test:25")
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("silence: %v", err)
	}
	var missing *net.DNSError
	if _, err := l.Dial(t.Context(), "tcp", "gone.takes.test:25"); !errors.As(err, &missing) || !missing.IsNotFound {
		t.Error(err)
	}
	for _, addr := range []string{"192.0.2.25", "192.0.2.25:x", "192.0.2.25:70000", ":25"} {
		if c, err := l.Dial(t.Context(), "tcp", addr); err == nil {
			c.Close()
			t.Errorf("%s was reached", addr)
		}
	}
	for _, addr := range []string{"mx1.lab.test:25", "192.0.2.25:25", "[2001:db8::25]:25"} {
		c := call(t, l, addr)
		if code, _ := c.reply(); code != 220 || !strings.HasSuffix(c.c.RemoteAddr().String(), ":25") {
			t.Errorf("%s: %d from %s", addr, code, c.c.RemoteAddr())
		}
	}
}

// TestOpenMail: the same servers on ports that other programs can find.
func TestOpenMail(t *testing.T) {
	t.Parallel()
	l := open(t)
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:2525", "localhost:0", ""} {
		if _, err := l.OpenMail(addr); err == nil {
			t.Errorf("%q was taken", addr)
		}
	}
	doors, err := l.OpenMail("127.0.0.1:0")
	if err != nil || len(doors) < 80 || doors[0].Domain != "healthy.test" {
		t.Fatal(len(doors), err)
	}
	for _, d := range doors {
		if d.Domain != "user-unknown.test" {
			continue
		}
		c, err := net.Dial("tcp", d.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		b := make([]byte, 100)
		if n, _ := c.Read(b); !strings.HasPrefix(string(b[:n]), "220 mx.user-unknown.test ") {
			t.Errorf("%q", b[:n])
		}
		return
	}
	t.Error("not among them")
}

// TestHostileClients: what a client sends costs little and is answered.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{})
	s := call(t, l, at+":25")
	s.reply()
	s.want(500, strings.Repeat("x", 1<<20))
	s.want(500, "NOOP\x00")
	s.want(500, "NOOP\rQUIT")
	s.want(250, "EHLO x")
	codes := map[int]int{}
	s.say(strings.Repeat("garbage\r\n", 100) + "\xff\xfe\x00")
	for {
		code, _ := s.reply()
		if codes[code]++; code == 0 {
			break
		}
	}
	if codes[500] < 10 || codes[421] != 1 {
		t.Errorf("%v", codes)
	}
	// Only CRLF . CRLF ends a message.
	s = call(t, l, at+":25")
	s.reply()
	s.want(250, "EHLO x")
	s.want(250, "MAIL FROM:<a@one.test>")
	s.want(250, "RCPT TO:<b@one.test>")
	s.want(354, "DATA")
	s.want(250, "a\n.\r\nMAIL FROM:<evil@one.test>\r\n.\nb\r.\r\nc\n.\n"+strings.Repeat("l", 12_288)+"\r\n"+
		strings.Repeat("l", 12_289)+"\r\n.")
	if m := l.Messages("b@one.test"); len(m) != 1 || !strings.Contains(string(m[0].Data), "evil") || len(l.Messages("")) != 1 {
		t.Errorf("%+v", m)
	}
	// RFC 3207 §5: what is said before TLS is not heard within it.
	s = call(t, l, at+":25")
	s.reply()
	s.want(250, "EHLO x")
	s.want(220, "STARTTLS\r\nNOOP")
	if err := s.startTLS(&tls.Config{RootCAs: l.Roots(), ServerName: "mx.one.test"}); err != nil {
		t.Fatal(err)
	}
	s.want(503, "MAIL FROM:<a@one.test>")
}

// TestSmuggledReplies come in the clear, together with the go-ahead.
func TestSmuggledReplies(t *testing.T) {
	t.Parallel()
	s := call(t, open(t), "mx.starttls-smuggles.test:25")
	s.reply()
	s.want(250, "EHLO x")
	s.want(220, "STARTTLS")
	if b, _ := s.r.Peek(5); string(b) != "250-s" {
		t.Errorf("%q", b)
	}
}

// TestCrowd: ten thousand clients that come and say nothing.
func TestCrowd(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{})
	var wg sync.WaitGroup
	room := make(chan struct{}, 400)
	turned := make(chan bool, 10_000)
	for range 10_000 {
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			c, err := l.Dial(context.Background(), "tcp", at+":25")
			if err != nil {
				return
			}
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(hung))
			b := make([]byte, 100)
			n, _ := c.Read(b)
			turned <- strings.HasPrefix(string(b[:n]), "421 ")
		})
	}
	wg.Wait()
	if n := len(turned); n < 9_000 {
		t.Errorf("only %d were answered", n)
	}
	s := call(t, l, at+":25") // and the server still serves
	for code, _ := s.reply(); code != 220; code, _ = s.reply() {
		s = call(t, l, at+":25")
	}
	s.want(250, "EHLO x")
	if n := len(l.Sessions()); n > 1000 {
		t.Errorf("%d sessions are kept", n)
	}
}

// TestWhatIsKeptIsBounded: the newest stay.
func TestWhatIsKeptIsBounded(t *testing.T) {
	t.Parallel()
	l := server(t, lab.Receiver{})
	s := call(t, l, at+":25")
	s.reply()
	s.want(250, "EHLO x")
	for i := range 1100 {
		s.want(250, "MAIL FROM:<a@one.test>")
		s.want(250, "RCPT TO:<b@one.test>")
		s.want(354, "DATA")
		if i < 4 {
			s.want(250, strings.Repeat(strings.Repeat("x", 998)+"\r\n", 20_000)+".")
			continue
		}
		s.want(250, "x\r\n.")
	}
	m := l.Messages("")
	if len(m) != 1000 || len(m[0].Data) != 3 {
		t.Errorf("%d messages, the first of %d octets", len(m), len(m[0].Data))
	}
	if k := l.Sessions()[0]; !k.Cut || len(k.Lines) > 1000 {
		t.Errorf("%d lines, cut: %v", len(k.Lines), k.Cut)
	}
}

// TestCloseEndsMail: nobody stays behind, whatever is going on.
func TestCloseEndsMail(t *testing.T) {
	t.Parallel()
	l := open(t)
	for _, host := range []string{"mx1.lab.test", "mx.mute.test", "mx.tarpit.test", "mx.banner-endless.test", "mx.slow.test"} {
		c := call(t, l, host+":25")
		if host == "mx1.lab.test" {
			c.reply()
			c.want(250, "EHLO x")
			c.want(220, "STARTTLS") // and never a handshake
		}
	}
	s := call(t, l, "mx.timeout.test:25")
	s.reply()
	for _, line := range []string{"EHLO x", "MAIL FROM:<a@one.test>", "RCPT TO:<user@timeout.test>"} {
		s.want(250, line)
	}
	s.want(354, "DATA")
	s.say("x\r\n.")
	silent := make(chan error, 1)
	go func() {
		_, err := l.Dial(context.Background(), "tcp", "mx.never-answers.test:25")
		silent <- err
	}()
	l.Close()
	if err := <-silent; err == nil {
		t.Error("connected")
	}
	if _, err := l.Dial(t.Context(), "tcp", "mx.takes.test:25"); err == nil {
		t.Error("still open")
	}
	_, _ = io.Copy(io.Discard, s.c) // returns: it has been closed
}

// FuzzSession: whatever a client says, it gets replies of the right form, and
// an end.
func FuzzSession(f *testing.F) {
	for _, s := range []string{
		"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n..\r\n.\r\nQUIT\r\n",
		"EHLO x\r\nAUTH PLAIN\r\nAHUAcA==\r\nAUTH LOGIN =\r\n*\r\n",
		"EHLO x\r\nAUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIHABAQ==\r\n",
		"STARTTLS\r\n\x16\x03\x01\x00\x05hello", "HELO x\nMAIL FROM:<\"\\\">\"@b> SIZE=1 \nVRFY <>\n", "\x00\r\n\r\r\n \n",
	} {
		f.Add([]byte(s))
	}
	l := server(f, lab.Receiver{Users: map[string]string{"u": "p"}, Clear: true, Size: 1000})
	doors, err := l.OpenMail("127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		c, err := net.Dial("tcp", doors[0].Addr)
		if err != nil {
			t.Skip(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(hung))
		_, _ = c.Write(in)
		_ = c.(*net.TCPConn).CloseWrite()
		out, err := io.ReadAll(c)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("no end")
		}
		text, tls, _ := strings.Cut(string(out), "220 2.0.0 go ahead\r\n")
		lines := strings.Split(text, "\r\n")
		for _, line := range lines[:len(lines)-1] {
			if len(line) < 4 || line[0] < '2' || line[0] > '5' || line[3] != ' ' && line[3] != '-' || strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("%q, then %q", line, tls)
			}
		}
	})
}
