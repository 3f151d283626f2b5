package history_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/history"
)

// run finishes sendings to one address as the words say: "ok", a delivery code
// of an error, a code with "own", "revalidate", or "bounce:N" for the N-th sending.
func run(t *testing.T, s *history.SQLite, c *clock, addr, words string) history.Validity {
	t.Helper()
	n := 0
	for w := range strings.FieldsSeq(words) {
		c.now = c.now.Add(time.Minute)
		id, of, _ := strings.Cut(w, ":")
		switch {
		case id == "revalidate":
			must(t, s.Revalidate(t.Context(), addr, "mended"))
			continue
		case id == "bounce":
			must(t, s.Bounced(t.Context(), "s"+of, history.Bounce{Reason: "gone"}))
			continue
		}
		n++
		o := history.Outcome{Result: history.Failed, Code: id, Own: of == "own"}
		if id == "ok" || id == "40001" {
			o.Result = history.OK
		}
		if of == "error" {
			o.Result = history.Failed
		}
		sent(t, s, fmt.Sprint("s", n), addr, o)
	}
	v, err := s.Flag(t.Context(), addr)
	must(t, err)
	return v
}

func TestFlag(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		words  string
		valid  bool
		errors int
	}{
		{"", true, 0},
		{"ok", true, 0},
		{"42550 42550", true, 2},
		{"42550 42450 41606", false, 3},
		{"42550 42550 ok 42550 42550", true, 2},
		{"42550 42550 40001 42550", true, 1},
		{"42550 42550 40001:error 42550", true, 1}, // counts as delivered, whatever its result
		{"42521", false, 1},
		{"42551", false, 1},
		{"42553", false, 1},
		{"ok ok 42553", false, 1}, // one error, and it is counted as one
		{"42550 42521", false, 2},
		{"42552 42559", true, 2},
		{"41605:own 41605:own 41605:own 41606:own", true, 0},
		{"42550 41605:own 42550 42421:own 42550", false, 3},
		{"42550 42550 41605:own ok", true, 0},
		{"41605 41605 41605", false, 3}, // there is no MX: that is theirs
		{"41606 41606 41606", false, 3},
		{"42553 ok", false, 0}, // only revalidate sets it valid
		{"42553 revalidate", true, 0},
		{"42553 revalidate 42550 42550", true, 2},
		{"42550 42550 42550 revalidate ok", true, 0},
		{"42550 revalidate 42550 42550", true, 2},
		{"ok bounce:1", true, 1},
		{"ok bounce:1 bounce:1 bounce:1 bounce:1", true, 1},
		{"ok ok ok bounce:1 bounce:2", true, 2},
		{"ok ok ok bounce:2 bounce:1 bounce:3", false, 3},
		{"42550 42550 ok bounce:3", false, 3}, // the row had never ended
		{"42550 42550 bounce:1", true, 2},     // an error stays what it is
		{"ok ok bounce:1", true, 1},
		{"42550 ok 42550 bounce:2", false, 3},
	} {
		t.Run(x.words, func(t *testing.T) {
			t.Parallel()
			s, c := fresh(t)
			v := run(t, s, c, "x@kaisha.test", x.words)
			if v.Valid != x.valid || v.Errors != x.errors {
				t.Errorf("valid %v after %d errors, want %v after %d", v.Valid, v.Errors, x.valid, x.errors)
			}
			if invalid := all(t, s.Invalid(t.Context())); (len(invalid) == 0) != x.valid {
				t.Errorf("invalid: %+v", invalid)
			}
		})
	}
}

func TestFlagTells(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	run(t, s, c, "User@Kaisha.test", "42553")
	v, err := s.Flag(t.Context(), " uSER@kAISHA.TEST")
	must(t, err)
	if v.Address != "User@Kaisha.test" || v.Code != "42553" || !v.Changed.Equal(c.now) || v.Valid {
		t.Errorf("%+v", v)
	}
	c.now = c.now.Add(time.Hour)
	must(t, s.Revalidate(t.Context(), "user@kaisha.test", "宛先に確認済み"))
	v, err = s.Flag(t.Context(), "User@Kaisha.test")
	must(t, err)
	if !v.Valid || v.Note != "宛先に確認済み" || !v.Revalidated.Equal(c.now) || !v.Changed.Equal(c.now) || v.Code != "42553" {
		t.Errorf("%+v", v)
	}
	if v, err := s.Flag(t.Context(), "never@seen.test"); err != nil || !v.Valid || v.Address != "never@seen.test" {
		t.Errorf("%+v %v", v, err)
	}
}

func TestBounced(t *testing.T) {
	t.Parallel()
	s, c := fresh(t)
	ctx := t.Context()
	sent(t, s, "a", "x@x.test", history.Outcome{Result: history.OK, Code: "40000", Reply: "250 2.0.0 queued", MX: "mx.x.test"})
	c.now = c.now.Add(time.Hour)
	must(t, s.Bounced(ctx, "a", history.Bounce{Reason: "mailbox_full", ReasonClass: "mailbox_full", Reply: "552 5.2.2 full"}))
	x, err := s.Get(ctx, "a")
	must(t, err)
	if x.Result != history.Failed || x.Code != "90000" || x.ReasonClass != "mailbox_full" || x.Reply != "552 5.2.2 full" ||
		x.MX != "mx.x.test" || !x.Finished.Equal(c.now) {
		t.Errorf("%+v", x)
	}
	if err := s.Bounced(ctx, "none", history.Bounce{}); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("a bounce of nothing: %v", err)
	}

	// What is still under way waits for its own end; what was lost has one now.
	must(t, s.Begin(ctx, history.Sending{ID: "b", Recipient: "x@x.test"}))
	must(t, s.Progress(ctx, "b", history.Step{Phase: history.ContentSent}))
	if err := s.Bounced(ctx, "b", history.Bounce{}); !errors.Is(err, history.ErrUnderWay) {
		t.Errorf("a bounce of what is under way: %v", err)
	}
	c.now = c.now.Add(time.Hour)
	must(t, s.Bounced(ctx, "b", history.Bounce{}))
	if x, _ = s.Get(ctx, "b"); x.Phase != history.Done || x.Code != "90000" {
		t.Errorf("%+v", x)
	}
	if v, _ := s.Flag(ctx, "x@x.test"); v.Errors != 2 {
		t.Errorf("%+v", v)
	}
}

// TestFlagIsAsTheCatalogueSays: what `explain` says that a code does to the flag, the history does.
func TestFlagIsAsTheCatalogueSays(t *testing.T) {
	t.Parallel()
	catalogue, err := codes.Load(codes.Files)
	must(t, err)
	s, _ := fresh(t)
	for _, d := range catalogue.Deliveries() {
		addr := d.ID + "@x.test"
		sent(t, s, d.ID, addr, history.Outcome{Result: history.Result(d.Result), Code: d.ID})
		v, err := s.Flag(t.Context(), addr)
		must(t, err)
		got := codes.DisablesNever
		switch {
		case !v.Valid:
			got = codes.DisablesAtOnce
		case v.Errors > 0:
			got = codes.DisablesCounts
		}
		if got != d.Disables {
			t.Errorf("%s: the history has %s, the catalogue %s", d.ID, got, d.Disables)
		}
	}
}
