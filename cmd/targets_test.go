package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// listOf reads a list as `check domain -` does.
func targetsOf(ctx context.Context, t *testing.T, in io.Reader) (names []string, ts *targets, complaints string) {
	t.Helper()
	var stderr bytes.Buffer
	a := &app{stdin: in, stderr: page.To(&stderr), lang: codes.English}
	ts, err := a.parseTargets(ctx, []string{"-"})
	if err != nil {
		t.Fatal(err)
	}
	ts.tell = func(print func()) { print() }
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
	if n := strings.Count(complaints, "stdin:"); ts.bad != 1000 || n != maxComplaints {
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

func FuzzDomainTarget(f *testing.F) {
	for _, s := range []string{"example.jp", "例え.test", "a@b", "https://a/", "*.a", "a..b", "-", "xn--", "\x00", "。。",
		strings.Repeat("a.", 127)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := domainTarget(s)
		if err != nil {
			if text := fmt.Sprint(page.ErrorLines(err, codes.Japanese)); strings.ContainsAny(text, "\x1b\r\x00") {
				t.Errorf("%q: raw control characters in %q", s, text)
			}
			return
		}
		again, err := domainTarget(target.ASCII)
		if err != nil || again.ASCII != target.ASCII {
			t.Errorf("%q: %q is no fixed point: %+v, %v", s, target.ASCII, again, err)
		}
		if target.Kind != "domain" || target.ASCII == "" {
			t.Errorf("%q: %+v", s, target)
		}
	})
}

// TestRecipientsBeyondTheBound: a list of more than 16 MiB is refused, from a file
// as from standard input, with what to do; a list of just as much is read.
func TestRecipientsBeyondTheBound(t *testing.T) {
	t.Parallel()
	line := "# " + strings.Repeat("x", 61) + "\n"
	whole := "user@healthy.test\n" + strings.Repeat(line, maxRecipientOctets/64)
	whole = whole[:maxRecipientOctets]
	dir, _ := place(t, map[string]string{"whole": whole, "more": whole + "\n"})
	for lang, want := range map[string]string{
		"en": "the list cannot be read: it is larger than the 16 MiB that are read\n        split the list into several\n",
		"ja": "リストを読めません: 読み取れる上限(16 MiB)を超えています\n        リストを分割してください\n",
	} {
		for name, refused := range map[string]bool{"whole": false, "more": true} {
			for _, from := range []string{filepath.Join(dir, name), "-"} {
				stdin := strings.NewReader(whole + map[bool]string{true: "\n"}[refused])
				var out, errs bytes.Buffer
				status := play(t.Context(), []string{"--lang", lang, "--lab", "send", "--no-history", "--dry-run", "--from",
					"news@healthy.test", "--recipients", from}, stdin, &out, &errs, noEnv)
				if refused != (status == exitUsage) || refused != strings.HasSuffix(errs.String(), want) {
					t.Errorf("%s from %s: exit %d: %s", name, from, status, errs.String())
				}
			}
		}
	}
}
