package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/report/page"
)

func TestAnUnfinishedOutputFileLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "out.txt")
	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	a := &App{Global: GlobalFlags{Outputs: []string{name}}}
	broken := errors.New("broken")
	if err := a.Write(t.Context(), func(w *page.Out) error { _ = w.Lines("half"); return broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if got, _ := os.ReadFile(name); string(got) != "old" {
		t.Errorf("the file holds %q", got)
	}
	if err := a.Write(t.Context(), func(w *page.Out) error { return w.Lines("new") }); err != nil {
		t.Error(err)
	}
	got, _ := os.ReadFile(name)
	info, err := os.Stat(name)
	if string(got) != "new" || err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file holds %q, mode %v, %v", got, info.Mode(), err)
	}
	if left, _ := filepath.Glob(name + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A run that is cut short never takes the place of the last complete output. Links stay links.
func TestACutRunLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, old   string
		cause       error
		link        bool
		holds, part string
	}{
		{"interrupted", "old", ErrInterrupted, false, "old", "new"},
		{"past the deadline", "old", ErrDeadline, false, "old", "new"},
		{"interrupted, behind a link", "old", ErrInterrupted, true, "old", "new"},
		{"interrupted, nothing there", "", ErrInterrupted, false, "new", ""},
		{"complete", "old", nil, false, "new", ""},
		{"complete, behind a link", "old", nil, true, "new", ""},
		{"complete, a link to nothing", "", nil, true, "new", ""},
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "out.txt")
		target := name
		if tt.link {
			target = filepath.Join(dir, "target.txt")
			if err := os.Symlink("target.txt", name); err != nil {
				t.Skip(err)
			}
		}
		if tt.old != "" {
			if err := os.WriteFile(target, []byte(tt.old), 0o640); err != nil {
				t.Fatal(err)
			}
		}
		var errs bytes.Buffer
		a := &App{Global: GlobalFlags{Outputs: []string{name}}, Stderr: page.To(&errs)}
		ctx, cancel := context.WithCancelCause(t.Context())
		err := a.Write(ctx, func(w *page.Out) error {
			err := w.Lines("new")
			if tt.cause != nil {
				cancel(tt.cause)
			}
			return err
		})
		cancel(nil)
		got, _ := os.ReadFile(target)
		part, _ := os.ReadFile(target + ".part")
		if err != nil || string(got) != tt.holds || string(part) != tt.part ||
			(tt.part != "") != strings.Contains(errs.String(), "is as it was") {
			t.Errorf("%s: %v, the file holds %q, its part %q; says %q", tt.name, err, got, part, &errs)
		}
		if info, err := os.Lstat(name); err != nil || (info.Mode()&os.ModeSymlink != 0) != tt.link {
			t.Errorf("%s: the link is gone: %v", tt.name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.[0-9]*.part")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", tt.name, left)
		}
	}
}

// TestPrivateFile: it appears whole and for its owner only, or not at all, and nothing that is no file is replaced.
func TestPrivateFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, link := filepath.Join(dir, "kept"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(name, []byte("old"), 0o644), os.Symlink(name, link)); err != nil {
		t.Fatal(err)
	}
	write := func(failed error) error {
		f, err := CreatePrivate(link)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteString("new")
		return f.End(errors.Join(err, failed))
	}
	if err := write(io.ErrShortWrite); err == nil {
		t.Error("a failure is lost")
	}
	if data, _ := os.ReadFile(name); string(data) != "old" {
		t.Errorf("after a failure: %s", data)
	}
	if err := write(nil); err != nil {
		t.Error(err)
	}
	data, _ := os.ReadFile(name)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 || string(data) != "new" {
		t.Errorf("%s, %v, %v", data, info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("files are left: %v", left)
	}
	for _, none := range []string{dir, os.DevNull, filepath.Join(dir, "nowhere", "f")} {
		if f, err := CreatePrivate(none); err == nil {
			t.Errorf("%s is replaced", none)
			_ = f.End(io.ErrShortWrite)
		}
	}
}
