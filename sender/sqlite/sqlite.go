// Package sqlite opens databases in files, and says what errors of SQLite mean. What stands in them is the business of those
// who have them: what was sent (sender/history) and what is watched (diag/watch/store).
package sqlite

import (
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Create makes a file that only its owner can read, and its folders, where it is not there. One that is there is not touched:
// closing it would drop the locks of this process's other handles.
func Create(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Open opens a file, named by its absolute path, over at most so many connections, which are kept. settings are those of the
// driver beside foreign keys ("_pragma=journal_mode(WAL)&_txlock=immediate"). Synchronous is NORMAL: in WAL mode a kill loses
// nothing that is committed, only a power loss can take the last commits.
func Open(path, settings string, conns int) (*sql.DB, error) {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/…
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: "_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)&" + settings}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Fault is what an error means for those who want to use the file.
type Fault int

// The faults.
const (
	None       Fault = iota // no error of SQLite, or one of what was asked
	Damaged                 // the file is no database, or no longer one
	Busy                    // others keep it locked: waiting may help
	Unwritable              // no right, no space, no such folder
	Duplicate               // the key of a row is there already
)

// FaultOf says what an error means.
func FaultOf(err error) Fault {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return None
	}
	switch e.Code() {
	case lib.SQLITE_IOERR_READ, lib.SQLITE_IOERR_SHORT_READ, lib.SQLITE_IOERR_CORRUPTFS, lib.SQLITE_IOERR_DATA:
		return Damaged
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return Duplicate
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		return Damaged
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return Busy
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_FULL, lib.SQLITE_PERM, lib.SQLITE_IOERR: // a full disk has many names
		return Unwritable
	}
	return None
}
