package sender_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
)

// script is a small SMTP server on loopback that says what a test tells it to.
// Answers are for "" (the greeting), the first word of a command, or "." (the
// end of a message). DROP ends the connection, STALL says nothing any more, CUT
// says the rest raw and ends the connection; RESET and HALF, which reads a little
// of the message after 354, end it by a reset.
type script struct {
	addr netip.AddrPort
	tls  *tls.Config
	say  func(session int, command string) string

	sync.Mutex
	sessions int
	heard    []string // commands of all sessions
	mails    []string
}

// says answers by the first word; everything else is the usual.
func says(answers map[string]string) func(int, string) string {
	return func(_ int, command string) string { return answers[command] }
}

func serve(t testing.TB, config *tls.Config, say func(int, string) string) *script {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{addr: netip.MustParseAddrPort(l.Addr().String()), tls: config, say: say}
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				stop := context.AfterFunc(t.Context(), func() { c.Close() })
				defer stop()
				defer c.Close()
				s.session(c, done)
			})
		}
	})
	t.Cleanup(func() { close(done); l.Close(); wg.Wait() })
	return s
}

func (s *script) hear(command string) {
	s.Lock()
	defer s.Unlock()
	s.heard = append(s.heard, command)
}

func (s *script) session(c net.Conn, done chan struct{}) {
	s.Lock()
	s.sessions++
	n := s.sessions
	s.Unlock()
	r := bufio.NewReader(c)
	word, usual := "", "220 mx.test ESMTP"
	for {
		answer := s.say(n, word)
		if answer == "" {
			answer = usual
		}
		switch answer {
		case "DROP":
			return
		case "STALL":
			<-done
			return
		}
		if raw, cut := strings.CutPrefix(answer, "CUT "); cut {
			_, _ = io.WriteString(c, raw)
			return
		}
		if answer == "HALF" {
			_, _ = io.WriteString(c, "354 go ahead\r\n")
			_, _ = io.CopyN(io.Discard, r, 4000)
		}
		if tcp, ok := c.(*net.TCPConn); ok && (answer == "RESET" || answer == "HALF") {
			_ = tcp.SetLinger(0)
			return
		}
		if _, err := io.WriteString(c, answer+"\r\n"); err != nil || word == "QUIT" {
			return
		}
		if word == "STARTTLS" && strings.HasPrefix(answer, "220") {
			secure := tls.Server(c, s.tls)
			c, r = secure, bufio.NewReader(secure)
		}
		if word == "DATA" && strings.HasPrefix(answer, "354") {
			mail, ok := readMail(r)
			if !ok {
				return
			}
			s.Lock()
			s.mails = append(s.mails, mail)
			s.Unlock()
			word, usual = ".", "250 2.0.0 queued"
			continue
		}
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		s.hear(strings.TrimRight(line, "\r\n"))
		word = strings.ToUpper(strings.FieldsFunc(line+" x", func(r rune) bool { return r <= ' ' || r == ':' })[0])
		_, secure := c.(*tls.Conn)
		usual = usualAnswer(word, s.tls != nil && !secure)
	}
}

// usualAnswer is what a server says to a command, with the offer of STARTTLS or without.
func usualAnswer(word string, offerTLS bool) string {
	usual := map[string]string{"EHLO": "250-mx.test\r\n250-8BITMIME\r\n250-SIZE 1000000\r\n250-DSN\r\n250-AUTH PLAIN " +
		"LOGIN\r\n250 ENHANCEDSTATUSCODES", "DATA": "354 go ahead", "QUIT": "221 bye", "STARTTLS": "220 go"}[word]
	if usual == "" {
		usual = "250 2.0.0 ok"
	}
	if word == "EHLO" && offerTLS {
		usual = strings.Replace(usual, "250-mx.test", "250-mx.test\r\n250-STARTTLS", 1)
	}
	return usual
}

func readMail(r *bufio.Reader) (string, bool) {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", false
		}
		if line == ".\r\n" {
			return b.String(), true
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

func (s *script) count() int {
	s.Lock()
	defer s.Unlock()
	return s.sessions
}

func (s *script) taken() []string {
	s.Lock()
	defer s.Unlock()
	return append([]string(nil), s.mails...)
}

func (s *script) said() string {
	s.Lock()
	defer s.Unlock()
	return strings.Join(s.heard, "\n")
}

// certificate makes a server's TLS and the pool that trusts it.
func certificate(t testing.TB, name string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
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

// routes is a Router of fixed answers. Servers stand at addresses of
// 192.0.2.0/24, which dial leads to loopback.
type routes struct {
	routes map[string]sender.Route
	errs   map[string]error
	doors  map[string]netip.AddrPort // "192.0.2.1:25"
}

func (r *routes) Route(_ context.Context, domain string) (sender.Route, error) {
	if err := r.errs[domain]; err != nil {
		return sender.Route{}, err
	}
	return r.routes[domain], nil
}

func (r *routes) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	door, ok := r.doors[addr]
	if !ok {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	}
	return new(net.Dialer).DialContext(ctx, network, door.String())
}

// to makes a world in which x.test has these servers, in their order.
func to(servers ...*script) *routes {
	r := &routes{routes: map[string]sender.Route{}, errs: map[string]error{}, doors: map[string]netip.AddrPort{}}
	var route sender.Route
	for i, s := range servers {
		ip := netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)})
		route.Hosts = append(route.Hosts, sender.Host{Name: "mx" + string(rune('1'+i)) + ".x.test", Preference: 10 * i,
			Addresses: []netip.Addr{ip}})
		if s != nil {
			r.doors[netip.AddrPortFrom(ip, 25).String()] = s.addr
		}
	}
	r.routes["x.test"] = route
	return r
}

// clock is a Clock that does not wait.
type clock struct {
	sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

func (c *clock) Now() time.Time {
	c.Lock()
	defer c.Unlock()
	if c.now.IsZero() {
		c.now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.Now()
	c.Lock()
	defer c.Unlock()
	if d > 0 {
		c.sleeps = append(c.sleeps, d)
		c.now = c.now.Add(d)
	}
	return ctx.Err()
}

// guide is a Classifier by the rules of the guide alone.
type guide struct{ after time.Duration }

func (g guide) Classify(r codes.Reply, c codes.Context) codes.Verdict {
	v := codes.Verdict{RetryAfter: g.after, Meaning: codes.Text{EN: "meaning", JA: "意味"}}
	switch {
	case c.Event == codes.EventDelivered:
		v.Delivery.ID = "40000"
	case c.Event == codes.EventTimeout && c.Stage == codes.StageBody:
		v.Delivery.ID = "40001"
	case c.Event == codes.EventNoRoute:
		v.Delivery.ID = "41605"
	case c.Event == codes.EventDeadline:
		v.Delivery.ID = "41606"
	case r.Code != 0:
		v.Delivery.ID = "42" + r.String()[:3]
	}
	return v
}
