package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// worked runs a command line with an environment, and gives what it printed.
func worked(t *testing.T, env map[string]string, args ...string) (out, errs string, status app.ExitStatus) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = cmd.Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, func(name string) string { return env[name] })
	return stdout.String(), stderr.String(), status
}

// runnable are commands that work as they stand, with the sets of global flags that they have a use for.
func runnable(dir string) map[string]string {
	history := " --history " + filepath.Join(dir, "none.db")
	return map[string]string{
		"check domain healthy.test":        "world checks fail-on format output",
		"check spf healthy.test":           "world checks fail-on format output",
		"check dmarc healthy.test":         "world checks fail-on format output",
		"check recipient a@takes.test":     "world checks fail-on format output",
		"check campaign lab:healthy":       "world fail-on format output",
		"fix healthy.test":                 "world checks fail-on format output",
		"diagnose 42550" + history:         "world fail-on format output",
		"guide D --run":                    "world fail-on format output",
		"send --dry-run" + history:         "world format output",
		"letter --to a@x.test" + history:   "lab format output",
		"history list" + history:           "lab format output",
		"history show --last" + history:    "lab format output",
		"history export" + history:         "lab format output",
		"history revalidate a@x" + history: "lab format output",
		"explain 42550":                    "format output",
		"lab list":                         "format output",
		"lab serve":                        "format output",
		"config init":                      "output",
		"config show":                      "world checks fail-on format output",
		"version":                          "format output",
		"completion bash":                  "output",
		"man":                              "output",
		"help":                             "",
	}
}

// TestFlagsThatDoNothing: a global flag that a command has no use for is refused where it is typed, in front of the command or
// behind it, and is not in its help; in the environment or the config file it is passed over. The others are taken.
func TestFlagsThatDoNothing(t *testing.T) {
	t.Parallel()
	sets := map[string]string{"--resolver": "world", "--zone": "world", "--offline": "world", "--lab": "world lab", "--timeout": "world",
		"--only": "checks", "--skip": "checks", "--fail-on": "fail-on", "--format": "format", "--output": "output"}
	for line, uses := range runnable(t.TempDir()) {
		for flag, set := range sets {
			value := map[string]string{"--resolver": "127.0.0.1:1", "--zone": "/dev/null", "--timeout": "1s", "--only": "spf", "--skip": "mx",
				"--fail-on": "never", "--format": "json", "--output": "-"}[flag]
			typed := strings.Fields(flag + " " + value)
			used := false
			for _, s := range strings.Fields(set) {
				used = used || strings.Contains(" "+uses+" ", " "+s+" ")
			}
			words := strings.Fields(line)
			help, _, _ := worked(t, nil, append(words, "--help")...)
			if strings.Contains(help, flag+" ") != used && line != "help" {
				t.Errorf("%s --help names %s: %v", line, flag, !used)
			}
			if used {
				continue
			}
			for _, args := range [][]string{append(words, typed...), append(typed, words...)} {
				_, errs, status := worked(t, nil, args...)
				if status != app.ExitUsage || !strings.Contains(errs, "has no use for this flag") || !strings.Contains(errs, "check") {
					t.Errorf("%v: exit %d: %s", args, status, errs)
				}
			}
		}
	}
}

// TestSettingsAreForAllCommands: what stands in the environment or the config file never makes a command fail that has no use
// for it. A value that no command takes does.
func TestSettingsAreForAllCommands(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "todoku.yaml")
	text := "only: [smtp]\nskip: [ptr]\nfail-on: warn\nlab: true\ntimeout: 2s\nformat: csv\nrcpt: true\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, env := range []map[string]string{
		{"TODOKU_CONFIG": file},
		{"TODOKU_LAB": "true", "TODOKU_FORMAT": "csv", "TODOKU_ONLY": "smtp", "TODOKU_FAIL_ON": "never", "TODOKU_TIMEOUT": "2s"},
		{"TODOKU_LAB": "true", "TODOKU_FORMAT": "eml", "TODOKU_SKIP": "spf", "TODOKU_FAIL_ON": "info"},
	} {
		for _, line := range []string{"version", "explain 42550", "lab list", "man", "completion zsh", "help",
			"explain --list codes", "guide D", "check spf healthy.test", "check dmarc healthy.test"} {
			out, errs, status := worked(t, env, strings.Fields(line)...)
			if status != app.ExitOK || out == "" {
				t.Errorf("%v %s: exit %d: %s", env, line, status, errs)
			}
		}
	}
	if _, errs, status := worked(t, nil, "man", t.TempDir(), "-o", "x"); status != app.ExitUsage ||
		!strings.Contains(errs, "one file for each page") {
		t.Errorf("man DIR -o FILE: exit %d: %s", status, errs)
	}
	for name, value := range map[string]string{"TODOKU_FORMAT": "xml", "TODOKU_ONLY": "spff", "TODOKU_FAIL_ON": "bad"} {
		_, errs, status := worked(t, map[string]string{name: value}, "version")
		if status != app.ExitUsage || !strings.Contains(errs, name) {
			t.Errorf("%s=%s: exit %d: %s", name, value, status, errs)
		}
	}
}
