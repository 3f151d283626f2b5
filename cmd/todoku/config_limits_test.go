package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// repeated joins n lines.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// laughs is the bomb of aliases: nine times nine times nine of them.
func laughs(keys ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: &a0 [x,x,x,x,x,x,x,x,x]\n", keys[0])
	for i, k := range keys[1:] {
		fmt.Fprintf(&b, "%s: &a%d [%s]\n", k, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return b.String()
}

// TestYAMLBombs: files that would take a decoder minutes or all memory are
// refused, with the place and what to do, in both languages.
func TestYAMLBombs(t *testing.T) {
	t.Parallel()
	bombs := map[string]string{
		"80000 keys":      repeated(80_000, "k%d: v\n"),
		"20000 keys":      repeated(20_000, "k%d: v\n"),
		"1000000 entries": "only:\n" + strings.Repeat("- a\n", 1_000_000),
		"50000 entries":   "only:\n" + strings.Repeat("- a\n", 50_000),
		"in brackets":     "only: [" + strings.Repeat("a,", 100_000) + "a]\n",
		"deep":            "only: " + strings.Repeat("[", 100_000) + "\n",
		"less deep":       "only: " + strings.Repeat("[", 4000) + strings.Repeat("]", 4000) + "\n",
		"deep mappings":   "only: " + strings.Repeat("{a: ", 4000) + strings.Repeat("}", 4000) + "\n",
		"aliases":         laughs("lang", "only", "skip", "zone", "resolver", "ip", "selector", "format", "output"),
		"itself":          "only: &a [*a]\n",
		"50000 rules":     repeated(50_000, "- {id: my-%d, on: 550, match: 'words', reason: policy, en: a, ja: b, example: 550 words}\n"),
		"no mapping":      "[a, b]\n",
	}
	for name, text := range bombs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := place(t, map[string]string{"bomb.yaml": text})
			file := filepath.Join(dir, "bomb.yaml")
			for _, line := range [][]string{{"version", "--config", file}, {"explain", "--validate-rules", file},
				{"explain", "550", "--rules", file}} {
				if name == "no mapping" && line[0] != "version" {
					continue
				}
				for _, lang := range []string{"en", "ja"} {
					var out, told bytes.Buffer
					status := cmd.Run(t.Context(), append(line, "--lang", lang), strings.NewReader(""), &out, &told, noEnv)
					lines := strings.Split(strings.TrimRight(told.String(), "\n"), "\n")
					if status != app.ExitUsage || !strings.Contains(told.String(), "bomb.yaml") || len(lines) < 2 ||
						strings.Contains(told.String(), "internal") {
						t.Errorf("%v: exit %d, %.500s", line, status, &told)
					}
					if (lang == "ja") != strings.ContainsFunc(told.String(), isJapanese) || told.Len() > 8000 {
						t.Errorf("%v: %d octets in %s: %.500s", line, told.Len(), lang, &told)
					}
				}
			}
		})
	}
}

// TestCrowdedConfig: a list or mapping that is too long is told with its line and
// column, in both languages; one that is just as long as may be is read.
func TestCrowdedConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, en, ja string }{
		{"only:\n" + strings.Repeat("- mx\n", 5000), "", ""},
		{"lang: en\nonly:\n" + strings.Repeat("- mx\n", 5001), "todoku.yaml:3:1: this has more than 5000 keys and values\n",
			"todoku.yaml:3:1: キーと値が5000個を超えています\n"},
		{repeated(2501, "k%d: v\n"), "todoku.yaml:1:1: this has more than 5000 keys and values\n",
			"todoku.yaml:1:1: キーと値が5000個を超えています\n"},
	} {
		dir, _ := place(t, map[string]string{"todoku.yaml": tt.text})
		for lang, want := range map[string]string{"en": tt.en, "ja": tt.ja} {
			status, _, told := typed(t, nil, "version --config "+filepath.Join(dir, "todoku.yaml")+" --lang "+lang)
			if !strings.Contains(told, want) || (want == "") != (status == app.ExitOK && told == "") || want != "" && status != app.ExitUsage {
				t.Errorf("%.30q in %s: exit %d, %.300s", tt.text, lang, status, told)
			}
		}
	}
}

// TestConfigWithoutAnything: a file of comments is a config file of no flags.
func TestConfigWithoutAnything(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n\n", "# lang: ja\n", "---\n", "---\n# lang: ja\n...\n", "\ufeff# lang: ja\n",
		"null\n", "~", "{}\n", "# a\r\n# b\r\n", "lang: en\n"} {
		dir, _ := place(t, map[string]string{"todoku.yaml": text})
		var out, told bytes.Buffer
		if status := cmd.Run(t.Context(), []string{"version", "--config", filepath.Join(dir, "todoku.yaml")},
			strings.NewReader(""), &out, &told, noEnv); status != app.ExitOK || told.Len() > 0 {
			t.Errorf("%q: exit %d, %s", text, status, &told)
		}
	}
}

// TestListsNameDomains: what stands in a line is asked about as it stands, or
// refused with its place; never a part of it, and never an address.
func TestListsNameDomains(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"kai#sha.test", "127.0.0.1", "[::1]", "::1", "[127.0.0.1]", "no domain", "a..test", "kai#", "192.0.2.1 # x",
		"127.1", "256.1.1.1", "0177.0.0.1", "2130706433", "1.2.3.4.5", "１２７.１", "kai.123."} {
		for _, lang := range []string{"en", "ja"} {
			var out, told bytes.Buffer
			status := cmd.Run(t.Context(), []string{"check", "domain", "-", "--lab", "--only", "mx", "--format", "json", "--lang",
				lang}, strings.NewReader("healthy.test\n"+line+"\n"), &out, &told, noEnv)
			refused := status == app.ExitUsage && strings.Contains(told.String(), "stdin:2")
			asked := strings.Contains(out.String(), line) && line == "kai#sha.test"
			if !refused && !asked || strings.Contains(out.String(), `"kai"`) || strings.Contains(out.String(), "127.0.0.1\"") ||
				!strings.Contains(out.String(), "healthy.test") {
				t.Errorf("%s: exit %d, %s\n%s", line, status, &told, &out)
			}
		}
	}
	for _, text := range []string{"", "\n\n", "# kai.test\n", "\ufeff", "  \r\n"} {
		var out, told bytes.Buffer
		if status := cmd.Run(t.Context(), []string{"check", "domain", "-", "--lab"}, strings.NewReader(text), &out, &told,
			noEnv); status != app.ExitUsage || told.Len() == 0 {
			t.Errorf("%q: exit %d, %s", text, status, &told)
		}
	}
	for _, text := range []string{"# a\nhealthy.test # mine\n", "healthy.test\t#x\r\n"} {
		var out, told bytes.Buffer
		if status := cmd.Run(t.Context(), []string{"check", "domain", "-", "--lab"}, strings.NewReader(text), &out, &told,
			noEnv); status != app.ExitOK || !strings.Contains(out.String(), "healthy.test") {
			t.Errorf("%q: exit %d, %s", text, status, &told)
		}
	}
}
