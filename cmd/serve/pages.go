package serve

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/serve/guard"
	"todoku/codes"
)

//go:embed pages
var pageFiles embed.FS

// frame is what every page shows around its body.
type frame struct {
	Lang    codes.Lang
	Other   string // address of this page in the other language
	Title   string // cut: the page has it whole
	Secret  string // of its forms
	User    string
	Lab     bool
	History bool
	Watch   bool
	Refresh int // seconds until the page is asked for again; 0: never
	Version string
}

// T is a text in the language of the page.
func (f frame) T(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(f.Lang) }

// pageOf is a page with its body.
type pageOf[T any] struct {
	frame
	Body T
}

// templates are the pages by their names, each with the frame.
var templates = sync.OnceValue(func() map[string]*template.Template {
	out := map[string]*template.Template{}
	for _, name := range []string{"home", "result", "letter", "guide", "triage", "job", "history", "watch", "lab", "login", "refused"} {
		out[name] = template.Must(template.ParseFS(pageFiles, "pages/frame.tmpl", "pages/"+name+".tmpl"))
	}
	return out
})

// assets are the style and the scripts, by their names.
var assets = sync.OnceValue(func() map[string]string {
	read := func(name string) string {
		b, _ := pageFiles.ReadFile("pages/" + name) // it is embedded: TestPages would see it missing
		return string(b)
	}
	return map[string]string{"app.css": page.Style() + read("app.css"), "app.js": read("app.js") + page.Script()}
})

// asset answers with one of them.
func (s *server) asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	kind := "text/css; charset=utf-8"
	if strings.HasSuffix(name, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write([]byte(assets()[name]))
}

// langCookie keeps the language that was chosen.
const langCookie = "todoku_lang"

// lang is the language of a visitor: chosen by ?lang=, then by the cookie, then by what the browser prefers.
func (s *server) lang(r *http.Request) codes.Lang {
	chosen := []string{r.URL.Query().Get("lang")}
	if c, err := r.Cookie(langCookie); err == nil {
		chosen = append(chosen, c.Value)
	}
	for _, value := range chosen {
		if l := codes.Lang(value); l == codes.English || l == codes.Japanese {
			return l
		}
	}
	if tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")); err == nil && len(tags) > 0 {
		for _, t := range tags {
			switch base, _ := t.Base(); base.String() {
			case "ja":
				return codes.Japanese
			case "en":
				return codes.English
			}
		}
	}
	return s.app.Lang
}

// frame makes that of a page, and remembers a language that was chosen.
func (s *server) frame(w http.ResponseWriter, r *http.Request, title codes.Text) frame {
	l, v := s.lang(r), guard.Of(r)
	if q := r.URL.Query().Get("lang"); q == string(l) {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: q, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
			MaxAge: 365 * 24 * 3600})
	}
	other := codes.Japanese
	if l == codes.Japanese {
		other = codes.English
	}
	at, query := "/", url.Values{}
	if r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "//") { // that would be another host
		at, query = r.URL.EscapedPath(), r.URL.Query()
	}
	query.Set("lang", string(other))
	return frame{Lang: l, Other: at + "?" + query.Encode(), Title: page.Clean(firstRunes(title.In(l), 50)), Secret: v.Secret,
		User: page.Clean(v.Name), Lab: s.app.Global.Lab, History: s.options.history != "",
		Watch: s.options.store.Where != "", Version: app.Version}
}

// show writes a page.
func show[T any](w http.ResponseWriter, status int, name string, f frame, body T) {
	var b bytes.Buffer
	if err := templates()[name].ExecuteTemplate(&b, "frame", pageOf[T]{f, body}); err != nil {
		http.Error(w, "internal error: "+name, http.StatusInternalServerError) // the templates are ours: a test would see it
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(f.Lang))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
