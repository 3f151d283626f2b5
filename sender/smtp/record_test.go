package smtp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"todoku/codes"
	"todoku/sender/smtp"
)

// certificate is one for a name, and the pool that trusts it.
func certificate(t testing.TB, name string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// record is what a go-smtp server heard and said, line by line, and the mails
// that it took.
type record struct {
	sync.Mutex
	log   bytes.Buffer
	mails []string
	froms []string
	opts  []string

	mechanism string // the only one offered
}

func (r *record) Write(p []byte) (int, error) {
	r.Lock()
	defer r.Unlock()
	return r.log.Write(p)
}

func (r *record) lines() []string {
	r.Lock()
	defer r.Unlock()
	return strings.Split(strings.TrimRight(r.log.String(), "\r\n"), "\r\n")
}

func (r *record) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &taker{r}, nil }

type taker struct{ *record }

func (t *taker) AuthMechanisms() []string {
	if t.mechanism != "" {
		return []string{t.mechanism}
	}
	return []string{sasl.Plain, sasl.Login, "XOAUTH2"}
}

func (t *taker) Auth(mech string) (sasl.Server, error) {
	check := func(user, secret string) error {
		if user != "hanako" || secret != "s3cret-word" {
			return errors.New("no")
		}
		return nil
	}
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, secret string) error { return check(user, secret) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	}
	return bearerServer(func(answer string) error {
		if answer != "user=hanako\x01auth=Bearer s3cret-word\x01\x01" {
			return errors.New("no")
		}
		return nil
	}), nil
}

type bearerServer func(string) error

func (b bearerServer) Next(response []byte) ([]byte, bool, error) {
	return nil, true, b(string(response))
}

// loginServer is the mechanism LOGIN, which nobody has written down.
type loginServer struct {
	check func(user, secret string) error
	step  int
	user  string
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func (t *taker) Mail(from string, o *gosmtp.MailOptions) error {
	t.Lock()
	defer t.Unlock()
	t.froms = append(t.froms, from)
	t.opts = append(t.opts, o.EnvelopeID)
	return nil
}

func (t *taker) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user\nask somebody else\nhere"}
	}
	return nil
}

func (t *taker) Data(r io.Reader) error {
	mail, err := io.ReadAll(r)
	t.Lock()
	defer t.Unlock()
	t.mails = append(t.mails, string(mail))
	return err
}

func (t *taker) Reset()        {}
func (t *taker) Logout() error { return nil }

// recorder starts such a server.
func recorder(t testing.TB, config *tls.Config, implicit bool) (*record, string) {
	t.Helper()
	r := &record{}
	s := gosmtp.NewServer(r)
	s.Domain, s.TLSConfig, s.AllowInsecureAuth, s.EnableSMTPUTF8, s.EnableDSN, s.MaxMessageBytes = "mx.test", config, true, true, true, 1<<20
	if _, benchmark := t.(*testing.B); !benchmark {
		s.Debug = r
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		l = tls.NewListener(l, config)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return r, l.Addr().String()
}

// same compares a transcript with what the server logged.
func same(t *testing.T, got smtp.Transcript, log []string) {
	t.Helper()
	next := func() string {
		if len(log) == 0 {
			return "(end of the log)"
		}
		line := log[0]
		log = log[1:]
		return line
	}
	for _, s := range got {
		switch head, _, secret := strings.Cut(s.Sent, "****"); {
		case s.Sent == "":
		case secret:
			if line := next(); !strings.HasPrefix(line, head) {
				t.Errorf("the server heard %q, the transcript has %q", line, s.Sent)
			}
		case s.Stage == codes.StageBody:
			for len(log) > 0 && next() != "." {
			}
		default:
			if line := next(); line != s.Sent {
				t.Errorf("the server heard %q, the transcript has %q", line, s.Sent)
			}
		}
		if s.TLS != nil && s.Reply.Code == 0 {
			continue
		}
		for i, text := range s.Reply.Lines {
			mark := "-"
			if i == len(s.Reply.Lines)-1 {
				mark = " "
			}
			line := next()
			bare := strings.TrimPrefix(line[min(4, len(line)):], s.Reply.Enhanced.String()+" ")
			if line[:min(3, len(line))] != itoa(s.Reply.Code) || line[3:4] != mark || bare != text {
				t.Errorf("the server said %q, the transcript has %d%s%s %s", line, s.Reply.Code, mark, s.Reply.Enhanced, text)
			}
		}
	}
	if len(log) > 0 {
		t.Errorf("not in the transcript: %q", log)
	}
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

// TestTranscriptIsWhatTheServerLogged for every kind of session.
func TestTranscriptIsWhatTheServerLogged(t *testing.T) {
	t.Parallel()
	config, pool := certificate(t, "mx.test")
	for _, test := range []struct {
		name             string
		implicit, secure bool
		bearer           bool
		user             string
		mechanism        string // the only one offered; "" all
		from, to         string
		params           smtp.MailParams
		notify           []string
	}{
		{name: "plain", from: "a@kaisha.test", to: "b@x.test"},
		{name: "starttls", secure: true, from: "a@kaisha.test", to: "b@x.test", params: smtp.MailParams{Size: 17, EightBit: true}},
		{name: "implicit TLS", implicit: true, from: "", to: "b@x.test"},
		{name: "auth plain", secure: true, user: "hanako", from: "a@kaisha.test", to: "b@x.test"},
		{name: "auth login", secure: true, user: "hanako", mechanism: "LOGIN", from: "a@kaisha.test", to: "b@x.test"},
		{name: "auth xoauth2", secure: true, user: "hanako", bearer: true, from: "a@kaisha.test", to: "b@x.test"},
		{name: "dsn", from: "a@kaisha.test", to: "b+c@x.test", params: smtp.MailParams{Return: "HDRS",
			EnvelopeID: "id=1+2 3"}, notify: []string{"SUCCESS", "FAILURE"}},
		{name: "smtputf8", from: "差出人@kaisha.test", to: "宛先@x.test", params: smtp.MailParams{UTF8: true}, notify: []string{"DELAY"}},
		{name: "several lines", from: "a@kaisha.test", to: "nobody@x.test"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, addr := recorder(t, config, test.implicit)
			r.mechanism = test.mechanism
			ctx := t.Context()
			s, _, err := smtp.Dial(ctx, addr, smtp.Options{Roots: pool, Host: "mx.test", Helo: "out.kaisha.test",
				Implicit: test.implicit, Verify: test.implicit || test.secure, Timeout: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			must := func(reply codes.Reply, err error) codes.Reply {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				return reply
			}
			must(s.Hello(ctx))
			if test.secure {
				must(s.StartTLS(ctx))
				must(s.Hello(ctx))
			}
			if test.user != "" {
				if reply := must(s.Login(ctx, test.user, "s3cret-word", test.bearer)); reply.Code != 235 {
					t.Errorf("login: %s", reply)
				}
			}
			must(s.Mail(ctx, test.from, test.params))
			if reply := must(s.Rcpt(ctx, test.to, test.notify)); reply.Code == 250 {
				must(s.Data(ctx))
				if reply := must(s.Body(ctx, [][]byte{[]byte("Subject: x\r\n\r"), []byte("\n.hello\r\n."), []byte(".\r\n")}, nil)); reply.Code != 250 {
					t.Errorf("body: %s", reply)
				}
				if got := r.mails[0]; got != "Subject: x\r\n\r\n.hello\r\n..\r\n" {
					t.Errorf("the server got %q", got)
				}
			} else if reply.Code != 550 || reply.Enhanced.String() != "5.1.1" || len(reply.Lines) != 3 {
				t.Errorf("%+v", reply)
			}
			s.Quit(ctx)
			for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline) && !strings.HasPrefix(r.lines()[len(r.lines())-1], "221"); {
				time.Sleep(time.Millisecond) // the server logs a line after it is on the wire
			}
			same(t, s.Transcript(), r.lines())
			if test.params.EnvelopeID != "" && r.opts[0] != test.params.EnvelopeID {
				t.Errorf("ENVID %q", r.opts[0])
			}
			checkSecrets(t, s.Transcript())
		})
	}
}

// checkSecrets looks for the password in every form that it has on the wire,
// and takes the transcript through JSON.
func checkSecrets(t *testing.T, got smtp.Transcript) {
	t.Helper()
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"s3cret-word", "czNjcmV0LXdvcmQ", "aGFuYWtv", "AGhhbmFrbw"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("%q is in the transcript: %s", secret, raw)
		}
	}
	var back smtp.Transcript
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("JSON does not come back: %s, %s, %v", raw, again, err)
	}
}

// TestLogin takes each mechanism by itself, right and wrong.
func TestLogin(t *testing.T) {
	t.Parallel()
	for _, offer := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
		for _, secret := range []string{"s3cret-word", "wrong"} {
			answers := map[string][]string{
				"PLAIN":    {"AGhhbmFrbwBzM2NyZXQtd29yZA=="},
				"LOGIN":    {"", "aGFuYWtv", "czNjcmV0LXdvcmQ="},
				"CRAM-MD5": {"", "aGFuYWtvIA"}, // hanako and a digest
			}[offer]
			addr := scripted(t, func(c *line) {
				c.say("220 mx.test")
				c.hear()
				c.say("250-mx.test\r\n250 AUTH " + offer)
				got := strings.Fields(c.hear())
				ok := len(got) > 1 && got[0] == "AUTH" && got[1] == offer
				for i, want := range answers {
					word := ""
					if i == 0 && len(got) > 2 {
						word = got[2]
					}
					if i > 0 {
						c.say("334 PDEyMzRAbXgudGVzdD4=") // <1234@mx.test>
						word = c.hear()
					}
					ok = ok && (word == want || offer == "CRAM-MD5" && i == 1 && strings.HasPrefix(word, want))
				}
				if offer == "CRAM-MD5" {
					ok = secret == "s3cret-word"
				}
				if ok {
					c.say("235 2.7.0 ok")
				} else {
					c.say("535 5.7.8 wrong")
				}
			})
			s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Hello(t.Context()); err != nil {
				t.Fatal(err)
			}
			reply, err := s.Login(t.Context(), "hanako", secret, false)
			if want := map[bool]int{true: 235, false: 535}[secret == "s3cret-word"]; err != nil || reply.Code != want {
				t.Errorf("%s with %s: %s, %v", offer, secret, reply, err)
			}
			checkSecrets(t, s.Transcript())
			s.Close()
		}
	}
}

// TestNothingIsInjected: an argument that could be more than one command is
// refused before anything is said.
func TestNothingIsInjected(t *testing.T) {
	t.Parallel()
	r, addr := recorder(t, nil, false)
	s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(r.lines())
	for _, bad := range []string{"a@b.test\r\nDATA", "a@b.test\nRSET", "a@b.test\rX", "a\x00@b.test",
		"a@b.test> SIZE=1 <x", "a@b.test>", "\x7f@b.test"} {
		var fault *smtp.Error
		if _, err := s.Mail(t.Context(), bad, smtp.MailParams{}); !errors.As(err, &fault) || fault.Kind != smtp.KindInput {
			t.Errorf("MAIL %q: %v", bad, err)
		}
		if _, err := s.Rcpt(t.Context(), bad, nil); !errors.As(err, &fault) || fault.Kind != smtp.KindInput {
			t.Errorf("RCPT %q: %v", bad, err)
		}
	}
	if _, err := s.Mail(t.Context(), "a@b.test", smtp.MailParams{Return: "FULL\r\nDATA"}); err == nil {
		t.Error("RET was taken")
	}
	if after := len(r.lines()); after != before {
		t.Errorf("the server heard %q", r.lines()[before:])
	}
}

// TestNothingIsSmuggled: whatever line ends a message has, the server takes one
// mail and finds the end where it is.
func TestNothingIsSmuggled(t *testing.T) {
	t.Parallel()
	r, addr := recorder(t, nil, false)
	for _, body := range []string{"a\n.\nMAIL FROM:<x@y.test>\n", "a\r.\rb", "a\r\n.\r\nb", ".\r\n", "\n.\r\n",
		"a\r\n.\nb", "a\n.\r\nb", "\r\n.\r", "a", ""} {
		s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		for _, step := range []func() (codes.Reply, error){
			func() (codes.Reply, error) { return s.Hello(ctx) },
			func() (codes.Reply, error) { return s.Mail(ctx, "a@kaisha.test", smtp.MailParams{}) },
			func() (codes.Reply, error) { return s.Rcpt(ctx, "b@x.test", nil) },
			func() (codes.Reply, error) { return s.Data(ctx) },
			func() (codes.Reply, error) { return s.Body(ctx, [][]byte{[]byte(body)}, nil) },
			func() (codes.Reply, error) { return s.Noop(ctx) },
		} {
			if reply, err := step(); err != nil || reply.Code >= 400 {
				t.Fatalf("%q: %s, %v", body, reply, err)
			}
		}
		s.Quit(ctx)
		want := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(body)
		if want != "" && !strings.HasSuffix(want, "\r\n") {
			want += "\r\n"
		}
		if got := r.mails[len(r.mails)-1]; got != want {
			t.Errorf("%q arrives as %q", body, got)
		}
	}
	if len(r.mails) != 10 || len(r.froms) != 10 {
		t.Errorf("%d mails, %d senders", len(r.mails), len(r.froms))
	}
}

// BenchmarkSend is one mail in one session to a server on loopback, beside
// go-smtp's own client.
func BenchmarkSend(b *testing.B) {
	_, addr := recorder(b, nil, false)
	body := []byte("Subject: x\r\n\r\n" + strings.Repeat("hello hello hello hello\r\n", 40))
	b.Run("todoku", func(b *testing.B) {
		b.ReportAllocs()
		ctx := context.Background()
		for b.Loop() {
			s, _, err := smtp.Dial(ctx, addr, smtp.Options{Helo: "out.test"})
			if err != nil {
				b.Fatal(err)
			}
			_, e1 := s.Hello(ctx)
			_, e2 := s.Mail(ctx, "a@kaisha.test", smtp.MailParams{Size: int64(len(body))})
			_, e3 := s.Rcpt(ctx, "b@x.test", nil)
			_, e4 := s.Data(ctx)
			reply, e5 := s.Body(ctx, [][]byte{body}, nil)
			s.Quit(ctx)
			if err := errors.Join(e1, e2, e3, e4, e5); err != nil || reply.Code != 250 {
				b.Fatal(err, reply)
			}
		}
	})
	b.Run("go-smtp", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, err := gosmtp.Dial(addr)
			if err != nil {
				b.Fatal(err)
			}
			if err := errors.Join(c.Hello("out.test"), c.SendMail("a@kaisha.test", []string{"b@x.test"}, bytes.NewReader(body)),
				c.Quit()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
