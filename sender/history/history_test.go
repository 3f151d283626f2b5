package history_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/codes"
	"todoku/sender/history"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is a time that only the test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func open(t testing.TB, path string, o history.Options) *history.SQLite {
	t.Helper()
	s, err := history.OpenWith(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fresh(t testing.TB) (*history.SQLite, *clock) {
	t.Helper()
	c := &clock{noon}
	return open(t, filepath.Join(t.TempDir(), "history.db"), history.Options{Now: c.Now}), c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func all[T any](t testing.TB, rows iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for x, err := range rows {
		must(t, err)
		list = append(list, x)
	}
	return list
}

func ids(list []history.Sending) string {
	var b []string
	for _, x := range list {
		b = append(b, x.ID)
	}
	return strings.Join(b, " ")
}

// sent begins and finishes a sending.
func sent(t testing.TB, s history.Store, id, to string, o history.Outcome) {
	t.Helper()
	must(t, s.Begin(t.Context(), history.Sending{ID: id, Recipient: to}))
	must(t, s.Finish(t.Context(), id, o))
}

func TestSending(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	ctx := t.Context()
	want := history.Sending{
		ID: "7f3", Kind: "test", Sender: "info@example.test", Name: "株式会社見本", Recipient: "User@Kaisha.test",
		Cc:  []string{"a@x.test", "b@x.test"},
		Bcc: []string{"c@x.test"}, ReplyTo: "re@example.test", ErrorsTo: "bounce@example.test", Subject: "件名",
		MessageID: "<1@example.test>", EnvelopeID: "E1",
	}
	must(t, s.Begin(ctx, want))
	if err := s.Begin(ctx, want); !errors.Is(err, history.ErrExists) {
		t.Errorf("a second Begin: %v", err)
	}
	c.now = c.now.Add(time.Second)
	must(t, s.Progress(ctx, "7f3", history.Step{Phase: history.InSession, MX: "mx1.kaisha.test", Address: "192.0.2.25:25", Attempts: 2}))
	must(t, s.Progress(ctx, "7f3", history.Step{Phase: history.ContentSent}))
	got, err := s.Get(ctx, "7f3")
	must(t, err)
	want.Phase, want.Result = history.ContentSent, history.Preparing
	want.MX, want.Address, want.Attempts = "mx1.kaisha.test", "192.0.2.25:25", 2
	want.Started, want.Updated, want.Lease = noon, c.now, c.now.Add(10*time.Minute)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("on the way (-want +got):\n%s", d)
	}
	c.now = c.now.Add(time.Second)
	o := history.Outcome{Result: history.Failed, Code: "42553", Reason: "mailbox_name", ReasonClass: "user_unknown", Permanent: codes.Yes,
		Reply: "553 5.1.3 no\n553 such", Attempts: 3, Transcript: json.RawMessage(`[{"sent":"QUIT"}]`)}
	must(t, s.Finish(ctx, "7f3", o))
	got, err = s.Get(ctx, "7")
	must(t, err)
	want.Phase, want.Result, want.Code, want.Reason, want.ReasonClass = history.Done, o.Result, o.Code, o.Reason, o.ReasonClass
	want.Permanent, want.Reply, want.Attempts, want.Transcript = o.Permanent, o.Reply, 3, o.Transcript
	want.Updated, want.Finished, want.Lease = c.now, c.now, time.Time{}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("finished (-want +got):\n%s", d)
	}
	if err := s.Finish(ctx, "7f3", o); !errors.Is(err, history.ErrFinished) {
		t.Errorf("a second Finish: %v", err)
	}
	if err := s.Progress(ctx, "7f3", history.Step{Phase: history.Queued}); !errors.Is(err, history.ErrFinished) {
		t.Errorf("Progress after the end: %v", err)
	}
	if err := s.Finish(ctx, "none", o); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("Finish of nothing: %v", err)
	}
	for id, wrong := range map[string]error{"": history.ErrNotFound, "8": history.ErrNotFound, "7f33": history.ErrNotFound,
		"%": history.ErrNotFound} {
		if _, err := s.Get(ctx, id); !errors.Is(err, wrong) {
			t.Errorf("Get(%q): %v", id, err)
		}
	}
	must(t, s.Begin(ctx, history.Sending{ID: "7e0", Recipient: "x@x.test"}))
	if _, err := s.Get(ctx, "7"); !errors.Is(err, history.ErrAmbiguous) {
		t.Errorf("Get of two: %v", err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ctx := t.Context()
	must(t, s.Begin(ctx, history.Sending{ID: "a", Recipient: "x@x.test"}))
	for name, err := range map[string]error{
		"no id":          s.Begin(ctx, history.Sending{Recipient: "x@x.test"}),
		"no recipient":   s.Begin(ctx, history.Sending{ID: "b"}),
		"preparing":      s.Finish(ctx, "a", history.Outcome{Result: history.Preparing}),
		"done by a step": s.Progress(ctx, "a", history.Step{Phase: history.Done}),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	ctx := t.Context()
	if _, err := s.Last(ctx); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("Last of nothing: %v", err)
	}
	ok, bad := history.Outcome{Result: history.OK, Code: "40000"}, history.Outcome{Result: history.Failed, Code: "42550"}
	for i, x := range []struct {
		to string
		o  history.Outcome
	}{{"a@one.test", ok}, {"B@One.Test", bad}, {"a@two.test", bad}, {"A@ONE.TEST", ok}, {"a@sub.one.test", ok}} {
		c.now = noon.Add(time.Duration(i) * time.Hour)
		sent(t, s, string(rune('a'+i)), x.to, x.o)
	}
	must(t, s.Begin(ctx, history.Sending{ID: "f", Recipient: "z@z.test", MessageID: "<m@x>", EnvelopeID: "E9"}))
	for want, f := range map[string]history.Filter{
		"f e d c b a": {},
		"d a":         {Recipient: " a@One.test"},
		"d b a":       {Domain: "ONE.test."},
		"c b":         {Code: "42550"},
		"e d a":       {Result: history.OK},
		"f":           {Result: history.Preparing},
		"f e d c":     {Since: noon.Add(2 * time.Hour)},
		"b a":         {Until: noon.Add(2 * time.Hour)},
		"f e":         {Limit: 2},
		"d":           {Domain: "one.test", Result: history.OK, Limit: 1},
		"":            {Recipient: "' OR 1=1 --"},
	} {
		if got := ids(all(t, s.List(ctx, f))); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
	for _, f := range []history.Filter{{MessageID: "<m@x>"}, {EnvelopeID: "E9"}} {
		if got := ids(all(t, s.List(ctx, f))); got != "f" {
			t.Errorf("%+v: %q", f, got)
		}
	}
	last, err := s.Last(ctx)
	must(t, err)
	if last.ID != "f" {
		t.Errorf("Last is %s", last.ID)
	}
	// Whoever reads a list can write meanwhile, and stop reading.
	for x, err := range s.List(ctx, history.Filter{}) {
		must(t, err)
		must(t, s.Begin(ctx, history.Sending{ID: "new" + x.ID, Recipient: "x@x.test"}))
		if x.ID == "d" {
			break
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range s.List(gone, history.Filter{}) {
		if err == nil {
			t.Error("a cancelled list goes on")
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	last := ""
	for i := range 2000 {
		id := history.NewID(noon.Add(time.Duration(i) * 40 * time.Millisecond))
		if len(id) != 14 || seen[id] || id <= last || strings.Trim(id, "0123456789abcdefghijklmnopqrstuv") != "" {
			t.Fatalf("%q after %q", id, last)
		}
		seen[id], last = true, id
	}
	for range 1000 {
		id := history.NewID(noon)
		if seen[id] {
			t.Fatalf("%q twice", id)
		}
		seen[id] = true
	}
	if id := history.NewID(time.Time{}); len(id) != 14 {
		t.Errorf("%q", id)
	}
}
