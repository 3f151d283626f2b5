// Package guard decides who may ask the server of `serve`, and how much. It refuses requests for another host (DNS
// rebinding), from other pages (CSRF) and of unknown users, and sets the headers that confine a page.
package guard

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reason says why a request is refused.
type Reason string

// The reasons.
const (
	ForeignHost   Reason = "foreign-host"   // the Host field names another server
	ForeignOrigin Reason = "foreign-origin" // the form stands on a page of another server
	NoProxy       Reason = "no-proxy"       // it came past the proxy that names the user
	NoUser        Reason = "no-user"        // the proxy named no user
	NoToken       Reason = "no-token"       // the token is missing or wrong
	BadForm       Reason = "bad-form"       // the secret of the form is missing or old
	BadMethod     Reason = "bad-method"
	TooLarge      Reason = "too-large"
	TooMany       Reason = "too-many" // of this user
	Busy          Reason = "busy"     // all users together
)

// Status is the HTTP status of a refusal.
func (r Reason) Status() int {
	switch r {
	case ForeignHost:
		return http.StatusMisdirectedRequest
	case NoToken:
		return http.StatusUnauthorized
	case BadMethod:
		return http.StatusMethodNotAllowed
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case TooMany:
		return http.StatusTooManyRequests
	case Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusForbidden
}

// Guard checks requests. Its fields are set once, before it is used.
type Guard struct {
	Hosts      []string               // names by which the server may be asked besides its address and localhost
	Token      string                 // that a visitor has to know; "" where none is needed
	UserHeader string                 // the field in which a proxy names the user; "" where there is none
	Proxies    []netip.Prefix         // who may name a user
	Login      string                 // path at which the token is given
	MaxForm    int64                  // of a form without a file, in octets
	Parts      func(path string) bool // whose forms come in parts: who reads them there checks their secret
	Now        func() time.Time
	Refuse     func(http.ResponseWriter, *http.Request, Reason) // writes the page of a refusal

	key   [32]byte
	tries *Limiter // of wrong tokens
}

// Names of the cookies.
const (
	sessionCookie = "todoku_session"
	accessCookie  = "todoku_access"
)

// FormSecret is the name of the field of a form that holds its secret.
const FormSecret = "csrf"

// accessFor is how long a token that was given once is remembered.
const accessFor = 12 * time.Hour

// New completes a guard with a key of its own.
func New(g Guard) (*Guard, error) {
	g.tries = NewLimiter(10, time.Minute, g.Now)
	_, err := rand.Read(g.key[:])
	return &g, err
}

// Visitor is who sent a request.
type Visitor struct {
	Session string // of the browser
	User    string // whose limits count
	Name    string // that a proxy gave; "" where there is none
	Secret  string // that forms must send
}

type visitorKey struct{}

// Of is the visitor of a request that passed the guard.
func Of(r *http.Request) Visitor {
	v, _ := r.Context().Value(visitorKey{}).(Visitor)
	return v
}

// Wrap lets through to next what may pass. open says which paths anybody may ask for.
func (g *Guard) Wrap(next http.Handler, open func(path string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		confine(w.Header())
		if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost}, r.Method) {
			w.Header().Set("Allow", "GET, HEAD, POST")
			g.Refuse(w, r, BadMethod)
			return
		}
		if !g.ours(r) {
			g.Refuse(w, r, ForeignHost)
			return
		}
		if embedded(r) {
			g.Refuse(w, r, ForeignOrigin)
			return
		}
		if open(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		v, why := g.visitor(w, r)
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if why == NoToken && r.Method == http.MethodPost && r.URL.Path == g.Login {
			why = ""
		}
		if why == "" && r.Method == http.MethodPost {
			why = g.checkPost(w, r, v)
		}
		if why != "" {
			g.Refuse(w, r, why)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// confine sets what a page of ours may do: load its own style and script, and nothing else. The policy of the referrer is
// not "no-referrer": browsers would then send "Origin: null" with our own forms.
func confine(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// ours reports whether the Host field means this server: the address that was connected to, localhost where that is
// loopback, or a name that was given. A page of another name that leads here (DNS rebinding) is foreign.
func (g *Guard) ours(r *http.Request) bool {
	host := r.Host
	if name, port, err := net.SplitHostPort(host); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if slices.Contains(g.Hosts, host) {
		return true
	}
	at := localAddr(r)
	if host == "localhost" {
		return at.IsLoopback()
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap() == at
}

// localAddr is the address that was connected to.
func localAddr(r *http.Request) netip.Addr {
	at, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if at == nil {
		return netip.Addr{}
	}
	to, _ := netip.ParseAddrPort(at.String())
	return to.Addr().Unmap()
}

// Peer is the address of the other side of the connection.
func Peer(r *http.Request) netip.Addr {
	from, _ := netip.ParseAddrPort(r.RemoteAddr)
	return from.Addr().Unmap().WithZone("")
}

// visitor finds out who sent a request. A browser without a session gets one.
func (g *Guard) visitor(w http.ResponseWriter, r *http.Request) (Visitor, Reason) {
	v := Visitor{Session: g.session(w, r)}
	v.Secret = g.seal("form", v.Session)
	v.User = "session " + v.Session
	switch {
	case g.UserHeader != "":
		peer := Peer(r)
		if !slices.ContainsFunc(g.Proxies, func(p netip.Prefix) bool { return p.Contains(peer) }) {
			return v, NoProxy
		}
		names := r.Header.Values(g.UserHeader)
		if len(names) != 1 || strings.TrimSpace(names[0]) == "" || len(names[0]) > 256 {
			return v, NoUser
		}
		v.Name = strings.TrimSpace(names[0])
		v.User = "user " + v.Name
	case g.Token != "" && !g.knowsToken(r):
		return v, NoToken
	}
	return v, ""
}

// session is that of the request's cookie, or a new one.
func (g *Guard) session(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil {
		if id, mark, ok := strings.Cut(c.Value, "."); ok && same(mark, g.seal("session", id)) {
			return id
		}
	}
	id := NewID()
	g.setCookie(w, r, sessionCookie, id+"."+g.seal("session", id), 0)
	return id
}

// IDLength is how long a name of NewID is.
const IDLength = 32

// IsID reports whether a name looks like one of NewID.
func IsID(s string) bool { return len(s) == IDLength && strings.Trim(s, "0123456789abcdef") == "" }

// NewID makes a name that nobody can guess: 128 random bits.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

func (g *Guard) setCookie(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.Header.Get("X-Forwarded-Proto") == "https", MaxAge: int(age.Seconds())})
}

// seal is a mark that only this server can make for a value.
func (g *Guard) seal(use, value string) string {
	m := hmac.New(sha256.New, g.key[:])
	m.Write([]byte(use + "\x00" + value))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// knowsToken reports whether a request brings the token, or the cookie of one who brought it.
func (g *Guard) knowsToken(r *http.Request) bool {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return g.RightToken(r, token)
	}
	c, err := r.Cookie(accessCookie)
	if err != nil {
		return false
	}
	until, mark, ok := strings.Cut(c.Value, ".")
	end, err := strconv.ParseInt(until, 10, 64)
	return ok && err == nil && g.Now().Unix() < end && same(mark, g.seal("access", until))
}

// RightToken compares a token. After some wrong ones an address has to wait.
func (g *Guard) RightToken(r *http.Request, token string) bool {
	from := Peer(r).String()
	if wait := g.tries.Wait(from); wait > 0 {
		return false
	}
	given, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(g.Token))
	if g.Token != "" && subtle.ConstantTimeCompare(given[:], want[:]) == 1 {
		return true
	}
	g.tries.Take(from)
	return false
}

// LetIn remembers in the browser that its user gave the token. The browser gets a new session: somebody else may have given it
// the one that it had.
func (g *Guard) LetIn(w http.ResponseWriter, r *http.Request) {
	id := NewID()
	g.setCookie(w, r, sessionCookie, id+"."+g.seal("session", id), 0)
	until := strconv.FormatInt(g.Now().Add(accessFor).Unix(), 10)
	g.setCookie(w, r, accessCookie, until+"."+g.seal("access", until), accessFor)
}

// checkPost checks where a form came from. The secret of a form in parts is its first part: who reads it checks it with
// RightSecret before anything else. Where nobody reads parts, there are none.
func (g *Guard) checkPost(w http.ResponseWriter, r *http.Request, v Visitor) Reason {
	if !sameOrigin(r) {
		return ForeignOrigin
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data" && g.Parts(r.URL.Path):
		return ""
	case err != nil || kind != "application/x-www-form-urlencoded":
		return BadForm
	case r.ContentLength > g.MaxForm:
		return TooLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, g.MaxForm)
	if err := r.ParseForm(); err != nil {
		return TooLarge
	}
	if !v.RightSecret(r.PostForm.Get(FormSecret)) {
		return BadForm
	}
	return ""
}

// RightSecret reports whether a form brought the secret of its session.
func (v Visitor) RightSecret(secret string) bool { return v.Secret != "" && same(secret, v.Secret) }

// embedded reports whether a page of another server asks for something of ours to be shown or read within itself, as far as the
// browser tells: for an image, a frame, by a script. A link may lead here.
func embedded(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Method != http.MethodPost && r.Header.Get("Sec-Fetch-Dest") != "document"
}

// sameOrigin reports whether a form stands on a page of this server, as far as the browser tells. Other programs tell
// nothing; they need the secret of the form.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	u, err := url.Parse(values[0])
	return len(values) == 1 && err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
