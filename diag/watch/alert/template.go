package alert

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"strings"
	"text/template"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
)

//go:embed templates/*.tmpl
var builtIn embed.FS

// Bounds of templates.
const (
	MaxTemplate = 64 << 10  // octets of a template
	maxRendered = 512 << 10 // octets of what it makes
)

// Template makes the body of a POST, which is JSON, from a Notice.
type Template struct{ of *template.Template }

// ParseTemplate reads a template (text/template) over a Notice; place is what errors call it. The error is a *codes.UserError. The
// functions json, cut, lines, slack and markdown are there besides those of text/template.
func ParseTemplate(place, text string) (Template, error) {
	wrong := func(says codes.Text, err error) error {
		return &codes.UserError{Place: place, Says: codes.Say(says), Cause: err, Remedy: codes.Say(codes.Text{
			EN: "put every value in by the function json, such as {example}", JA: "値はすべて json 関数を通して {example} のように埋め込んでください"},
			codes.Str("example", "{{json .Title}}"))}
	}
	if len(text) > MaxTemplate {
		return Template{}, codes.At(place, codes.Wrong(codes.Say(codes.Text{EN: "a template has at most {n} octets", JA: "テンプレートは{n}バイトまでです"},
			codes.Num("n", MaxTemplate)), codes.Message{}))
	}
	t, err := template.New("alert").Funcs(functions("")).Option("missingkey=error").Parse(text)
	if err != nil {
		return Template{}, wrong(codes.Text{EN: "this is no template", JA: "テンプレートとして読めません"}, err)
	}
	out := Template{t}
	if _, err := out.render(sample(), ""); err != nil {
		return Template{}, wrong(codes.Text{EN: "what this template makes is not JSON", JA: "このテンプレートの出力はJSONになりません"}, err)
	}
	return out, nil
}

// template of a kind of webhooks that is built in.
func (k Kind) template() (Template, error) {
	text, err := builtIn.ReadFile("templates/" + string(k) + ".tmpl")
	if err != nil {
		return Template{}, err
	}
	return ParseTemplate(string(k), string(text))
}

// functions are those that templates have. topic is that of ntfy.
func functions(topic string) template.FuncMap {
	return template.FuncMap{
		"json":     asJSON,
		"cut":      func(most int, s string) string { return shorten(s, max(most, 1)) },
		"lines":    func(s string) []string { return strings.Split(s, "\n") },
		"slack":    strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace,
		"markdown": escapeMarkdown,
		"topic":    func() string { return topic },
	}
}

// asJSON is a value as JSON.
func asJSON(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// escapeMarkdown takes their meaning from the characters of Markdown, and from those that begin mentions, links and emoji.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_~|>#[]()<@:", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

var errNoJSON = errors.New("not JSON")

// render makes the body of a POST. What is not JSON is an error.
func (t Template) render(n Notice, topic string) ([]byte, error) {
	one, err := t.of.Clone()
	if err != nil {
		return nil, err
	}
	b := &bounded{}
	if err := one.Funcs(functions(topic)).Execute(b, n); err != nil {
		return nil, err
	}
	if !json.Valid(b.Bytes()) {
		return nil, errNoJSON
	}
	return b.Bytes(), nil
}

// bounded is a buffer that takes so much and no more.
type bounded struct{ bytes.Buffer }

var errTooLong = errors.New("the template makes too much")

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxRendered {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

// sample is a notice with everything in it, some of it hostile, with which templates are tried before they are used.
func sample() Notice {
	hostile := codes.Same(`"\` + "\u2028</script>{{.}}")
	i := watch.Incident{ID: 1, Key: watch.Key{Turn: watch.New, Culprit: "provider.example"}, Severity: "fail", Opened: time.Unix(0, 0),
		Recovered: time.Unix(60, 0), Count: 7, Message: hostile,
		Examples: []watch.Example{{Domain: "example.jp", Rule: "spf-none", Subject: "example.jp", Message: hostile}}}
	over := i
	over.ID = 2
	plain := Words{Command: func(c codes.Command) string { return c.Name() }, Clean: func(s string) string { return s }}
	return NewNotice([]watch.Delivery{{ID: 1, Incident: i}, {ID: 2, Incident: over, Over: true}}, plain, time.Unix(60, 0))
}
