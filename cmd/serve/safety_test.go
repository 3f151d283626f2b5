package serve_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"todoku/cmd"
	"todoku/cmd/app"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestOthersNeedToBeKnown: an address that others reach is not opened where nothing tells who they are.
func TestOthersNeedToBeKnown(t *testing.T) {
	t.Parallel()
	short := write(t, "short", "secret\n")
	for _, tt := range []struct{ args, says string }{
		{"--listen 0.0.0.0:0", "--token-file"}, {"--listen [::]:0", "--user-header"}, {"--listen 192.0.2.1:8420", "--token-file"},
		{"--token-file " + short, "16 characters"}, {"--token-file /nowhere/at/all", "no such file"}, {"--proxy 192.0.2.1", "--user-header"},
		{"--listen somewhere", "127.0.0.1:8420"}, {"--user-header X:Y", "X-Remote-User"},
	} {
		var says strings.Builder
		args := append([]string{"serve", "--lab"}, strings.Fields(tt.args)...)
		status := cmd.Run(t.Context(), args, strings.NewReader(""), io.Discard, &says, func(string) string { return "" })
		if status != app.ExitUsage || !strings.Contains(says.String(), tt.says) {
			t.Errorf("%s: exit %d, %s", tt.args, status, says.String())
		}
	}
}

// TestAVisitorOpensNoFile: whatever is typed, no file of the machine is read.
func TestAVisitorOpensNoFile(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret.eml", "Subject: top secret\n\n550 5.1.1 TOPSECRET unknown\n")
	base, _ := start(t, "--lab")
	for _, q := range []string{secret, "@" + secret, "--message=" + secret, "-o " + secret, "file://" + secret, secret + " " + secret,
		"--config " + secret, "lab:../" + secret} {
		b := open(t, base, "/")
		b.send("/look", "q", q, "from", "news@healthy.test")
		if strings.Contains(b.page, "TOPSECRET") || strings.Contains(b.page, "top secret") {
			t.Errorf("%q shows the file:\n%s", q, mainOf(b.page))
		}
		b.get("/")
		b.send("/look", "q", q)
		if strings.Contains(b.page, "TOPSECRET") {
			t.Errorf("%q shows the file:\n%s", q, mainOf(b.page))
		}
	}
	b := open(t, base, "/letter?of=../../etc/passwd")
	b.send("/letter", "of", secret, "from", "a@b.test", "to", "c@d.test", "time", "1d", "subject", secret)
	if strings.Contains(b.page, "TOPSECRET") {
		t.Error("a letter shows the file")
	}
	if now, err := os.ReadFile(secret); err != nil || !strings.HasPrefix(string(now), "Subject: top secret") {
		t.Errorf("the file was written to: %s %v", now, err)
	}
}

// TestPrivateAddressesAreNotAsked: a domain that leads to a private address makes nobody connect to it. The world has the
// tests of what it connects to.
func TestPrivateAddressesAreNotAsked(t *testing.T) {
	t.Parallel()
	zone := write(t, "zone", "inner.test. 60 IN MX 10 mx.inner.test.\nmx.inner.test. 60 IN A 127.0.0.1\n"+
		"meta.test. 60 IN MX 10 mx.meta.test.\nmx.meta.test. 60 IN A 169.254.169.254\n")
	base, _ := start(t, "--zone", zone, "--resolver", "127.0.0.1:1", "--timeout", "1s")
	for _, q := range []string{"user@inner.test", "user@meta.test"} {
		b := open(t, base, "/")
		b.send("/look", "q", q)
		b.shows("mx-private-address")
		if strings.Contains(b.page, "220 ") {
			t.Errorf("%s was visited:\n%s", q, mainOf(b.page))
		}
	}
}

// TestForeignRequestsAreRefused: another host, another origin, a form without its secret.
func TestForeignRequestsAreRefused(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--host", "mailcheck.example.test")
	b := open(t, base, "/")
	ask := func(change func(*http.Request)) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/look", strings.NewReader("q=42553&csrf="+b.field("csrf")))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range b.c.Jar.Cookies(r.URL) { // also with another host
			r.AddCookie(c)
		}
		change(r)
		was := b.page
		b.do(r)
		b.page = was
		return b.code
	}
	for _, tt := range []struct {
		name   string
		want   int
		change func(*http.Request)
	}{
		{"own", 200, func(*http.Request) {}},
		{"foreign host", 421, func(r *http.Request) { r.Host = "evil.test" }},
		{"named host", 200, func(r *http.Request) { r.Host = "mailcheck.example.test" }},
		{"foreign origin", 403, func(r *http.Request) { r.Header.Set("Origin", "http://evil.test") }},
		{"no secret", 403, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("q=42553")); r.ContentLength = 7 }},
		{"parts without the secret first", 403, func(r *http.Request) {
			parts := "--b\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\n42553\r\n--b--\r\n"
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(parts)), int64(len(parts))
		}},
	} {
		if got := ask(tt.change); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	b.get("/nowhere")
	if b.code != http.StatusNotFound {
		t.Errorf("nowhere: %d", b.code)
	}
	b.get("/r/" + strings.Repeat("0", 32))
	if b.code != http.StatusNotFound {
		t.Errorf("a result that is none: %d", b.code)
	}
}

// TestTheTokenIsAskedFor on a page of its own.
func TestTheTokenIsAskedFor(t *testing.T) {
	t.Parallel()
	const token = "correct horse battery staple"
	base, _ := start(t, "--lab", "--token-file", write(t, "token", token+"\n"))
	b := open(t, base, "/")
	if b.code != http.StatusUnauthorized {
		t.Fatal(b.code)
	}
	b.shows(`name="token"`)
	b.send("/login", "token", "wrong")
	if b.code != http.StatusUnauthorized {
		t.Fatal(b.code)
	}
	b.send("/login", "token", token)
	if b.code != http.StatusOK || b.at != "/" {
		t.Fatal(b.code, b.at)
	}
	b.send("/look", "q", "42553")
	b.shows("Probably refused")
}

// TestAUserHasBounds: beyond them there is 429, with the time to wait; other users go on.
func TestAUserHasBounds(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--rate", "3")
	b := open(t, base, "/")
	for range 3 {
		b.send("/look", "q", "42553")
		b.get("/")
	}
	form := b.field("csrf")
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/look", strings.NewReader("q=42553&csrf="+form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := b.c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", a.StatusCode, a.Header.Get("Retry-After"))
	}
	other := open(t, base, "/")
	other.send("/look", "q", "42553")
	other.shows("Probably refused")
}

// TestQuestionsAreCounted: who made the server ask much has to wait.
func TestQuestionsAreCounted(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--questions", "10")
	b := open(t, base, "/")
	b.send("/look", "q", "healthy.test")
	b.shows("healthy.test")
	b.send("/again/" + strings.TrimPrefix(b.at, "/r/"))
	if b.code != http.StatusTooManyRequests {
		t.Errorf("status %d", b.code)
	}
}

// TestALargeUploadIsRefusedEarly: its size is told before it comes, so nothing of it is read.
func TestALargeUploadIsRefusedEarly(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--max-upload", "1")
	b := open(t, base, "/triage")
	c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	u := b.c.Jar
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base, nil)
	cookies := ""
	for _, k := range u.Cookies(r.URL) {
		cookies += k.Name + "=" + k.Value + "; "
	}
	fmt.Fprintf(c, "POST /triage/%032d HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n"+
		"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000000\r\n\r\n",
		1, strings.TrimPrefix(base, "http://"), cookies)
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", a.StatusCode)
	}
}

// TestAnUploadIsCutAtItsBound: one that does not tell its size is read as far as the bound, and the result says so.
func TestAnUploadIsCutAtItsBound(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--max-upload", "1")
	b := open(t, base, "/triage")
	head := "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + b.field("csrf") +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"mail.log\"\r\n\r\n"
	job := "/job/" + strings.Repeat("c", 32)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/triage/"+strings.Repeat("c", 32),
		io.MultiReader(strings.NewReader(head), strings.NewReader(strings.Repeat(log(100), 100))))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if a, err := b.c.Do(r); err == nil { // the connection may end before the answer is read
		a.Body.Close()
	}
	for b.get(job); b.at == job; b.get(job) {
		if b.code != http.StatusOK {
			t.Fatal(b.code)
		}
	}
	b.shows("takes.test", "the upload is larger than 1 MiB: the rest was not read")
}

// TestSlowVisitorsDoNotHold: a header that does not end is given up, and others are answered meanwhile.
func TestSlowVisitorsDoNotHold(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	var slow sync.WaitGroup
	for range 50 {
		slow.Go(func() {
			c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
			_ = c.SetReadDeadline(time.Now().Add(time.Minute))
			if _, err := io.Copy(io.Discard, c); err != nil {
				t.Errorf("it is still open after a minute: %v", err)
			}
		})
	}
	open(t, base, "/").shows("todoku")
	slow.Wait()
}

// TestHostileInputBecomesNoMarkup: on every page, and in an export.
func TestHostileInputBecomesNoMarkup(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	evil := "550 5.1.1 \"><script>alert(1)</script><img src=x onerror=alert(1)> " +
		"</textarea><svg/onload=x> \u202e \x1b[31m =cmd|' /C calc'!A0 {{.}} $(id) `id`"
	b := open(t, base, "/")
	b.send("/look", "q", evil)
	clean(t, b)
	b.get("/")
	b.send("/look", "q", "a.test", "ip", evil)
	clean(t, b)
	b.get("/")
	b.upload("/look", `"><script>.eml`, "From: x\r\nSubject: <script>alert(1)</script>\r\n\r\n"+evil)
	clean(t, b)
	b.get("/triage")
	b.upload("/triage/"+strings.Repeat("b", 32), "<script>", "Nov 23 09:00:01 mx postfix/smtp[1]: AB1: "+
		"to=<\"<script>\"@takes.test>, relay=x[192.0.2.100]:25, "+
		"delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host x said: "+evil+")\n")
	for strings.HasPrefix(b.at, "/job/") {
		b.get(b.at)
	}
	clean(t, b)
	b.get("/letter?from=%22%3E%3Cscript%3E&response=%3C/textarea%3E%3Cscript%3E")
	clean(t, b)
	b.send("/letter", "from", "a@b.test", "to", "c@d.test", "time", "1d", "subject", evil, "company", "<script>", "addressee", "<b>")
	clean(t, b)
	b.get("/explain/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
	clean(t, b)
	b.get("/?q=%3C/textarea%3E%3Cscript%3E&lang=%22%3E%3Cscript%3E")
	clean(t, b)
	b.get("/%3Cscript%3E?lang=ja")
	clean(t, b)
	b.get("/guide")
	b.send("/guide")
	way := b.at
	for _, said := range []string{"A", "text", evil} {
		if !strings.Contains(b.page, `name="n"`) {
			break
		}
		b.send(way, "n", b.field("n"), "answer", said)
		clean(t, b)
	}
}

// clean fails where a page has an element or an attribute that is not ours.
func clean(t *testing.T, b *browser) {
	t.Helper()
	if strings.ContainsAny(b.page, "\x1b\u202e") {
		t.Errorf("%s: a hidden character", b.at)
	}
	doc, err := html.Parse(strings.NewReader(b.page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("%s: <%s %s=%q>", b.at, n.Data, a.Key, a.Val)
			}
		}
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "script" && (len(n.Attr) == 0 || n.Attr[0].Val != "/app.js"), n.Data == "img", n.Data == "iframe", n.Data == "style":
			t.Errorf("%s: <%s>", b.at, n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(doc)
}

// FuzzLook types anything into the box: there is an answer or a complaint, and no markup of what was typed.
func FuzzLook(f *testing.F) {
	base, _ := start(f, "--lab", "--rate", "1000000", "--questions", "1000000")
	home := open(f, base, "/")
	for _, q := range []string{"healthy.test", "42553", "user@takes.test", "-o@takes.test", "--lab", "-", "@list",
		"550 5.7.1 <b>", "192.0.2.7",
		"例え.test", "a b\tc\r\nd", "\x00\xff\u202e", "' $(id) `id`"} {
		f.Add(q, "", "")
		f.Add(q, "news@healthy.test", q)
	}
	f.Fuzz(func(t *testing.T, q, from, ip string) {
		b := *home
		b.t = t
		b.send("/look", "q", q, "from", from, "ip", ip)
		if b.code != http.StatusOK && b.code != http.StatusUnprocessableEntity {
			t.Errorf("status %d", b.code)
		}
		clean(t, &b)
	})
}
