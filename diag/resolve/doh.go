package resolve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/miekg/dns"
)

// doh asks over HTTPS (RFC 8484).
type doh struct {
	url    *url.URL
	client *http.Client
}

func newDoH(u *url.URL, o Options) *doh {
	return &doh{url: u, client: &http.Client{
		Transport: &http.Transport{DialContext: o.Dial, TLSClientConfig: tlsConfig("", o.Roots), ForceAttemptHTTP2: true,
			MaxConnsPerHost: 8, MaxIdleConnsPerHost: 8, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (d *doh) close() { d.client.CloseIdleConnections() }

func (d *doh) exchange(ctx context.Context, k key, edns bool, deadline time.Time) (*dns.Msg, int, error) {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	// The id is 0 so that caches on the way can serve equal questions (RFC 8484 §4.1).
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url.String(), bytes.NewReader(k.query(nil, 0, edns)))
	if err != nil {
		return nil, 0, withoutURL(err)
	}
	req.Header.Set("Content-Type", dnsMessage)
	req.Header.Set("Accept", dnsMessage)
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, 0, withoutURL(err)
	}
	defer resp.Body.Close()
	body, err := messageOf(resp)
	if err != nil {
		return nil, 0, err
	}
	m, err := k.unpack(body)
	return m, 0, err
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
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != dnsMessage || err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
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
