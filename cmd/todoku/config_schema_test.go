package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"todoku/cmd"
	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/usage"
)

// TestConfigSchemaKnowsEveryFlag: the schema of the config file names the flags that there are; -update writes them.
func TestConfigSchemaKnowsEveryFlag(t *testing.T) {
	t.Parallel()
	name := "../report/schema/config-1.json"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	known := doc["properties"].(map[string]any)
	flags := usage.SettableFlags(cmd.NewRoot(app.New(nil, &bytes.Buffer{}, &bytes.Buffer{}, noEnv)))
	same := true
	for _, flag := range flags {
		if known[flag] == nil {
			known[flag], same = map[string]string{"$ref": "#/$defs/value"}, false
		}
	}
	for key := range known {
		if key != "domains" && key != "ignore" && !slices.Contains(flags, key) {
			delete(known, key)
			same = false
		}
	}
	switch {
	case same:
	case !*update:
		t.Errorf("%s has other flags than the commands: go test ./cmd/todoku -run ConfigSchema -update writes them", name)
	default:
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		if err := e.Encode(doc); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSettingsKeepTheirSchema: with and without a file, of all and of one domain.
func TestSettingsKeepTheirSchema(t *testing.T) {
	t.Parallel()
	schema, file := schemaNamed(t, report.SettingsSchemaName), filepath.Join(t.TempDir(), "todoku.yaml")
	text := "fail-on: warn\ndomains: {a.test: {ips: 192.0.2.7}}\nignore: [{rule: spf-none, reason: why, until: 2027-03-31}]"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"--domain", "a.test"}, {"--config", file},
		{"--config", file, "--domain", "a.test", "--skip", "mx"}} {
		out, errs, status := worked(t, nil, append([]string{"config", "show", "--format", "json"}, args...)...)
		if err := schema.check([]byte(out)); err != nil || status != app.ExitOK {
			t.Errorf("%v: exit %d, %v: %s%s", args, status, err, out, errs)
		}
	}
}

// asJSON is a YAML text as a program for schemas sees it: a day is a text.
func asJSON(t *testing.T, text string) []byte {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var plain func(*yaml.Node)
	plain = func(n *yaml.Node) {
		if n.ShortTag() == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			plain(c)
		}
	}
	plain(&doc)
	var v any
	if err := doc.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// TestConfigSchemaAgreesWithTheReader: what one refuses the other refuses. What a schema cannot see (names, addresses, keys
// that stand twice) is left to the reader.
func TestConfigSchemaAgreesWithTheReader(t *testing.T) {
	t.Parallel()
	const exception = "rule: spf-none, reason: why, until: 2027-03-31"
	in := func(domain string) string { return "domains: {a.test: {" + domain + "}}" }
	samples := map[string]bool{
		"": true, "lang: ja\nfail-on: warn\nresolver: [192.0.2.53, 192.0.2.54]\noffline: true\nworkers: 8": true,
		"domains: [a.test, b.test]": true, "domains: {a.test: , b.test: {}}": true,
		in("selectors: [s1, 2024], ips: 192.0.2.7, includes: [b.test], helo: x.test, profile: 'gmail,docomo', fail-on: warn"): true,
		in("only: [spf], skip: mx"):         true,
		in("ignore: [{" + exception + "}]"): true, "ignore: [{" + exception + ", subject: a.test, domains: [a.test]}]": true,
		"ignore: []": true,
		"lnag: ja":   false, "check: {domain: a.test}": false, "zone: [[a]]": false, "fail-on: often": false, "domains: a.test": false,
		"domains: {a.test: 5}": false, "domains: [[a.test]]": false, in("ip: 192.0.2.7"): false, in("ips: []"): false, in("ips: {a: b}"): false,
		in("ips:"): false, in("fail-on: [warn]"): false, in("fail-on: bad"): false, in("helo: [a.test]"): false,
		in("ignore: {" + exception + "}"): false, in("ignore: [{" + exception + ", domains: [a.test]}]"): false,
		"ignore: spf-none": false, "ignore: [spf-none]": false, "ignore: [{rule: spf-none, reason: why}]": false,
		"ignore: [{rule: spf-none, until: 2027-03-31}]": false, "ignore: [{reason: why, until: 2027-03-31}]": false,
		"ignore: [{rule: spf-nune, reason: why, until: 2027-03-31}]": false, "ignore: [{rule: spf-none, reason: why, until: soon}]": false,
		"ignore: [{rule: spf-none, reason: '', until: 2027-03-31}]": false, "ignore: [{" + exception + ", color: red}]": false,
		"ignore: [{rule: spf-none, reason: " + strings.Repeat("x", 501) + ", until: 2027-03-31}]": false,
		"- a": false,
	}
	schema, dir := schemaNamed(t, report.ConfigSchemaName), t.TempDir()
	for _, lang := range []string{"en", "ja"} {
		out, _, _ := worked(t, nil, "config", "init", "kaisha.test", "例え.test", "--lang", lang)
		samples[out] = true
		out, _, _ = worked(t, nil, "config", "init", "--lang", lang)
		samples[out] = true
	}
	file := filepath.Join(dir, "todoku.yaml")
	for text, valid := range samples {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, errs, status := worked(t, nil, "config", "check", file)
		if (status == app.ExitOK) != valid {
			t.Errorf("the reader: %s: exit %d, %s", text, status, errs)
		}
		if err := schema.check(asJSON(t, text)); (err == nil) != valid {
			t.Errorf("the schema: %s: %v", text, err)
		}
	}
}
