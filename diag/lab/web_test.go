package lab_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/diag/lab"
)

const pages = `$ORIGIN web.test.
good     A 192.0.2.80
other    A 192.0.2.80
expired  A 192.0.2.81
self     A 192.0.2.82
wrong    A 192.0.2.83
closed   A 192.0.2.84
silent   A 192.0.2.85
nobody   A 192.0.2.86
`

// webs is a lab with web servers.
func webs(t *testing.T) *lab.Lab {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(pages), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	put := func(host, at string, c lab.Certificate, r lab.Reach, answers map[string]lab.Answer) {
		w.PutWeb(lab.Web{Host: host + ".web.test", Certificate: c, Reach: r, Pages: answers}, netip.MustParseAddr(at))
	}
	put("good", "192.0.2.80", lab.Good, lab.Free, map[string]lab.Answer{
		"/plain": {Body: "hello\n"},
		"/typed": {Status: 201, Type: "application/json", Body: "{}"},
		"/bare":  {Type: "-"},
		"/moved": {Status: 301, Location: "https://other.web.test/plain"},
		"/large": {Body: strings.Repeat("x", 1000), Repeat: 100},
		"/half":  {Body: "hello", Then: lab.Drop},
		"/stall": {Body: "hello", Then: lab.Stall},
	})
	put("other", "192.0.2.80", lab.Good, lab.Free, map[string]lab.Answer{"/plain": {Body: "other\n"}})
	put("expired", "192.0.2.81", lab.Expired, lab.Free, nil)
	put("self", "192.0.2.82", lab.SelfSigned, lab.Free, nil)
	put("wrong", "192.0.2.83", lab.WrongName, lab.Free, nil)
	put("closed", "192.0.2.84", lab.Good, lab.Closed, nil)
	put("silent", "192.0.2.85", lab.Good, lab.Silent, nil)
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func browser(l *lab.Lab, timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout,
		Transport:     &http.Transport{DialContext: l.Dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: l.Roots()}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestWebServersAnswerByTheirScript(t *testing.T) {
	t.Parallel()
	c := browser(webs(t), hung)
	for _, q := range []struct {
		url, typ, location, body string
		status                   int
	}{
		{"good.web.test/plain", "text/plain", "", "hello\n", 200},
		{"other.web.test/plain", "text/plain", "", "other\n", 200},
		{"good.web.test/typed", "application/json", "", "{}", 201},
		{"good.web.test/bare", "", "", "", 200},
		{"good.web.test/moved", "text/plain", "https://other.web.test/plain", "", 301},
		{"good.web.test/large", "text/plain", "", strings.Repeat("x", 100_000), 200},
		{"good.web.test/nothing", "text/plain", "", "not found\n", 404},
	} {
		r, err := c.Get("https://" + q.url)
		if err != nil {
			t.Errorf("%s: %v", q.url, err)
			continue
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != q.status || string(body) != q.body || r.Header.Get("Content-Type") != q.typ ||
			r.Header.Get("Location") != q.location {
			t.Errorf("%s: %d %v, %d octets, %v", q.url, r.StatusCode, r.Header, len(body), err)
		}
	}
}

func TestWebServersFailByTheirScript(t *testing.T) {
	t.Parallel()
	l := webs(t)
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	for name, failed := range map[string]func(error) bool{
		"good.web.test/half":  is(io.ErrUnexpectedEOF),
		"good.web.test/stall": os.IsTimeout,
		"closed.web.test/":    is(syscall.ECONNREFUSED),
		"nobody.web.test/":    is(syscall.ECONNREFUSED),
		"silent.web.test/":    os.IsTimeout,
		"expired.web.test/": func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == x509.Expired
		},
		"self.web.test/":  func(err error) bool { var e x509.UnknownAuthorityError; return errors.As(err, &e) },
		"wrong.web.test/": func(err error) bool { var e x509.HostnameError; return errors.As(err, &e) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wait := hung
			if strings.HasPrefix(name, "silent") || strings.HasSuffix(name, "stall") {
				wait = 200 * time.Millisecond
			}
			r, err := browser(l, wait).Get("https://" + name)
			if err == nil {
				_, err = io.ReadAll(r.Body)
				r.Body.Close()
			}
			if err == nil || !failed(err) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := l.Dial(context.Background(), "tcp", "192.0.2.80:25"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a web server takes mail: %v", err)
	}
}
