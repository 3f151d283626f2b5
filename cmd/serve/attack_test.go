package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/serve"
)

// raw sends octets as they are, with the cookies of a browser, and gives the answer.
func (b *browser) raw(method, path, kind, body string, length int, fields ...string) (status int, page string) {
	b.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(b.base, "http://"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer c.Close()
	r, _ := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base, nil)
	cookies := ""
	for _, k := range b.c.Jar.Cookies(r.URL) {
		cookies += k.Name + "=" + k.Value + "; "
	}
	host := "Host: localhost"
	for _, f := range fields {
		if strings.HasPrefix(f, "Host:") {
			host = f
		}
	}
	if _, err := fmt.Fprintf(c, "%s %s HTTP/1.1\r\n%s\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		method, path, host, cookies, kind, length, body); err != nil {
		b.t.Errorf("%s %s: not all of it is read: %v", method, path, err)
	}
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		b.t.Errorf("%s %s: %v", method, path, err)
		return 0, ""
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		b.t.Errorf("%s %s: %v", method, path, err)
	}
	return a.StatusCode, string(text)
}

const inParts = "multipart/form-data; boundary=b"

// TestABodyThatDoesNotComeHoldsNoConnection: the answer comes without it, whether the request is refused or needs no body.
func TestABodyThatDoesNotComeHoldsNoConnection(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	for _, tt := range []struct {
		method, kind, host string
		want               int
	}{
		{http.MethodPost, "text/plain", "localhost", 403}, {http.MethodPost, "text/plain", "evil.test", 421},
		{http.MethodGet, "text/plain", "localhost", 200}, {http.MethodPut, "text/plain", "localhost", 405},
	} {
		if got, _ := b.raw(tt.method, "/", tt.kind, "", 100_000, "Host: "+tt.host); got != tt.want {
			t.Errorf("%s of %s: %d, want %d", tt.method, tt.host, got, tt.want)
		}
	}
}

// TestPartsNeedTheSecretEverywhere: a form in parts does nothing where nobody reads parts.
func TestPartsNeedTheSecretEverywhere(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	b.send("/look", "q", "42553")
	const none = "--b--\r\n"
	again, upload := "/again/"+strings.TrimPrefix(b.at, "/r/"), "/triage/"+strings.Repeat("1", 32)
	for _, path := range []string{again, "/guide", "/lab", "/look", "/letter", upload} {
		if got, _ := b.raw(http.MethodPost, path, inParts, none, len(none)); got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// TestAFormIsBoundedBeforeItsFile: by the secret, and by the size of its fields and of the headers of its parts.
func TestAFormIsBoundedBeforeItsFile(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	secret := "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + b.field("csrf") + "\r\n"
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"a long header before the secret": {"--b\r\nX: " + strings.Repeat("a", 100_000), 403},
		"a long secret":                   {"--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + strings.Repeat("a", 100_000), 403},
		"many fields": {secret + strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", 21_000) +
			"--b--\r\n", 413},
		"a long header": {secret + "--b\r\nX: " + strings.Repeat("a", 1_100_000) + "\r\n\r\n--b--\r\n", 413},
	} {
		if got, _ := b.raw(http.MethodPost, "/look", inParts, tt.body, len(tt.body)); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

// TestNoPageLeadsToAnotherHost: also not where the path of a refused request looks like one.
func TestNoPageLeadsToAnotherHost(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--token-file", write(t, "token", "correct horse battery staple\n"))
	b := open(t, base, "/")
	for _, path := range []string{"//evil.test/login", "///evil.test", "/%5Cevil.test", "http://localhost//evil.test/"} {
		if _, page := b.raw(http.MethodGet, path, "", "", 0); strings.Contains(page, `href="//`) || strings.Contains(page, `href="/\`) {
			t.Errorf("%s:\n%s", path, page)
		}
	}
}

// TestSlowUploadsKeepNobodyWaiting: however many files are under way, a code is looked up.
func TestSlowUploadsKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab", "--at-once", "1000")
	b := open(t, base, "/triage")
	body := "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + b.field("csrf") +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"mail.log\"\r\n\r\nNov 23"
	stop := make(chan struct{})
	defer close(stop)
	for i := range 8 * runtime.GOMAXPROCS(0) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("%s/triage/%032x", base, i),
			io.MultiReader(strings.NewReader(body), reader(func([]byte) (int, error) { <-stop; return 0, io.EOF })))
		r.Header.Set("Content-Type", inParts)
		go func() {
			if a, err := b.c.Do(r); err == nil {
				a.Body.Close()
			}
		}()
	}
	probe := open(t, base, "/metrics")
	for !strings.Contains(probe.page, fmt.Sprintf("todoku_runs_active %d\n", 8*runtime.GOMAXPROCS(0))) {
		probe.get("/metrics")
	}
	b.send("/look", "q", "42553")
	b.shows("Probably refused")
}

// reader is a function that reads.
type reader func([]byte) (int, error)

// Read calls it.
func (r reader) Read(b []byte) (int, error) { return r(b) }

// TestPagesNameNoLastDiagnosis: none is kept for a visitor. And a page of a rule shows no raw places for data.
func TestPagesNameNoLastDiagnosis(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/")
	b.send("/look", "q", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "from", "news@no-spf.test",
		"to", "user@takes.test", "ip", "192.0.2.7")
	b.shows("no-spf.test")
	at := b.at
	for _, file := range []string{"", "/todoku.txt", "/todoku.json", "/todoku.md"} {
		if b.get(at + file); b.code != http.StatusOK || strings.Contains(b.page, "--last") {
			t.Errorf("%s: %d\n%s", file, b.code, b.page)
		}
	}
	b.get("/explain/dmarc-none")
	b.shows("‹domain› has no DMARC record")
	if strings.Contains(b.page, "{domain}") {
		t.Error(b.page)
	}
}

// TestAPanicEndsNoServer: neither one in a request, nor one while an upload is read.
func TestAPanicEndsNoServer(t *testing.T) {
	t.Parallel()
	n := &notes{heard: make(chan string, 1)}
	a := app.New(strings.NewReader(""), io.Discard, n, func(string) string { return "" })
	a.Global.Lab = true
	c := serve.New(a, func(context.Context, *app.App, []string) app.ExitStatus { panic("a fault of ours") })
	c.SetArgs([]string{"--listen", "127.0.0.1:0"})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.ExecuteContext(ctx) }()
	defer func() { cancel(); <-ended }()
	b := open(t, "http://"+<-n.heard, "/")
	b.send("/look", "q", "42553")
	if b.code != http.StatusInternalServerError {
		t.Errorf("status %d", b.code)
	}
	b.get("/triage")
	b.upload("/triage/"+strings.Repeat("d", 32), "mail.log", log(3))
	if b.code != http.StatusServiceUnavailable {
		t.Errorf("status %d", b.code)
	}
	b.get("/metrics")
	b.shows("todoku_panics_total 2")
}

// TestAWrongFileIsAnswered: also where what reads it has enough after its beginning.
func TestAWrongFileIsAnswered(t *testing.T) {
	t.Parallel()
	base, _ := start(t, "--lab")
	b := open(t, base, "/triage")
	part := "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + b.field("csrf") +
		"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--b--\r\n"
	id := strings.Repeat("e", 32)
	wrong := fmt.Sprintf(part, "mail.log", strings.Repeat("no log", 4<<20))
	if got, _ := b.raw(http.MethodPost, "/triage/"+id, inParts, wrong, len(wrong)); got != http.StatusSeeOther {
		t.Errorf("status %d", got)
	}
	for b.get("/job/" + id); strings.HasPrefix(b.at, "/job/"); b.get(b.at) {
	}
	b.shows("nothing was recognised in it")
	large := fmt.Sprintf(part, "bounce.eml", "From: a@b.test\r\n\r\n"+strings.Repeat("550 5.1.1 x\r\n", 2<<20))
	if got, _ := b.raw(http.MethodPost, "/look", inParts, large, len(large)); got != http.StatusUnprocessableEntity {
		t.Errorf("status %d", got)
	}
}
