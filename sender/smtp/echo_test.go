package smtp_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/smtp"
)

// TestNoReplyShowsTheSecret: a relay that repeats the login in any reply after it,
// by each mechanism, gets it into no reply and into no transcript.
func TestNoReplyShowsTheSecret(t *testing.T) {
	t.Parallel()
	const secret = "kR9-secret-x7Q"
	coded := base64.StdEncoding.EncodeToString([]byte("\x00hanako\x00" + secret))
	for _, c := range []struct {
		offer  string
		bearer bool
		login  []string // what the server says to each line of the login
	}{
		{"PLAIN", false, []string{"235 2.7.0 ok " + coded}},
		{"LOGIN", false, []string{"334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0 ok " + secret}},
		{"CRAM-MD5", false, []string{"334 PDFAbXgudGVzdD4=", "235 2.7.0 ok " + secret}},
		{"XOAUTH2", true, []string{"235 2.7.0 ok " + secret}},
		{"OAUTHBEARER", true, []string{"235 2.7.0 ok " + secret}},
		{"XOAUTH2", true, []string{"334 " + base64.StdEncoding.EncodeToString([]byte(`{"status":"401","token":"`+secret+`"}`)), "235 2.7.0 ok"}},
	} {
		t.Run(c.offer, func(t *testing.T) {
			t.Parallel()
			echo := "250-2.0.0 " + secret[:6] + "\r\n250-2.0.0 " + secret[6:] + "\r\n250 2.0.0 ok " + coded
			s, code := loggedIn(t, c.offer, secret, c.bearer, func(l *line) {
				for _, reply := range c.login {
					l.hear()
					l.say(reply)
				}
				for {
					switch command := l.hear(); command {
					case "DATA":
						l.say("354 " + secret + ", please")
						for l.hear() != "." {
						}
						l.say(echo)
					case "QUIT", "":
						l.say("221 2.0.0 bye, " + secret)
						return
					default:
						l.say(echo)
					}
				}
			})
			if code != 235 {
				t.Fatal(code)
			}
			var all []codes.Reply
			heard := func(r codes.Reply, err error) {
				if err != nil {
					t.Error(err)
				}
				all = append(all, r)
			}
			ctx := t.Context()
			heard(s.Hello(ctx))
			heard(s.Mail(ctx, "a@a.test", smtp.MailParams{}))
			heard(s.Rcpt(ctx, "b@b.test", nil))
			heard(s.Data(ctx))
			heard(s.Body(ctx, [][]byte{[]byte("Subject: x\r\n\r\nx\r\n")}, nil))
			heard(s.Noop(ctx))
			heard(s.Reset(ctx))
			s.Quit(ctx)
			raw, err := json.Marshal(struct {
				Replies    []codes.Reply
				Transcript smtp.Transcript
			}{all, s.Transcript()})
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{secret, secret[:6], secret[6:], coded[:12], coded[12:]} {
				if strings.Contains(string(raw), part) {
					t.Errorf("%q is in %s", part, raw)
				}
			}
			for i, r := range all {
				if want := map[bool]int{true: 354, false: 250}[i == 3]; r.Code != want || !strings.Contains(r.Text(), "****") {
					t.Errorf("step %d: %v", i, r)
				}
			}
			if last := all[len(all)-1]; last.Enhanced != (codes.Enhanced{Class: 2}) || last.Lines[len(last.Lines)-1] != "ok ****" {
				t.Errorf("what is no secret is gone too: %q", last)
			}
		})
	}
}

// TestSecretOfALoginToCome: whoever heard it in an earlier session shows it
// neither in the greeting nor in a certificate of the next.
func TestSecretOfALoginToCome(t *testing.T) {
	t.Parallel()
	const secret = "kr9-secret-x7q"
	config, pool := certificate(t, secret+".test")
	addr := scripted(t, func(l *line) {
		l.say("220 mx.test " + secret)
		l.hear()
		l.say("250-mx.test\r\n250-AUTH PLAIN " + secret + "\r\n250 STARTTLS")
		l.hear()
		l.say("220 2.0.0 go, " + secret)
		_ = tls.Server(l.Conn, config).Handshake()
	})
	for _, verify := range []bool{true, false} {
		s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second, Host: "mx.test", Secret: secret,
			Roots: pool, Verify: verify})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		_, _ = s.Hello(t.Context())
		_, err = s.StartTLS(t.Context())
		raw, _ := json.Marshal(s.Transcript())
		if (err != nil) != verify || err != nil && strings.Contains(err.Error(), secret) ||
			strings.Contains(string(raw), secret) || strings.Count(string(raw), "****") < 4 {
			t.Errorf("%v: %s", err, raw)
		}
	}
}

// TestInterruptAtEachStage: the end of the context at any step, also within a
// handshake, ends the session at once, and without a race.
func TestInterruptAtEachStage(t *testing.T) {
	t.Parallel()
	config, _ := certificate(t, "mx.test")
	for stop := range 9 {
		for range 4 {
			ctx, cancel := context.WithCancel(t.Context())
			step := 0
			addr := scripted(t, func(l *line) {
				// next answers, or interrupts the client who waits.
				next := func(reply string) bool {
					if step++; step > stop {
						cancel()
						return false
					}
					l.say(reply)
					return true
				}
				if !next("220 mx.test") || l.hear() == "" || !next("250-mx.test\r\n250-AUTH LOGIN\r\n250 STARTTLS") ||
					l.hear() == "" || !next("220 go") {
					return
				}
				if step++; step > stop { // while the client is in its handshake
					_, _ = io.ReadFull(l.r, make([]byte, 1))
					go cancel()
					return
				}
				c := tls.Server(&buffered{l.Conn, l.r}, config)
				if c.Handshake() != nil {
					return
				}
				l = newLine(c)
				for _, reply := range []string{"250-mx.test\r\n250 AUTH LOGIN", "250 ok", "250 ok", "354 go", "250 ok"} {
					if l.hear() == "" || !next(reply) {
						return
					}
				}
			})
			talk(ctx, t, addr, stop < 8)
			cancel()
		}
	}
}

// talk goes through a session until a step fails.
func talk(ctx context.Context, t *testing.T, addr string, fails bool) {
	t.Helper()
	s, _, err := smtp.Dial(ctx, addr, smtp.Options{Timeout: 20 * time.Second, Host: "mx.test"})
	if s == nil {
		if ctx.Err() == nil {
			t.Error(err)
		}
		return
	}
	defer s.Close()
	for _, step := range []func() (codes.Reply, error){
		func() (codes.Reply, error) { return s.Hello(ctx) },
		func() (codes.Reply, error) { return s.StartTLS(ctx) },
		func() (codes.Reply, error) { return s.Hello(ctx) },
		func() (codes.Reply, error) { return s.Mail(ctx, "a@a.test", smtp.MailParams{}) },
		func() (codes.Reply, error) { return s.Rcpt(ctx, "b@b.test", nil) },
		func() (codes.Reply, error) { return s.Data(ctx) },
	} {
		if err == nil {
			_, err = step()
		}
	}
	if (err != nil) != fails || fails && ctx.Err() == nil {
		t.Errorf("%v, and the context: %v", err, ctx.Err())
	}
}

// buffered is a connection of which something was read ahead.
type buffered struct {
	net.Conn
	r io.Reader
}

func (b *buffered) Read(p []byte) (int, error) { return b.r.Read(p) }
