package probe_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// site is a web server that stands at every address, under the name example.com.
type site struct {
	*httptest.Server
	asked atomic.Int32
}

func newSite(t *testing.T, answer http.HandlerFunc) *site {
	s := &site{}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
}

func (s *site) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// zoned is a resolver of a zone text that knows nothing else.
func zoned(t *testing.T, text string) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(text), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

const webZone = `example.com. 60 IN A 192.0.2.80
example.com. 60 IN A 192.0.2.81
other.test.  60 IN A 192.0.2.80
mail.test.   60 IN TXT "x"
`

// TestPages: what a server gives comes as it is, redirects and large pages too.
func TestPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "https://elsewhere.test/", http.StatusFound)
		case "/gone":
			http.NotFound(w, r)
		case "/large":
			_, _ = w.Write(bytes.Repeat([]byte("x"), 5000))
		default:
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			fmt.Fprint(w, "hello "+r.UserAgent())
		}
	})
	web := (&probe.Fetcher{Dial: s.dial, Roots: s.roots()}).NewRun(zoned(t, webZone))
	for path, want := range map[string]probe.Page{
		"/":      {Status: 200, Type: "text/plain; charset=utf-8", Body: []byte("hello todoku")},
		"/moved": {Status: 302, Location: "https://elsewhere.test/"},
		"/gone":  {Status: 404},
		"/large": {Status: 200, Cut: true, Body: bytes.Repeat([]byte("x"), 1000)},
	} {
		p := web.Get(t.Context(), "https://example.com"+path, 1000)
		if p.Err != nil || p.Status != want.Status || p.Location != want.Location || p.Cut != want.Cut ||
			want.Body != nil && !bytes.Equal(p.Body, want.Body) || want.Type != "" && p.Type != want.Type {
			t.Errorf("%s: %+v", path, p)
		}
		if p.TLS == nil || !p.TLS.Verified || len(p.TLS.Chain) == 0 || p.Address.Port() != probe.PortHTTPS {
			t.Errorf("%s: %+v %+v", path, p.TLS, p.Address)
		}
	}
}

// TestPageOnce: a page that several ask for is fetched once.
func TestPageOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") })
	web := (&probe.Fetcher{Dial: s.dial, Roots: s.roots()}).NewRun(zoned(t, webZone))
	got := make(chan probe.Page)
	for range 5 {
		go func() { got <- web.Asking(zoned(t, webZone)).Get(t.Context(), "https://example.com/", 10) }()
	}
	for range 5 {
		if p := <-got; string(p.Body) != "x" {
			t.Errorf("%+v", p)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
}

// TestPageWithoutTrust: nothing is asked of a server whose certificate does not verify, and the problem is told.
func TestPageWithoutTrust(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(http.ResponseWriter, *http.Request) {})
	zone := zoned(t, webZone)
	later := func() time.Time { return s.Certificate().NotAfter.Add(time.Hour) }
	for what, w := range map[string]struct {
		fetcher probe.Fetcher
		url     string
	}{
		"unknown root": {probe.Fetcher{Roots: x509.NewCertPool()}, "https://example.com/"},
		"other name":   {probe.Fetcher{Roots: s.roots()}, "https://other.test/"},
		"expired":      {probe.Fetcher{Roots: s.roots(), Now: later}, "https://example.com/"},
	} {
		w.fetcher.Dial = s.dial
		p := w.fetcher.NewRun(zone).Get(t.Context(), w.url, 10)
		if p.Err != nil || p.Status != 0 || p.TLS == nil || p.TLS.Verified || p.TLS.Problem == "" {
			t.Errorf("%s: %+v %+v", what, p, p.TLS)
		}
	}
	if n := s.asked.Load(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

// TestPageFromPlainServer: a server that knows no TLS says so, and that is knowledge.
func TestPageFromPlainServer(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
	}
	p := (&probe.Fetcher{Dial: dial}).NewRun(zoned(t, webZone)).Get(t.Context(), "https://example.com/", 10)
	if p.Err != nil || p.TLS == nil || p.TLS.Verified || p.TLS.Problem == "" {
		t.Errorf("%+v %+v", p, p.TLS)
	}
}

// TestPageRefusedInTLS: a server that ends the handshake with an alert says no, and that is knowledge; one that hangs up does not.
func TestPageRefusedInTLS(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		serve func(net.Conn)
		said  bool
	}{
		"no certificate for the name": {func(c net.Conn) {
			none := func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none of that name") }
			_ = tls.Server(c, &tls.Config{GetCertificate: none}).Handshake()
		}, true},
		"hangs up": {func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }, false},
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ln.Close() })
		go func() {
			for {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				c.serve(conn)
				_ = conn.Close()
			}
		}()
		dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, ln.Addr().String())
		}
		p := (&probe.Fetcher{Dial: dial}).NewRun(zoned(t, webZone)).Get(t.Context(), "https://example.com/", 10)
		if told := p.Err == nil && p.TLS != nil && !p.TLS.Verified && p.TLS.Problem != ""; told != c.said || !c.said && p.Err == nil {
			t.Errorf("%s: %+v %+v", what, p, p.TLS)
		}
	}
}

// TestNoPage: a host without address is knowledge; silence, a closed port and a DNS that does not answer are not.
func TestNoPage(t *testing.T) {
	t.Parallel()
	refuse := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	silent := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	fetch := func(f probe.Fetcher, url string) probe.Page {
		return f.NewRun(zoned(t, webZone)).Get(t.Context(), url, 10)
	}
	for _, name := range []string{"nobody.test", "mail.test"} {
		if p := fetch(probe.Fetcher{Dial: refuse}, "https://"+name+"/"); !p.Missing || p.Err != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
	p := fetch(probe.Fetcher{Dial: refuse}, "https://example.com/")
	if !errors.Is(p.Err, syscall.ECONNREFUSED) || p.Missing || p.TLS != nil || p.Address != netip.MustParseAddrPort("192.0.2.81:443") {
		t.Errorf("refused: %+v", p)
	}
	p = fetch(probe.Fetcher{Dial: silent, Timeout: 50 * time.Millisecond}, "https://example.com/")
	if !errors.Is(p.Err, context.DeadlineExceeded) || p.Missing {
		t.Errorf("silent: %+v", p)
	}
	var dead *resolve.Error
	p = (&probe.Fetcher{Dial: silent}).NewRun(servfail{}).Get(t.Context(), "https://example.com/", 10)
	if !errors.As(p.Err, &dead) || p.Missing {
		t.Errorf("no DNS: %+v", p)
	}
	for _, bad := range []string{"http://example.com/", "https://", "https://me@example.com/", "ftp://example.com", "%"} {
		if p := fetch(probe.Fetcher{Dial: refuse}, bad); p.Err == nil || p.Missing {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}

type servfail struct{}

func (servfail) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String()}
}
