package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/codes"
)

// alone is a test's home: nothing of the user's is read or written.
func alone(t *testing.T) []string {
	dir := t.TempDir()
	return append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "TODOKU_") }),
		"HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_DATA_HOME="+dir, "LC_ALL=C", "GORACE=atexit_sleep_ms=0")
}

// TestGuideInPlainLines goes every pattern as a pipe would, in a process.
func TestGuideInPlainLines(t *testing.T) {
	t.Parallel()
	patterns := wholeCatalogue(t).Patterns()
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for i, p := range patterns {
			t.Run(string(lang)+p.ID, func(t *testing.T) {
				t.Parallel()
				c := ownCommand(t, "guide", "--lang", string(lang), "--lab")
				c.Env = alone(t)
				// The symptom, then the last choice but one of whatever comes, until the end.
				c.Stdin = strings.NewReader(fmt.Sprintf("%d\n", i+1) + strings.Repeat("2\n", 12))
				var out, errs bytes.Buffer
				c.Stdout, c.Stderr = &out, &errs
				_ = c.Run()
				if s := c.ProcessState.ExitCode(); s != 0 && s != 1 {
					t.Errorf("exit %d: %s", s, &errs)
				}
				text := out.String()
				for _, want := range []string{p.Title.In(lang), map[codes.Lang]string{codes.English: "Question 2: ",
					codes.Japanese: "質問2: "}[lang], map[codes.Lang]string{codes.English: "Step 1 of ", codes.Japanese: "手順1/"}[lang]} {
					if !strings.Contains(text, want) {
						t.Errorf("no %q in\n%s", want, text)
					}
				}
				if strings.ContainsAny(text, "\x1b\r") {
					t.Errorf("the cursor is moved in\n%q", text)
				}
				if lang == codes.English && strings.ContainsFunc(text, isJapanese) {
					t.Errorf("Japanese in\n%s", text)
				}
			})
		}
	}
}

func TestGuideJSON(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.GuideSchemaName)
	for _, line := range []string{"guide A", "guide B --run --to user@takes.test", "guide 90000",
		"guide D --run --from news@no-spf.test", "guide E --run --yes", "guide F --run", "guide G --run --to user@no-mx.test",
		"guide --pattern A --code 42553 --from news@no-spf.test --to user@takes.test --ip 192.0.2.7 --cause 2 --run"} {
		for _, lang := range []string{"en", "ja"} {
			status, out, errs := typed(t, nil, "todoku --lab --format json --lang "+lang+" "+line)
			if err := schema.check([]byte(out)); err != nil || status == app.ExitUsage {
				t.Errorf("%s: exit %d, %v, %s\n%s", line, status, err, errs, out)
			}
		}
	}
}

// changing is what differs from run to run in a record: durations, with the point as Markdown has it, and times.
var changing = regexp.MustCompile(`\d+(\\?\.\d+)?(µs|ms|s\b| ms| s\b|ミリ秒|秒)|` +
	`\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}`)

func timelessRecord(s string) string {
	return regexp.MustCompile(` +`).ReplaceAllString(changing.ReplaceAllString(s, "N"), " ")
}

func TestGuideExport(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ja"} {
		file := filepath.Join(t.TempDir(), "ticket.md")
		status, _, errs := typed(t, nil,
			"todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run --lang "+lang+" --export "+file)
		got, err := os.ReadFile(file)
		if err != nil || status != app.ExitWrong || !strings.Contains(errs, file) {
			t.Errorf("exit %d, %v, %s", status, err, errs)
		}
		text := timelessRecord(string(got))
		_, same, _ := typed(t, nil, "todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run --format markdown --lang "+lang)
		if timelessRecord(same) != text {
			t.Errorf("--format markdown differs:\n%s", same)
		}
		record, outputs, _ := strings.Cut(text, map[string]string{"en": "## Output of the checks", "ja": "## 確認の出力"}[lang])
		golden(t, "../guide/export."+lang+".md", record)
		if strings.Count(outputs, "\n### `todoku ") != 3 || !strings.Contains(outputs, `IN TXT "v=spf1 mx ~all"`) {
			t.Errorf("outputs: %s", outputs)
		}
	}
}
