package store

import (
	"cmp"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"todoku/sender/sqlite"
)

// server is the address of a server in the form that the driver reads; "" where a store is on none.
func server(where string) string {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(where), "://")
	if s := strings.ToLower(scheme); rest != "" && (s == "postgres" || s == "postgresql") {
		return s + "://" + rest
	}
	return ""
}

// secretAt is where the value of a parameter "password=" begins; -1: there is none.
func secretAt(where string) int {
	const parameter = "password"
	for from := 0; ; {
		at := strings.Index(strings.ToLower(where[from:]), parameter)
		if at < 0 {
			return -1
		}
		from += at + len(parameter)
		if rest := strings.TrimLeft(where[from:], " \t"); strings.HasPrefix(rest, "=") {
			return len(where) - len(rest) + 1
		}
	}
}

// IsFile reports whether a store is a file. What is none is the address of a server, or was meant to be one.
func IsFile(where string) bool {
	return !strings.Contains(where, "://") && secretAt(where) < 0 && begun(where) == ""
}

// begun is the scheme of an address whose slashes were forgotten; "" for all else.
func begun(where string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(where), ":")
	if s := strings.ToLower(scheme); ok && strings.Contains(rest, "@") && (s == "postgres" || s == "postgresql") {
		return s + ":"
	}
	return ""
}

// Redacted names a store for people: the address of a server without its password and its other parameters. What is no proper
// address is cut before all that could be a password.
func Redacted(where string) string {
	if IsFile(where) {
		return where
	}
	scheme, _, isAddress := strings.Cut(strings.TrimSpace(where), "://")
	if !isAddress || strings.Contains(scheme, "=") {
		return cmp.Or(begun(where), where[:max(secretAt(where), 0)]) + "…"
	}
	begin := strings.ToLower(scheme) + "://"
	if server(where) != "" {
		begin = "postgres://"
	}
	u, err := url.Parse(strings.TrimSpace(where))
	if err != nil || strings.Contains(u.EscapedPath(), "@") || u.User == nil && strings.Contains(where, "@") {
		return begin // a password with a slash looks like a path
	}
	user := ""
	if name := u.User.Username(); name != "" {
		user = url.User(name).String() + "@"
	}
	return begin + user + u.Host + u.EscapedPath()
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

// wait is how long SQLite waits for a lock: milliseconds.
const wait = "_pragma=busy_timeout(15000)"

// openFile opens a file, and makes it where it is not there.
func (s *database) openFile(path string) error {
	s.place, s.dialect = Redacted(path), SQLite
	abs, err := filepath.Abs(path)
	if err != nil || path == "" || !IsFile(path) {
		return noAddress(cmp.Or(Redacted(path), `""`))
	}
	if info, err := os.Stat(abs); err == nil && !info.Mode().IsRegular() {
		return noFile(path)
	}
	if err := sqlite.Create(abs); err != nil {
		return unwritable(path, err)
	}
	if s.write, err = sqlite.Open(abs, wait+"&_pragma=journal_mode(WAL)&_txlock=immediate", 1); err != nil {
		return err
	}
	if s.read, err = sqlite.Open(abs, wait+"&_pragma=query_only(1)", 4); err != nil {
		return errors.Join(err, s.write.Close())
	}
	return nil
}
