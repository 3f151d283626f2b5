package store

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// schema is the version that the newest migration makes.
const schema = 1

// versions is the table in which goose writes which migrations were made: one of our own, since a database on a server may
// be shared with other programs.
const versions = "watch_schema"

// prepare makes the tables, or brings them to the schema. Several processes may do so at once: whoever fails looks again.
func (s *database) prepare(ctx context.Context) error {
	for try := 0; ; try++ {
		done, err := s.migrated(ctx)
		if done {
			return nil
		}
		failed := err
		if err == nil {
			if failed = s.migrate(ctx); failed == nil {
				continue
			}
		}
		if again(failed) || err == nil && try < 20 && !errors.Is(s.fault(failed), ErrUnwritable) {
			select {
			case <-ctx.Done():
				return errors.Join(failed, ctx.Err())
			case <-time.After(5*time.Millisecond + rand.N(20*time.Millisecond)):
			}
			continue
		}
		return failed
	}
}

// migrated reports whether the database has the schema. It asks without goose: almost every start finds nothing to do.
func (s *database) migrated(ctx context.Context) (bool, error) {
	var all, ours, kept int
	query := `SELECT count(*), count(*) FILTER (WHERE name = '` + versions + `'), count(*) FILTER (WHERE name = 'watch_domain')
  FROM sqlite_schema`
	if s.dialect == PostgreSQL {
		query = `SELECT 0, count(*) FILTER (WHERE tablename = '` + versions + `'), count(*) FILTER (WHERE tablename = 'watch_domain')
  FROM pg_tables WHERE schemaname = current_schema()`
	}
	if err := s.write.QueryRowContext(ctx, query).Scan(&all, &ours, &kept); err != nil {
		return false, err
	}
	if ours == 0 && (kept > 0 || all > 0) {
		return false, foreign(s.place, errors.New("it holds tables of another program"))
	}
	if ours == 0 {
		return false, nil
	}
	var version int64
	applied := `SELECT coalesce(max(version_id), 0) FROM ` + versions + ` WHERE is_applied`
	if err := s.write.QueryRowContext(ctx, applied).Scan(&version); err != nil {
		return false, err
	}
	switch {
	case version > schema:
		return false, newer(s.place)
	case version > 0 && kept == 0:
		return false, foreign(s.place, errors.New("its tables are gone"))
	}
	return version == schema, nil
}

func (s *database) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/"+s.dialect.folder())
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()),
		goose.WithTableName(versions)}
	dialect := goose.DialectSQLite3
	if s.dialect == PostgreSQL {
		dialect = goose.DialectPostgres
		done, err := s.alone(ctx)
		if err != nil {
			return err
		}
		defer done()
	}
	p, err := goose.NewProvider(dialect, s.write, dir, options...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// alone waits until no other process makes tables in the database of a server. Tables are made once, by the first one.
func (s *database) alone(ctx context.Context) (done func(), err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	const migrating = outbox + 1
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrating); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrating) // else it ends with the connection
		_ = conn.Close()
	}, nil
}
