package river

import (
	"context"
	"database/sql"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river/rivermigrate"
)

// lockID is the advisory lock of PostgreSQL under which one process at a time makes tables. The store has the three numbers before it.
const lockID = 0x746f646f6b78

// Prepare makes the tables of River, or brings them up to date. Several processes may do so at once.
func Prepare(ctx context.Context, db *sql.DB, d Dialect) error {
	m, err := rivermigrate.New(d.driver(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if d == SQLite {
		return prepareFile(ctx, m)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lockID); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lockID)
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// migrations is how often a process tries to make tables while others do so.
const migrations = 20

// prepareFile does it without a lock, as a file of SQLite has none that spans transactions: of several processes one makes a
// version, the others fail, look again, and find it made.
func prepareFile(ctx context.Context, m *rivermigrate.Migrator[*sql.Tx]) (err error) {
	for range migrations {
		if _, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil); err == nil || !sleep(ctx, rand.N(200*time.Millisecond)) {
			return err
		}
	}
	return err
}
