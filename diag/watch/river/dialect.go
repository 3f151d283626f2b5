package river

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// Dialect is the kind of a database.
type Dialect string

// The databases that can be used.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
)

func (d Dialect) driver(db *sql.DB) riverdriver.Driver[*sql.Tx] {
	if d == SQLite {
		return riversqlite.New(db)
	}
	return riverdatabasesql.New(db)
}

// now is the time by the clock of the database, as River writes it.
func (d Dialect) now() string {
	if d == SQLite {
		return "strftime('%Y-%m-%d %H:%M:%f', 'now')"
	}
	return "now()"
}

// ago is now less some time.
func (d Dialect) ago(t time.Duration) string {
	if d == SQLite {
		return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-%.3f seconds')", t.Seconds())
	}
	return fmt.Sprintf("now() - interval '%.3f seconds'", t.Seconds())
}

// millis is a time in milliseconds since 1970.
func (d Dialect) millis(expr string) string {
	if d == SQLite {
		return "CAST(round((julianday(" + expr + ") - 2440587.5) * 86400000) AS INTEGER)"
	}
	return "CAST(extract(epoch FROM " + expr + ") * 1000 AS BIGINT)"
}

// state is a state of a job as a value of the column.
func (d Dialect) state(name string) string {
	if d == SQLite {
		return "'" + name + "'"
	}
	return "'" + name + "'::river_job_state"
}

// list writes ids for IN (…).
func list(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(words, ",")
}
