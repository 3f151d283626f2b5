package history_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"todoku/sender/history"
)

func TestContent(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ctx := t.Context()
	mail := []byte("Subject: hello\r\n\r\nhello\r\n")
	must(t, s.Begin(ctx, history.Sending{ID: "kept", Recipient: "x@x.test", Content: mail}))
	must(t, s.Begin(ctx, history.Sending{ID: "none", Recipient: "x@x.test"}))
	must(t, s.Begin(ctx, history.Sending{ID: "large", Recipient: "x@x.test", Content: make([]byte, history.MaxContent+1)}))
	if got, err := s.Content(ctx, "kept"); err != nil || !bytes.Equal(got, mail) {
		t.Errorf("%q, %v", got, err)
	}
	for _, id := range []string{"none", "large", "absent"} {
		if _, err := s.Content(ctx, id); !errors.Is(err, history.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := s.Begin(ctx, history.Sending{ID: "kept", Recipient: "y@x.test", Content: mail}); !errors.Is(err, history.ErrExists) {
		t.Errorf("twice: %v", err)
	}
}

func TestTake(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	c := &clock{noon}
	a := open(t, path, history.Options{Now: c.Now, Lease: time.Minute})
	b := open(t, path, history.Options{Now: c.Now, Lease: time.Minute})
	ctx := t.Context()
	take := func(id string, want error) {
		t.Helper()
		if x, err := b.Take(ctx, id); !errors.Is(err, want) || err == nil && x.ID != id {
			t.Errorf("%s: %+v, %v, want %v", id, x, err, want)
		}
	}
	for _, id := range []string{"waits", "unknown", "done"} {
		must(t, a.Begin(ctx, history.Sending{ID: id, Recipient: "x@x.test"}))
	}
	take("absent", history.ErrNotFound)
	take("waits", history.ErrTaken) // a works on it
	must(t, a.Progress(ctx, "unknown", history.Step{Phase: history.ContentSent}))
	must(t, a.Finish(ctx, "done", history.Outcome{Result: history.OK}))
	c.now = c.now.Add(2 * time.Minute) // a is gone
	take("waits", nil)
	take("waits", history.ErrTaken) // b has it now
	take("unknown", history.ErrTaken)
	take("done", history.ErrFinished)
	if err := a.Progress(ctx, "waits", history.Step{Phase: history.InSession}); !errors.Is(err, history.ErrTaken) {
		t.Errorf("a goes on: %v", err)
	}
}
