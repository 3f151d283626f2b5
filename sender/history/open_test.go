package history_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"todoku/codes"
	"todoku/sender/history"
)

func TestRights(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("rights are not told by bits here")
	}
	dir := filepath.Join(t.TempDir(), "some", "where")
	path := filepath.Join(dir, "送信 100%? #1.db")
	s := open(t, path, history.Options{})
	must(t, s.Begin(t.Context(), history.Sending{ID: "a", Recipient: "x@x.test"}))
	for _, p := range []string{dir, path, path + "-wal"} {
		info, err := os.Stat(p)
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", p, info.Mode())
		}
	}
}

// old makes a history with the schema of a version.
func old(t *testing.T, version int64, then ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations"), goose.WithLogger(goose.NopLogger()))
	must(t, err)
	_, err = p.UpTo(t.Context(), version)
	must(t, err)
	for _, q := range then {
		_, err := db.Exec(q)
		must(t, err)
	}
	return path
}

func TestMigration(t *testing.T) {
	t.Parallel()
	path := old(t, 1, `INSERT INTO sendings (id, kind, sender, name, recipient, recipient_key, domain, cc, bcc, reply_to, errors_to, subject,
  message_id, envelope_id, phase, result, code, started, updated, owner, lease)
  VALUES ('a', 'test', 's@x.test', '', 'R@x.test', 'r@x.test', 'x.test', '', '', '', '', 'old', '<1@x.test>', '',
  'done', 'ok', '40000', 1000, 1000, '', 0)`)
	for range 2 { // the second time there is nothing to do
		s := open(t, path, history.Options{})
		list := all(t, s.List(t.Context(), history.Filter{MessageID: "<1@x.test>", Recipient: "r@X.test"}))
		if ids(list) != "a" || list[0].Subject != "old" {
			t.Errorf("%+v", list)
		}
		must(t, s.Close())
	}
}

// TestToRead reads a file as it is, with or without a log, and leaves it alone.
func TestToRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path, history.Options{})
	ctx := t.Context()
	sent(t, s, "a", "x@x.test", history.Outcome{Result: history.Failed, Code: "42553"})
	for _, closed := range []bool{false, true} {
		if closed {
			must(t, s.Close())
			if _, err := os.Stat(path + "-wal"); err == nil {
				t.Fatal("there still is a log")
			}
		}
		r, err := history.OpenWith(ctx, path, history.Options{ToRead: true})
		must(t, err)
		if got := ids(all(t, r.List(ctx, history.Filter{}))); got != "a" {
			t.Errorf("closed %v: %q", closed, got)
		}
		if v, err := r.Flag(ctx, "x@x.test"); err != nil || v.Valid {
			t.Errorf("closed %v: %+v, %v", closed, v, err)
		}
		if err := r.Revalidate(ctx, "x@x.test", ""); !errors.Is(err, history.ErrUnwritable) {
			t.Errorf("closed %v: written: %v", closed, err)
		}
		must(t, r.Close())
		if _, err := os.Stat(path + "-wal"); closed && err == nil {
			t.Error("something was made beside the file")
		}
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.db"), old(t, 1)} {
		if _, err := history.OpenWith(ctx, path, history.Options{ToRead: true}); err == nil {
			t.Errorf("%s was opened", path)
		}
	}
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "history.db")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	must(t, err)
	_, err = db.Exec(`CREATE TABLE bookmarks (url)`)
	must(t, errors.Join(err, db.Close()))
	whole, err := os.ReadFile(old(t, 2))
	must(t, err)
	for name, x := range map[string]struct {
		path string
		kind error
		says string
	}{
		"newer":           {old(t, 2, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`), history.ErrNewer, "update todoku"},
		"text":            {file(strings.Repeat("this is no database\n", 500)), history.ErrDamaged, "restore a backup"},
		"torn":            {file(string(whole[:5000])), history.ErrDamaged, "restore a backup"},
		"another program": {foreign, history.ErrDamaged, "another program"},
		"another's goose": {old(t, 2, `DROP TABLE sendings`), history.ErrDamaged, "another program"},
		"folder":          {t.TempDir(), history.ErrUnwritable, "not a regular file"},
		"below a file":    {filepath.Join(file("x"), "h.db"), history.ErrUnwritable, "check the rights"},
		"no name":         {"", history.ErrUnwritable, "another file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := history.Open(t.Context(), x.path)
			var e *codes.UserError
			if !errors.As(err, &e) {
				t.Fatalf("%v, %v", s, err)
			}
			if !errors.Is(err, x.kind) || !strings.Contains(err.Error(), x.says) || e.Place != x.path || e.Says.JA == "" || e.Remedy.JA == "" {
				t.Errorf("%v: %v\n%+v", x.kind, err, e)
			}
		})
	}
	if after, err := os.ReadFile(foreign); err != nil || strings.Contains(string(after), "sendings") {
		t.Errorf("the file of another program was changed (%v)", err)
	}
}
