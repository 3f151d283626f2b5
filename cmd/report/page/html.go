package page

import (
	_ "embed" // the style and the script of pages
	"errors"
	"html/template"
	"strings"

	"todoku/codes"
)

//go:embed page.css
var pageStyle string

// pageScript shows the buttons that copy a line; without it they stay hidden.
//
//go:embed page.js
var pageScript string

// Style is the style sheet of pages, Script their script: for a page that embeds what Body gives.
func Style() string { return pageStyle }

// Script is the script of pages.
func Script() string { return pageScript }

// HTML writes one self-contained page of parts that templates make: it loads nothing and is whole without its script. What
// data says can become no markup (html/template), and hidden characters are visible. With Options.Both each part stands in it
// in both languages, and the reader chooses one; that needs no script.
type HTML struct {
	out   *Out
	title codes.Text
	o     Options
	open  bool
	parts *parts // where the page is collected; nil elsewhere
}

// NewHTML makes a page with a title.
func NewHTML(out *Out, title codes.Text, o Options) *HTML {
	return &HTML{out: out, title: title, o: o.WithWidth()}
}

// languages are the options of a page for each of its languages, the one that is shown first at the beginning.
func (o Options) languages() []Options {
	if !o.Both {
		return []Options{o}
	}
	other := o
	other.Lang = codes.Japanese
	if o.Lang == codes.Japanese {
		other.Lang = codes.English
	}
	return []Options{o, other}
}

// InEach calls a function with the options of each language of a page.
func (h *HTML) InEach(f func(Options)) {
	for _, o := range h.o.languages() {
		f(o)
	}
}

// begin writes the head once.
func (h *HTML) begin() error {
	if h.open {
		return nil
	}
	h.open = true
	return h.out.Lines("<!doctype html>\n" +
		"<html lang=\"" + h.lang() + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n" +
		"<title>" + template.HTMLEscapeString(Clean(h.title.In(h.o.Lang)+" · todoku")) + "</title>\n<style>\n" + pageStyle +
		"</style>\n</head>\n<body>\n<main>\n" + h.choice())
}

// lang is the language of a page as HTML names it.
func (h *HTML) lang() string { return template.HTMLEscapeString(string(h.o.Lang)) }

// choice is the switch between the languages: the style shows the one whose button is chosen.
func (h *HTML) choice() string {
	if !h.o.Both {
		return ""
	}
	var b strings.Builder
	for i, o := range h.o.languages() {
		id, checked := "in-"+string(o.Lang), ""
		if i == 0 {
			checked = " checked"
		}
		name := map[codes.Lang]string{codes.English: "English", codes.Japanese: "日本語"}[o.Lang]
		b.WriteString("<input type=\"radio\" name=\"in\" class=\"in\" id=\"" + id + "\"" + checked + "><label for=\"" + id +
			"\" lang=\"" + string(o.Lang) + "\">" + name + "</label>\n")
	}
	return b.String()
}

// Part writes one part of the page, once for each language: view gives the data of the template.
func Part[V any](h *HTML, t *template.Template, view func(Options) V) error {
	return h.write(func(b *strings.Builder) error {
		for _, o := range h.o.languages() {
			if h.o.Both {
				b.WriteString("<div lang=\"" + string(o.Lang) + "\">\n")
			}
			if err := t.Execute(b, view(o)); err != nil {
				return err
			}
			if h.o.Both {
				b.WriteString("</div>\n")
			}
		}
		return nil
	})
}

// Cell is a cell of a table: the sign of a status with its class, if it has one, and a text.
type Cell struct {
	Mark, Class, Text string
	Code              bool
}

// Row writes a row of a table, once for each language. It needs no template, which takes long for a long list.
func (h *HTML) Row(cells func(Options) []Cell) error {
	return h.write(func(b *strings.Builder) error {
		for _, o := range h.o.languages() {
			b.WriteString(h.rowTag(o))
			for _, c := range cells(o) {
				c.write(b)
			}
			b.WriteString("</tr>\n")
		}
		return nil
	})
}

// rowTag begins a row, which names its language where the page has both.
func (h *HTML) rowTag(o Options) string {
	if !h.o.Both {
		return "<tr>"
	}
	return "<tr lang=\"" + string(o.Lang) + "\">"
}

// write writes a cell; what its fields say becomes no markup.
func (c Cell) write(b *strings.Builder) {
	b.WriteString("<td>")
	if c.Mark != "" {
		b.WriteString("<span class=\"mark " + template.HTMLEscapeString(c.Class) + "\" aria-hidden=\"true\">" +
			template.HTMLEscapeString(c.Mark) + "</span> ")
	}
	if c.Code {
		b.WriteString("<code>" + template.HTMLEscapeString(c.Text) + "</code>")
	} else {
		b.WriteString(template.HTMLEscapeString(c.Text))
	}
	b.WriteString("</td>")
}

// Heads writes the names of the columns, once for each language.
func (h *HTML) Heads(names func(Options) []string) error {
	return h.write(func(b *strings.Builder) error {
		for _, o := range h.o.languages() {
			b.WriteString(h.rowTag(o))
			for _, name := range names(o) {
				b.WriteString("<th scope=\"col\">" + template.HTMLEscapeString(name) + "</th>")
			}
			b.WriteString("</tr>\n")
		}
		return nil
	})
}

// Once writes a part that is the same in all languages, or in which only the first one counts.
func Once[V any](h *HTML, t *template.Template, v V) error {
	return h.write(func(b *strings.Builder) error { return t.Execute(b, v) })
}

// write writes what a function makes.
func (h *HTML) write(make func(*strings.Builder) error) error {
	if err := h.begin(); err != nil {
		return err
	}
	var b strings.Builder
	if err := make(&b); err != nil {
		return err
	}
	return h.out.put(cleaned(b.String(), "\n"))
}

// Collected makes the page be written in large parts: for long tables.
func (h *HTML) Collected() *HTML {
	h.parts = &parts{out: h.out}
	h.out = To(h.parts)
	return h
}

// Flush writes what has been collected.
func (h *HTML) Flush() error {
	if h.parts == nil {
		return nil
	}
	return h.parts.flush()
}

// Close ends the page.
func (h *HTML) Close() error {
	if err := h.begin(); err != nil {
		return err
	}
	return errors.Join(h.out.Lines("</main>\n<script>\n"+pageScript+"</script>\n</body>\n</html>\n"), h.Flush())
}
