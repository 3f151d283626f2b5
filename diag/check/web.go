package check

import (
	"context"
	"errors"
	"syscall"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/sender/smtp"
)

// fetch gets a page. Names from outside are not to lead into our own network: only addresses of the internet are asked.
func fetch(ctx context.Context, p *diag.Pass, url string, most int) probe.Page {
	return p.Web.Only(mx.Reachable).Get(ctx, url, most)
}

// noPage is why a page could not be fetched: ignorance. nil where there was an answer, or where there is none and that is known.
func noPage(ctx context.Context, page *probe.Page) error {
	switch {
	case page.Err == nil && page.TLS != nil && page.TLS.Unjudged:
		return unjudged(page.URL, "HTTPS", serverOf(page))
	case page.Err == nil:
		return nil
	}
	if ctx.Err() != nil { // our time was up, not theirs
		return ctx.Err()
	}
	var dns *resolve.Error
	if errors.As(page.Err, &dns) {
		return page.Err
	}
	kind := KindWebBrokenOff
	switch {
	case smtp.TimedOut(page.Err):
		kind = KindWebSilent
	case errors.Is(page.Err, probe.ErrPassedOver), errors.Is(page.Err, syscall.ECONNREFUSED), smtp.NoWayOut(page.Err),
		errors.Is(page.Err, syscall.EHOSTUNREACH):
		kind = KindWebUnreachable
	}
	return &resolve.Error{Kind: kind, Name: page.URL, Type: "HTTPS", Server: serverOf(page), Message: bareError(page.Err), Says: webSays(kind)}
}

func serverOf(page *probe.Page) string {
	if !page.Address.IsValid() {
		return ""
	}
	return page.Address.String()
}

// WebTLS is the encryption with a web server.
type WebTLS struct {
	Version  string   `json:"version"`
	Cipher   string   `json:"cipher"`
	Names    []string `json:"certificate_names"`
	Expires  string   `json:"expires"`
	Verified bool     `json:"verified"`
	Problem  string   `json:"problem"`
}

// webTLS is a TLS connection as reports have it; nil where there was none.
func webTLS(s *smtp.TLSState) *WebTLS {
	if s == nil {
		return nil
	}
	return &WebTLS{Version: s.Version, Cipher: s.Cipher, Names: append([]string{}, s.Names...),
		Expires: s.Expires.UTC().Format(time.RFC3339), Verified: s.Verified, Problem: s.Problem}
}

// What keeps us from seeing a page.
const (
	KindWebUnreachable resolve.Kind = "web_unreachable" // no connection
	KindWebSilent      resolve.Kind = "web_silent"      // no answer in time
	KindWebBrokenOff   resolve.Kind = "web_breaks_off"  // hung up, or said what is no HTTP
)

func webSays(k resolve.Kind) codes.Text {
	switch k {
	case KindWebUnreachable:
		return codes.Text{EN: "the web server cannot be reached", JA: "ウェブサーバーに接続できません"}
	case KindWebSilent:
		return codes.Text{EN: "the web server does not answer in time", JA: "ウェブサーバーから時間内に応答がありません"}
	}
	return codes.Text{
		EN: "the web server breaks off, or what it says is no answer",
		JA: "ウェブサーバーが切断したか、応答として読み取れない内容を返しました"}
}
