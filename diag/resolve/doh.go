package resolve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/miekg/dns"
)

// doh asks over HTTPS (RFC 8484).
type doh struct {
	url    string
	client *http.Client
}

func newDoH(url string, o Options) *doh {
	return &doh{url: url, client: &http.Client{
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
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(k.query(nil, 0, edns)))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Content-Type", "application/dns-message")
	req.Header.Set("Accept", "application/dns-message")
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("HTTP status %s", resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return nil, 0, err
	}
	m, err := k.unpack(body)
	return m, 0, err
}
