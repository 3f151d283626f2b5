package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"todoku/cmd/report/page"
)

func TestAnUnfinishedOutputFileLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "out.txt")
	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	a := &App{Global: GlobalFlags{Output: name}}
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
