package alert

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of a webhook.
const (
	patience     = 20 * time.Second // from the connection to the last octet
	maxReply     = 4 << 10          // octets of a reply that are read
	mostPatience = 24 * time.Hour   // that a server may ask for
)

// Failure is why a channel did not take a notice.
type Failure struct {
	Status   int           // of HTTP; 0: there was no reply
	Wait     time.Duration // that the server asks for; 0: it does not
	TooLarge bool          // the server does not take this notice; smaller ones may pass
	Says     string        // in English, without secrets; may hold what the server said
}

// Error is what went wrong, in English.
func (f *Failure) Error() string { return f.Says }

// Client asks web servers: through a proxy where there is one, with no redirect followed.
type Client struct {
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Roots *x509.CertPool                   // nil: those of the system
	Proxy func(*url.URL) (*url.URL, error) // nil: none
	Agent string                           // of the User-Agent field
	Now   func() time.Time                 // for dates in Retry-After
}

// web is the client of net/http.
func (c Client) web() *http.Client {
	t := &http.Transport{DialContext: c.Dial, TLSClientConfig: &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10}
	if c.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) { return c.Proxy(r.URL) }
	}
	return &http.Client{Timeout: patience, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// webhook posts notices.
type webhook struct {
	channel  Channel
	template Template
	client   Client
}

// Webhook is a teller that posts to the channel. Without a template it uses that of the channel's kind.
func (c Channel) Webhook(client Client, t *Template) (Teller, error) {
	w := webhook{channel: c, client: client}
	if t != nil {
		w.template = *t
		return w, nil
	}
	var err error
	w.template, err = c.Kind.template()
	return w, err
}

// Tell posts a notice. The error is a *Failure.
func (w webhook) Tell(ctx context.Context, n Notice) error {
	body, err := w.template.render(n, w.channel.topic())
	if err != nil {
		return &Failure{TooLarge: true, Says: "the template fails: " + w.redacted(err.Error())}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.channel.target(), bytes.NewReader(body))
	if err != nil {
		return &Failure{Says: "this is no address of a webhook"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", w.client.Agent)
	r.Header.Set("Idempotency-Key", n.ID)
	reply, err := w.client.web().Do(r)
	if err != nil {
		return &Failure{Says: w.redacted(inner(err).Error())}
	}
	defer reply.Body.Close()
	said, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	switch text := strings.TrimSpace(string(said)); {
	case reply.StatusCode/100 == 2 && w.channel.Kind == Teams && strings.HasPrefix(text, "Webhook message delivery failed"):
		return w.failure(reply, text) // the older connectors of Teams say so with the status 200
	case reply.StatusCode/100 != 2:
		return w.failure(reply, text)
	case err != nil && ctx.Err() != nil:
		return &Failure{Status: reply.StatusCode, Says: "the reply does not end"}
	}
	return nil
}

// failure is that of a reply.
func (w webhook) failure(r *http.Response, text string) error {
	f := &Failure{Status: r.StatusCode, Wait: w.retryAfter(r.Header.Get("Retry-After"))}
	switch r.StatusCode {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		f.TooLarge = true
	}
	f.Says = fmt.Sprintf("HTTP %d", r.StatusCode)
	if r.StatusCode/100 == 3 {
		f.Says += ": it leads elsewhere, which is not followed"
	} else if text != "" {
		f.Says += ": " + shorten(strings.ToValidUTF8(w.redacted(text), "?"), 200)
	}
	return f
}

// retryAfter is the wait that a server asks for (RFC 9110 §10.2.3): seconds or a date; 0 where there is none.
func (w webhook) retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return min(max(time.Duration(min(n, 1<<20))*time.Second, 0), mostPatience)
	}
	at, err := http.ParseTime(s)
	if err != nil || w.client.Now == nil {
		return 0
	}
	return min(max(at.Sub(w.client.Now()), 0), mostPatience)
}

// inner is an error of net/http without the address, which is a secret.
func inner(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return inner(u.Err)
	}
	return err
}

// redacted removes what is secret from a text.
func (w webhook) redacted(s string) string {
	for _, secret := range w.channel.secrets() {
		s = strings.ReplaceAll(s, secret, "…")
	}
	return s
}
