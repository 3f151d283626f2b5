package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/send"
)

// oddFile is something that has the name of a file.
type oddFile struct {
	name, path string
	refused    bool // by every reader
}

func oddFiles(t *testing.T) []oddFile {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		os.WriteFile(at("nul"), make([]byte, 16<<20), 0o600),
		os.WriteFile(at("line"), bytes.Repeat([]byte("550 5.7.1 no, "), 16<<20/14), 0o600),
		os.WriteFile(at("lines"), bytes.Repeat([]byte("550 5.7.1 no\n"), 16<<20/13), 0o600),
		os.WriteFile(at("sparse"), nil, 0o600), os.Truncate(at("sparse"), 10<<30),
		os.Symlink(at("loop"), at("loop")), syscall.Mkfifo(at("fifo"), 0o600), os.Mkdir(at("directory"), 0o700),
	} {
		if err != nil {
			t.Skip(err)
		}
	}
	return []oddFile{{"zero", "/dev/zero", true}, {"sparse", at("sparse"), true}, {"fifo", at("fifo"), true},
		{"directory", at("directory"), true}, {"loop", at("loop"), true},
		{"nul", at("nul"), false}, {"line", at("line"), false}, {"lines", at("lines"), false}}
}

// measured runs the program and gives its peak of memory, in MiB.
func measured(t *testing.T, program string, env []string, args ...string) (status int, mib int64, told string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	var errs bytes.Buffer
	c.Env, c.Stdout, c.Stderr = append(alone(t), env...), io.Discard, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("%v has no end", args)
	}
	usage, _ := c.ProcessState.SysUsage().(*syscall.Rusage)
	return c.ProcessState.ExitCode(), usage.Maxrss >> 10, errs.String()
}

// built is the program as users have it, without what the tests add; with
// TODOKU_FULL=1 only.
func built(t *testing.T) string {
	t.Helper()
	if os.Getenv("TODOKU_FULL") == "" {
		t.Skip("TODOKU_FULL is not set")
	}
	program := filepath.Join(t.TempDir(), "todoku")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// TestMemoryOfInputs gives what has no end, no text and no sense in the place of
// every file: each run ends, with a word and within a bound of memory.
func TestMemoryOfInputs(t *testing.T) {
	program := built(t)
	peak := int64(0)
	for _, f := range oddFiles(t) {
		for _, r := range readers() {
			for _, lang := range []string{"en", "ja"} {
				args, env := r.line(f, lang)
				status, mib, told := measured(t, program, env, args...)
				peak = max(peak, mib)
				refused := status == int(app.ExitUsage) || status == int(app.ExitUnknown) || status == int(app.ExitInterrupted)
				if f.refused && !refused && !(f.name == "directory" && r.name == "input") || status < 0 || status > 3 &&
					status != 130 || strings.Contains(told, "panic") || strings.Contains(told, "internal") {
					t.Errorf("%s of %s (%s): exit %d, %.300s", f.name, r.name, lang, status, told)
				}
				if mib > maxRSS {
					t.Errorf("%s of %s (%s): %d MiB", f.name, r.name, lang, mib)
				}
			}
		}
	}
	t.Logf("peak: %d MiB", peak)
}

// line is the command line that reads an odd file, and its environment.
func (r reader) line(f oddFile, lang string) (args, env []string) {
	args = []string{"--lang", lang, "--deadline", "20s"}
	if f.name == "fifo" {
		args[3] = "300ms"
	}
	for _, a := range r.args {
		if a == "--lab" && r.args[0] == "send" { // the lab would keep the mail, in the same process
			args = append(args, "--via", "smtp://127.0.0.1:1")
			continue
		}
		args = append(args, strings.Replace(a, "FILE", f.path, 1))
	}
	if r.env != "" {
		env = []string{r.env + "=" + f.path}
	}
	return args, env
}

// TestMemoryOfInputsAtTheirBounds reads as much as is allowed.
func TestMemoryOfInputsAtTheirBounds(t *testing.T) {
	program := built(t)
	dir := t.TempDir()
	list, long := filepath.Join(dir, "list"), filepath.Join(dir, "long")
	addresses := func(n int, pad string) []byte {
		var b bytes.Buffer
		for i := range n {
			fmt.Fprintf(&b, "u%06d%s@healthy.test\n", i, pad)
		}
		return b.Bytes()
	}
	if os.WriteFile(list, addresses(send.MaxRecipients, ""), 0o600) != nil ||
		os.WriteFile(long, addresses(190_000, strings.Repeat("x", 56)), 0o600) != nil {
		t.Fatal("the lists cannot be written")
	}
	for _, name := range []string{list, long} {
		status, mib, told := measured(t, program, nil, "send", "--lab", "--no-history", "--dry-run", "--from",
			"news@healthy.test", "--recipients", name, "-o", "/dev/null")
		t.Logf("%s: exit %d, %d MiB", filepath.Base(name), status, mib)
		if mib > maxRSS || status != 0 {
			t.Errorf("%s: exit %d, %d MiB, %.300s", name, status, mib, told)
		}
	}
}
