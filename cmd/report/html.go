package report

import (
	"embed"
	"html/template"
	"sync"

	"todoku/cmd/report/page"
	"todoku/codes"
)

//go:embed html
var templateFiles embed.FS

// templates are the parts of pages, one for each document, and those that several use. They are read on first use.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFiles, "html/*.tmpl"))
})

// asPage makes a printer of a page: of the function that gives what a document's template shows, in the words of the options.
func asPage[T, V any](name string, title codes.Text, view func(T, Options) V) func(*page.Out, Options) page.Printer[T] {
	return func(w *page.Out, o Options) page.Printer[T] {
		return &pages[T, V]{page.NewHTML(w, title, o), name, view}
	}
}

type pages[T, V any] struct {
	*page.HTML
	name string // of the template
	view func(T, Options) V
}

// Put writes the part of one document.
func (p *pages[T, V]) Put(v T) error {
	return page.Part(p.HTML, templates().Lookup(p.name+".tmpl"), func(o Options) V { return p.view(v, o) })
}
