package cmd

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the transcripts of the READMEs anew")

// TestREADME runs the transcripts of both READMEs and compares what they show;
// `go test ./cmd -run README -update` writes them anew.
func TestREADME(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../README.md", "../README.ja.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		blocks := regexp.MustCompile("(?s)```console\n\\$ (todoku [^\n]*)\n(.*?)```\n")
		found := 0
		renewed := blocks.ReplaceAllStringFunc(string(text), func(block string) string {
			found++
			m := blocks.FindStringSubmatch(block)
			got := transcript(t, m[1])
			if timeless(got) != timeless(m[2]) && !*update {
				t.Errorf("%s: $ %s\nshows\n%s\nand should show\n%s", name, m[1], m[2], got)
			}
			return "```console\n$ " + m[1] + "\n" + loopback.ReplaceAllString(got, "127.0.0.1:40053") + "```\n"
		})
		if found < 4 {
			t.Errorf("%s: only %d transcripts", name, found)
		}
		if *update {
			if err := os.WriteFile(name, []byte(renewed), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// transcript runs a line as a shell at the top of the module would.
func transcript(t *testing.T, line string) string {
	t.Helper()
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		args = append(args, strings.Replace(m[1]+m[2], "examples/", "../examples/", 1))
	}
	var stdout, stderr bytes.Buffer
	status := play(t.Context(), args[1:], strings.NewReader(""), &stdout, &stderr, noEnv)
	if stderr.Len() > 0 || status == exitUsage {
		t.Errorf("$ %s\nexit %d, says %s", line, status, &stderr)
	}
	return stdout.String()
}

// loopback is where the lab listens this time.
var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// timeless takes out what differs from run to run.
func timeless(s string) string {
	s = regexp.MustCompile(`\d+( ?ms|ミリ秒)`).ReplaceAllString(s, "N$1")
	s = loopback.ReplaceAllString(s, "127.0.0.1:N")
	s = regexp.MustCompile(`(?m)^ +\d+\.\d{3} |\d{4}-\d\d-\d\d`).ReplaceAllString(s, "N")
	return regexp.MustCompile(` +`).ReplaceAllString(s, " ")
}
