package resolve

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/miekg/dns"
)

// doh asks over HTTPS (RFC 8484): HTTP/2 with many requests on a connection, or
// HTTP/1.1 with one connection for each request under way.
type doh struct {
	url    *url.URL
	places *gate        // for requests
	many   *http.Client // HTTP/2, and the first request
	single *http.Client // HTTP/1.1
	old    atomic.Bool  // the server speaks HTTP/1.1 only
}

// http2Conns bounds the connections of HTTP/2; each carries some 100 to 250 requests.
const http2Conns = 8

// newDoH makes a client that has at most so many connections. Its first
// request alone finds out what the server speaks.
func newDoH(u *url.URL, o Options, most int, limit time.Duration) *doh {
	client := func(conns int) (*http.Client, *http.Transport) {
		t := &http.Transport{DialContext: o.Dial, TLSClientConfig: tlsConfig("", o.Roots), MaxConnsPerHost: conns, MaxIdleConnsPerHost: conns,
			IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: limit, MaxResponseHeaderBytes: 64 << 10}
		return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t
	}
	most = min(most, maxStreams)
	d := &doh{url: u, places: newGate(1, most, 1)}
	var two, one *http.Transport
	d.many, two = client(min(most, http2Conns))
	d.single, one = client(most)
	two.ForceAttemptHTTP2 = true
	two.HTTP2 = &http.HTTP2Config{SendPingTimeout: limit / 5, PingTimeout: limit * 3 / 10} // one that went dumb is given up
	one.TLSClientConfig.NextProtos = []string{"http/1.1"}
	return d
}

func (d *doh) close() {
	d.many.CloseIdleConnections()
	d.single.CloseIdleConnections()
}

// exchange asks. A request that was lost because there were too many, or with
// a connection that the server had kept open, is put again.
func (d *doh) exchange(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, wrong int, err error) {
	for lost := 0; ; lost++ {
		var crowded bool
		var took time.Duration
		err = d.places.retryScarce(ctx, limit, d.places.releaseScarce, func() (err error) {
			if err = d.places.enter(ctx, limit); err != nil {
				return err
			}
			defer d.places.leave()
			m, took, err = d.request(ctx, k, edns, limit)
			crowded = d.places.others()
			return err
		})
		switch {
		case err == nil:
			d.places.good(took)
			return m, 0, nil
		case !lostConnection(err) || !crowded || lost == maxLost || ctx.Err() != nil:
			return nil, 0, err
		}
		d.places.shrink()
	}
}

// request is one request and its answer; took is the time since it was written.
func (d *doh) request(ctx context.Context, k key, edns bool, limit time.Duration) (m *dns.Msg, took time.Duration, err error) {
	clock := newClock(ctx, limit, d.places)
	defer clock.stop()
	// The id is 0 so that caches on the way can serve equal questions (RFC 8484 §4.1).
	ctx = httptrace.WithClientTrace(clock.ctx, &httptrace.ClientTrace{
		TLSHandshakeDone: d.negotiated,
		WroteRequest:     func(httptrace.WroteRequestInfo) { clock.restart() },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url.String(), bytes.NewReader(k.query(nil, 0, edns)))
	if err != nil {
		return nil, 0, withoutURL(err)
	}
	req.Header.Set("Content-Type", dnsMessage)
	req.Header.Set("Accept", dnsMessage)
	req.Header["Idempotency-Key"] = nil // never sent: it tells the client that the request may be put again
	client := d.many
	if d.old.Load() {
		client = d.single
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, clock.cause(withoutURL(err))
	}
	defer resp.Body.Close()
	body, err := messageOf(resp)
	if err != nil {
		return nil, 0, clock.cause(err)
	}
	m, err = k.unpack(body)
	return m, clock.passed(), err
}

// negotiated learns what the server speaks.
func (d *doh) negotiated(state tls.ConnectionState, err error) {
	switch {
	case err != nil:
	case state.NegotiatedProtocol == "h2":
		d.places.open(maxStreams)
	default:
		d.old.Store(true)
		d.places.open(firstStreams * probeDepth)
	}
}

// lostConnection reports an end of a connection that says nothing about the
// question.
func lostConnection(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errStreamEnded) || errors.Is(err, errOwnEnd) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return true
	}
	text := "" // the HTTP client has no other word for these
	if err != nil {
		text = err.Error()
	}
	return strings.Contains(text, "server closed") || strings.Contains(text, "GOAWAY") || strings.Contains(text, "connection lost")
}

// dnsMessage is the media type of questions and answers (RFC 8484 §6).
const dnsMessage = "application/dns-message"

var errNoMessage = errors.New("the HTTP answer is no DNS message (its content type is not " + dnsMessage + ")")

// messageOf reads the DNS message of a response (RFC 8484 §4.2): a status other
// than 200 and another media type hold none.
func messageOf(resp *http.Response) ([]byte, error) {
	if resp.StatusCode != http.StatusOK { // the server's own words may repeat a secret of the URL
		return nil, fmt.Errorf("HTTP status %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != dnsMessage || err != nil &&
		!errors.Is(err, mime.ErrInvalidMediaParameter) {
		return nil, errNoMessage
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, dns.MaxMsgSize+1))
	if len(body) > dns.MaxMsgSize {
		return nil, errCut
	}
	return body, err
}

// withoutURL is an error of the HTTP client without the URL, which may hold a
// secret.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
