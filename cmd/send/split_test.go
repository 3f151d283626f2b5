package send

import (
	"bytes"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/batch"
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
		d := &sendRun{App: &app.App{Stderr: page.To(&errs), Lang: codes.English}}
		if got := app.ExitFor(t.Context(), d.failed(full, &batch.Tally{OK: done})); got != want || done > 0 &&
			!strings.Contains(errs.String(), "h.db: cannot be written") {
			t.Errorf("%d sent: exit %d, %s", done, got, &errs)
		}
	}
}
