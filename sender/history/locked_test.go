package history_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"todoku/sender/history"
)

// TestWaitForTheLock: who wants to write waits while another process holds the lock,
// and an interrupt ends the wait.
func TestWaitForTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path, history.Options{})
	db, err := sql.Open("sqlite", path+"?_txlock=immediate")
	must(t, err)
	defer db.Close()
	hold := func() *sql.Tx {
		t.Helper()
		other, err := db.Begin()
		must(t, err)
		return other
	}
	other := hold()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	if err := s.Begin(ctx, history.Sending{ID: "a", Recipient: "x@x.test"}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted while another process writes: %v", err)
	}
	time.AfterFunc(30*time.Millisecond, func() { _ = other.Rollback() })
	must(t, s.Begin(t.Context(), history.Sending{ID: "b", Recipient: "x@x.test"}))
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("what was interrupted: %v", err)
	}
	other = hold()
	defer other.Rollback()
	if err := s.Close(); !errors.Is(err, history.ErrBusy) {
		t.Errorf("closed while another process writes: %v", err)
	}
}

// TestLooksWithoutTheLock: who only looks waits for no lock, and a failure is no
// absence.
func TestLooksWithoutTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path, history.Options{})
	_, err := s.Enlist(t.Context(), history.List{ID: "list1", Recipients: "r", Mail: "m"}, nil, rows("a", "u1"))
	must(t, err)
	db, err := sql.Open("sqlite", path+"?_txlock=immediate")
	must(t, err)
	defer db.Close()
	other, err := db.Begin()
	must(t, err)
	defer other.Rollback()
	ctx, cancel := context.WithCancel(t.Context())
	for _, c := range []struct {
		to   string
		want error
	}{{"u1@x.test", nil}, {"u9@x.test", history.ErrNoList}} {
		if l, err := s.Overlap(ctx, history.List{Recipients: "others", Mail: "m"},
			slices.Values([]string{c.to})); !errors.Is(err, c.want) || err == nil && l.ID != "list1" {
			t.Errorf("%s: %+v, %v", c.to, l, err)
		}
	}
	if standing, err := s.Stands(ctx, "list1"); err != nil || standing.Queued != 1 {
		t.Errorf("%+v, %v", standing, err)
	}
	cancel()
	if _, err := s.Overlap(ctx, history.List{Recipients: "others", Mail: "m"},
		slices.Values([]string{"u1@x.test"})); err == nil || errors.Is(err, history.ErrNoList) {
		t.Errorf("interrupted: %v", err)
	}
}
