package history_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"todoku/sender/history"
)

// bounceOf is a bounce of a sending, told by a source.
func bounceOf(id, source string, at time.Time) history.Event {
	return history.Event{Sending: id, MatchedBy: "message_id", Action: "failed", Time: at, Recipient: "x@x.test",
		MessageID: id, Reply: "550 5.1.1 unknown (" +
			source + ")", Reason: "user_unknown", ReasonClass: "user_unknown", Format: source, File: source}
}

func record(t testing.TB, s history.Store, all ...history.Event) []history.Recorded {
	t.Helper()
	out, err := s.Events().Record(t.Context(), history.Batch{Events: all})
	must(t, err)
	return out
}

// TestRecordOnce: the same bounce from the same record or from another one changes the result and the flag once.
func TestRecordOnce(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	sent(t, s, "a", "x@x.test", history.Outcome{Result: history.OK, Code: "40000"})
	c.now = c.now.Add(time.Hour)
	got := record(t, s, bounceOf("a", "dsn", c.now), bounceOf("a", "dsn", c.now), bounceOf("a", "log", c.now.Add(time.Second)))
	if got[0].Known || got[0].Event.Effect != history.Bounced || got[0].Before.Code != "40000" || got[0].After.Code != "90000" ||
		got[0].Flag.Errors != 1 {
		t.Errorf("%+v", got[0])
	}
	if !got[1].Known || !got[2].Known {
		t.Errorf("%+v\n%+v", got[1], got[2])
	}
	if list := all(t, s.Events().Of(t.Context(), "a")); len(list) != 1 || list[0].Reply != "550 5.1.1 unknown (dsn)" ||
		list[0].Sending != "a" {
		t.Errorf("%+v", list)
	}
	if x, err := s.Get(t.Context(), "a"); err != nil || x.Reason != "user_unknown" {
		t.Errorf("%+v, %v", x, err)
	}
	if v, _ := s.Flag(t.Context(), "x@x.test"); v.Errors != 1 || v.Code != "90000" {
		t.Errorf("%+v", v)
	}
	expired := bounceOf("a", "log", c.now)
	expired.Action = "expired"
	if got := record(t, s, expired); !got[0].Known {
		t.Errorf("given up is the same end: %+v", got)
	}
}

// TestRecordLeavesErrors: what was refused at once stays the error that it is, and a delay or a complaint changes nothing.
func TestRecordLeavesErrors(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	sent(t, s, "no", "x@x.test", history.Outcome{Result: history.Failed, Code: "42550", Reason: "policy"})
	sent(t, s, "yes", "x@x.test", history.Outcome{Result: history.OK, Code: "40000"})
	late, spam := bounceOf("yes", "dsn", c.now), bounceOf("yes", "arf", c.now)
	late.Action, spam.Action = "delayed", "complaint"
	for i, r := range record(t, s, bounceOf("no", "dsn", c.now), late, spam) {
		if r.Known || r.Event.Effect != history.NoEffect || r.Before.Code != r.After.Code {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if v, _ := s.Flag(t.Context(), "x@x.test"); v.Errors != 0 {
		t.Errorf("%+v", v)
	}
}

// TestRecordSettles: an outcome that nobody knew is known then; a sending under way waits for its own end.
func TestRecordSettles(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	ctx := t.Context()
	for _, id := range []string{"fails", "arrives"} {
		sent(t, s, id, id+"@x.test", history.Outcome{Result: history.OK, Code: "40001"})
	}
	ok := bounceOf("arrives", "log", c.now)
	ok.Action = "delivered"
	got := record(t, s, bounceOf("fails", "dsn", c.now), ok)
	if got[0].After.Code != "90000" || got[0].After.Phase != history.Done || got[1].After.Code != "40000" ||
		got[1].Event.Effect != history.Confirmed {
		t.Errorf("%+v", got)
	}
	must(t, s.Begin(ctx, history.Sending{ID: "early", Recipient: "x@x.test"}))
	must(t, s.Progress(ctx, "early", history.Step{Phase: history.ContentSent}))
	if got := record(t, s, bounceOf("early", "dsn", c.now)); got[0].Event.Effect != history.Waits {
		t.Errorf("%+v", got)
	}
	must(t, s.Finish(ctx, "early", history.Outcome{Result: history.OK, Code: "40000"}))
	waiting := all(t, s.Events().Waiting(ctx))
	if len(waiting) != 1 {
		t.Fatalf("%+v", waiting)
	}
	if got := record(t, s, waiting...); got[0].Known || got[0].After.Code != "90000" {
		t.Errorf("%+v", got)
	}
	if waiting := all(t, s.Events().Waiting(ctx)); len(waiting) != 0 {
		t.Errorf("%+v", waiting)
	}
}

// TestRecordUnmatched: what is of no mail of ours is kept once, and goes when its mail becomes known.
func TestRecordUnmatched(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	e := bounceOf("a", "dsn", c.now)
	e.Sending, e.MatchedBy, e.Why = "", "", history.UnknownMessage
	if got := record(t, s, e, e); got[0].Known || !got[1].Known {
		t.Errorf("%+v", got)
	}
	if n, err := s.Events().CountUnmatched(t.Context()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	sent(t, s, "a", "x@x.test", history.Outcome{Result: history.OK, Code: "40000"})
	if got := record(t, s, bounceOf("a", "dsn", c.now)); got[0].Known || got[0].After.Code != "90000" {
		t.Errorf("%+v", got)
	}
	if list := all(t, s.Events().Unmatched(t.Context(), time.Time{}, 0)); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestRecordTogether: handles that record the same at once count it once.
func TestRecordTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path, history.Options{})
	const mails = 60
	var bounces []history.Event
	for i := range mails {
		id := fmt.Sprint("s", i)
		sent(t, s, id, fmt.Sprint(i, "@x.test"), history.Outcome{Result: history.OK, Code: "40000"})
		bounces = append(bounces, bounceOf(id, "dsn", time.Now()))
	}
	var group sync.WaitGroup
	var lock sync.Mutex
	changed := 0
	for range 4 {
		group.Go(func() {
			h, err := history.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Close()
			for i := range bounces {
				out, err := h.Events().Record(t.Context(), history.Batch{Events: bounces[i : i+1], Mailbox: "m", Mark: fmt.Sprint(i)})
				if err != nil {
					t.Error(err)
					return
				}
				lock.Lock()
				if !out[0].Known {
					changed++
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	if changed != mails {
		t.Errorf("%d changes of %d bounces", changed, mails)
	}
}

// TestReadItems: what was read is remembered with its mailbox, and what is to be moved until it is.
func TestReadItems(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ctx := t.Context()
	_, err := s.Events().Record(ctx, history.Batch{Mailbox: "m", Mark: "1/9", Safe: true,
		Items: []history.ReadItem{{ID: "a", Pending: true}, {ID: "b"}, {ID: "c", Pending: true}}})
	must(t, err)
	if mark, err := s.Events().Mark(ctx, "m"); mark != "1/9" || err != nil {
		t.Errorf("%q, %v", mark, err)
	}
	if mark, err := s.Events().Mark(ctx, "other"); mark != "" || err != nil {
		t.Errorf("%q, %v", mark, err)
	}
	if yes, err := s.Events().WasRead(ctx, "m", "b"); !yes || err != nil {
		t.Error(yes, err)
	}
	if yes, err := s.Events().WasRead(ctx, "other", "b"); yes || err != nil {
		t.Error(yes, err)
	}
	must(t, s.Events().Cleared(ctx, "m", []string{"a"}))
	if ids, err := s.Events().Pending(ctx, "m", 10); len(ids) != 1 || ids[0] != "c" || err != nil {
		t.Errorf("%q, %v", ids, err)
	}
}
