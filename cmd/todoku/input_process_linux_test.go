package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/cmd/app"
)

// TestInterruptAtThePassword ends the prompt with one Ctrl-C: 130, and the
// terminal shows again what is typed, whenever the signal comes.
func TestInterruptAtThePassword(t *testing.T) {
	t.Parallel()
	type turn struct {
		name  string
		lang  string
		await string
	}
	turns := []turn{{"at the prompt", "en", "password of"}, {"in Japanese", "ja", "パスワード"}, {"before the prompt", "en", ""}}
	if os.Getenv("TODOKU_FULL") != "" {
		for range 100 {
			turns = append(turns, turn{"again", "en", "password of"}, turn{"again before", "en", ""})
		}
	}
	for i, tt := range turns {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			keyboard, tty := openPTY(t, 80, 24)
			defer tty.Close()
			before := mode(t, tty)
			c, screen := onTerminal(t, keyboard, tty, "send", "--lang", tt.lang, "--to", "a@b.test", "--from", "c@d.test",
				"--via", "smtp://127.0.0.1:1", "--user", "u", "--no-history")
			if tt.await != "" {
				screen.await(t, 0, tt.await)
				if mode(t, tty)&syscall.ECHO != 0 {
					t.Error("the prompt is there and typing is still shown")
				}
			} else { // at another moment of its start each time
				time.Sleep(time.Duration(i) * 3 * time.Millisecond)
			}
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
			// -1: before anybody could listen
			if got := c.ProcessState.ExitCode(); got != int(app.ExitInterrupted) && (tt.await != "" || got != -1) {
				t.Errorf("%v: %s", c.ProcessState, screen.String())
			}
			if after := mode(t, tty); after != before {
				t.Errorf("the terminal is left in mode %x, was %x", after, before)
			}
		})
	}
}

// TestFilesOfOthers reads, as somebody who may not, a file in the place of
// every file: it is told with its name, in both languages.
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "todoku-others")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	locked, home := filepath.Join(dir, "locked"), filepath.Join(dir, "home")
	if err := os.WriteFile(locked, []byte("secret"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(home, 0o777); err != nil || os.Chmod(home, 0o777) != nil {
		t.Fatal(err)
	}
	program, drop := ownProgram(t, dir)
	full := os.Getenv("TODOKU_FULL") != ""
	for i, r := range readers() {
		if i%4 != 0 && !full {
			continue
		}
		for lang, words := range map[string]string{"en": "permission denied", "ja": "アクセス権がありません"} {
			c := ownCommand(t, "--lang", lang, "--deadline", "30s")
			c.Path = program
			for _, a := range r.args {
				c.Args = append(c.Args, strings.Replace(a, "FILE", locked, 1))
			}
			c.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
			if r.env != "" {
				c.Env = append(c.Env, r.env+"="+locked)
			}
			var told bytes.Buffer
			c.Dir, c.Stderr, c.SysProcAttr = dir, &told, drop
			if err := c.Run(); err != nil && c.ProcessState == nil {
				t.Skipf("nobody else can run a program here: %v", err)
			}
			if c.ProcessState.ExitCode() != int(app.ExitUsage) || !strings.Contains(told.String(), words) ||
				!strings.Contains(told.String(), locked) {
				t.Errorf("%s (%s): %v, %s", r.name, lang, c.ProcessState, &told)
			}
		}
	}
}

// ownProgram is this program where a user without rights can run it, and how to
// become one.
func ownProgram(t *testing.T, dir string) (string, *syscall.SysProcAttr) {
	t.Helper()
	self := ownCommand(t).Path
	if os.Geteuid() != 0 {
		return self, nil
	}
	raw, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "todoku")
	if err := os.WriteFile(program, raw, 0o755); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	return program, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}
