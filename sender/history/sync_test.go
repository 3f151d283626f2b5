package history

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// TestSyncIsNotPutOff: a change that has to reach the disk is not put off by one
// that failed, nor by the time that another process kept the lock.
func TestSyncIsNotPutOff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	wrong := errors.New("wrong")
	synced := func(err error) *change {
		return &change{synced: true, do: func(*writer) error { return err }}
	}
	if err := s.commit(t.Context(), synced(wrong)); !errors.Is(err, wrong) || !s.commits.nextSync.IsZero() {
		t.Errorf("%v, the next one at %v", err, s.commits.nextSync)
	}
	db, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const kept = time.Second
	time.AfterFunc(kept, func() { _ = other.Rollback() })
	if err := s.commit(t.Context(), synced(nil)); err != nil {
		t.Fatal(err)
	}
	if off := time.Until(s.commits.nextSync); off > 5*kept { // a commit of its own half a second would be needed
		t.Errorf("the next one in %v", off)
	}
}
