package history_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"todoku/sender/history"
)

func TestClaim(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	c := &clock{noon}
	a := open(t, path, history.Options{Now: c.Now, Lease: time.Minute})
	b := open(t, path, history.Options{Now: c.Now, Lease: time.Minute})
	ctx := t.Context()
	claim := func(want string) {
		t.Helper()
		x, ok, err := b.Claim(ctx, c.now)
		must(t, err)
		if x.ID != want || ok != (want != "") {
			t.Errorf("claimed %q, want %q", x.ID, want)
		}
	}
	must(t, a.Begin(ctx, history.Sending{ID: "mine", Recipient: "x@x.test"}))
	must(t, a.Begin(ctx, history.Sending{ID: "later", Recipient: "x@x.test", NextAttempt: noon.Add(10 * time.Second)}))
	must(t, a.Begin(ctx, history.Sending{ID: "now", Recipient: "x@x.test", NextAttempt: noon}))
	claim("now")
	claim("") // "mine" is a's, "later" is not due
	c.now = c.now.Add(10 * time.Second)
	claim("later")
	c.now = c.now.Add(time.Minute)
	claim("mine") // a gave no sign of life
	if err := a.Progress(ctx, "mine", history.Step{Phase: history.InSession}); !errors.Is(err, history.ErrTaken) {
		t.Errorf("a goes on with what b has: %v", err)
	}
	if err := a.Finish(ctx, "mine", history.Outcome{Result: history.OK}); !errors.Is(err, history.ErrTaken) {
		t.Errorf("a finishes what b has: %v", err)
	}
	must(t, b.Progress(ctx, "mine", history.Step{Phase: history.Queued, NextAttempt: c.now.Add(time.Hour)}))
	c.now = c.now.Add(time.Hour + 30*time.Second)
	claim("now") // both others had no sign of life for an hour; "mine" still has its grace
	claim("later")
	claim("")
	must(t, b.Release(ctx, "mine"))
	claim("mine")
}

func TestUnknownOutcomeIsNeverClaimed(t *testing.T) {
	t.Parallel()
	for _, phase := range []history.Phase{history.InSession, history.ContentSent} {
		t.Run(string(phase), func(t *testing.T) {
			t.Parallel()
			s, c := fresh(t)
			ctx := t.Context()
			must(t, s.Begin(ctx, history.Sending{ID: "a", Recipient: "x@x.test"}))
			must(t, s.Progress(ctx, "a", history.Step{Phase: phase}))
			for i, unknown := range []bool{false, true} {
				list := all(t, s.Unfinished(ctx))
				if len(list) != 1 || list[0].OutcomeUnknown(c.now) != unknown {
					t.Errorf("%d: %+v", i, list)
				}
				if _, ok, err := s.Claim(ctx, c.now); ok || err != nil {
					t.Errorf("%d: claimed (%v)", i, err)
				}
				c.now = c.now.Add(24 * time.Hour)
			}
		})
	}
}

func TestCloseGivesUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	a := open(t, path, history.Options{})
	ctx := t.Context()
	must(t, a.Begin(ctx, history.Sending{ID: "queued", Recipient: "x@x.test"}))
	must(t, a.Begin(ctx, history.Sending{ID: "sent", Recipient: "x@x.test"}))
	must(t, a.Progress(ctx, "sent", history.Step{Phase: history.ContentSent}))
	must(t, a.Close())
	b := open(t, path, history.Options{})
	if x, ok, err := b.Claim(ctx, time.Now()); x.ID != "queued" || !ok || err != nil {
		t.Errorf("%+v %v %v", x, ok, err)
	}
	x, err := b.Get(ctx, "sent")
	must(t, err)
	if x.Result != history.OK || x.Code != "40001" || x.Phase != history.ContentSent {
		t.Errorf("%+v", x)
	}
	must(t, b.Finish(ctx, "sent", history.Outcome{Result: history.OK, Code: "40000"})) // by hand
}

// TestTogether lets handles work at the same file at once: each opens it, each
// sends its own and claims from a common queue.
func TestTogether(t *testing.T) {
	t.Parallel()
	const handles, each = 4, 200
	path := filepath.Join(t.TempDir(), "deep", "er", "history.db")
	var all sync.WaitGroup
	var lock sync.Mutex
	taken := map[string]int{}
	for h := range handles {
		all.Go(func() {
			s, err := history.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for i := range each {
				id := fmt.Sprintf("%d-%d", h, i)
				o := history.Outcome{Result: history.Failed, Code: "42550"}
				err := errors.Join(
					s.Begin(t.Context(), history.Sending{ID: id, Recipient: "x@x.test"}),
					s.Progress(t.Context(), id, history.Step{Phase: history.InSession}),
					s.Progress(t.Context(), id, history.Step{Phase: history.ContentSent}),
					s.Finish(t.Context(), id, o),
					s.Begin(t.Context(), history.Sending{ID: "q" + id, Recipient: "y@x.test", NextAttempt: noon}))
				if err != nil {
					t.Error(err)
					return
				}
				x, ok, err := s.Claim(t.Context(), time.Now())
				if !ok || err != nil {
					t.Errorf("nothing to claim after one was queued: %v", err)
					return
				}
				lock.Lock()
				taken[x.ID]++
				lock.Unlock()
				if err := s.Finish(t.Context(), x.ID, history.Outcome{Result: history.OK}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s := open(t, path, history.Options{})
	n := 0
	for x, err := range s.List(t.Context(), history.Filter{}) {
		must(t, err)
		n++
		if x.Phase != history.Done {
			t.Errorf("%+v", x)
		}
	}
	if n != 2*handles*each || len(taken) != handles*each {
		t.Errorf("%d rows, %d claimed", n, len(taken))
	}
	if v, _ := s.Flag(t.Context(), "x@x.test"); v.Errors != handles*each || v.Valid {
		t.Errorf("%+v", v)
	}
}
