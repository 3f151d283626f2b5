package alert_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/watch/alert"
)

// TestATemplateOfTheUser makes the body of a webhook.
func TestATemplateOfTheUser(t *testing.T) {
	t.Parallel()
	tmpl, err := alert.ParseTemplate("my.tmpl", `{"msg": {{printf "%s: %s" .Severity .Title | json}},
		"domains": [{{range $n, $i := .Opened}}{{if $n}}, {{end}}{{$i.Domains}}{{end}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	e := serve(t, nil)
	w, err := channel(t, "json", e.URL+"/x").Webhook(alert.Client{}, &tmpl)
	if err != nil {
		t.Fatal(err)
	}
	n := hostile()
	if err := w.Tell(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Msg     string `json:"msg"`
		Domains []int  `json:"domains"`
	}
	if err := json.Unmarshal([]byte(e.posts()[0].body), &got); err != nil || got.Msg != "fail: "+n.Title || len(got.Domains) != 60 {
		t.Errorf("%v: %s", err, e.posts()[0].body)
	}
}

// TestTemplatesThatCannotWork are refused when they are read, not when something happens.
func TestTemplatesThatCannotWork(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no template":     `{"a": {{.Title}`,
		"no JSON":         `{"a": {{json .Title}}`,
		"a bare value":    `{"a": "{{.Text}}"}`,
		"unknown field":   `{"a": {{json .Titel}}}`,
		"unknown call":    `{"a": {{env "HOME"}}}`,
		"without a bound": strings.Repeat(`{{range lines $.Text}}`, 4) + strings.Repeat("x", 9000) + strings.Repeat(`{{end}}`, 4),
		"too long":        `"` + strings.Repeat("x", alert.MaxTemplate) + `"`,
	} {
		_, err := alert.ParseTemplate("my.tmpl", text)
		var u *codes.UserError
		if !errors.As(err, &u) || u.Place != "my.tmpl" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(`{"a": {{json .Title}}}`)
	f.Add(`[{{range .Opened}}{{json .}},{{end}}{{.Short 5 | cut 3 | json}}]`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "template") || strings.Contains(text, "define") {
			return // may call itself without end
		}
		_, err := alert.ParseTemplate("x", text)
		var u *codes.UserError
		if err != nil && !errors.As(err, &u) {
			t.Errorf("%v", err)
		}
	})
}
