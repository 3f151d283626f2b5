//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/cmd"
	"todoku/cmd/app"
)

// reader is a command line that reads a file, FILE.
type reader struct {
	name string
	args []string
	env  string // a variable that names the file instead
	keep bool   // a mail and the like: any octets may stand in it

	stream bool // read as it comes, so that its size does not matter
}

// readers are all the ways to name a file that is read.
func readers() []reader {
	send := func(more ...string) []string {
		return append([]string{"send", "--lab", "--no-history", "--to", "user@healthy.test", "--from", "news@healthy.test"}, more...)
	}
	return []reader{
		{name: "list", args: []string{"check", "domain", "@FILE", "--lab"}, stream: true},
		{name: "list of addresses", args: []string{"check", "recipient", "@FILE", "--lab"}, stream: true},
		{name: "zone", args: []string{"check", "domain", "a.test", "--offline", "--zone", "FILE"}, stream: true},
		{name: "config", args: []string{"version", "--config", "FILE"}},
		{name: "config of the environment", args: []string{"version"}, env: "TODOKU_CONFIG"},
		{name: "input", args: []string{"diagnose", "FILE", "--lab"}},
		{name: "message", args: []string{"diagnose", "550 5.7.1 no", "--lab", "--message", "FILE"}, keep: true},
		{name: "rules of diagnose", args: []string{"diagnose", "550 5.7.1 no", "--lab", "--rules", "FILE"}},
		{name: "rules of explain", args: []string{"explain", "550", "--rules", "FILE"}},
		{name: "rules to check", args: []string{"explain", "--validate-rules", "FILE"}},
		{name: "rules of send", args: send("--rules", "FILE")},
		{name: "body", args: send("--body", "@FILE")},
		{name: "html", args: send("--html", "@FILE")},
		{name: "attachment", args: send("--attach", "FILE"), keep: true},
		{name: "key", args: send("--dkim-key", "FILE", "--dkim-selector", "s1")},
		{name: "password", args: send("--via", "smtp://mx1.lab.test", "--user", "u", "--password-file", "FILE")},
		{name: "netrc", args: send("--via", "smtp://mx1.lab.test", "--user", "u"), env: "NETRC"},
		{name: "mail", args: []string{"send", "--lab", "--to", "user@healthy.test", "--eml", "FILE"}, keep: true},
		{name: "recipients", args: []string{"send", "--lab", "--from", "news@healthy.test", "--recipients", "FILE", "--yes"}, stream: true},
		{name: "diagnosis", args: []string{"letter", "--diagnosis", "FILE"}},
	}
}

// start runs a command line on a file.
func (r reader) start(ctx context.Context, file string, more ...string) (status app.ExitStatus, stdout, stderr string) {
	args := append([]string{}, more...)
	for _, a := range r.args {
		args = append(args, strings.Replace(a, "FILE", file, 1))
	}
	env := func(name string) string {
		if name == r.env {
			return file
		}
		return ""
	}
	var out, errs bytes.Buffer
	status = cmd.Run(ctx, args, strings.NewReader(""), &out, &errs, env)
	return status, out.String(), errs.String()
}

// fifo makes a pipe that nobody writes to.
func fifo(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	return name
}

// TestNobodyWritesToThePipe gives a pipe in the place of every file: the
// deadline ends the run, and so does an interrupt.
func TestNobodyWritesToThePipe(t *testing.T) {
	t.Parallel()
	for _, r := range readers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			name := fifo(t)
			status, _, told := r.start(t.Context(), name, "--deadline", "300ms")
			if status != app.ExitUnknown ||
				!strings.Contains(told, "deadline") {
				t.Errorf("deadline: exit %d, %s", status, told)
			}
			if os.Getenv("TODOKU_FULL") != "" {
				if status, _, told := r.start(t.Context(), name, "--deadline", "300ms", "--lang", "ja"); status != app.ExitUnknown ||
					!strings.Contains(told, "期限") {
					t.Errorf("deadline in Japanese: exit %d, %s", status, told)
				}
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer time.AfterFunc(150*time.Millisecond, func() { cancel(app.ErrInterrupted) }).Stop()
			if status, _, told := r.start(ctx, name); status != app.ExitInterrupted || !strings.Contains(told, "interrupted") {
				t.Errorf("interrupt: exit %d, %s", status, told)
			}
		})
	}
}

// TestNobodyReadsThePipe does so for everything that is written.
func TestNobodyReadsThePipe(t *testing.T) {
	t.Parallel()
	for _, r := range []reader{
		{name: "output", args: []string{"explain", "550", "-o", "FILE"}},
		{name: "output of check", args: []string{"check", "domain", "healthy.test", "--lab", "-o", "FILE"}},
		{name: "export", args: []string{"guide", "F", "--run", "--export", "FILE", "--lab"}},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			name := fifo(t)
			if status, _, told := r.start(t.Context(), name, "--deadline", "1s"); status != app.ExitUnknown ||
				!strings.Contains(told, "deadline of 1s") {
				t.Errorf("deadline: exit %d, %s", status, told)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer time.AfterFunc(500*time.Millisecond, func() { cancel(app.ErrInterrupted) }).Stop()
			if status, _, told := r.start(ctx, name); status != app.ExitInterrupted {
				t.Errorf("interrupt: exit %d, %s", status, told)
			}
		})
	}
}

// TestHistoryIsAFile refuses a pipe without opening it.
func TestHistoryIsAFile(t *testing.T) {
	t.Parallel()
	for _, r := range []reader{
		{name: "list", args: []string{"history", "list", "--history", "FILE"}},
		{name: "export", args: []string{"history", "export", "--history", "FILE"}},
		{name: "send", args: []string{"send", "--lab", "--to", "user@healthy.test", "--from", "news@healthy.test", "--history", "FILE"}},
		{name: "diagnose", args: []string{"diagnose", "--result", "error", "--history-file", "FILE", "--lab"}},
	} {
		for kind, name := range map[string]string{"pipe": fifo(t), "device": "/dev/zero", "directory": t.TempDir()} {
			if status, _, told := r.start(t.Context(), name, "--deadline", "20s"); status != app.ExitUsage ||
				!strings.Contains(told, "not a regular file") {
				t.Errorf("%s, %s: exit %d, %s", r.name, kind, status, told)
			}
		}
	}
}

// noFiles makes what has the name of a file and cannot be read as one.
func noFiles(t *testing.T, dir string) (loop, sparse, missing, locked string) {
	t.Helper()
	loop, sparse = filepath.Join(dir, "loop"), filepath.Join(dir, "sparse")
	missing, locked = filepath.Join(dir, "missing"), filepath.Join(dir, "locked")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sparse, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(sparse, 10<<30); err != nil {
		t.Logf("no sparse file here: %v", err)
	}
	if err := os.WriteFile(locked, []byte("secret"), 0); err != nil {
		t.Fatal(err)
	}
	return loop, sparse, missing, locked
}

// TestFilesThatAreNone gives everything that has the name of a file in its
// place: it is told with its name, in both languages, and never as our failure.
func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loop, sparse, missing, locked := noFiles(t, dir)
	turn, full := 0, os.Getenv("TODOKU_FULL") != "" // else each in one of the languages
	for _, r := range readers() {
		for _, kind := range []struct {
			name, en, ja string
			skip         bool
		}{
			{dir, "is a directory", "ディレクトリです", r.name == "input"}, // a directory of bounces
			{loop, "too many levels of symbolic links", "シンボリックリンクが循環しています", r.name == "input"},
			{missing, "no such file", "ファイルがありません", r.name == "netrc"},
			{locked, "permission denied", "アクセス権がありません", os.Geteuid() == 0},
			{sparse, "larger than", "上限", false},
			{"/dev/zero", "", "", false},
			{"/dev/full", "", "", false}, // reads as zeros
		} {
			if kind.skip {
				continue
			}
			if kind.en == "" {
				kind.en, kind.ja = "no text", "テキストではありません"
				if r.keep {
					kind.en, kind.ja = "larger than", "上限"
				}
			}
			if r.stream && kind.name == sparse { // read as it comes
				kind.en, kind.ja = "no text", "テキストではありません"
			}
			turn++
			if turn%2 == 0 || full {
				status, _, told := r.start(t.Context(), kind.name)
				if status != app.ExitUsage || !strings.Contains(told, kind.en) || !strings.Contains(told, kind.name) {
					t.Errorf("%s, %s: exit %d, %s", r.name, kind.name, status, told)
				}
			}
			if turn%2 == 1 || full {
				status, _, told := r.start(t.Context(), kind.name, "--lang", "ja")
				if status != app.ExitUsage || !strings.Contains(told, kind.ja) || strings.Contains(told, "internal") ||
					!strings.ContainsFunc(told, isJapanese) {
					t.Errorf("%s, %s in Japanese: exit %d, %s", r.name, kind.name, status, told)
				}
			}
		}
	}
}

// TestFileWithoutASize reads what the system makes up when it is read.
func TestFileWithoutASize(t *testing.T) {
	t.Parallel()
	a := &app.App{}
	raw, err := a.Read(t.Context(), "/proc/self/status", app.Want{Limit: 1 << 20, Text: true})
	if os.IsNotExist(err) {
		t.Skip("no /proc here")
	}
	if err != nil || !bytes.Contains(raw, []byte("Pid:")) {
		t.Errorf("%d octets, %v", len(raw), err)
	}
}

// growing is a file that has more each time somebody looks.
type growing struct{ reads int }

func (g *growing) Read(p []byte) (int, error) {
	g.reads++
	return copy(p, bytes.Repeat([]byte("550 5.7.1 no\n"), 1000)), nil
}

func TestInputWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"list":      {"send", "--lab", "--from", "news@healthy.test", "--recipients", "-", "--yes"},
		"body":      {"send", "--lab", "--to", "user@healthy.test", "--from", "news@healthy.test", "--body", "-"},
		"input":     {"diagnose", "--lab", "-"},
		"diagnosis": {"letter", "--diagnosis", "-"},
		"password": {"send", "--lab", "--to", "user@healthy.test", "--from", "news@healthy.test", "--via",
			"smtp://mx1.lab.test", "--user", "u", "--password-file", "-"},
		"config":     {"version", "--config", "-"},
		"validation": {"explain", "--validate-rules", "-"},
	} {
		var stdout, stderr bytes.Buffer
		if got := cmd.Run(t.Context(), args, &growing{}, &stdout, &stderr, noEnv); got != app.ExitUsage ||
			!strings.Contains(stderr.String(), "larger than") {
			t.Errorf("%s: exit %d, %s", name, got, &stderr)
		}
	}
}

// TestFirstSignalIsEnough sends one SIGINT to a process that waits for a pipe.
func TestFirstSignalIsEnough(t *testing.T) {
	t.Parallel()
	for _, r := range readers() {
		if r.env != "" {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			name := fifo(t)
			c := ownCommand(t)
			for _, a := range r.args {
				c.Args = append(c.Args, strings.Replace(a, "FILE", name, 1))
			}
			c.Env, c.Stderr = alone(t), new(bytes.Buffer)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			hold := writer(t, name)
			defer hold.Close()
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
			if got := c.ProcessState.ExitCode(); got != int(app.ExitInterrupted) {
				t.Errorf("%v: %s", c.ProcessState, c.Stderr)
			}
		})
	}
}

// writer opens a pipe as soon as somebody reads it.
func writer(t *testing.T, name string) io.Closer {
	t.Helper()
	for range 2000 {
		if f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			return f
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nobody reads %s", name)
	return nil
}
