package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"todoku/cmd/app"
)

var update = flag.Bool("update", false, "write the transcripts of the READMEs and of docs anew")

// maxREADME is how many lines a README may have: more belongs into docs.
const maxREADME = 170

// pages are the documents with transcripts: the READMEs and docs, in both languages.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(docs) == 0 {
		t.Fatalf("no pages in docs: %v", err)
	}
	return append([]string{"../../README.md", "../../README.ja.md"}, docs...)
}

// japanese reports whether a page is written in Japanese.
func japanese(page string) bool { return strings.HasSuffix(page, ".ja.md") }

func pageText(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestREADME types what the READMEs and the pages of docs show, from top to end, and compares the answers.
// `go test ./cmd/todoku -run README -update` writes those that differ anew.
func TestREADME(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		t.Run(strings.TrimPrefix(page, "../../"), func(t *testing.T) {
			t.Parallel()
			text := pageText(t, page)
			renewed := replay(t, page, text)
			if *update && renewed != text {
				if err := os.WriteFile(page, []byte(renewed), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// shownLine matches what a page tells its reader to type: a transcript, or a variable for all that follows.
var shownLine = regexp.MustCompile("(?ms)^export (TODOKU_[A-Z]+)=(\\S+)$|^```console\n\\$ (todoku [^\n]*)\n(.*?)^```\n")

// replay runs the transcripts of a page and gives the page with those that differ written anew.
func replay(t *testing.T, page, text string) string {
	t.Helper()
	env := map[string]string{}
	if japanese(page) {
		env["LANG"] = "ja_JP.UTF-8"
	}
	return shownLine.ReplaceAllStringFunc(text, func(block string) string {
		m := shownLine.FindStringSubmatch(block)
		if variable, file := m[1], m[2]; variable != "" {
			env[variable] = filepath.Join(t.TempDir(), file)
			return block
		}
		line, shown := m[3], m[4]
		got := transcript(t, line, env)
		if timeless(got) == timeless(shown) {
			return block
		}
		if !*update {
			t.Errorf("%s: $ %s\nshows\n%s\nand should show\n%s", page, line, shown, got)
		}
		return "```console\n$ " + line + "\n" + loopback.ReplaceAllString(got, "127.0.0.1:40053") + "```\n"
	})
}

var (
	pageWord = regexp.MustCompile(`'([^']*)'|(\S+)`)
	pageCut  = regexp.MustCompile(` \| (head|tail) -(\d+)$`)
)

// transcript runs a line as a shell at the top of the module would; the line may end with "| head -5" or
// "| tail -5".
func transcript(t *testing.T, line string, env map[string]string) string {
	t.Helper()
	var args []string
	command := pageCut.ReplaceAllString(line, "")
	for _, m := range pageWord.FindAllStringSubmatch(command, -1) {
		args = append(args, strings.Replace(m[1]+m[2], "examples/", "../../examples/", 1))
	}
	var stdout, stderr bytes.Buffer
	status := play(t.Context(), args[1:], strings.NewReader(""), &stdout, &stderr, writtenFor(env))
	if stderr.Len() > 0 || status == app.ExitUsage {
		t.Errorf("$ %s\nexit %d, says %s", line, status, &stderr)
	}
	lines := slices.Collect(strings.Lines(strings.ReplaceAll(stdout.String(), "../../examples/", "examples/")))
	if m := pageCut.FindStringSubmatch(line); m != nil {
		n, _ := strconv.Atoi(m[2])
		if n = min(n, len(lines)); m[1] == "head" {
			lines = lines[:n]
		} else {
			lines = lines[len(lines)-n:]
		}
	}
	return strings.Join(lines, "")
}

// loopback is where the lab listens this time.
var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// What differs from run to run.
var (
	pageDuration = regexp.MustCompile(`\b\d+( ?ms|ミリ秒)|"elapsed_ms": ?\d+`)
	pageMoment   = regexp.MustCompile(`(?m)^ +\d+\.\d{3} |(\d{4}-)?\b\d\d-\d\d \d\d:\d\d\b|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?)?`)
	pageID       = regexp.MustCompile(`\b\d[0-9a-z]{13}\b|[0-9a-z]{26}@`)
	pageBroken   = regexp.MustCompile(` \\\n +`) // where depends on the length of file names
	pageBlanks   = regexp.MustCompile(` +`)
)

// timeless takes out what differs from run to run.
func timeless(s string) string {
	s = pageDuration.ReplaceAllString(s, "N$1")
	s = loopback.ReplaceAllString(s, "127.0.0.1:N")
	s = pageMoment.ReplaceAllString(s, "N")
	s = pageID.ReplaceAllString(s, "N")
	s = pageBroken.ReplaceAllString(s, " ")
	return pageBlanks.ReplaceAllString(s, " ")
}

// TestREADMELength: a README is what somebody reads before the first command. It shows what the program does.
func TestREADMELength(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"../../README.md", "../../README.ja.md"} {
		if n := strings.Count(pageText(t, page), "\n"); n > maxREADME {
			t.Errorf("%s has %d lines, at most %d are wanted: move some to docs", page, n, maxREADME)
		}
		if n := len(pageConsole.FindAllString(pageText(t, page), -1)); n < 3 {
			t.Errorf("%s has %d transcripts, 3 are wanted", page, n)
		}
	}
}

var (
	pageFence   = regexp.MustCompile("(?ms)^```.*?^```$")
	pageLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pageSection = regexp.MustCompile(`(?m)^#+ (.*)$`)
	noAnchor    = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the names by which a link leads to the sections of a page, as the web pages of repositories make them.
func anchors(text string) []string {
	var out []string
	for _, m := range pageSection.FindAllStringSubmatch(pageFence.ReplaceAllString(text, ""), -1) {
		name := noAnchor.ReplaceAllString(strings.ToLower(m[1]), "")
		out = append(out, strings.ReplaceAll(name, " ", "-"))
	}
	return out
}

// TestREADMELinks: each relative link of a document leads to a file, and to a section of it, that exists.
func TestREADMELinks(t *testing.T) {
	t.Parallel()
	documents := append(pages(t), "../../CHANGELOG.md", "../../CONTRIBUTING.md", "../../SECURITY.md")
	for _, page := range documents {
		for _, m := range pageLink.FindAllStringSubmatch(pageFence.ReplaceAllString(pageText(t, page), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target := page
			file, section, _ := strings.Cut(m[1], "#")
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			text, err := os.ReadFile(target)
			if err != nil || section != "" && !slices.Contains(anchors(string(text)), section) {
				t.Errorf("%s: the link %s leads nowhere", page, m[1])
			}
		}
	}
}

// pagePath is the path of a file or a folder of the repository.
var pagePath = regexp.MustCompile("`((?:cmd|codes|diag|docs|examples|sender|tools)/[^` ]*)`")

// TestREADMEPaths: each path that the documents for developers name is there; NAME and ID in it stand for any name.
func TestREADMEPaths(t *testing.T) {
	t.Parallel()
	anyName := strings.NewReplacer("NAME", "*", "ID", "*")
	for _, page := range []string{"../../CONTRIBUTING.md", "../../docs/house.md"} {
		for _, m := range pagePath.FindAllStringSubmatch(pageText(t, page), -1) {
			if found, err := filepath.Glob(filepath.Join("..", "..", anyName.Replace(m[1]))); err != nil || len(found) == 0 {
				t.Errorf("%s: there is no %s", page, m[1])
			}
		}
	}
}

var (
	pageHeading = regexp.MustCompile(`(?m)^#+`)
	pageConsole = regexp.MustCompile("(?m)^```console\n\\$ todoku")
)

// TestREADMESisters: a page and its Japanese sister have the same headings and as many transcripts.
func TestREADMESisters(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		if !japanese(page) {
			continue
		}
		sister := strings.TrimSuffix(page, ".ja.md") + ".md"
		there, here := pageText(t, sister), pageText(t, page)
		outline := func(text string) string {
			return strings.Join(pageHeading.FindAllString(pageFence.ReplaceAllString(text, ""), -1), " ")
		}
		if outline(there) != outline(here) {
			t.Errorf("%s has the headings\n%s\nand %s\n%s", page, outline(here), sister, outline(there))
		}
		if n, m := len(pageConsole.FindAllString(here, -1)), len(pageConsole.FindAllString(there, -1)); n != m {
			t.Errorf("%s has %d transcripts, %s %d", page, n, sister, m)
		}
	}
}

// TestREADMEFields: the page about JSON names every field of every schema, in both languages.
func TestREADMEFields(t *testing.T) {
	t.Parallel()
	schemas, err := filepath.Glob("../report/schema/*-1.json")
	if err != nil || len(schemas) < 6 {
		t.Fatalf("schemas: %v, %v", schemas, err)
	}
	for _, page := range []string{"../../docs/json.md", "../../docs/json.ja.md"} {
		prose := pageFence.ReplaceAllString(pageText(t, page), "")
		for _, schema := range schemas {
			if filepath.Base(schema) == "config-1.json" { // no output: its keys are the flags
				continue
			}
			var v any
			if err := json.Unmarshal([]byte(pageText(t, schema)), &v); err != nil {
				t.Fatal(err)
			}
			for _, field := range fieldsOf(v) {
				if !regexp.MustCompile("`" + field + `(\[\])?` + "`").MatchString(prose) {
					t.Errorf("%s: nothing about the field %s of %s", page, field, filepath.Base(schema))
				}
			}
		}
	}
}

// fieldsOf collects the names of all properties of a JSON schema.
func fieldsOf(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			out = slices.Collect(maps.Keys(properties))
		}
		for _, inner := range v {
			out = append(out, fieldsOf(inner)...)
		}
	case []any:
		for _, inner := range v {
			out = append(out, fieldsOf(inner)...)
		}
	}
	return out
}
