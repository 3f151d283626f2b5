package world

import (
	"crypto/tls"
	"net/http"
	"time"
)

// httpsPatience is how long a page may take, from the connection to its last octet.
const httpsPatience = 10 * time.Second

// HTTPS is a client for web servers of this world, over the one way to dial, with
// its roots. It keeps no connection and no cookie, follows no proxy of the
// environment, and gives a redirect as it came: who asks decides about it
// (RFC 8461 §3.3 follows none).
func (w *World) HTTPS() *http.Client {
	patience := w.options.Timeout
	if patience == 0 {
		patience = httpsPatience
	}
	return &http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext: w.Dial, TLSClientConfig: &tls.Config{RootCAs: w.Roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true, DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
