package check

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// listOf reads a list as `check domain -` does.
func targetsOf(ctx context.Context, t *testing.T, in io.Reader) (names []string, ts *targets, complaints string) {
	t.Helper()
	var stderr bytes.Buffer
	a := &app.App{Stdin: in, Stderr: page.To(&stderr), Lang: codes.English}
	ts, err := parseTargets(ctx, a, []string{"-"})
	if err != nil {
		t.Fatal(err)
	}
	for target := range ts.each(ctx) {
		names = append(names, target.ASCII)
	}
	return names, ts, stderr.String()
}

func TestListsAreReadLineByLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	in := "\ufeffa.test\r\n\n# comment\n  B.test  # with a comment\n" + long + "\nc.test\n\u4f8b\u3048.test\nd_e.test\nend.test"
	names, ts, complaints := targetsOf(t.Context(), t, strings.NewReader(in))
	if got, want := strings.Join(names, " "), "a.test b.test c.test xn--r8jz45g.test d_e.test end.test"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if ts.bad != 1 || !strings.Contains(complaints, "stdin:5: ") {
		t.Errorf("%d bad lines, complaints: %.300s", ts.bad, complaints)
	}
	if len(complaints) > 1000 {
		t.Errorf("a bad line of 100,000 letters is repeated in %d", len(complaints))
	}
}

func TestComplaintsAreBounded(t *testing.T) {
	t.Parallel()
	_, ts, complaints := targetsOf(t.Context(), t, strings.NewReader(strings.Repeat("no domain\n", 1000)))
	if n := strings.Count(complaints, "stdin:"); ts.bad != 1000 || n != app.MaxComplaints {
		t.Errorf("%d bad lines and %d complaints", ts.bad, n)
	}
}

func TestTerminalControlIsNotRepeated(t *testing.T) {
	t.Parallel()
	_, _, complaints := targetsOf(t.Context(), t, strings.NewReader("\x1b[31mred\u202e\u0085.test\n"))
	if strings.ContainsAny(complaints, "\x1b\u202e\u0085") {
		t.Errorf("control characters reach the terminal: %q", complaints)
	}
}

func TestInterruptDoesNotWaitForInput(t *testing.T) {
	t.Parallel()
	never, hold := io.Pipe()
	defer hold.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if names, _, _ := targetsOf(ctx, t, never); len(names) > 0 {
		t.Errorf("targets from nowhere: %v", names)
	}
}

func TestBrokenListIsAnError(t *testing.T) {
	t.Parallel()
	names, ts, _ := targetsOf(t.Context(), t, io.MultiReader(strings.NewReader("a.test\n"), brokenReader{}))
	if len(names) != 1 || ts.err == nil || !strings.Contains(ts.err.Error(), "stdin:2: ") {
		t.Errorf("%v, error %v", names, ts.err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("input/output error") }
