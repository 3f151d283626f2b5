package alert_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"
	"go.yaml.in/yaml/v3"

	"todoku/diag/watch"
	"todoku/diag/watch/alert"
)

// docs is a file of the documents.
func docs(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTemplatesOfTheDocuments make JSON of hostile values, and each channel of the documents is one.
func TestTemplatesOfTheDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"alerts.md", "alerts.ja.md"} {
		page := docs(t, name)
		blocks := regexp.MustCompile("(?ms)^```gotemplate\n(.*?)^```$").FindAllStringSubmatch(page, -1)
		if len(blocks) < 2 {
			t.Fatalf("%s has %d templates", name, len(blocks))
		}
		for _, b := range blocks {
			tmpl, err := alert.ParseTemplate(name, b[1])
			if err != nil {
				t.Errorf("%v\n%s", err, b[1])
				continue
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
			var got any
			if err := json.Unmarshal([]byte(e.posts()[0].body), &got); err != nil {
				t.Errorf("%v\n%s", err, e.posts()[0].body)
			}
			if !slices.ContainsFunc(texts(got), func(s string) bool { return strings.Contains(s, n.Opened[0].Title) }) {
				t.Errorf("the title is not in\n%.500s", e.posts()[0].body)
			}
		}
		for _, written := range regexp.MustCompile("(?:[a-z]+:https://|mailto:|`https://a)[^ `、\n]+").FindAllString(page, -1) {
			written = strings.NewReplacer("`", "", "…", "x").Replace(written)
			if _, err := alert.Parse(written); err != nil {
				t.Errorf("%s: %s: %v", name, written, err)
			}
		}
	}
}

// TestANoticeHasTheFormOfItsSchema.
func TestANoticeHasTheFormOfItsSchema(t *testing.T) {
	t.Parallel()
	schema, err := gojsonschema.NewSchema(gojsonschema.NewReferenceLoader("file://" + filepath.Join(here(t), "..", "..", "..", "cmd", "report",
		"schema", "alert-1.json")))
	if err != nil {
		t.Fatal(err)
	}
	over := broken(2, "", 1)
	over.Recovered = began()
	for _, n := range []alert.Notice{hostile(), alert.NewNotice([]watch.Delivery{{ID: 1, Over: true, Incident: over},
		{ID: 2, Incident: watch.Incident{ID: 3, Severity: "unknown", Key: watch.Key{Turn: watch.Unknown}}}}, words("en"), began())} {
		got, err := schema.Validate(gojsonschema.NewGoLoader(n))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got.Errors() {
			t.Error(e)
		}
	}
}

func here(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRulesForPrometheus of the documents are YAML, know only metrics that there are, and are read by Prometheus's own tool.
func TestRulesForPrometheus(t *testing.T) {
	t.Parallel()
	text := docs(t, "alerts.rules.yml")
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal([]byte(text), &rules); err != nil || len(rules.Groups) != 1 || len(rules.Groups[0].Rules) < 5 {
		t.Fatalf("%v: %+v", err, rules)
	}
	source := ""
	for _, file := range []string{"metrics.go", "fleet.go"} {
		b, err := os.ReadFile(filepath.Join("..", "metrics", file))
		if err != nil {
			t.Fatal(err)
		}
		source += string(b)
	}
	for _, r := range rules.Groups[0].Rules {
		for _, metric := range regexp.MustCompile(`todoku_watch_([a-z_]+)`).FindAllStringSubmatch(r.Expr, -1) {
			if !strings.Contains(source, `"`+metric[1]+`"`) {
				t.Errorf("%s: there is no %s", r.Alert, metric[0])
			}
		}
	}
	path, err := exec.LookPath("promtool")
	switch {
	case err != nil && os.Getenv("TODOKU_SERVERS_REQUIRED") != "":
		t.Fatal("promtool is not installed (Debian: prometheus)")
	case err != nil:
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	c := exec.CommandContext(t.Context(), path, "check", "rules", filepath.Join("..", "..", "..", "docs", "alerts.rules.yml"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}
