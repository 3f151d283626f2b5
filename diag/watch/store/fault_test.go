package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"todoku/codes"
	"todoku/diag/watch/store"
)

// TestFaultsOfAQueueBesideTheStoreAreSaid: the driver's words say neither where nor what to do.
func TestFaultsOfAQueueBesideTheStoreAreSaid(t *testing.T) {
	t.Parallel()
	place := filepath.Join(t.TempDir(), "watch.db")
	s, err := store.Open(t.Context(), place, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.DB().ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // which leaves no page free
		t.Fatal(err)
	}
	_, full := s.DB().ExecContext(t.Context(), "CREATE TABLE more AS SELECT randomblob(99999) AS b")
	other := errors.New("a bug")
	for name, c := range map[string]struct {
		err, kind error
		says      string
	}{
		"a full disk":          {full, store.ErrUnwritable, "cannot be written"},
		"a full server":        {fmt.Errorf("insert: %w", &pgconn.PgError{Code: "53100"}), store.ErrBusy, "no space"},
		"too many connections": {&pgconn.PgError{Code: "53300"}, store.ErrBusy, "connection left"},
		"something else":       {other, other, "a bug"},
	} {
		got := store.Fault(s, c.err)
		var said *codes.UserError
		if !errors.Is(got, c.kind) || !strings.Contains(got.Error(), c.says) || errors.As(got, &said) && said.Place != place {
			t.Errorf("%s: %v", name, got)
		}
	}
	if store.Fault(s, nil) != nil {
		t.Error("no error is one")
	}
}
