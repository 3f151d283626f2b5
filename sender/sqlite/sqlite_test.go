package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"todoku/sender/sqlite"
)

func TestAFileIsMadeForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "a b?.db")
	if err := sqlite.Create(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	run(t, path, `CREATE TABLE t (k TEXT PRIMARY KEY) STRICT`)
	if err := sqlite.Create(path); err != nil {
		t.Errorf("a file that is there: %v", err)
	}
	if now, err := os.Stat(path); err != nil || now.Size() == 0 {
		t.Errorf("what was in it is gone: %v, %v", now, err)
	}
}

// run does something with a file, over connections of its own.
func run(t *testing.T, path string, queries ...string) sqlite.Fault {
	t.Helper()
	db, err := sqlite.Open(path, "_pragma=busy_timeout(1)&_txlock=immediate", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			return sqlite.FaultOf(err)
		}
	}
	return sqlite.None
}

func TestFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	if fault := run(t, path, `CREATE TABLE t (k TEXT PRIMARY KEY) STRICT`, `INSERT INTO t VALUES ('a')`); fault != sqlite.None {
		t.Fatal(fault)
	}
	if fault := run(t, path, `INSERT INTO t VALUES ('a')`); fault != sqlite.Duplicate {
		t.Errorf("a key that is there: %v", fault)
	}
	if fault := run(t, path, `SELECT nothing FROM t`); fault != sqlite.None {
		t.Errorf("a wrong question: %v", fault)
	}
	if fault := run(t, filepath.Join(dir, "no", "folder.db"), `SELECT 1`); fault != sqlite.Unwritable {
		t.Errorf("no folder: %v", fault)
	}
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte("this is a letter and no database at all, and it is long enough\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if fault := run(t, text, `SELECT count(*) FROM sqlite_schema`); fault != sqlite.Damaged {
		t.Errorf("a letter: %v", fault)
	}
	db, err := sqlite.Open(path, "_txlock=immediate", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if fault := run(t, path, `INSERT INTO t VALUES ('b')`); fault != sqlite.Busy {
		t.Errorf("a file that another one writes: %v", fault)
	}
}
