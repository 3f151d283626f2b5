package serve_test

import (
	"flag"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"todoku/cmd/browsertest"
)

// pagesIn are pages of each kind in a language, as they are sent: also those that only a form leads to.
func pagesIn(t *testing.T, base, lang string) map[string]string {
	t.Helper()
	pages := map[string]string{}
	b := open(t, base, "/?lang="+lang)
	get := func(name, path string) { b.get(path); pages[name] = b.page }
	look := func(name string, fields ...string) {
		b.get("/")
		b.send("/look", fields...)
		pages[name] = b.page
	}
	get("home", "/")
	look("code", "q", "42553")
	look("domain", "q", "no-spf.test", "receiving", "1")
	look("unknown", "q", "lame.test")
	look("address", "q", "user@takes.test")
	look("diagnosis", "q", "550 5.7.26 "+strings.Repeat("blocked", 40), "from", "news@no-spf.test", "to", "user@takes.test", "ip", "192.0.2.7")
	get("changed", "/?of="+strings.TrimPrefix(b.at, "/r/"))
	get("letter-of", "/letter?of="+strings.TrimPrefix(b.at, "/r/"))
	look("log", "q", log(40))
	look("wrong", "q", "no-such-word", "from", "x")
	get("letter", "/letter")
	b.send("/letter", "kind", "inquiry")
	pages["letter-wrong"] = b.page
	b.send("/letter", "kind", "inquiry", "from", "news@healthy.test", "to", "user@takes.test", "time", "2026-11-23 09:00")
	pages["letter-written"] = b.page
	get("triage", "/triage")
	get("history", "/history")
	get("history-none", "/history?domain=nowhere.test")
	get("examples", "/lab")
	get("explained", "/explain/spf-none")
	get("gone", "/r/nothing")
	look("expired", "q", "42553", "csrf", "wrong")
	get("guide", "/guide")
	b.send("/guide")
	way := b.at
	for i, said := range []string{"A", "42550", "look", "no address", "news@no-spf.test", "user@takes.test", "192.0.2.7", "done", "all"} {
		if strings.Contains(b.page, `name="answer"`) {
			b.send(way, "n", b.field("n"), "answer", said)
			pages["guide-"+string(rune('1'+i))] = b.page
		}
	}
	return pages
}

// refusedIn are the pages of those who may not pass.
func refusedIn(t *testing.T, known, slow, lang string) map[string]string {
	t.Helper()
	pages := map[string]string{}
	b := open(t, known, "/?lang="+lang)
	pages["token"] = b.page
	b.send("/login", "token", "wrong")
	pages["token-wrong"] = b.page
	b = open(t, slow, "/?lang="+lang)
	for range 2 {
		b.get("/")
		b.send("/look", "q", "42553")
	}
	if b.code != http.StatusTooManyRequests {
		t.Errorf("the last run of two is answered with %d", b.code)
	}
	pages["too-many"] = b.page
	return pages
}

// pagesLookGood shows every page in a browser, as people look at it: in both languages, or, without axe, in the one that breaks
// lines anywhere. TODOKU_PAGES names a directory in which the pages stay.
func pagesLookGood(t *testing.T, b *browsertest.Browser) {
	axe := browsertest.Axe(t)
	base, token := historyServer(t), write(t, "token", "0123456789abcdef\n")
	known, _ := start(t, "--lab", "--token-file", token)
	slow, _ := start(t, "--lab", "--rate", "1")
	of, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, lang := range []string{"en", "ja"} {
		for _, some := range []map[string]string{pagesIn(t, base, lang), refusedIn(t, known, slow, lang)} {
			for name, page := range some {
				if !strings.Contains(page, `<html lang="`+lang+`">`) || strings.Count(page, "<h1") != 1 {
					t.Errorf("%s is not a page with a title in the language %s", name, lang)
				}
				pages[name+"."+lang+".html"] = page
			}
		}
	}
	shown := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok { // style and script
			r.Host = of.Host
			httputil.NewSingleHostReverseProxy(of).ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	}))
	defer shown.Close()
	tab := b.Open(t, browsertest.View{})
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if axe == "" && strings.HasSuffix(name, ".en.html") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			tab := tab.In(t)
			tab.Go(shown.URL + "/" + name)
			tab.LooksGood(axe)
		})
		if dir := os.Getenv("TODOKU_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "serve."+name), []byte(pages[name]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// anUploadIsFollowed on the page that shows how far it is: with scripts by events, without them by asking again.
func anUploadIsFollowed(t *testing.T, br *browsertest.Browser) {
	axe := browsertest.Axe(t)
	base, _ := start(t, "--lab")
	for name, v := range map[string]browsertest.View{"scripts": {}, "no scripts": {NoScripts: true}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, base, "/triage")
			body, in := io.Pipe()
			form := multipart.NewWriter(in)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+triageForm(b.page), body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", form.FormDataContentType())
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				if a, err := b.c.Do(r); err == nil {
					_ = a.Body.Close()
				}
			}()
			_ = form.WriteField("csrf", b.field("csrf"))
			f, err := form.CreateFormFile("file", "mail.log")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(f, log(3000)) // it is read when this returns, but for what is on its way
			tab := br.Open(t, v)
			tab.Go(base + "/job/" + strings.TrimPrefix(r.URL.Path, "/triage/") + "?lang=en")
			tab.Do(chromedp.WaitReady(chromedp.CSS("progress")))
			k := keyboard{tab, t}
			k.shows("Read: ")
			if !v.NoScripts {
				tab.LooksGood(axe)
			}
			_, _ = io.WriteString(f, log(10))
			_, _ = form.Close(), in.Close()
			tab.Do(chromedp.WaitReady(chromedp.CSS("#more")))
			k.shows("3,010 events")
			tab.Sound()
			<-sent
		})
	}
}

// update takes the pictures of the documents anew.
var update = flag.Bool("update", false, "write docs/serve.*.png anew")

// TestPicturesOfTheDocuments takes the pictures of a diagnosis that the README and docs show.
func TestPicturesOfTheDocuments(t *testing.T) {
	if *update {
		base, _ := start(t, "--lab")
		tab := browsertest.Start(t).Open(t, browsertest.View{Width: 768, Height: 500})
		for _, lang := range []string{"en", "ja"} {
			b := open(t, base, "/?lang="+lang)
			b.send("/look", "q", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "from", "news@no-spf.test",
				"to", "user@takes.test", "ip", "192.0.2.7")
			tab.Go(base + b.at + "?lang=" + lang)
			tab.Picture(filepath.Join("..", "..", "docs", "serve."+lang+".png"))
		}
	}
	for _, lang := range []string{"en", "ja"} {
		browsertest.SmallPicture(t, filepath.Join("..", "..", "docs", "serve."+lang+".png"))
	}
}

// triageForm is where the form of a page sends a log.
func triageForm(page string) string {
	_, rest, _ := strings.Cut(page, `action="/triage/`)
	id, _, _ := strings.Cut(rest, `"`)
	return "/triage/" + id
}
