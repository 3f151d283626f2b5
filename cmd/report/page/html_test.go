package page_test

import (
	"html/template"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// written is a page of one part that names its language.
func written(t *testing.T, o page.Options) string {
	t.Helper()
	var b strings.Builder
	h := page.NewHTML(page.To(&b), codes.Text{EN: "title", JA: "題名"}, o)
	part := template.Must(template.New("part").Parse("<p>{{.}}</p>\n"))
	said := codes.Text{EN: "hello", JA: "こんにちは"}
	if err := page.Part(h, part, func(o page.Options) string { return said.In(o.Lang) }); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPageHasTheLanguagesThatAreAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o         page.Options
		has, lack []string
	}{
		"one": {page.Options{Lang: codes.Japanese}, []string{`<html lang="ja">`, "<title>題名 · todoku</title>", "<p>こんにちは</p>"},
			[]string{"hello", "radio", "<div lang"}},
		"both": {page.Options{Lang: codes.Japanese, Both: true}, []string{`<html lang="ja">`, `id="in-ja" checked>`, `id="in-en">`,
			"<div lang=\"ja\">\n<p>こんにちは</p>\n</div>\n<div lang=\"en\">\n<p>hello</p>\n</div>"}, nil},
		"both, English first": {page.Options{Lang: codes.English, Both: true}, []string{`<html lang="en">`, `id="in-en" checked>`}, nil},
	} {
		out := written(t, c.o)
		for _, s := range c.has {
			if !strings.Contains(out, s) {
				t.Errorf("%s: no %s in\n%s", name, s, out)
			}
		}
		for _, s := range c.lack {
			if strings.Contains(out, s) {
				t.Errorf("%s: %s in\n%s", name, s, out)
			}
		}
	}
}
