package sender_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"todoku/sender"
	"todoku/sender/history"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	store, err := history.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for name, c := range map[string]struct {
		say   map[string]string
		err   error
		code  string
		reply string
		valid bool
	}{
		"takes":    {nil, nil, "40000", "250 2.0.0 queued", true},
		"refuses":  {map[string]string{"RCPT": "553-5.7.1 go\r\n553 5.7.1 away"}, nil, "42553", "553-5.7.1 go\n553 5.7.1 away", false},
		"puts off": {map[string]string{"RCPT": "450 later"}, nil, "41606", "450 later", true},
		"DNS":      {nil, errors.New("SERVFAIL"), "41605", "SERVFAIL", true},
	} {
		world := to(serve(t, nil, says(c.say)))
		if c.err != nil {
			world.errs["x.test"] = c.err
		}
		x := newTry(t, world)
		x.Journal, x.Retry = store, sender.Retry{For: 2 * time.Minute}
		x.job.To = address(t, `"`+name+`"@x.test`)
		o := x.run(t)
		row, err := store.Get(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if row.Code != c.code || row.Phase != history.Done || row.Reply != c.reply || row.Result != o.Result ||
			row.Sender != "taro@kaisha.test" || row.Name != "送信太郎" ||
			row.ErrorsTo != "bounce@kaisha.test" || row.MessageID != o.MessageID || row.Attempts != o.Attempts || row.Own != (c.err != nil) {
			t.Errorf("%s: %+v", name, row)
		}
		if v, err := store.Flag(t.Context(), x.job.To.String()); err != nil || v.Valid != c.valid {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
		x.job.ID = o.ID
		if _, err := x.Deliver(t.Context(), x.job); !errors.Is(err, history.ErrExists) {
			t.Errorf("%s: sent again: %v", name, err)
		}
	}
}

// TestHistoryInterrupted: before the final dot nothing has been delivered; after
// it the mail is out, whatever ended the wait for the reply.
func TestHistoryInterrupted(t *testing.T) {
	t.Parallel()
	store, err := history.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for at, want := range map[string]struct {
		phase  history.Phase
		result history.Result
		err    error
	}{
		"RCPT": {history.Queued, history.Preparing, context.Canceled},
		"DATA": {history.Queued, history.Preparing, context.Canceled},
		".":    {history.ContentSent, history.OK, nil},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		x := newTry(t, to(serve(t, nil, func(_ int, command string) string {
			if command == at {
				cancel()
				return "STALL"
			}
			return ""
		})))
		x.Journal = store
		o, err := x.Deliver(ctx, x.job)
		if !errors.Is(err, want.err) {
			t.Errorf("%s: %v", at, err)
		}
		if row, err := store.Get(t.Context(), o.ID); err != nil || row.Phase != want.phase || row.Result != want.result {
			t.Errorf("%s: %s %s, %v", at, row.Phase, row.Result, err)
		}
		cancel()
	}
}

// cancelling is a journal during whose commit before the final dot an interrupt comes.
type cancelling struct {
	*history.SQLite
	cancel context.CancelFunc
}

func (c *cancelling) Progress(ctx context.Context, id string, s history.Step) error {
	err := c.SQLite.Progress(ctx, id, s)
	if s.Phase == history.ContentSent {
		c.cancel()
	}
	return err
}

// TestInterruptedBeforeTheDot: an interrupt between the journal's word that the dot
// may be out and the dot itself leaves a mail that is still to be sent.
func TestInterruptedBeforeTheDot(t *testing.T) {
	t.Parallel()
	store, err := history.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, nil, says(nil))
	x := newTry(t, to(s))
	x.Journal = &cancelling{store, cancel}
	o, err := x.Deliver(ctx, x.job)
	row, missing := store.Get(t.Context(), o.ID)
	if missing != nil {
		t.Fatal(missing)
	}
	if len(s.taken()) != 0 || row.Phase != history.Queued || row.Result != history.Preparing || !errors.Is(err, context.Canceled) {
		t.Errorf("%d taken, %s %s %s, %v", len(s.taken()), row.Phase, row.Result, row.Code, err)
	}
}
