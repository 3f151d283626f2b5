package serve_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// notes are what a server says, and where it listens.
type notes struct {
	mu    sync.Mutex
	text  strings.Builder
	heard chan string // its address, once
}

func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text.Write(b)
	if m := regexp.MustCompile(`http://([^/]+)/`).FindStringSubmatch(n.text.String()); m != nil {
		select {
		case n.heard <- m[1]:
		default:
		}
	}
	return len(b), nil
}

// start runs `serve` with flags until the test ends, or stop is called, which gives the exit status.
func start(t testing.TB, flags ...string) (base string, stop func() app.ExitStatus) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(context.Background())
	n := &notes{heard: make(chan string, 1)}
	ended := make(chan app.ExitStatus, 1)
	go func() {
		ended <- cmd.Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...), strings.NewReader(""), io.Discard, n,
			func(string) string { return "" })
	}()
	stop = sync.OnceValue(func() app.ExitStatus { cancel(app.ErrInterrupted); return <-ended })
	t.Cleanup(func() { stop() })
	select {
	case at := <-n.heard:
		return "http://" + at, stop
	case status := <-ended:
		ended <- status
		t.Fatalf("exit %d: %s", status, n.text.String())
	}
	return "", stop
}

// browser asks a server as a browser without scripts does: it keeps cookies, and sends the forms of pages.
type browser struct {
	t    testing.TB
	c    *http.Client
	base string
	at   string // address of the page
	code int
	page string
}

func open(t testing.TB, base, path string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, base: base, c: &http.Client{Jar: jar}}
	b.get(path)
	return b
}

func (b *browser) get(path string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(r)
}

func (b *browser) do(r *http.Request) {
	b.t.Helper()
	a, err := b.c.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.code, b.page = a.Request.URL.Path, a.StatusCode, string(body)
}

// field is the value of a hidden field of the page.
func (b *browser) field(name string) string {
	b.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.page)
	if m == nil {
		b.t.Fatalf("%s has no field %s:\n%s", b.at, name, b.page)
	}
	return m[1]
}

// send sends a form of the page to an address.
func (b *browser) send(path string, fields ...string) {
	b.t.Helper()
	v := url.Values{"csrf": {b.field("csrf")}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	b.do(r)
}

// upload sends a form with a file.
func (b *browser) upload(path, name, content string) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("csrf", b.field("csrf"))
	f, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = io.WriteString(f, content)
	w.Close()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.do(r)
}

// shows fails where the page lacks a text.
func (b *browser) shows(texts ...string) {
	b.t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.page, s) {
			b.t.Errorf("%s (%d) does not show %q:\n%s", b.at, b.code, s, mainOf(b.page))
		}
	}
}

func mainOf(page string) string {
	_, rest, _ := strings.Cut(page, "<main")
	return rest[:min(len(rest), 4000)]
}

// log is a log of Postfix with so many bounces.
func log(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Nov 23 09:%02d:01 mx postfix/smtp[1]: AB%05d: to=<user%d@takes.test>, relay=mx.takes.test[192.0.2.100]:25, delay=1, "+
			"delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.takes.test[192.0.2.100] said: 550 5.1.1 User unknown "+
			"(in reply to RCPT TO command))\n",
			i/60%60, i, i)
	}
	return b.String()
}

// TestTheFiveJobs are what a support engineer comes for, by forms alone.
func TestTheFiveJobs(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	t.Run("look up a code", func(t *testing.T) {
		t.Parallel()
		b := open(t, base, "/")
		b.send("/look", "q", "42553")
		b.shows("Probably refused by the receiver", "todoku explain 42553", "todoku.json")
	})
	t.Run("from a bounce to its cause", func(t *testing.T) {
		t.Parallel()
		b := open(t, base, "/?lang=ja")
		b.send("/look", "q", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "from",
			"news@no-spf.test", "to", "user@takes.test", "ip", "192.0.2.7")
		b.shows(`<html lang="ja">`, "no-spf.test", "確定", "todoku --lab diagnose", "/letter?of=")
		b.get("/")
		b.upload("/look", "bounce.eml", "From: MAILER-DAEMON@takes.test\r\nTo: news@no-spf.test\r\nSubject: failure\r\n\r\n"+
			"550 5.1.1 User unknown\r\n")
		b.shows("diagnose -", "標準入力")
	})
	t.Run("check a domain", func(t *testing.T) {
		t.Parallel()
		b := open(t, base, "/")
		b.send("/look", "q", "no-spf.test")
		b.shows("no-spf.test has no SPF record", "todoku --lab check domain no-spf.test", `href="/explain/spf-none"`)
		b.get("/")
		b.send("/look", "q", "healthy.test", "receiving", "1")
		b.shows("todoku --lab check domain healthy.test --receiving", "SMTP")
		b.get("/")
		b.send("/look", "q", "no-spf.test")
		for _, form := range []string{"txt", "html", "json", "ndjson", "md", "csv", "xml", "sarif", "github"} {
			b.shows("todoku." + form)
		}
		result := b.at
		b.get(result + "/todoku.json")
		b.shows(`"schema"`, `"spf-none"`)
		b.get(result + "/todoku.csv")
		b.shows("spf-none")
		b.get(result)
		b.send("/again/"+strings.TrimPrefix(result, "/r/"), "lang", "ja")
		b.shows("no-spf.test has no SPF record")
		b.get("/explain/spf-none")
		b.shows("spf-none")
	})
	t.Run("count the failures of a log", func(t *testing.T) {
		t.Parallel()
		b := open(t, base, "/triage")
		action := regexp.MustCompile(`action="(/triage/[0-9a-f]{32})"`).FindStringSubmatch(b.page)
		if action == nil {
			t.Fatal(b.page)
		}
		b.upload(action[1], "mail.log", log(500))
		for strings.HasPrefix(b.at, "/job/") { // a page that asks again by itself
			b.shows(`http-equiv="refresh"`)
			b.get(b.at)
		}
		b.shows("500", "takes.test", "user_unknown", "todoku --lab triage -")
		b.get("/job/" + strings.TrimPrefix(action[1], "/triage/") + "/events")
		b.shows("event: done\ndata: /job/")
	})
	t.Run("write a letter", func(t *testing.T) {
		t.Parallel()
		b := open(t, base, "/letter")
		b.send("/letter", "kind", "inquiry", "from", "news@healthy.test", "to", "user@takes.test", "time", "2026-11-23 09:00",
			"response", "550 5.1.1\nUser unknown", "company", "Kaisha 'Inc.' $(id)")
		b.shows("Dear mail administrators of takes.test", "Kaisha &#39;Inc.&#39; $(id)", "todoku.eml")
		b.get("/letter")
		b.send("/letter", "kind", "inquiry", "from", "news@healthy.test")
		b.shows("--to", "--time")
		b.get("/letter")
		b.send("/letter", "from", "no address")
		if b.code != http.StatusUnprocessableEntity {
			t.Errorf("status %d", b.code)
		}
		b.shows(`role="alert"`, "no address")
	})
	t.Run("go through the guide", func(t *testing.T) { t.Parallel(); throughTheGuide(t, base) })
}

func throughTheGuide(t *testing.T, base string) {
	b := open(t, base, "/guide")
	b.send("/guide")
	way := b.at
	answer := func(said string) {
		t.Helper()
		b.send(way, "n", b.field("n"), "answer", said)
	}
	answer("A")
	b.shows("Which delivery code is it?")
	b.send(way, "n", b.field("n"), "back", "1")
	b.shows("What happened to the mail?")
	answer("nonsense")
	if b.code != http.StatusUnprocessableEntity {
		t.Errorf("an answer that is none: %d", b.code)
	}
	b.send(way, "n", "7", "answer", "B")
	b.shows("What happened to the mail?") // the form of a page that is no longer the last
	answer("A")
	answer("42550")
	answer("look")
	answer("news@no-spf.test")
	answer("user@takes.test")
	answer("192.0.2.7")
	b.shows("todoku --lab diagnose 42550", "what it found", "192.0.2.7")
	other := open(t, base, way)
	if other.code != http.StatusNotFound {
		t.Errorf("another browser sees the way: %d", other.code)
	}
	for range 30 {
		if !strings.Contains(b.page, `name="answer"`) {
			break
		}
		said := "done"
		if !strings.Contains(b.page, `value="done"`) {
			said = "all"
		}
		answer(said)
	}
	b.shows("end of the guide", "/letter")
}

func TestALanguageIsKept(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	b.shows(`<html lang="en">`, `href="/?lang=ja"`)
	b.get("/?lang=ja")
	b.get("/guide")
	b.shows(`<html lang="ja">`, "ガイド")
	b.get("/letter?to=%22a%26b%22&lang=ja")
	b.shows(`href="/letter?lang=en&amp;to=%22a%26b%22"`) // what the address says stays
	b.get("/?lang=xx")
	b.shows(`<html lang="ja">`)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/", nil)
	r.Header.Set("Accept-Language", "fr, ja;q=0.8, en;q=0.5")
	fresh := open(t, base, "/healthz")
	fresh.do(r)
	fresh.shows(`<html lang="ja">`)
}

// TestItEndsCleanly: what is under way is told its end, and the status is that of an interrupt.
func TestItEndsCleanly(t *testing.T) {
	t.Parallel()
	base, stop := start(t, "--lab")
	open(t, base, "/").shows("todoku")
	if status := stop(); status != app.ExitInterrupted {
		t.Errorf("exit %d", status)
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
		c.Close()
		t.Error("it still listens")
	}
}
