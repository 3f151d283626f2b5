package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/watch/store"
	"todoku/diag/watch/testserver"
)

// refused opens a store that cannot be opened, and gives what it says.
func refused(t *testing.T, where string, kind error) string {
	t.Helper()
	s, err := store.Open(t.Context(), where, store.Options{})
	if err == nil {
		must(t, s.Close())
	}
	user, is := errors.AsType[*codes.UserError](err)
	if !is || !errors.Is(err, kind) {
		t.Errorf("%s: %v, not %v", where, err, kind)
		return ""
	}
	if user.Place == "" || user.Remedy.IsZero() || user.Remedy.JA == "" {
		t.Errorf("%s: no place, or no remedy: %v", where, err)
	}
	return err.Error()
}

func TestFilesThatAreNoStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	refused(t, dir, store.ErrPlace)
	refused(t, "", store.ErrPlace)
	refused(t, "mysql://root:sesame@127.0.0.1/x", store.ErrPlace)
	refused(t, filepath.Join(file("file", "x"), "watch.db"), store.ErrUnwritable)
	refused(t, file("text", strings.Repeat("this is no database\n", 100)), store.ErrForeign)
}

// A store of a newer version, and a database of another program, stay as they are.
func TestOtherTables(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s := open(t, where, newClock())
		sql := func(statement string) {
			t.Helper()
			_, err := s.DB().ExecContext(t.Context(), statement)
			must(t, err)
		}
		sql(`UPDATE watch_schema SET version_id = 99 WHERE version_id = 1`)
		refused(t, where, store.ErrNewer)
		sql(`DROP TABLE watch_schema`)
		refused(t, where, store.ErrForeign)
	})
}

func TestManyOpenAnEmptyStoreAtOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		errs := make(chan error)
		for range 4 {
			go func() {
				s, err := store.Open(t.Context(), where, store.Options{})
				if err == nil {
					err = s.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

// What was meant to be the address of a server is neither a file nor shown with its password.
func TestNoMistypedAddressTellsItsPassword(t *testing.T) {
	t.Parallel()
	for where, shown := range map[string]string{
		"postgre://todoku:sesame@db/todoku":                 "postgre://todoku@db/todoku",
		"mysql://todoku:sesame@db/todoku?key=sesame":        "mysql://todoku@db/todoku",
		"postgre://todoku:12/sesame@db/todoku":              "postgre://",
		"postgre://a:b@c/sesame@db/todoku":                  "postgre://",
		"host=db user=todoku password=sesame dbname=todoku": "host=db user=todoku password=…",
		"host=db sslpassword = 'sesame://x' user=todoku":    "host=db sslpassword =…",
		"postgres:todoku:sesame@db/watch":                   "postgres:…",
		"PostgreSQL:/todoku:sesame@db/watch":                "postgresql:…",
	} {
		if said := refused(t, where, store.ErrPlace); strings.Contains(said, "sesame") || strings.ContainsAny(said, "\n\t") {
			t.Errorf("%s: %s", where, said)
		}
		if got := store.Redacted(where); got != shown {
			t.Errorf("%s: redacted: %s", where, got)
		}
		if _, err := os.Stat(where); err == nil {
			t.Errorf("%s: a file was made", where)
		}
	}
	if got := store.Redacted("password notes.db"); got != "password notes.db" {
		t.Errorf("a file: %s", got)
	}
}

// No error of a server tells its password.
func TestServersThatCannotBeReached(t *testing.T) {
	t.Parallel()
	for where, kind := range map[string]error{
		"postgres://todoku:sesame@127.0.0.1:1/watch?connect_timeout=5":                         store.ErrUnreachable,
		"POSTGRES://todoku:sesame@127.0.0.1:1/watch":                                           store.ErrUnreachable,
		" postgres://todoku:sesame@127.0.0.1:1/watch":                                          store.ErrUnreachable,
		"postgresql://todoku:sesame@127.0.0.1:1/watch":                                         store.ErrUnreachable,
		"postgres://todoku:sesame@127.0.0.1:port/watch":                                        store.ErrPlace,
		"postgres://todoku:sesame@127.0.0.1/watch?sslmode=sesame":                              store.ErrPlace,
		"postgres://todoku:sesame%zz@127.0.0.1/watch":                                          store.ErrPlace,
		"postgres://127.0.0.1:1/watch?user=todoku&password=sesame&sslpassword=sesame&x=sesame": store.ErrUnreachable,
	} {
		if said := refused(t, where, kind); strings.Contains(said, "sesame") || strings.ContainsAny(said, "\n\t") {
			t.Errorf("%s: %s", where, said)
		}
		if strings.Contains(store.Redacted(where), "sesame") {
			t.Errorf("redacted: %s", store.Redacted(where))
		}
	}
	got := store.Redacted("postgres://todoku:sesame@db.example:5433/watch?sslmode=require")
	if got != "postgres://todoku@db.example:5433/watch" {
		t.Errorf("redacted: %s", got)
	}
}

func TestServersThatRefuse(t *testing.T) {
	t.Parallel()
	database(t) // which skips the test where there is none
	const name = "refuses"
	where, err := postgres.Database(t.Context(), name)
	must(t, err)
	_, err = postgres.SQL(t.Context(), name, `CREATE ROLE reader LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC`)
	must(t, err)
	refused(t, postgres.Address("reader", name), store.ErrUnwritable)
	refused(t, postgres.Address("nobody-here", name), store.ErrUnreachable)
	refused(t, postgres.Address("todoku", "nothing-here"), store.ErrUnreachable)
	open(t, where, newClock())
	_, err = postgres.SQL(t.Context(), name, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`)
	must(t, err)
	s := open(t, postgres.Address("reader", name), newClock())
	if _, err := s.Add(t.Context(), func(yield func(string) bool) { yield("a.example") }, day); !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("written without the right: %v", err)
	}
}

// A store goes on when its server was started anew. What was under way meanwhile is an error.
func TestAServerIsStartedAnew(t *testing.T) {
	t.Parallel()
	database(t) // which skips the test where there is none
	server, err := testserver.Start(t.Context(), "fsync=off")
	must(t, err)
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	where, err := server.Database(t.Context(), "watch")
	must(t, err)
	c := newClock()
	s := open(t, where, c)
	watchAll(t, s, day, "a.example")
	w, err := s.Load(t.Context(), due(t, s, c.now())[0])
	must(t, err)
	tx, err := s.DB().BeginTx(t.Context(), nil)
	must(t, err)
	must(t, server.Kill())
	if err := s.Save(t.Context(), tx, w, same(w, c.now())); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("saved while the server is down: %v", err)
	}
	if err := tx.Rollback(); err == nil {
		t.Error("rolled back while the server is down")
	}
	if _, err := s.Overview(t.Context()); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("asked while the server is down: %v", err)
	}
	must(t, server.Up(t.Context()))
	must(t, save(t, s, w, same(w, c.now())))
	if o, err := s.Overview(t.Context()); err != nil || o.Never != 0 {
		t.Errorf("after it: %+v, %v", o, err)
	}
}
