package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDiagnoseMemory: many or large mails take no more memory than one (18); with
// TODOKU_FULL=1 only.
func TestDiagnoseMemory(t *testing.T) {
	if os.Getenv("TODOKU_FULL") == "" {
		t.Skip("TODOKU_FULL=1 runs it")
	}
	program := filepath.Join(t.TempDir(), "todoku")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./todoku").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const most = 140 << 10 // KiB
	bounce := "From: MAILER-DAEMON@mx.test\n\n<nobody@takes.test>: host mx.takes.test said: 550 5.1.1 User unknown\n\nContent-Type: message/rfc822\n\nFrom: news@healthy.test\n\n"
	for name, c := range map[string]struct {
		files, size int
		text        string
	}{
		"60 of 15 MB":     {60, 15_000_000, bounce},
		"20,000 small":    {20_000, 0, "42553"},
		"8 without error": {8, 15_000_000, ""},
	} {
		for _, format := range []string{"text", "json"} {
			dir := t.TempDir()
			text := c.text + strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n", max(0, c.size-len(c.text))/37)
			for i := range c.files {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d", i)), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := exec.CommandContext(t.Context(), program, "--lab", "diagnose", dir, "--format", format)
			out, _ := run.Output()
			counted := strings.Count(string(out), `"schema"`) == c.files || strings.HasPrefix(string(out), fmt.Sprintf("%d × ", c.files))
			usage, ok := run.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok || usage.Maxrss > most || !counted {
				t.Errorf("%s, %s: %d KiB, all counted: %v: %.200s", name, format, usage.Maxrss, counted, out)
			}
			t.Logf("%s, %s: %d MiB", name, format, usage.Maxrss>>10)
		}
	}
}
