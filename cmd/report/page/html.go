package page

import (
	_ "embed" // the style and the script of pages
	"html/template"
	"strings"

	"todoku/codes"
)

//go:embed page.css
var pageStyle string

// pageScript shows the buttons that copy a record; without it they stay hidden.
//
//go:embed page.js
var pageScript string

// HTML writes one self-contained page of parts that templates make: it loads nothing and is whole without its script. What
// data says can become no markup (html/template), and hidden characters are visible.
type HTML struct {
	out   *Out
	title string
	lang  codes.Lang
	open  bool
}

// NewHTML makes a page with a title, whose words are in a language.
func NewHTML(out *Out, title string, lang codes.Lang) *HTML {
	return &HTML{out: out, title: title, lang: lang}
}

// begin writes the head once.
func (h *HTML) begin() error {
	if h.open {
		return nil
	}
	h.open = true
	return h.out.Lines("<!doctype html>\n" +
		"<html lang=\"" + template.HTMLEscapeString(string(h.lang)) + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n" +
		"<title>" + template.HTMLEscapeString(Clean(h.title)) + "</title>\n<style>\n" + pageStyle + "</style>\n</head>\n<body>\n<main>\n")
}

// Part writes one part of the page.
func Part[T any](h *HTML, t *template.Template, data T) error {
	if err := h.begin(); err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	return h.out.Lines(b.String())
}

// Close ends the page.
func (h *HTML) Close() error {
	if err := h.begin(); err != nil {
		return err
	}
	return h.out.Lines("</main>\n<script>\n" + pageScript + "</script>\n</body>\n</html>\n")
}
