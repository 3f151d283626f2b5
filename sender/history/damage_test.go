package history_test

import (
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"todoku/sender/history"
)

// TestDamagedRow: a row that cannot be read is told, and the others are there.
func TestDamagedRow(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"addresses": `cc = 'no JSON'`, "a year": `finished = 9223372036854775807`, "before time": `started = -1`, "addresses too": `bcc = '[1]'`,
	} {
		path := filepath.Join(t.TempDir(), "history.db")
		s := open(t, path, history.Options{})
		for _, id := range []string{"a", "b", "c"} {
			sent(t, s, id, id+"@x.test", history.Outcome{Result: history.OK, Code: "40000"})
		}
		must(t, s.Close())
		db, err := sql.Open("sqlite", path)
		must(t, err)
		_, err = db.Exec(`UPDATE sendings SET ` + damage + ` WHERE id = 'b'`)
		must(t, errors.Join(err, db.Close()))
		s = open(t, path, history.Options{})
		good, bad := "", ""
		for x, err := range s.List(t.Context(), history.Filter{}) {
			var row *history.RowError
			switch {
			case errors.As(err, &row):
				bad += row.ID
			case err != nil:
				t.Errorf("%s: %v", name, err)
			default:
				good += x.ID
			}
		}
		if len(good) != 2 || bad != "b" {
			t.Errorf("%s: read %q, not %q", name, good, bad)
		}
	}
}

// TestFullDisk: a history on a disk without room is told as one that cannot be
// written, and can be read.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be made here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	path := filepath.Join(dir, "history.db")
	s := open(t, path, history.Options{})
	sent(t, s, "a", "a@x.test", history.Outcome{Result: history.OK, Code: "40000"})
	must(t, s.Close())
	fill, err := os.Create(filepath.Join(dir, "fill"))
	must(t, err)
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	_ = fill.Close()
	if s, err := history.Open(t.Context(), path); err == nil {
		err = s.Begin(t.Context(), history.Sending{ID: "b", Recipient: "b@x.test", Content: make([]byte, 64<<10)})
		if !errors.Is(err, history.ErrUnwritable) {
			t.Errorf("written: %v", err)
		}
		_ = s.Close()
	} else if !errors.Is(err, history.ErrUnwritable) {
		t.Errorf("opened: %v", err)
	}
	r, err := history.OpenWith(t.Context(), path, history.Options{ToRead: true})
	must(t, err)
	defer r.Close()
	if got := ids(all(t, r.List(t.Context(), history.Filter{}))); got != "a" {
		t.Errorf("read %q", got)
	}
}
