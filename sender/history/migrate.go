package history

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"

	"todoku/sender/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schema is the version that the newest migration makes.
const schema = 5

// prepare brings the file to the schema. Processes that do so at once get in
// each other's way, and SQLite does not wait for the switch to WAL: whoever
// fails looks again, for a while.
func (s *SQLite) prepare(ctx context.Context) error {
	end := time.Now().Add(busyTimeout)
	for try := 0; ; try++ {
		done, err := s.migrated(ctx)
		if done {
			return nil
		}
		if err == nil {
			if err = migrate(ctx, s.write); err == nil {
				continue
			}
			err = migrationError{err}
		}
		var r migrationError
		if sqlite.FaultOf(err) != sqlite.Busy && (!errors.As(err, &r) || try > 20) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(5+rand.IntN(20)) * time.Millisecond):
		}
	}
}

// migrationError is a migration that failed, perhaps because another process did it.
type migrationError struct{ error }

func (r migrationError) Unwrap() error { return r.error }

// migrated reports whether the file has the schema. It asks without goose:
// almost every start finds nothing to do.
func (s *SQLite) migrated(ctx context.Context) (bool, error) {
	var all, goose int
	err := s.write.QueryRowContext(ctx,
		`SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version') FROM sqlite_schema`).Scan(&all, &goose)
	if err != nil || all == 0 {
		return false, err
	}
	if goose == 0 {
		return false, damaged(s.path, errForeign)
	}
	// One statement sees one moment: another process may be at work here.
	var version, ours int
	err = s.write.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0), (SELECT count(*) FROM sqlite_schema WHERE name = 'sendings')
  FROM goose_db_version WHERE is_applied`).Scan(&version, &ours)
	if err != nil {
		return false, err
	}
	switch {
	case version > 0 && ours == 0:
		return false, damaged(s.path, errForeign)
	case version > schema:
		return false, newer(s.path)
	}
	return version == schema, nil
}

var errForeign = errors.New("it holds tables of another program")

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
