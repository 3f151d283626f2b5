package store

import (
	"cmp"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// isServer reports whether a store is on a server.
func isServer(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Redacted names a store for people: the address of a server without its password and its other parameters.
func Redacted(where string) string {
	if !isServer(where) {
		return where
	}
	u, err := url.Parse(where)
	if err != nil {
		return "postgres://"
	}
	user := ""
	if name := u.User.Username(); name != "" {
		user = url.User(name).String() + "@"
	}
	return "postgres://" + user + u.Host + u.EscapedPath()
}

// openServer makes the pool of connections; it reaches nothing yet.
func (s *database) openServer(where string, conns int) error {
	s.place, s.dialect = Redacted(where), PostgreSQL
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return noAddress(s.place) // the error of the driver may hold what was typed
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "todoku"
	}
	s.write = stdlib.OpenDB(*config)
	s.read = s.write
	s.write.SetMaxOpenConns(conns)
	s.write.SetMaxIdleConns(conns)
	return nil
}

// openFile opens a file, and makes it where it is not there.
func (s *database) openFile(path string) error {
	s.place, s.dialect = path, SQLite
	abs, err := filepath.Abs(path)
	if err != nil || path == "" || strings.Contains(path, "://") {
		return noAddress(cmp.Or(Redacted(path), `""`))
	}
	if info, err := os.Stat(abs); err == nil && !info.Mode().IsRegular() {
		return noFile(path)
	}
	if err := create(abs); err != nil {
		return unwritable(path, err)
	}
	if s.write, err = connect(abs, "&_pragma=journal_mode(WAL)&_txlock=immediate", 1); err != nil {
		return err
	}
	if s.read, err = connect(abs, "&_pragma=query_only(1)", 4); err != nil {
		return errors.Join(err, s.write.Close())
	}
	return nil
}

// create makes a file that only its owner can read.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect opens a file of SQLite. In WAL mode NORMAL loses nothing by a kill; a power loss can take the last commits: then
// those domains are looked at again.
func connect(path, more string, conns int) (*sql.DB, error) {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/…
	}
	u := url.URL{Scheme: "file", Path: p}
	db, err := sql.Open("sqlite", u.String()+"?_pragma=busy_timeout(15000)&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)"+more)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
