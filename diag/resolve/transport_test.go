package resolve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// zoneServer answers every question with one TXT record, unless edit changes
// the answer; nil from edit means silence.
type zoneServer struct {
	asked atomic.Int32
	edit  func(q, m *dns.Msg, tcp bool) *dns.Msg
}

func (z *zoneServer) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	z.asked.Add(1)
	_, tcp := w.RemoteAddr().(*net.TCPAddr)
	if m := z.reply(q, tcp); m != nil {
		_ = w.WriteMsg(m)
	}
}

func (z *zoneServer) reply(q *dns.Msg, tcp bool) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable, m.AuthenticatedData = true, true
	m.Answer = []dns.RR{&dns.TXT{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET,
		Ttl: 60}, Txt: []string{"hello"}}}
	if z.edit != nil {
		return z.edit(q, m, tcp)
	}
	return m
}

// serve opens UDP and TCP on one loopback port.
func serve(t *testing.T, z *zoneServer) string {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err != nil { // taken: another port
			pc.Close()
			continue
		}
		start(t, &dns.Server{PacketConn: pc, Handler: z})
		start(t, &dns.Server{Listener: l, Handler: z})
		return pc.LocalAddr().String()
	}
	t.Fatal("no free port")
	return ""
}

func start(t *testing.T, s *dns.Server) {
	up := make(chan struct{})
	s.NotifyStartedFunc = func() { close(up) }
	go func() { _ = s.ActivateAndServe() }()
	<-up
	t.Cleanup(func() { _ = s.Shutdown() })
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func rcode(code int) func(_, m *dns.Msg, _ bool) *dns.Msg {
	return func(_, m *dns.Msg, _ bool) *dns.Msg {
		m.Rcode, m.Answer = code, nil
		return m
	}
}

func silence(_, _ *dns.Msg, _ bool) *dns.Msg { return nil }

func TestTruncatedComesByTCP(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	z := &zoneServer{edit: func(_, m *dns.Msg, tcp bool) *dns.Msg {
		if !tcp {
			m.Truncated, m.Answer = true, nil
			return m
		}
		for range 20 {
			m.Answer[0].(*dns.TXT).Txt = append(m.Answer[0].(*dns.TXT).Txt, long)
		}
		return m
	}}
	c := client(t, Options{Servers: []string{serve(t, z)}})
	var wg sync.WaitGroup
	for i := range 50 { // many questions on one connection
		wg.Go(func() {
			a, err := c.Ask(t.Context(), string(rune('a'+i%26))+string(rune('a'+i/26))+".test", TypeTXT)
			if err != nil || a.Sent > 2 || len(a.Records[0].Text) != 5+20*200 {
				t.Errorf("%+v %v", a.Status, err)
			}
		})
	}
	wg.Wait()
}

func TestKindsOfIgnorance(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(q, m *dns.Msg, tcp bool) *dns.Msg
		kind Kind
	}{
		"SERVFAIL":       {rcode(dns.RcodeServerFailure), KindServFail},
		"REFUSED":        {rcode(dns.RcodeRefused), KindRefused},
		"NOTAUTH":        {rcode(dns.RcodeNotAuth), KindRcode},
		"silence":        {silence, KindTimeout},
		"wrong id":       {func(_, m *dns.Msg, _ bool) *dns.Msg { m.Id++; return m }, KindMangled},
		"wrong question": {func(_, m *dns.Msg, _ bool) *dns.Msg { m.Question[0].Name = "other.test."; return m }, KindMangled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := client(t, Options{Servers: []string{serve(t, &zoneServer{edit: c.edit})}, Timeout: 400 * time.Millisecond})
			a, err := cl.Ask(t.Context(), "a.test", TypeTXT)
			if kindOf(err) != c.kind {
				t.Errorf("%+v, %v; want %s", a, err, c.kind)
			}
		})
	}
}

func TestNetworkErrorIsTold(t *testing.T) {
	t.Parallel()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := pc.LocalAddr().String()
	pc.Close()
	_, err = client(t, Options{Servers: []string{addr}}).Ask(t.Context(), "a.test", TypeTXT)
	if kindOf(err) != KindNetwork || !strings.Contains(err.Error(), "refused") {
		t.Errorf("%v", err)
	}
}

func TestAnotherServerIsAsked(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(q, m *dns.Msg, tcp bool) *dns.Msg{"SERVFAIL": rcode(dns.RcodeServerFailure), "silence": silence} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad, good := &zoneServer{edit: edit}, &zoneServer{}
			c := client(t, Options{Servers: []string{serve(t, bad), serve(t, good)}, Timeout: time.Second})
			a, err := c.Ask(t.Context(), "a.test", TypeTXT)
			if err != nil || a.Sent > 2 || bad.asked.Load() != 1 || good.asked.Load() != 1 {
				t.Errorf("%+v %v; asked %d and %d", a, err, bad.asked.Load(), good.asked.Load())
			}
		})
	}
	t.Run("what all said is not asked again", func(t *testing.T) {
		t.Parallel()
		bad := &zoneServer{edit: rcode(dns.RcodeServerFailure)}
		c := client(t, Options{Servers: []string{serve(t, bad)}})
		if _, err := c.Ask(t.Context(), "a.test", TypeTXT); kindOf(err) != KindServFail || bad.asked.Load() != 1 {
			t.Errorf("%v after %d questions", err, bad.asked.Load())
		}
	})
}

func TestServerWithoutEDNS(t *testing.T) {
	t.Parallel()
	z := &zoneServer{edit: func(q, m *dns.Msg, _ bool) *dns.Msg {
		if q.IsEdns0() != nil {
			m.Rcode, m.Answer, m.Question = dns.RcodeFormatError, nil, nil
		}
		return m
	}}
	a, err := client(t, Options{Servers: []string{serve(t, z)}}).Ask(t.Context(), "a.test", TypeTXT)
	if err != nil || a.Status != Found {
		t.Errorf("%+v %v", a, err)
	}
}

func TestAuthenticDataNeedsTrust(t *testing.T) {
	t.Parallel()
	addr := serve(t, &zoneServer{})
	far := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addr) // a server that is not on loopback, as far as the client knows
	}
	for _, c := range []struct {
		o    Options
		want bool
	}{
		{Options{Servers: []string{addr}}, true},
		{Options{Servers: []string{"192.0.2.53"}, Dial: far}, false},
		{Options{Servers: []string{"192.0.2.53"}, Dial: far, TrustAD: true}, true},
	} {
		a, err := client(t, c.o).Ask(t.Context(), "a.test", TypeTXT)
		if err != nil || a.Authentic != c.want {
			t.Errorf("%v: %v %v, want %v", c.o.Servers, a.Authentic, err, c.want)
		}
	}
}

func TestEqualQuestionsGoOutOnce(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	z := &zoneServer{edit: func(_, m *dns.Msg, _ bool) *dns.Msg { <-release; return m }}
	c := client(t, Options{Servers: []string{serve(t, z)}})
	var wg sync.WaitGroup
	var sent atomic.Int32
	for range 40 {
		s := NewSession(c)
		wg.Go(func() {
			for _, name := range []string{"a.test", "A.test."} {
				if _, err := s.Ask(t.Context(), name, TypeTXT); err != nil {
					t.Error(err)
				}
			}
			n, unique := s.Counts()
			sent.Add(int32(n))
			if unique != 1 {
				t.Errorf("%d unique questions", unique)
			}
		})
	}
	close(release)
	wg.Wait()
	if z.asked.Load() != 1 || sent.Load() != 1 {
		t.Errorf("asked %d times, counted %d", z.asked.Load(), sent.Load())
	}
}

func TestInterruptedQuestionIsNotRemembered(t *testing.T) {
	t.Parallel()
	c := client(t, Options{Servers: []string{serve(t, &zoneServer{})}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Ask(ctx, "a.test", TypeTXT); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	if a, err := c.Ask(t.Context(), "a.test", TypeTXT); err != nil || a.Status != Found {
		t.Errorf("%+v %v", a, err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := client(t, Options{Servers: []string{serve(t, &zoneServer{})}, Memory: 64 << 10})
	for i := range 2000 {
		if _, err := c.Ask(t.Context(), "n"+string(rune('a'+i%26))+strings.Repeat("x", i/26)[:i/26%50]+"."+strings.Repeat("y",
			i%50+1)+".test", TypeTXT); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for i := range c.cache.shards {
		n += len(c.cache.shards[i].young) + len(c.cache.shards[i].old)
	}
	if n > 400 {
		t.Errorf("%d answers kept in 64 KiB", n)
	}
}

// secure wraps the server in TLS with a certificate for dns.test.
func secure(t *testing.T, z *zoneServer) (url string, roots *x509.CertPool, cert tls.Certificate) {
	return secureAs(t, func(w http.ResponseWriter, _ *http.Request, q *dns.Msg) {
		if m := z.reply(q, true); m != nil {
			writeMessage(w, m)
			return
		}
		http.Error(w, "broken", http.StatusBadGateway)
	})
}

// secureAs answers questions over HTTPS as answer does.
func secureAs(t *testing.T, answer func(http.ResponseWriter, *http.Request, *dns.Msg)) (url string,
	roots *x509.CertPool, cert tls.Certificate) {
	return secureFor(t, true, answer)
}

// secureFor does so with HTTP/2 or HTTP/1.1 only.
func secureFor(t *testing.T, http2 bool, answer func(http.ResponseWriter, *http.Request, *dns.Msg)) (url string,
	roots *x509.CertPool, cert tls.Certificate) {
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q := new(dns.Msg)
		if r.Header.Get("Content-Type") != dnsMessage || q.Unpack(body) != nil {
			http.Error(w, "no question", http.StatusBadRequest)
			return
		}
		answer(w, r, q)
	}))
	web.EnableHTTP2 = http2
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(web.Close)
	roots = x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return web.URL + "/dns-query", roots, web.TLS.Certificates[0]
}

func TestDoH(t *testing.T) {
	t.Parallel()
	url, roots, _ := secure(t, &zoneServer{})
	a, err := client(t, Options{Servers: []string{url}, Roots: roots}).Ask(t.Context(), "a.test", TypeTXT)
	if err != nil || a.Records[0].Text != "hello" || !a.Authentic || a.Server != url {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := client(t, Options{Servers: []string{url}}).Ask(t.Context(), "a.test", TypeTXT); kindOf(err) != KindNetwork {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	broken, roots, _ := secure(t, &zoneServer{edit: silence})
	if _, err := client(t, Options{Servers: []string{broken}, Roots: roots}).Ask(t.Context(), "a.test",
		TypeTXT); kindOf(err) != KindNetwork || !strings.Contains(err.Error(), "502") {
		t.Errorf("HTTP 502: %v", err)
	}
}

func TestDoTAndTCP(t *testing.T) {
	t.Parallel()
	_, roots, cert := secure(t, &zoneServer{})
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	start(t, &dns.Server{Listener: l, Handler: &zoneServer{}})
	for _, spec := range []string{"tls://" + l.Addr().String(), "tls://" + l.Addr().String() + "#example.com"} {
		a, err := client(t, Options{Servers: []string{spec}, Roots: roots}).Ask(t.Context(), "a.test", TypeTXT)
		if err != nil || a.Records[0].Text != "hello" || !a.Authentic {
			t.Errorf("%s: %+v %v", spec, a, err)
		}
	}
	if _, err := client(t, Options{Servers: []string{"tls://" + l.Addr().String() + "#other.test"},
		Roots: roots}).Ask(t.Context(), "a.test", TypeTXT); kindOf(err) != KindNetwork {
		t.Errorf("a certificate of another name: %v", err)
	}
	a, err := client(t, Options{Servers: []string{"tcp://" + serve(t, &zoneServer{})}}).Ask(t.Context(), "a.test", TypeTXT)
	if err != nil || a.Status != Found {
		t.Errorf("%+v %v", a, err)
	}
}

// TestStreamIsOpenedAgain asks over TCP, lets the server close, and asks again.
func TestStreamIsOpenedAgain(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	start(t, &dns.Server{Listener: l, Handler: &zoneServer{}, MaxTCPQueries: 1})
	c := client(t, Options{Servers: []string{"tcp://" + l.Addr().String()}})
	for _, name := range []string{"a.test", "b.test", "c.test"} {
		if a, err := c.Ask(t.Context(), name, TypeTXT); err != nil || a.Status != Found {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
}

func TestServerSpecs(t *testing.T) {
	t.Parallel()
	for spec, name := range map[string]string{
		"192.0.2.53": "192.0.2.53:53", "192.0.2.53:5300": "192.0.2.53:5300", "2001:db8::53": "[2001:db8::53]:53",
		"[2001:db8::53]:5300": "[2001:db8::53]:5300",
		"udp://192.0.2.53":    "192.0.2.53:53", "tcp://192.0.2.53": "192.0.2.53:53",
		"tls://dns.example": "tls://dns.example:853", "https://dns.example/dns-query": "https://dns.example/dns-query",
	} {
		if s, err := newServer(spec, Options{}, 8); err != nil || s.name != name {
			t.Errorf("%s: %v", spec, err)
		}
	}
	for _, spec := range []string{"", "dns.example", "quic://192.0.2.53", "https://", "192.0.2.53:a:b", "https://a b/",
		"https://[::1/", "1.2.3.4/24"} {
		if s, err := newServer(spec, Options{}, 8); err == nil {
			t.Errorf("%q was taken for %s", spec, s.name)
		}
	}
	if _, err := New(Options{}); !errors.Is(err, ErrNoServer) {
		t.Errorf("no servers: %v", err)
	}
}
