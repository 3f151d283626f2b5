package main

import (
	"bufio"
	"errors"
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
	program := built(t)
	bounce := "From: MAILER-DAEMON@mx.test\n\n<nobody@takes.test>: host mx.takes.test said: 550 5.1.1 User " +
		"unknown\n\nContent-Type: message/rfc822\n\nFrom: news@healthy.test\n\n"
	for name, c := range map[string]struct {
		files, size int
		text        string
	}{
		"60 of 15 MB":     {60, 15_000_000, bounce},
		"20,000 small":    {20_000, 0, "42553"},
		"2 without error": {2, 15_000_000, ""},
	} {
		for _, format := range []string{"text", "json"} {
			dir := t.TempDir()
			first := filepath.Join(dir, "00000") // a child is charged with the memory of this process: it stays small
			f, err := os.Create(first)
			if err != nil {
				t.Fatal(err)
			}
			block := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n", 1000)
			_, err = f.WriteString(c.text)
			for n := 0; n < c.size && err == nil; n += len(block) {
				_, err = f.WriteString(block)
			}
			if err := errors.Join(err, f.Close()); err != nil {
				t.Fatal(err)
			}
			for i := 1; i < c.files; i++ {
				if err := os.Link(first, filepath.Join(dir, fmt.Sprintf("%05d", i))); err != nil {
					t.Fatal(err)
				}
			}
			run := exec.CommandContext(t.Context(), program, "--lab", "diagnose", dir, "--format", format)
			out, err := run.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := run.Start(); err != nil {
				t.Fatal(err)
			}
			documents, counted := 0, false
			lines := bufio.NewScanner(out) // the whole output would be counted as this process's memory
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				if strings.Contains(lines.Text(), `"schema"`) {
					documents++
				}
				counted = counted || strings.HasPrefix(lines.Text(), fmt.Sprintf("%d × ", c.files))
			}
			_ = run.Wait()
			counted = counted || documents == c.files
			usage, ok := run.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok || usage.Maxrss>>10 > maxRSS || !counted {
				t.Errorf("%s, %s: %d KiB, all counted: %v", name, format, usage.Maxrss, counted)
			}
			t.Logf("%s, %s: %d MiB", name, format, usage.Maxrss>>10)
		}
	}
}
