package guard_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"todoku/cmd/serve/guard"
)

// open makes a server behind a guard. Its page tells the secret of forms and the user.
func open(t *testing.T, g guard.Guard) *httptest.Server {
	t.Helper()
	g.MaxForm, g.Login, g.Parts = 1000, "/login", func(path string) bool { return path == "/parts" }
	if g.Now == nil {
		g.Now = time.Now
	}
	g.Refuse = func(w http.ResponseWriter, _ *http.Request, why guard.Reason) {
		http.Error(w, string(why), why.Status())
	}
	made, err := guard.New(g)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(made.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := guard.Of(r)
		if r.URL.Path == "/login" {
			if !made.RightToken(r, r.PostForm.Get("token")) {
				http.Error(w, "wrong token", http.StatusUnauthorized)
				return
			}
			made.LetIn(w, r)
		}
		_, _ = io.WriteString(w, "secret="+v.Secret+" user="+v.User)
	}), func(path string) bool { return path == "/healthz" }))
	t.Cleanup(s.Close)
	return s
}

// ask sends a request with some header fields, and gives the status and the body.
func ask(t *testing.T, c *http.Client, method, target, body string, fields ...string) (int, string, *http.Response) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "Host" {
			r.Host = fields[i+1]
			continue
		}
		r.Header.Set(fields[i], fields[i+1])
	}
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, strings.TrimSpace(string(b)), a
}

// jar keeps the cookies of a browser.
type jar map[string]*http.Cookie

func (j jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		j[c.Name] = c
	}
}

func (j jar) Cookies(*url.URL) (out []*http.Cookie) {
	for _, c := range j {
		out = append(out, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	return out
}

func browser() *http.Client { return &http.Client{Jar: jar{}} }

func secretIn(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`secret=([0-9a-f]+)`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no secret in %q", page)
	}
	return m[1]
}

// TestOnlyOwnHostsAreAnswered: a page of another name that leads here (DNS rebinding) gets nothing.
func TestOnlyOwnHostsAreAnswered(t *testing.T) {
	t.Parallel()
	s := open(t, guard.Guard{Hosts: []string{"check.example.test"}})
	_, port, _ := strings.Cut(s.Listener.Addr().String(), ":")
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "localhost": 200, "LOCALHOST.": 200, "check.example.test": 200,
		"check.example.test:443": 200, "[::ffff:127.0.0.1]:" + port: 200,
		"evil.test": 421, "evil.test:" + port: 421, "127.0.0.1.evil.test": 421, "192.0.2.1": 421, "[::1]": 421, "localhost.evil.test": 421,
		"0.0.0.0": 421, "127.0.0.2": 421, "check.example.test.evil.test": 421, "check.example.test:x": 421,
	} {
		if got, body, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Host", host); got != want {
			t.Errorf("%s: %d, want %d: %s", host, got, want, body)
		}
	}
	if got, _, _ := ask(t, browser(), http.MethodGet, s.URL+"/healthz", "", "Host", "evil.test"); got != 421 {
		t.Errorf("/healthz by a foreign name: %d", got)
	}
}

// TestNothingIsEmbedded: a page of another server may link here, but show or read nothing of ours.
func TestNothingIsEmbedded(t *testing.T) {
	t.Parallel()
	s := open(t, guard.Guard{})
	for _, tt := range []struct {
		site, dest string
		want       int
	}{
		{"cross-site", "image", 403}, {"cross-site", "iframe", 403}, {"same-site", "script", 403},
		{"cross-site", "empty", 403}, {"cross-site", "", 403},
		{"cross-site", "document", 200}, {"same-site", "document", 200}, {"same-origin", "image", 200}, {"none", "document", 200}, {"", "", 200},
	} {
		if got, _, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Sec-Fetch-Site", tt.site, "Sec-Fetch-Dest", tt.dest); got != tt.want {
			t.Errorf("%s %s: %d, want %d", tt.site, tt.dest, got, tt.want)
		}
	}
}

// TestFormsNeedTheirSecretAndOrigin: what another page sends in the name of a visitor does nothing.
func TestFormsNeedTheirSecretAndOrigin(t *testing.T) {
	t.Parallel()
	s := open(t, guard.Guard{})
	c := browser()
	_, page, _ := ask(t, c, http.MethodGet, s.URL, "")
	good := "csrf=" + secretIn(t, page)
	_, other, _ := ask(t, browser(), http.MethodGet, s.URL, "")
	for _, tt := range []struct {
		name, body string
		fields     []string
		want       int
	}{
		{"secret of the session", good, nil, 200},
		{"own origin", good, []string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, 200},
		{"no secret", "a=b", nil, 403},
		{"empty secret", "csrf=", nil, 403},
		{"secret of another session", "csrf=" + secretIn(t, other), nil, 403},
		{"origin of another server", good, []string{"Origin", "https://evil.test"}, 403},
		{"hidden origin", good, []string{"Origin", "null"}, 403},
		{"other site", good, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"other host of the site", good, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"no form", good, []string{"Content-Type", "text/plain"}, 403},
		{"too long", good + "&a=" + strings.Repeat("x", 2000), nil, 413},
	} {
		if got, body, _ := ask(t, c, http.MethodPost, s.URL, tt.body, tt.fields...); got != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got, tt.want, body)
		}
	}
	if got, _, a := ask(t, c, http.MethodPut, s.URL, ""); got != 405 || a.Header.Get("Allow") == "" {
		t.Errorf("PUT: %d", got)
	}
	forged := &http.Client{Jar: jar{"todoku_session": {Name: "todoku_session", Value: "abc.def"}}}
	if _, page, _ := ask(t, forged, http.MethodGet, s.URL, ""); strings.Contains(page, "session abc") {
		t.Error("a session that this server did not make is taken")
	}
}

// TestPagesAreConfined: a page loads nothing of others, runs no script in it, and stands in no frame.
func TestPagesAreConfined(t *testing.T) {
	t.Parallel()
	s := open(t, guard.Guard{})
	_, _, a := ask(t, browser(), http.MethodGet, s.URL, "")
	policy := a.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
		"form-action 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Error(policy)
	}
	for field, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
		"Referrer-Policy": "same-origin"} {
		if got := a.Header.Get(field); got != want {
			t.Errorf("%s: %q", field, got)
		}
	}
	for _, c := range a.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %s", c)
		}
	}
}

// TestTheTokenLetsIn: without it there is no page; wrong ones are slow to try.
func TestTheTokenLetsIn(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	const token = "a long and secret token"
	s := open(t, guard.Guard{Token: token, Now: func() time.Time { return now }})
	if got, _, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Authorization", "Bearer "+token); got != 200 {
		t.Errorf("token in the header: %d", got)
	}
	c := browser()
	v := jar{}
	c.Jar = v
	if got, _, _ := ask(t, c, http.MethodGet, s.URL, ""); got != 401 {
		t.Fatalf("without a token: %d", got)
	}
	if got, _, _ := ask(t, c, http.MethodPost, s.URL+"/login", "token="+url.QueryEscape(token)); got != 403 {
		t.Errorf("the token in a form without its secret: %d", got)
	}
	if got, _, _ := ask(t, browser(), http.MethodPost, s.URL+"/other", "token="+url.QueryEscape(token)); got != 401 {
		t.Errorf("the token at another page: %d", got)
	}
	for range 10 {
		if got, _, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Authorization", "Bearer wrong"); got != 401 {
			t.Errorf("wrong token: %d", got)
		}
	}
	if got, _, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Authorization", "Bearer "+token); got != 401 {
		t.Errorf("after many wrong ones even the right token has to wait: %d", got)
	}
	now = now.Add(time.Minute)
	if got, _, _ := ask(t, browser(), http.MethodGet, s.URL, "", "Authorization", "Bearer "+token); got != 200 {
		t.Errorf("a minute later: %d", got)
	}
	if got, _, _ := ask(t, browser(), http.MethodGet, s.URL+"/healthz", ""); got != 200 {
		t.Errorf("/healthz: %d", got)
	}
}

// TestTheProxyNamesTheUser: nobody else does.
func TestTheProxyNamesTheUser(t *testing.T) {
	t.Parallel()
	here, elsewhere := netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("192.0.2.0/24")
	s := open(t, guard.Guard{UserHeader: "X-Remote-User", Proxies: []netip.Prefix{here}})
	if got, page, _ := ask(t, browser(), http.MethodGet, s.URL, "", "X-Remote-User", "hanako"); got != 200 ||
		!strings.Contains(page, "user=user hanako") {
		t.Errorf("%d %s", got, page)
	}
	for _, fields := range [][]string{nil, {"X-Remote-User", ""}, {"X-Remote-User", strings.Repeat("x", 300)}} {
		if got, body, _ := ask(t, browser(), http.MethodGet, s.URL, "", fields...); got != 403 || body != string(guard.NoUser) {
			t.Errorf("%q: %d %s", fields, got, body)
		}
	}
	s = open(t, guard.Guard{UserHeader: "X-Remote-User", Proxies: []netip.Prefix{elsewhere}})
	if got, body, _ := ask(t, browser(), http.MethodGet, s.URL, "", "X-Remote-User", "hanako"); got != 403 || body != string(guard.NoProxy) {
		t.Errorf("past the proxy: %d %s", got, body)
	}
}
