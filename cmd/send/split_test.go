package send

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/batch"
	"todoku/sender/history"
)

func TestSplitMailboxes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"a@b.test": 1, "a@b.test, c@d.test": 2, `"Doe, Jane" <a@b.test>,c@d.test`: 2,
		`"a\",b"@c.test`: 1, "a (x, y) <b@c.test>": 1, ">,<": 2} {
		if got := splitMailboxes(in); len(got) != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzSplitMailboxes(f *testing.F) {
	f.Add(`"Doe, Jane" <a@b.test>,c@d.test`)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := strings.Join(splitMailboxes(s), ","); got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// TestBrokenOffIsNoUsageErrorOnceSomethingWasSent: 2 tells a script that nothing
// went out.
func TestBrokenOffIsNoUsageErrorOnceSomethingWasSent(t *testing.T) {
	t.Parallel()
	full := codes.WrongAt("h.db", codes.Text{EN: "cannot be written"})
	for done, want := range map[int]app.ExitStatus{0: app.ExitUsage, 1: app.ExitUnknown} {
		var errs bytes.Buffer
		d := &sendRun{App: app.New(nil, io.Discard, &errs, func(string) string { return "" }),
			options: &options{history: sendings.Flags{File: "h.db"}}}
		if got := app.ExitFor(t.Context(), d.failed(full, &batch.Tally{OK: done})); got != want || done > 0 &&
			(!strings.Contains(errs.String(), "h.db: cannot be written") ||
				!strings.Contains(errs.String(), "todoku history list --history h.db")) {
			t.Errorf("%d sent: exit %d, %s", done, got, &errs)
		}
	}
}

// TestShowCommandOnlyOfWhatIsKept: the notice of an error names no command that finds nothing, and the file that it needs.
func TestShowCommandOnlyOfWhatIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		journal sender.Journal
		lab     bool
		file    string
		want    string
	}{
		{nil, false, "", ""}, {nil, false, "a.db", ""}, {history.Empty{}, true, "", ""},
		{history.Empty{}, false, "", "todoku history show 7f3"},
		{history.Empty{}, true, "a.db", "todoku history show 7f3 --history a.db"},
	} {
		a := app.New(nil, io.Discard, io.Discard, func(string) string { return "" })
		a.Global.Lab = c.lab
		d := &sendRun{App: a, options: &options{history: sendings.Flags{File: c.file}}, deliverer: &sender.Deliverer{Journal: c.journal}}
		if got := d.showCommand("7f3"); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
