package river_test

import (
	"context"
	"testing"
	"time"

	"todoku/diag/watch/river"
)

// The tables of River are made while the store has its own locks, such as that of an addition of many domains.
func TestTablesAreMadeBesideTheLocksOfTheStore(t *testing.T) {
	t.Parallel()
	b := postgresBench(t)
	conn, err := b.db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	for i := range 3 {
		_, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, 0x746f646f6b75+i)
		must(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	must(t, river.Prepare(ctx, b.db, b.dialect))
}
